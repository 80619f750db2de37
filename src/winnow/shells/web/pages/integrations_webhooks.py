"""Receivers of events: made, paused, given another secret, removed."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.deliveries import EVERYTHING, EventType
from winnow.errors import WinnowError
from winnow.services.webhooks import MOST_OVERLAP_HOURS, OVERLAP_HOURS, NewWebhook
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.navigation import N_
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS, _LAST = 50, 10
_WRONG = 422
_MOST_LETTERS = 200

#: Event → what happened.
EVENTS: Final[Mapping[str, str]] = {
    EVERYTHING: N_("everything, also what there will be one day"),
    EventType.DECISION_MADE: N_("a lead was decided"),
    EventType.CASE_OPENED: N_("a lead waits in the queue"),
    EventType.CASE_DECIDED: N_("a person decided"),
    EventType.CASE_REOPENED: N_("a decision was taken back"),
    EventType.DECISION_RETRACTED: N_("a ruleset was rolled back that had decided otherwise"),
    EventType.CHECKPOINT_SIGNED: N_("the log was signed"),
    EventType.WEBHOOK_TEST: N_("a test"),
}
#: What somebody can ask for; a test comes unasked.
_CHOICES = [(event, words) for event, words in EVENTS.items() if event != EventType.WEBHOOK_TEST]


@get("/integrations/webhooks", opt=page(Scope.WEBHOOKS_READ), sync_to_thread=True, include_in_schema=False)
def webhooks(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """In the order in which they were made."""
    after = request.query_params.get("after", "")[:_MOST_LETTERS]
    return view.page(
        "integrations/webhooks.html", found=desks.webhooks.page(after or None, _ROWS), after=after, events=EVENTS
    )


@get("/integrations/webhooks/new", opt=page(Scope.WEBHOOKS_WRITE), sync_to_thread=False, include_in_schema=False)
def new_page(view: TheView) -> Response[bytes]:
    """An empty form."""
    return _form(view, Form({}))


@post(
    "/integrations/webhooks/new",
    opt=page(Scope.WEBHOOKS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def new(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Make one; the answer shows what its events are signed with, this once."""
    try:
        made = desks.webhooks.add(form.text("url", most=2_048), form.texts("events"), signed_in.id)
    except WinnowError as error:
        return _form(view, form, failure=error)
    return _secret(view, made, until_hours=0)


@get(
    "/integrations/webhooks/{webhook_id:str}",
    opt=page(Scope.WEBHOOKS_READ),
    sync_to_thread=True,
    include_in_schema=False,
)
def one(
    view: TheView, service: TheService, desks: TheDesks, signed_in: ThePerson, webhook_id: FromPath[str]
) -> Response[bytes]:
    """A receiver, and what was sent to it last."""
    return view.page(
        "integrations/webhook.html",
        webhook=desks.webhooks.webhook(webhook_id),
        deliveries=desks.webhooks.deliveries(None, _LAST, webhook=webhook_id).items,
        events=EVENTS,
        overlap=OVERLAP_HOURS,
        most_overlap=MOST_OVERLAP_HOURS,
        actor_name=actors_in(service, desks, signed_in.id, view.words.gettext("you")),
    )


@post(
    "/integrations/webhooks/{webhook_id:str}/rotate",
    opt=page(Scope.WEBHOOKS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def rotate(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, webhook_id: FromPath[str]
) -> Response[bytes]:
    """Sign with another secret; the answer shows it, this once."""
    given = form.number("overlap_hours")
    hours = OVERLAP_HOURS if given is None else given
    return _secret(view, desks.webhooks.rotate(webhook_id, hours, signed_in.id), until_hours=hours)


@post(
    "/integrations/webhooks/{webhook_id:str}/test",
    opt=page(Scope.WEBHOOKS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def test(view: TheView, desks: TheDesks, signed_in: ThePerson, webhook_id: FromPath[str]) -> Response[bytes]:
    """Send a test event."""
    desks.webhooks.test(webhook_id, signed_in.id)
    return view.go(f"/integrations/webhooks/{webhook_id}", "webhook-tested")


@post(
    "/integrations/webhooks/{webhook_id:str}/pause",
    opt=page(Scope.WEBHOOKS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def pause(view: TheView, desks: TheDesks, signed_in: ThePerson, webhook_id: FromPath[str]) -> Response[bytes]:
    """Send it nothing more for now."""
    desks.webhooks.pause(webhook_id, signed_in.id)
    return view.go(f"/integrations/webhooks/{webhook_id}", "webhook-paused")


@post(
    "/integrations/webhooks/{webhook_id:str}/resume",
    opt=page(Scope.WEBHOOKS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def resume(view: TheView, desks: TheDesks, signed_in: ThePerson, webhook_id: FromPath[str]) -> Response[bytes]:
    """Tell it again what happens from now on."""
    desks.webhooks.resume(webhook_id, signed_in.id)
    return view.go(f"/integrations/webhooks/{webhook_id}", "webhook-resumed")


@post(
    "/integrations/webhooks/{webhook_id:str}/remove",
    opt=page(Scope.WEBHOOKS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def remove(view: TheView, desks: TheDesks, signed_in: ThePerson, webhook_id: FromPath[str]) -> Response[bytes]:
    """Forget it and its secret."""
    desks.webhooks.remove(webhook_id, signed_in.id)
    return view.go("/integrations/webhooks", "webhook-removed")


def _secret(view: View, made: NewWebhook, *, until_hours: int) -> Response[bytes]:
    return view.page("integrations/secret.html", made=made, until_hours=until_hours)


def _form(view: View, form: Form, failure: WinnowError | None = None) -> Response[bytes]:
    return view.page(
        "integrations/webhook_new.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=failure,
        chosen=form.texts("events"),
        events=_CHOICES,
    )


PAGES = [webhooks, new_page, new, one, rotate, test, pause, resume, remove]
