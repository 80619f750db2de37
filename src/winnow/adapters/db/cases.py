"""Cases in the database: found in the order of the queue at a cost that does not grow with what is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.on_record import opened_records
from winnow.adapters.db.review_tables import cases, dispositions
from winnow.adapters.db.tables import decisions, leads
from winnow.adapters.db.vault import Vault
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.records import NONCE_BYTES
from winnow.core.review.case import Case, Claim, Closing, Kept, claimed, given_back, pattern_of, put_off
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports import Page
from winnow.ports.review import Alike, Shelf, Waiting, Wanted

#: Written out in the statement: the indexes that hold only these rows are not used for a state given apart.
_UNDECIDED, _DECIDED = cases.c.state != literal_column("'decided'"), cases.c.state == literal_column("'decided'")

#: Cases looked at for a page of those with something certain.
_LOOKED_AT = 5_000
#: Decided cases from which one learns what became of those like it.
_MOST_ALIKE = 200


class StoredCases:
    """Cases behind an engine, as far as nothing is decided about them; see the port CaseStore."""

    def __init__(self, engine: Engine, journal: Journal, vault: Vault) -> None:
        self._engine = engine
        self._journal = journal
        self._vault = vault

    def page(self, wanted: Wanted, who: str, after: str | None, limit: int, now: datetime) -> Page[Case]:
        """Cases as `who` may see them, in the order of the shelf."""
        place, query = _shelf(wanted, who, micros(now))
        filtered = wanted.reason is not None or (wanted.shelf is not Shelf.WAITING and wanted.source is not None)
        filtered = filtered or bool(wanted.outcomes)
        query = query.limit(_LOOKED_AT if filtered else limit + 1)
        if after is not None:
            beyond = tuple_(place, cases.c.id) < _cursor(after) if _falling(wanted) else None
            query = query.where(tuple_(place, cases.c.id) > _cursor(after) if beyond is None else beyond)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            fitting = [row for row in rows if _fits(row, wanted)]
            found = _by_number(connection, [row.id for row in fitting[:limit]])
        items = tuple(found[row.id].seen_by(who) for row in fitting[:limit])
        if len(fitting) > limit:
            return Page(items, _written(fitting[limit - 1]))
        return Page(items, _written(rows[-1]) if filtered and len(rows) == _LOOKED_AT else None)

    def case(self, number: int, who: str) -> Case:
        """One case, as `who` may see it."""
        with reading(self._engine) as connection:
            found = _by_number(connection, [number])
        if number not in found:
            raise missing(number)
        return found[number].seen_by(who)

    def cases_of(self, numbers: Sequence[int], who: str) -> Mapping[int, Case]:
        """The cases among some decisions, as `who` may see them."""
        with reading(self._engine) as connection:
            return {number: case.seen_by(who) for number, case in _by_number(connection, numbers).items()}

    def waiting(self, now: datetime, who: str | None = None) -> Waiting:
        """How much waits, counted in indexes that hold nothing else."""
        row, at = cases.c, micros(now)
        put_off_now = select(func.count()).where(row.snoozed_until.is_not(None), row.snoozed_until > at)
        overdue = select(func.count()).where(row.state == Kept.OPEN, row.due_at < at)
        eldest = select(row.opened_at).where(row.state == Kept.OPEN).order_by(row.due_at, row.id).limit(1)
        counted = select(row.source, func.count().label("cases")).where(_UNDECIDED).group_by(row.source)
        with reading(self._engine) as connection:
            snoozed = connection.execute(put_off_now).scalar_one()
            oldest = connection.execute(eldest).scalar()
            by_source = {row.source: row.cases for row in connection.execute(counted)}
            late = connection.execute(overdue).scalar_one()
            own = connection.execute(_looked_at_by(who)).all() if who is not None else ()
        for each in own:
            by_source[each.source] -= 1
            snoozed -= (each.snoozed_until or 0) > at
        total = sum(by_source.values()) - snoozed
        there = {source: count for source, count in by_source.items() if count}
        return Waiting(total, late, snoozed, None if oldest is None else moment(oldest), there)

    def claim(self, number: int, who: str, now: datetime) -> Case:
        """Put a case into somebody's hands; whoever comes second is told who has it."""
        with writing(self._engine) as connection:
            case = claimed(_one(connection, number), who, now)
            store(connection, case)
        return case.seen_by(who)

    def give_back(self, number: int, who: str, now: datetime) -> Case:
        """Take it out of them."""
        with writing(self._engine) as connection:
            case = given_back(_one(connection, number), who, now)
            store(connection, case)
        return case.seen_by(who)

    def put_off(self, number: int, who: str, until: datetime, now: datetime) -> Case:
        """Take it out of the queue for a time; the log says who did."""
        with writing(self._engine) as connection:
            case = put_off(_one(connection, number), who, until, now)
            store(connection, case)
            said = {"until": until.isoformat()}
            self._journal.note(connection, Change("case.snoozed", who, str(number), said), now)
        return case.seen_by(who)

    def alike(self, case: Case) -> Alike:
        """What became of cases with the same reasons, from the index on their pattern."""
        row = cases.c
        last = (
            select(row.id, dispositions.c.outcome)
            .join(dispositions, dispositions.c.id == row.disposition)
            .where(_DECIDED, row.pattern == pattern_of(case.codes), row.id != case.id)
            .order_by(row.closed_at.desc())
            .limit(_MOST_ALIKE)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(last).all()
        outcomes: dict[Outcome, int] = {}
        for each in rows:
            outcomes[Outcome(each.outcome)] = outcomes.get(Outcome(each.outcome), 0) + 1
        return Alike(outcomes, tuple(each.id for each in rows[:10]))

    def records(self, numbers: Sequence[int]) -> Mapping[int, tuple[Lead, Facts, bytes]]:
        """Lead, facts and decision of cases, without what was erased."""
        with reading(self._engine) as connection:
            found = opened_records(connection, self._vault, numbers)
        return {number: codec.read_record(each[0][NONCE_BYTES:]) for number, each in found.items() if each}


def missing(number: int) -> NotFoundError:
    """What is said of a case that is not there."""
    return NotFoundError(f"there is no case {number}", fix="see those that wait with GET /v1/cases")


def locked(connection: Connection, numbers: Sequence[int]) -> dict[int, Case]:
    """Cases that nobody else changes until the transaction ends, whole; always locked in the order of their numbers.

    They are read once they are locked: whoever waited for somebody must see what was decided meanwhile.
    """
    wanted = select(cases.c.id).where(cases.c.id.in_(numbers)).order_by(cases.c.id).with_for_update()
    return _by_number(connection, list(connection.execute(wanted).scalars()))


def store(connection: Connection, case: Case) -> None:
    """Write down where a case is."""
    claim, closing = case.claim, case.closing
    values = {
        "state": case.kept.value,
        "claimed_by": claim.by if claim else None,
        "claimed_until": micros(claim.until) if claim else None,
        "closed_at": micros(closing.at) if closing else None,
        "urgent_at": micros(case.urgent_at),
        "snoozed_until": micros(case.snoozed_until) if case.snoozed_until else None,
        "disposition": closing.id if closing else None,
    }
    connection.execute(update(cases).where(cases.c.id == case.id).values(values))


def _looked_at_by(who: str) -> Select[Any]:
    """What waits for a second look after that of `who`."""
    first = select(cases.c.source, cases.c.snoozed_until).join(dispositions, dispositions.c.id == cases.c.disposition)
    return first.where(cases.c.state == Kept.SECOND, dispositions.c.author == who)


def _one(connection: Connection, number: int) -> Case:
    found = locked(connection, [number])
    if number not in found:
        raise missing(number)
    return found[number]


def _by_number(connection: Connection, numbers: Sequence[int]) -> dict[int, Case]:
    if not numbers:
        return {}
    return {row.id: _case(row) for row in connection.execute(_CASES.where(cases.c.id.in_(numbers)))}


_CASES = (
    select(
        cases,
        leads.c.lead_id,
        decisions.c.outcome.label("decided"),
        decisions.c.score,
        decisions.c.ruleset,
        dispositions.c.author,
        dispositions.c.at,
        dispositions.c.outcome,
        dispositions.c.reason,
        dispositions.c.followed,
        dispositions.c.batch,
    )
    .join(leads, leads.c.id == cases.c.lead)
    .join(decisions, decisions.c.id == cases.c.id)
    .outerjoin(dispositions, dispositions.c.id == cases.c.disposition)
)


def _case(row: Row[Any]) -> Case:
    closing = None
    if row.disposition is not None:
        said = (moment(row.at), Outcome(row.outcome), row.reason, row.followed, row.batch)
        closing = Closing(row.disposition, row.author, *said)
    return Case(
        id=row.id,
        lead=row.lead,
        lead_id=row.lead_id,
        source=row.source,
        outcome=Outcome(row.decided),
        score=row.score,
        codes=tuple(row.reasons.split()),
        opened_at=moment(row.opened_at),
        due_at=moment(row.due_at),
        urgent_at=moment(row.urgent_at),
        kept=Kept(row.state),
        claim=Claim(row.claimed_by, moment(row.claimed_until)) if row.claimed_by is not None else None,
        snoozed_until=None if row.snoozed_until is None else moment(row.snoozed_until),
        closing=closing,
        ruleset=row.ruleset,
    )


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def _shelf(wanted: Wanted, who: str, now: int) -> tuple[ColumnElement[int], Select[Any]]:
    """What a shelf is ordered by, and the query for what lies on it."""
    row = cases.c
    others = or_(row.state != Kept.SECOND, dispositions.c.author != who)
    place, lies, order = {
        Shelf.WAITING: (
            row.urgent_at,
            and_(_UNDECIDED, or_(row.snoozed_until.is_(None), row.snoozed_until <= now), others),
            (row.urgent_at, row.id),
        ),
        Shelf.SNOOZED: (row.snoozed_until, and_(row.snoozed_until > now), (row.snoozed_until, row.id)),
        Shelf.DECIDED: (row.closed_at, _DECIDED, (row.closed_at.desc(), row.id.desc())),
    }[wanted.shelf]
    query = (
        select(row.id, row.source, row.reasons, place.label("place"), dispositions.c.outcome)
        .outerjoin(dispositions, dispositions.c.id == row.disposition)
        .where(lies)
        .order_by(*order)
    )
    if wanted.source is not None and wanted.shelf is Shelf.WAITING:
        query = query.where(row.source == wanted.source)
    if wanted.shelf is Shelf.DECIDED and wanted.since is not None:
        query = query.where(row.closed_at >= micros(wanted.since))
    if wanted.shelf is Shelf.DECIDED and wanted.until is not None:
        query = query.where(row.closed_at < micros(wanted.until))
    return place, query


def _falling(wanted: Wanted) -> bool:
    return wanted.shelf is Shelf.DECIDED


def _fits(row: Row[Any], wanted: Wanted) -> bool:
    return (
        (wanted.source is None or row.source == wanted.source)
        and (not wanted.outcomes or row.outcome in wanted.outcomes)
        and (wanted.reason is None or wanted.reason in row.reasons)
    )


def _written(row: Row[Any]) -> str:
    return f"{row.place}.{row.id}"


def _cursor(written: str) -> tuple[int, int]:
    place, _, number = written.partition(".")
    try:
        found = int(place), int(number)
    except ValueError:
        found = 0, -1
    if not (found[1] >= 0 and abs(found[0]) < _BIG and found[1] < _BIG):
        raise InvalidInputError(f"`{written[:40]}` is no cursor", where="cursor", fix="give `next` of the page before")
    return found


_BIG = 2**63
