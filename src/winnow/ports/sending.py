"""What sending to other systems needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.deliveries import Delivery, DeliveryRecord, Settled, State, Webhook
from winnow.ports.paging import Page


class Outbox(Protocol):
    """Keeps what is to be sent to other systems until it was sent or given up."""

    def claim(
        self, now: datetime, until: datetime, *, limit: int, each: int, room: Mapping[str, int]
    ) -> Sequence[Delivery]:
        """Up to `limit` due deliveries, which nobody else gets before `until`.

        At most `each` of one receiver, or `room[receiver]` where that says otherwise. None that the kill switch holds
        back.
        """
        ...

    def may_go(self, delivery: Delivery) -> bool:
        """Whether a claimed delivery may still be sent: the kill switch was not moved since, as far as it matters."""
        ...

    def release(self, withheld: Sequence[Delivery]) -> None:
        """Give claimed deliveries back that were not sent; this is no attempt."""
        ...

    def settle(self, made: Sequence[Settled], now: datetime) -> None:
        """Note what became of claimed deliveries; one that was claimed anew in the meantime is left alone."""
        ...

    def disable(self, webhook: str, because: str, now: datetime) -> None:
        """Send a receiver nothing more; what is still pending for it is given up."""
        ...


class WebhookStore(Protocol):
    """Keeps receivers of events; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, webhook: Webhook, secret: str, now: datetime) -> None:
        """Keep a new receiver and what is sent to it is signed with."""
        ...

    def webhook(self, webhook_id: str) -> Webhook:
        """One receiver; raises NotFoundError."""
        ...

    def page(self, after: str | None, limit: int) -> Page[Webhook]:
        """Receivers, in the order of their ids."""
        ...

    def remove(self, webhook_id: str, actor: str, now: datetime) -> None:
        """Forget a receiver and its secret, and give up what is pending for it; raises NotFoundError."""
        ...

    def rotate(self, webhook_id: str, secret: str, until: datetime, actor: str, now: datetime) -> None:
        """Sign with a new secret, and until a moment with the one before as well; raises NotFoundError."""
        ...

    def set_paused(self, webhook_id: str, paused: bool, actor: str, now: datetime) -> None:  # noqa: FBT001  # the value
        """Send a receiver nothing more, or tell it again what happens from now on; raises NotFoundError."""
        ...

    def test(self, webhook_id: str, actor: str, now: datetime) -> DeliveryRecord:
        """Put a test into the outbox; raises NotFoundError, and ConflictError when the receiver is disabled."""
        ...

    def replay(self, delivery: int, actor: str, now: datetime) -> DeliveryRecord:
        """Send a finished delivery again; raises NotFoundError, and ConflictError when it cannot be sent."""
        ...

    def replay_dead(self, actor: str, most: int, now: datetime) -> int:
        """Send those again that were given up, the newest first; how many, `most` at most."""
        ...

    def deliveries(
        self, before: int | None, limit: int, *, webhook: str | None, state: State | None
    ) -> Page[DeliveryRecord]:
        """Deliveries, the newest first."""
        ...
