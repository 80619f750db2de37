"""Receivers of events: made, tested, given new secrets, removed; and deliveries sent again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from winnow.core.deliveries import DeliveryRecord, State, Webhook, subscription, webhook_secret
from winnow.errors import InvalidInputError
from winnow.ports import Clock, Page, WebhookStore

#: How long both secrets sign after a rotation, unless somebody says otherwise, and at most.
OVERLAP_HOURS, MOST_OVERLAP_HOURS = 24, 168

#: Deliveries that are sent again in one step.
MOST_AT_ONCE = 1_000

_PREFIX = "wh"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A receiver that was just made, and its secret, which nobody will ever see again."""

    webhook: Webhook
    secret: str = field(repr=False)


class WebhookDesk:
    """Where receivers are made and ended."""

    def __init__(
        self,
        store: WebhookStore,
        check_url: Callable[[str], None],
        clock: Clock,
        new_id: Callable[[str, datetime], str],
        token_bytes: Callable[[int], bytes],
    ) -> None:
        """`check_url` raises InvalidInputError for a URL that may not be reached; `token_bytes` draws by lot."""
        self._store = store
        self._check_url = check_url
        self._clock = clock
        self._new_id = new_id
        self._token_bytes = token_bytes

    def add(self, url: str, events: Sequence[str], actor: str) -> NewWebhook:
        """Make a receiver; raises InvalidInputError for a URL that may not be reached and for unknown events."""
        chosen = _subscription(events)
        self._need_reachable(url)
        now = self._clock.now()
        made = NewWebhook(Webhook(self._new_id(_PREFIX, now), url, chosen, now, actor), self._new_secret())
        self._store.add(made.webhook, made.secret, now)
        return made

    def rotate(self, webhook_id: str, overlap_hours: int, actor: str) -> NewWebhook:
        """Give a receiver a new secret; for some hours the one before signs as well. Raises NotFoundError."""
        if not 0 <= overlap_hours <= MOST_OVERLAP_HOURS:
            fix = f"give 0 to {MOST_OVERLAP_HOURS}"
            raise InvalidInputError(f"an overlap of {overlap_hours} hours", where="overlap_hours", fix=fix)
        now, secret = self._clock.now(), self._new_secret()
        self._store.rotate(webhook_id, secret, now + timedelta(hours=overlap_hours), actor, now)
        return NewWebhook(self._store.webhook(webhook_id), secret)

    def webhook(self, webhook_id: str) -> Webhook:
        """One receiver; raises NotFoundError."""
        return self._store.webhook(webhook_id)

    def page(self, after: str | None, limit: int) -> Page[Webhook]:
        """Receivers, in the order of their ids."""
        return self._store.page(after, limit)

    def remove(self, webhook_id: str, actor: str) -> None:
        """Forget a receiver, and give up what is pending for it; raises NotFoundError."""
        self._store.remove(webhook_id, actor, self._clock.now())

    def pause(self, webhook_id: str, actor: str) -> None:
        """Send a receiver nothing more: what is pending is given up, what happens meanwhile never reaches it."""
        self._store.set_paused(webhook_id, True, actor, self._clock.now())  # noqa: FBT003  # the value

    def resume(self, webhook_id: str, actor: str) -> None:
        """Tell a receiver again what happens from now on, however it came to be disabled; raises NotFoundError."""
        self._store.set_paused(webhook_id, False, actor, self._clock.now())  # noqa: FBT003  # the value

    def test(self, webhook_id: str, actor: str) -> DeliveryRecord:
        """Send a test event; raises NotFoundError, and ConflictError when the receiver is disabled."""
        return self._store.test(webhook_id, actor, self._clock.now())

    def deliveries(
        self, before: int | None, limit: int, *, webhook: str | None = None, state: State | None = None
    ) -> Page[DeliveryRecord]:
        """Deliveries, the newest first."""
        return self._store.deliveries(before, limit, webhook=webhook, state=state)

    def replay(self, delivery: int, actor: str) -> DeliveryRecord:
        """Send a finished delivery again, from the beginning of the schedule; raises NotFoundError, ConflictError."""
        return self._store.replay(delivery, actor, self._clock.now())

    def replay_dead(self, actor: str) -> int:
        """Send again what was given up, the newest first, and MOST_AT_ONCE at most; returns how many.

        What was for a receiver that was removed or disabled stays given up.
        """
        return self._store.replay_dead(actor, MOST_AT_ONCE, self._clock.now())

    def _need_reachable(self, url: str) -> None:
        try:
            self._check_url(url)
        except InvalidInputError as error:
            raise InvalidInputError(error.what, where="url", fix=error.fix) from None

    def _new_secret(self) -> str:
        return webhook_secret(self._token_bytes(_SECRET_BYTES))


def _subscription(events: Sequence[str]) -> str:
    try:
        return subscription(events)
    except InvalidInputError as error:
        raise InvalidInputError(error.what, where="events", fix=error.fix) from None
