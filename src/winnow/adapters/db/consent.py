"""The ledger of consent in the database: told once, never changed, found by keyed hashes at a flat cost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, or_, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.consent_rows import AT_ONCE, ConsentRows, event_of, events_of, subject_of_address, together
from winnow.adapters.db.consent_tables import consent_addresses, consent_events, identity_links
from winnow.adapters.db.log import Change, Journal, append, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.rows import insert_missing
from winnow.adapters.db.tables import subject_keys
from winnow.adapters.db.vault import Vault, opened, sealed
from winnow.core.govern.consent import DENIALS, Act, Capture, ConsentEvent
from winnow.core.govern.identity import AddressKind
from winnow.errors import ConflictError, NotFoundError
from winnow.ports.consent import Address, Link, Told

MERGED, UNMERGED = "identity.merged", "identity.unmerged"

#: Addresses of one person at most: more are no person, but a mistake that spreads.
MOST_LINKED = 50

_event, _link, _address = consent_events.c, identity_links.c, consent_addresses.c
_READ = (
    *(_event.subject, _event.id, _event.act, _event.channel, _event.purpose, _event.basis, _event.wording),
    *(_event.captured_by, _event.how, _event.occurred_at, _event.received_at, _event.expires_at),
)
_DENYING = [act.value for act in DENIALS]


class StoredConsent:
    """The ledger behind an engine; see the port ConsentStore. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, vault: Vault, journal: Journal) -> None:
        self._engine = engine
        self._vault = vault
        self._journal = journal

    def subject(self, address: Address) -> int:
        """The keyed hash that stands for an address."""
        return subject_of_address(self._vault, address)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def record(self, told: Sequence[Told], actor: str, now: datetime) -> tuple[int, ...]:
        """Record all of it in one transaction; the numbers, in order."""
        if not told:
            return ()
        with writing(self._engine, patient=len(told) > AT_ONCE) as connection:
            return self.recorded_in(connection, told, actor, now)

    def recorded_in(self, connection: Connection, told: Sequence[Told], actor: str, now: datetime) -> tuple[int, ...]:
        """The same in the caller's transaction."""
        head, rows = locked_head(connection), ConsentRows(self._vault, connection)
        rows.prepare(told)
        leaves = [rows.add(self._journal, number, each, actor, now) for number, each in enumerate(told, head.size)]
        rows.write()
        append(connection, head, leaves)
        return tuple(range(head.size, head.size + len(told)))

    def merge(self, pair: tuple[Address, Address], evidence: str, actor: str, now: datetime) -> int:
        """Note that two addresses are one person's; what denies contact by one counts for all of them."""
        one, other = sorted(map(self.subject, pair))
        with writing(self._engine) as connection:
            head, groups = locked_head(connection), together(connection, (one, other))
            first, second = groups[one], groups[other]
            if first is second:
                raise ConflictError("these addresses are one person's already", fix="there is nothing to merge")
            if len(first) + len(second) > MOST_LINKED:
                what = f"more than {MOST_LINKED} addresses would be one person's"
                raise ConflictError(what, fix="take back the links that are wrong")
            rows = ConsentRows(self._vault, connection)
            rows.prepare([_opening(each) for each in pair])
            for address in pair:
                subject = self.subject(address)
                kept = sealed(rows.key_of(subject), address.text.encode("utf-8", "surrogatepass"), subject)
                rows.addresses.append((subject, address.kind.value, kept))
            proof = sealed(rows.key_of(one), evidence.encode("utf-8", "surrogatepass"), head.size)
            rows.write()
            link = {"id": head.size, "at": micros(now), "actor": actor, "evidence": proof}
            connection.execute(
                insert(identity_links),
                [{"subject": one, "other": other, **link}, {"subject": other, "other": one, **link}],
            )
            _unite(connection, first, second)
            _unite(connection, second, first)
            said = _linked(one, other, proof) | {"subjects": sorted(map(str, first | second))}
            return self._journal.note(connection, Change(MERGED, actor, str(one), said), now)

    def unmerge(self, pair: tuple[int, int], evidence: str, actor: str, now: datetime) -> int:
        """Take a link back; denials stay where they count."""
        one, other = sorted(pair)
        both = or_((_link.subject == one) & (_link.other == other), (_link.subject == other) & (_link.other == one))
        with writing(self._engine) as connection:
            head = locked_head(connection)
            if not connection.execute(delete(identity_links).where(both)).rowcount:
                raise NotFoundError("these addresses are not linked directly", fix="look which ones are")
            rows = ConsentRows(self._vault, connection)
            rows.prepare([_opening(one)])
            proof = sealed(rows.key_of(one), evidence.encode("utf-8", "surrogatepass"), head.size)
            rows.write()
            change = Change(UNMERGED, actor, str(one), _linked(one, other, proof))
            return self._journal.note_all(connection, head, [change], now)

    def erase(self, subjects: Sequence[int], actor: str, now: datetime) -> None:
        """Make unreadable what is personal, and void all grants; denials stay, under the keyed hashes."""
        with writing(self._engine) as connection:
            self.erased_in(connection, subjects, actor, now)

    def erased_in(self, connection: Connection, subjects: Sequence[int], actor: str, now: datetime) -> None:
        """The same in the caller's transaction."""
        wanted = sorted(set(subjects))
        self.recorded_in(connection, [Told(each, Act.ERASED, Capture.REP) for each in wanted], actor, now)
        connection.execute(delete(consent_events).where(_event.subject.in_(wanted), _event.act == Act.GRANT.value))
        connection.execute(delete(consent_addresses).where(_address.subject.in_(wanted)))
        connection.execute(delete(identity_links).where(or_(_link.subject.in_(wanted), _link.other.in_(wanted))))
        connection.execute(delete(subject_keys).where(subject_keys.c.subject.in_(wanted)))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def events_of(self, subjects: Sequence[int]) -> Mapping[int, Sequence[ConsentEvent]]:
        """What counts for addresses, without evidence; those nothing is known of are left out."""
        wanted, found = sorted(set(subjects)), dict[int, list[ConsentEvent]]()
        with reading(self._engine, patient=len(wanted) > AT_ONCE) as connection:
            for start in range(0, len(wanted), AT_ONCE):
                found |= events_of(connection, wanted[start : start + AT_ONCE])
        return found

    def history(self, subject: int) -> Sequence[ConsentEvent]:
        """What counts for one address, with its evidence, the oldest first."""
        query = select(*_READ, _event.evidence, _event.told_of, subject_keys.c.wrapped)
        query = query.outerjoin(subject_keys, subject_keys.c.subject == _event.told_of)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(_event.subject == subject).order_by(_event.id)).all()
        return tuple(event_of(row[:-3], self._evidence(row)) for row in rows)

    def address(self, subject: int) -> Address | None:
        """The address behind a keyed hash; None where it was erased or never told."""
        query = select(_address.kind, _address.sealed, subject_keys.c.wrapped)
        query = query.join(subject_keys, subject_keys.c.subject == _address.subject)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(_address.subject == subject)).one_or_none()
        return None if row is None else self._read(subject, row)

    def links(self, subject: int) -> Sequence[Link]:
        """What links an address to others directly."""
        query = select(identity_links).where(_link.subject == subject).order_by(_link.id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            held = select(subject_keys).where(subject_keys.c.subject.in_([min(row.subject, row.other) for row in rows]))
            wrapped = {row.subject: row.wrapped for row in connection.execute(held)} if rows else {}
        return tuple(self._link(row, wrapped.get(min(row.subject, row.other))) for row in rows)

    def recorded(self, after: int, limit: int) -> Sequence[tuple[ConsentEvent, Address | None]]:
        """Everything in the order in which it was told, page by page, each under the address it was told of."""
        query = (
            select(*_READ, _event.evidence, _event.told_of, subject_keys.c.wrapped, _address.kind, _address.sealed)
            .outerjoin(subject_keys, subject_keys.c.subject == _event.told_of)
            .outerjoin(consent_addresses, _address.subject == _event.told_of)
            .where(_event.id > after, _event.subject == _event.told_of)
            .order_by(_event.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        read = len(_READ)
        return [
            (event_of(row[:read], self._evidence(row)), self._read(row.told_of, row) if row.sealed else None)
            for row in rows
        ]

    def count(self) -> int:
        """How many events there are."""
        with reading(self._engine, patient=True) as connection:
            return connection.execute(select(func.count()).select_from(consent_events)).scalar_one()

    def _evidence(self, row: Any) -> str | None:  # noqa: ANN401  # of a question with columns of several tables
        if row.evidence is None or row.wrapped is None:
            return None
        key = self._vault.unwrapped(row.told_of, row.wrapped)
        return opened(key, row.evidence, row.id).decode("utf-8", "surrogatepass")

    def _read(self, subject: int, row: Any) -> Address | None:  # noqa: ANN401  # as above
        if row.wrapped is None:
            return None
        text = opened(self._vault.unwrapped(subject, row.wrapped), row.sealed, subject)
        return Address(AddressKind(row.kind), text.decode("utf-8", "surrogatepass"))

    def _link(self, row: Row[Any], wrapped: bytes | None) -> Link:
        evidence = None
        if wrapped is not None and row.evidence is not None:
            key = self._vault.unwrapped(min(row.subject, row.other), wrapped)
            evidence = opened(key, row.evidence, row.id).decode("utf-8", "surrogatepass")
        return Link(row.id, row.subject, row.other, moment(row.at), row.actor, evidence)


def _opening(about: Address | int) -> Told:
    """Nothing that is recorded: it names an address whose key is needed."""
    return Told(about, Act.GRANT, Capture.MERGE)


def _linked(one: int, other: int, proof: bytes) -> dict[str, object]:
    """What the log says of a link: its evidence sealed, so that it can be erased."""
    return {"link": [str(one), str(other)], "evidence": proof.hex()}


def _unite(connection: Connection, of: set[int], to: set[int]) -> None:
    """Let what denies contact by some addresses count for others, under the same numbers."""
    query = select(consent_events).where(_event.subject.in_(of), _event.act.in_(_DENYING))
    rows = connection.execute(query).all()
    copies = {
        (subject, row.id): (subject, row.id, *row[2:8], Capture.MERGE.value, *row[9:]) for row in rows for subject in to
    }
    insert_missing(connection, consent_events, list(copies.values()))
