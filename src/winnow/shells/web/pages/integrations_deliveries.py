"""What became of events that were to be told to others, and sending them again."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Scope
from winnow.core.deliveries import DeliveryRecord, State
from winnow.errors import NotFoundError
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.navigation import N_
from winnow.shells.web.pages.integrations_webhooks import EVENTS
from winnow.shells.web.view import TheView

Asked = Request[Any, Any, Any]

_ROWS = 50
_MOST_LETTERS, _MOST_DIGITS = 200, 18

STATES: Final[Mapping[str, str]] = {
    State.PENDING: N_("on its way"),
    State.DELIVERED: N_("arrived"),
    State.DEAD: N_("given up"),
}


@get("/integrations/deliveries", opt=page(Scope.WEBHOOKS_READ), sync_to_thread=True, include_in_schema=False)
def deliveries(request: Asked, view: TheView, service: TheService, desks: TheDesks) -> Response[bytes]:
    """The newest first; those for one receiver, or in one state."""
    said = {name: request.query_params.get(name, "")[:_MOST_LETTERS] for name in ("webhook", "state", "before")}
    state = State(said["state"]) if said["state"] in set(State) else None
    found = desks.webhooks.deliveries(_number(said["before"]), _ROWS, webhook=said["webhook"] or None, state=state)
    return view.page(
        "integrations/deliveries.html",
        found=found,
        sought=said,
        addresses=_addresses(desks, found.items),
        counts=service.deliveries.counts(),
        oldest=service.deliveries.oldest_due(),
        events=EVENTS,
        states=STATES,
    )


@post(
    "/integrations/deliveries/{number:str}/replay",
    opt=page(Scope.WEBHOOKS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def replay(view: TheView, desks: TheDesks, signed_in: ThePerson, number: FromPath[str]) -> Response[bytes]:
    """Send one again, from the beginning of the schedule."""
    found = _number(number)
    if found is None:
        raise NotFoundError("this is no number of a delivery", fix="take one from the list")
    desks.webhooks.replay(found, signed_in.id)
    return view.go("/integrations/deliveries", "replayed")


@post(
    "/integrations/deliveries/replay",
    opt=page(Scope.WEBHOOKS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def replay_all(view: TheView, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Send all again that were given up, and whose receiver is still there."""
    sent = desks.webhooks.replay_dead(signed_in.id)
    return view.go("/integrations/deliveries", "replayed" if sent else "nothing-replayed")


def _addresses(desks: Desks, records: tuple[DeliveryRecord, ...]) -> dict[str, str]:
    """Where receivers are, by their ids; those that were removed are not in it."""
    found = {}
    for webhook_id in {each.webhook for each in records}:
        try:
            found[webhook_id] = desks.webhooks.webhook(webhook_id).url
        except NotFoundError:
            continue
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


PAGES = [deliveries, replay, replay_all]
