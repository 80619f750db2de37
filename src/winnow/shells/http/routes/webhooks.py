"""Webhooks and what became of deliveries."""

from typing import Annotated

from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.core.deliveries import State
from winnow.errors import InvalidInputError, NotFoundError
from winnow.shells.http.access import Actor, TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND
from winnow.shells.http.webhook_types import (
    DeliveryOut,
    DeliveryPage,
    RotationIn,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookPage,
    delivery_out,
    webhook_out,
)

#: Longer numbers stand for nothing: there are no 10 ** 18 deliveries.
_MOST_DIGITS = 18
_EXAMPLE = "wh_01jd8qg4z5x3n0v7k2m9r6t1wy"

WebhookId = Annotated[str, PathParameter(description="The id of a webhook.", examples=[Example(value=_EXAMPLE)])]
DeliveryId = Annotated[str, PathParameter(description="The number of a delivery.", examples=[Example(value="12")])]
WebhookFilter = Annotated[
    str | None,
    QueryParameter(
        min_length=1, max_length=200, description="Only those for this webhook.", examples=[Example(value=_EXAMPLE)]
    ),
]
StateFilter = Annotated[
    State | None,
    QueryParameter(name="state", description="Only those in this state.", examples=[Example(value="dead")]),
]


@get(
    "/v1/webhooks",
    opt=needs(Scope.WEBHOOKS_READ),
    sync_to_thread=True,
    summary="Webhooks",
    tags=["webhooks"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None) -> WebhookPage:
    """In the order in which they were made, without their secrets."""
    found = desks.webhooks.page(cursor, limit)
    return WebhookPage([webhook_out(each) for each in found.items], found.next)


@post(
    "/v1/webhooks",
    opt=needs(Scope.WEBHOOKS_WRITE),
    sync_to_thread=True,
    summary="Make a webhook",
    tags=["webhooks"],
    responses=problems(INVALID_INPUT),
)
def add(desks: TheDesks, actor: Actor, data: JSONBody[WebhookIn]) -> WebhookMade:
    """The answer shows its secret, this once. A URL that may not be reached is refused; each sending judges it anew."""
    made = desks.webhooks.add(data.url, data.events, actor)
    return WebhookMade(webhook_out(made.webhook), made.secret)


@get(
    "/v1/webhooks/{webhook_id:str}",
    opt=needs(Scope.WEBHOOKS_READ),
    sync_to_thread=True,
    summary="A webhook",
    tags=["webhooks"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, webhook_id: WebhookId) -> WebhookOut:
    """Without its secret."""
    return webhook_out(desks.webhooks.webhook(webhook_id))


@delete(
    "/v1/webhooks/{webhook_id:str}",
    opt=needs(Scope.WEBHOOKS_WRITE),
    sync_to_thread=True,
    summary="Remove a webhook",
    tags=["webhooks"],
    responses=problems(NOT_FOUND),
)
def remove(desks: TheDesks, actor: Actor, webhook_id: WebhookId) -> None:
    """Its secret is forgotten, and what is pending for it is given up; its deliveries stay listed."""
    desks.webhooks.remove(webhook_id, actor)


@post(
    "/v1/webhooks/{webhook_id:str}/test",
    opt=needs(Scope.WEBHOOKS_WRITE),
    status_code=202,
    sync_to_thread=True,
    summary="Send a test event",
    tags=["webhooks"],
    responses=problems(NOT_FOUND, CONFLICT),
)
def test(desks: TheDesks, actor: Actor, webhook_id: WebhookId) -> DeliveryOut:
    """Sent like any other event, whatever the webhook asked for; see `GET /v1/deliveries` for what became of it."""
    return delivery_out(desks.webhooks.test(webhook_id, actor))


@post(
    "/v1/webhooks/{webhook_id:str}/rotate",
    opt=needs(Scope.WEBHOOKS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Replace the secret of a webhook",
    tags=["webhooks"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def rotate(desks: TheDesks, actor: Actor, webhook_id: WebhookId, data: JSONBody[RotationIn]) -> WebhookMade:
    """The answer shows the new secret, this once. For some hours events carry the signatures of both."""
    made = desks.webhooks.rotate(webhook_id, data.overlap_hours, actor)
    return WebhookMade(webhook_out(made.webhook), made.secret)


@get(
    "/v1/deliveries",
    opt=needs(Scope.WEBHOOKS_READ),
    sync_to_thread=True,
    summary="Deliveries, the newest first",
    tags=["webhooks"],
    responses=problems(INVALID_INPUT),
)
def deliveries(
    desks: TheDesks,
    limit: Limit = 50,
    cursor: Cursor = None,
    webhook: WebhookFilter = None,
    in_state: StateFilter = None,
) -> DeliveryPage:
    """One for each event and webhook, and what became of it."""
    before = None if cursor is None else _number(cursor)
    if cursor is not None and before is None:
        raise InvalidInputError("this is no cursor", where="cursor", fix="take `next` of the page before")
    found = desks.webhooks.deliveries(before, limit, webhook=webhook, state=in_state)
    return DeliveryPage([delivery_out(each) for each in found.items], found.next)


@post(
    "/v1/deliveries/{delivery_id:str}/replay",
    opt=needs(Scope.WEBHOOKS_WRITE),
    status_code=202,
    sync_to_thread=True,
    summary="Send a delivery again",
    tags=["webhooks"],
    responses=problems(NOT_FOUND, CONFLICT),
)
def replay(desks: TheDesks, actor: Actor, delivery_id: DeliveryId) -> DeliveryOut:
    """Begins the schedule anew, with the same event id, so that the receiver can tell it from news."""
    number = _number(delivery_id)
    if number is None:
        what = f"there is no delivery `{delivery_id[:_MOST_DIGITS]}`"
        raise NotFoundError(what, fix="see the ids with GET /v1/deliveries")
    return delivery_out(desks.webhooks.replay(number, actor))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


ROUTES = [page, add, one, remove, test, rotate, deliveries, replay]
