"""What the API takes and gives about webhooks and deliveries, as types; see `types`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.deliveries import EVERYTHING, DeliveryRecord, EventType, State, Webhook
from winnow.services.webhooks import MOST_OVERLAP_HOURS, OVERLAP_HOURS

_EXAMPLE_ID = "wh_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"
_EXAMPLE_SECRET = "whsec_bm9ib2R5IHdpbGwgZXZlciB1c2UgdGhpcyBzZWNyZXQ="  # noqa: S105  # it is of nobody
_EVENTS = f"What is told: some of {', '.join(EventType)}, or {EVERYTHING} for all there ever are."


class WebhookIn(Struct, forbid_unknown_fields=True):
    """A receiver of events to be made."""

    url: Annotated[
        Annotated[str, Meta(min_length=1, max_length=2_048)],
        Meta(
            description="Where events are posted to: https and a public address, see docs/webhooks.md.",
            examples=["https://crm.example/winnow"],
        ),
    ]
    events: Annotated[
        Annotated[list[str], Meta(min_length=1, max_length=20)],
        Meta(description=_EVENTS, examples=[["decision.made", "case.opened"]]),
    ]


class WebhookOut(Struct):
    """A receiver of events."""

    id: Annotated[str, Meta(description="Its id.", examples=[_EXAMPLE_ID])]
    url: Annotated[str, Meta(description="Where events are posted to.", examples=["https://crm.example/winnow"])]
    events: Annotated[list[str], Meta(description=_EVENTS, examples=[["case.opened", "decision.made"]])]
    created_at: Annotated[datetime, Meta(description="When it was made.", examples=[_EXAMPLE_TIME])]
    created_by: Annotated[str, Meta(description="The key that made it.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    disabled_at: Annotated[
        datetime | None,
        Meta(description="Since when it is sent nothing any more; null: it is sent.", examples=[_EXAMPLE_TIME]),
    ] = None
    disabled_because: Annotated[
        str | None, Meta(description="Why.", examples=["answered 410: it wants nothing any more"])
    ] = None


class WebhookPage(Struct):
    """Some webhooks, in the order of their ids."""

    webhooks: Annotated[list[WebhookOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


class WebhookMade(Struct):
    """A webhook and its new secret, which is shown this once."""

    webhook: Annotated[WebhookOut, Meta(description="The webhook.")]
    secret: Annotated[
        str, Meta(description="What its events are signed with from now on; keep it.", examples=[_EXAMPLE_SECRET])
    ]


class RotationIn(Struct, forbid_unknown_fields=True):
    """How a secret is to be replaced."""

    overlap_hours: Annotated[
        Annotated[int, Meta(ge=0, le=MOST_OVERLAP_HOURS)],
        Meta(description="For how many hours the old secret signs as well.", examples=[OVERLAP_HOURS]),
    ] = OVERLAP_HOURS


class DeliveryOut(Struct):
    """One event on its way to one webhook."""

    id: Annotated[str, Meta(description="Its number.", examples=["12"])]
    webhook: Annotated[str, Meta(description="The webhook it is for.", examples=[_EXAMPLE_ID])]
    event: Annotated[
        str,
        Meta(
            description="The event, the same for all webhooks and all attempts; sent as `webhook-id`.",
            examples=["msg_5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"],
        ),
    ]
    type: Annotated[str, Meta(description="What happened.", examples=["decision.made"])]
    state: Annotated[State, Meta(description="`pending`, `delivered`, or `dead`: given up.", examples=["delivered"])]
    created_at: Annotated[datetime, Meta(description="When it happened.", examples=[_EXAMPLE_TIME])]
    due_at: Annotated[
        datetime | None, Meta(description="When it is tried next; null: no more.", examples=[_EXAMPLE_TIME])
    ]
    attempts: Annotated[int, Meta(description="How often it was tried.", examples=[1])]
    last_status: Annotated[int | None, Meta(description="The HTTP status of the last answer.", examples=[204])]
    last_error: Annotated[
        str | None, Meta(description="Why the last attempt does not count.", examples=["answered 500"])
    ]
    finished_at: Annotated[
        datetime | None, Meta(description="When it was delivered or given up.", examples=[_EXAMPLE_TIME])
    ]


class DeliveryPage(Struct):
    """Some deliveries, the newest first."""

    deliveries: Annotated[list[DeliveryOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=["12"])
    ] = None


def webhook_out(webhook: Webhook) -> WebhookOut:
    """A webhook as it is answered."""
    return WebhookOut(
        id=webhook.id,
        url=webhook.url,
        events=webhook.events.split(),
        created_at=webhook.created_at,
        created_by=webhook.created_by,
        disabled_at=webhook.disabled_at,
        disabled_because=webhook.disabled_because,
    )


def delivery_out(delivery: DeliveryRecord) -> DeliveryOut:
    """A delivery as it is answered."""
    return DeliveryOut(
        id=str(delivery.id),
        webhook=delivery.webhook,
        event=delivery.event,
        type=delivery.kind,
        state=delivery.state,
        created_at=delivery.created_at,
        due_at=delivery.due_at,
        attempts=delivery.attempts,
        last_status=delivery.last_status,
        last_error=delivery.last_error,
        finished_at=delivery.finished_at,
    )
