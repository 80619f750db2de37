"""Events about cases, for those who asked to be told; in the transaction of what they tell of."""

from datetime import datetime

from sqlalchemy import Connection

from winnow.adapters.db.outbox import enqueue, has_receivers
from winnow.core.deliveries import EventType, event
from winnow.core.review.case import Case


class CaseEvents:
    """Tells receivers about cases; `installation` is whom they hear it from."""

    def __init__(self, installation: str) -> None:
        self._installation = installation

    def tell(self, connection: Connection, kind: EventType, case: Case, disposition: int, now: datetime) -> None:
        """Put an event about a case and its disposition into the outbox, if anybody receives events."""
        if has_receivers(connection):
            data = {"case": case.id, "lead": case.lead, "disposition": disposition}
            enqueue(connection, [event(kind, now, data, installation=self._installation)], now)
