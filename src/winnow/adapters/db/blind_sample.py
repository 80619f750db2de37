"""The leads that a lot gave to a person in place of a rejection, found again among the decisions on record.

What is kept in plain columns tells which decisions may be of the sample, and the lot can be drawn again from the id of
the lead; so the sealed records of only a few in a hundred have to be opened, and these say it for certain.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading
from winnow.adapters.db.day_counts import first_at
from winnow.adapters.db.learning_tables import labels, withdrawn_labels
from winnow.adapters.db.moments import micros
from winnow.adapters.db.on_record import opened_records
from winnow.adapters.db.tables import decisions, leads
from winnow.adapters.db.vault import Vault
from winnow.core.decide import Decision
from winnow.core.document import decision_from
from winnow.core.learning.proof.blind import sampled
from winnow.core.learning.reading.labels import Verdict
from winnow.core.outcome import Outcome
from winnow.core.records import NONCE_BYTES
from winnow.core.thresholds import drawn

#: Decisions looked at in one transaction.
_PAGE = 10_000
#: Records opened at once.
_OPENED = 500


class Draw(NamedTuple):
    """What a ruleset draws its blind sample with: the hash of its scorecard, and the share of leads."""

    scorecard_hash: str
    share: float


class Spared(NamedTuple):
    """A lead that may be of the sample.

    decision: how it was decided; None when it was erased, so that nobody can tell
    verdict: what the last label that stands says of it; None while there is none
    """

    decision: Decision | None
    verdict: Verdict | None


class Drawn(NamedTuple):
    """A lead that is of the sample for certain: its number, source, when it was decided, the share it was drawn with.

    verdict: what the last label that stands says of it; None while there is none
    """

    lead: int
    source: str
    decided_at: int
    share: float
    verdict: Verdict | None


class _Candidate(NamedTuple):
    """A decision that may be of the sample: its number, that of its lead, its ruleset, id and source of the lead."""

    id: int
    lead: int
    ruleset: str
    decided_at: int
    lead_id: str
    source: str


class StoredSample:
    """The blind sample behind an engine. Each call may raise StoreAwayError.

    draw_of: what a ruleset draws with, by the ruleset's hash
    Of a lead that was decided more than once the first decision that was acted on counts: what a person said because
    of it may have changed the later ones.
    """

    def __init__(self, engine: Engine, vault: Vault, draw_of: Callable[[str], Draw]) -> None:
        self._engine = engine
        self._vault = vault
        self._draw_of = draw_of

    def fresh_labels(self, since: datetime) -> int:
        """Leads of the sample that were labelled from a moment on, whenever they came; erased ones do not count."""
        with reading(self._engine, patient=True) as connection:
            first = first_at(connection, "labels", "at", micros(since))
            labelled = select(labels.c.lead).where(labels.c.id >= first, _STANDS)
            found = connection.execute(_CANDIDATES.where(decisions.c.lead.in_(labelled))).all()
        candidates = [_Candidate(*row) for row in found]
        return sum(each.decision is not None for each in self._spared(candidates))

    def rejected(self, since: datetime | None) -> int:
        """Leads that the score or a rule rejected from a moment on."""
        query = select(func.count()).select_from(decisions).where(_by_machine(Outcome.REJECT), _from(since))
        with reading(self._engine, patient=True) as connection:
            return int(connection.execute(query).scalar_one())

    def all(self, since: datetime | None) -> Iterator[Spared]:
        """The sample among the leads decided from a moment on, the oldest first."""
        after = -1
        while True:
            page = _CANDIDATES.where(decisions.c.id > after, _from(since)).order_by(decisions.c.id).limit(_PAGE)
            with reading(self._engine, patient=True) as connection:
                rows = [_Candidate(*row) for row in connection.execute(page)]
            yield from self._spared(rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1].id

    def among(self, first: int, last: int) -> Iterator[Drawn]:
        """The sample among the decisions with a number from `first` up to, not including, `last`; no erased ones."""
        page = _CANDIDATES.where(decisions.c.id >= first, decisions.c.id < last).order_by(decisions.c.id)
        with reading(self._engine, patient=True) as connection:
            rows = [_Candidate(*row) for row in connection.execute(page)]
        drawn_rows = [row for row in rows if self._drawn(row)]
        for place in range(0, len(drawn_rows), _OPENED):
            for row, spared in self._told(drawn_rows[place : place + _OPENED]):
                if spared.decision is not None:
                    share = self._draw_of(row.ruleset).share
                    yield Drawn(row.lead, row.source, row.decided_at, share, spared.verdict)

    def _spared(self, candidates: Sequence[_Candidate]) -> Iterator[Spared]:
        rows = [row for row in candidates if self._drawn(row)]
        for place in range(0, len(rows), _OPENED):
            yield from self._opened(rows[place : place + _OPENED])

    def _drawn(self, row: _Candidate) -> bool:
        draw = self._draw_of(row.ruleset)
        return drawn(row.lead_id, draw.scorecard_hash, draw.share)

    def _opened(self, rows: Sequence[_Candidate]) -> Iterator[Spared]:
        return (spared for _, spared in self._told(rows))

    def _told(self, rows: Sequence[_Candidate]) -> Iterator[tuple[_Candidate, Spared]]:
        """Those that are of the sample, and those that nobody can tell of any more."""
        with reading(self._engine, patient=True) as connection:
            records = opened_records(connection, self._vault, [row.id for row in rows])
            said = select(labels.c.lead, labels.c.verdict).where(labels.c.lead.in_([row.lead for row in rows]), _STANDS)
            verdicts = {lead: Verdict(word) for lead, word in connection.execute(said.order_by(labels.c.id))}
        for row in rows:
            record = records[row.id]
            decision = _decision(record[0]) if record else None
            if decision is None or sampled(decision):
                yield row, Spared(decision, verdicts.get(row.lead))


_STANDS = labels.c.id.not_in(select(withdrawn_labels.c.label))
_earlier = decisions.alias()
_FIRST = ~(
    select(_earlier.c.id)
    .where(_earlier.c.lead == decisions.c.lead, ~_earlier.c.shadow, _earlier.c.id < decisions.c.id)
    .exists()
)


def _by_machine(outcome: Outcome) -> ColumnElement[bool]:
    """Decisions with an outcome that the score or a rule brought about, the first about each lead."""
    deciding = or_(decisions.c.decided_by == "score", decisions.c.decided_by.startswith("rule:"))
    return and_(decisions.c.outcome == int(outcome), deciding, ~decisions.c.shadow, _FIRST)


_CANDIDATES = (
    select(
        decisions.c.id,
        decisions.c.lead,
        decisions.c.ruleset,
        decisions.c.decided_at,
        leads.c.lead_id,
        leads.c.source,
    )
    .join(leads, leads.c.id == decisions.c.lead)
    .where(_by_machine(Outcome.REVIEW))
)


def _from(since: datetime | None) -> ColumnElement[bool]:
    return decisions.c.decided_at >= (0 if since is None else micros(since))


def _decision(record: bytes) -> Decision:
    _, _, document = codec.read_record(record[NONCE_BYTES:])
    return decision_from(json.loads(document))
