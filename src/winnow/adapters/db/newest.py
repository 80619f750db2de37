"""The newest leads and answers of the gate, so many and no more, whatever is stored."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, text

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.permit_codec import Placed, persons_in
from winnow.adapters.db.permit_tables import permit_answers
from winnow.adapters.db.tables import subject_keys
from winnow.adapters.db.vault import Vault, opened
from winnow.core.govern.permit import permit_id
from winnow.core.govern.terms import Action, Channel
from winnow.core.records import NONCE_BYTES
from winnow.ports.reach import Newest, StoredLead, StoredSend

#: Answers of the gate that are read at once.
_AT_ONCE = 500
_NEWEST = 2**62

#: Numbers follow times, so that the first number of a day begins it.
_FIRST = text("SELECT id FROM decisions WHERE decided_at >= :since ORDER BY decided_at, id LIMIT 1")
_LEADS = text(
    "SELECT l.id, l.source, l.received_at, l.subject, d.record, k.wrapped FROM leads l JOIN decisions d ON d.id = l.id"
    " JOIN subject_keys k ON k.subject = l.subject WHERE l.id >= :first ORDER BY l.id DESC LIMIT :most"
)


class StoredNewestLeads:
    """See the port NewestLeads."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def __call__(self, since: datetime, most: int) -> Newest[StoredLead]:
        """Leads that came since, the newest first."""
        with reading(self._engine, patient=True) as connection:
            first = connection.execute(_FIRST, {"since": micros(since)}).scalar()
            asked = {"first": first, "most": most + 1}
            rows = [] if first is None else connection.execute(_LEADS, asked).all()
        items = [self._read(row) for row in rows[:most]]
        return Newest(items, len(items), more=len(rows) > most)

    def _read(self, row: Row[Any]) -> StoredLead:
        key = self._vault.unwrapped(row.subject, row.wrapped)
        lead, _, _ = codec.read_record(opened(key, row.record, row.id)[NONCE_BYTES:])
        return StoredLead(row.id, row.source, moment(row.received_at), lead)


class StoredNewestSends:
    """See the port NewestSends."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def __call__(self, ways: Collection[tuple[Channel, str]], since: datetime, most: int) -> Newest[StoredSend]:
        """What was answered since about such channels and purposes, the newest first."""
        items, asked, more, wanted, numbers = list[StoredSend](), 0, False, frozenset(ways), list[int]()
        with reading(self._engine, patient=True) as connection:
            for looked, head in enumerate(_heads(connection, micros(since))):
                more = asked >= most or looked >= most
                if more:
                    break
                if (_channel(head), head.purpose) in wanted:
                    numbers.append(head.id)
                    asked += head.asked
            for start in range(0, len(numbers), _AT_ONCE):
                some = _records(connection, numbers[start : start + _AT_ONCE])
                items += chain.from_iterable(map(self._sends, some))
        return Newest(items[:most], min(asked, most), more=more or asked > most)

    def _sends(self, row: Row[Any]) -> Iterator[StoredSend]:
        """Nothing where it was about one person, who was erased since."""
        if row.subject is None:
            persons: Sequence[Placed] = persons_in(self._vault.open_own(row.record, f"permits {row.id}")[NONCE_BYTES:])
        elif row.wrapped is None:
            persons = ()
        else:
            key = self._vault.unwrapped(row.subject, row.wrapped)
            persons = persons_in(opened(key, row.record, row.id)[NONCE_BYTES:])
        at, channel = moment(row.at), _channel(row)
        for each in persons:
            if channel is not None:
                name = permit_id(row.answer, each.number)
                yield StoredSend(name, at, row.system, channel, row.purpose, each.place, each.subject, each.granted)


def _heads(connection: Connection, since: int) -> Iterator[Any]:
    """Answers since then without their records, the newest first."""
    each, before = permit_answers.c, _NEWEST
    columns = select(each.id, each.at, each.action, each.channel, each.purpose, each.asked).order_by(each.id.desc())
    while rows := connection.execute(columns.where(each.id < before).limit(_AT_ONCE)).all():
        for row in rows:
            if row.at < since:
                return
            yield row
        before = rows[-1].id


def _records(connection: Connection, numbers: Sequence[int]) -> Sequence[Row[Any]]:
    query = select(permit_answers, subject_keys.c.wrapped).where(permit_answers.c.id.in_(numbers))
    query = query.outerjoin(subject_keys, subject_keys.c.subject == permit_answers.c.subject)
    return connection.execute(query.order_by(permit_answers.c.id.desc())).all()


def _channel(row: Row[Any]) -> Channel | None:
    """The channel whose consent it was held to, as `channel_of` has it; None where no contact was asked for."""
    if row.action == Action.SHARE.value:
        return Channel.ADS
    return Channel(row.channel) if row.action == Action.CONTACT.value and row.channel is not None else None
