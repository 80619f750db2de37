"""How many addresses said yes to what, for whoever asks whom a change of the law would touch."""

from collections.abc import Mapping

from sqlalchemy import Engine, func, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent_tables import consent_events
from winnow.core.govern.consent import ONCE_CONFIRMED, Act
from winnow.core.govern.terms import Channel


class GrantCounts:
    """Counts over the whole ledger; reads all of it, so it is for a person's question and not for the gate."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> Mapping[tuple[Channel, str], int]:
        """Addresses with a grant for a channel and purpose, whether or not it holds still; raises UnavailableError."""
        each = consent_events.c
        query = (
            select(each.channel, each.purpose, func.count(each.subject.distinct()))
            .where(
                each.act == Act.GRANT.value,
                each.basis != ONCE_CONFIRMED,
                each.channel.is_not(None),
                each.purpose.is_not(None),
            )
            .group_by(each.channel, each.purpose)
        )
        with reading(self._engine, patient=True) as connection:
            rows = connection.execute(query).all()
        return {(Channel(channel), purpose): count for channel, purpose, count in rows}
