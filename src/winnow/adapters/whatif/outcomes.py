"""What a ruleset decides on every row of a table: exactly what `decide` decides.

Where more than the score speaks, `decide` itself is asked, once for each combination of what speaks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from winnow.adapters.whatif.rules import Fired, fired_on
from winnow.adapters.whatif.scores import CardScores, column_of
from winnow.adapters.whatif.table import Column, Numbers, Rows, Table, fingerprint, micros, moment, narrow
from winnow.core.decide import decide
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.ruleset import Ruleset
from winnow.core.thresholds import drawn
from winnow.core.whatif.past import sound, speaks
from winnow.errors import InvalidInputError, WinnowError

#: Rows that are decided once more, one by one, as a check: evenly spread over the table.
_CHECKED = 64

_MOST_WIDTH = 1 << 62
_NEVER = np.iinfo(np.int64).max
_EARLIEST = datetime.min.replace(tzinfo=UTC)

_SCORE = "score"


@dataclass(frozen=True, slots=True)
class Redecided:
    """The decisions of one ruleset on all rows; outcomes are those for sales.

    decided_by: what decided, as in a decision · fired: on which rows each rule fired
    """

    ruleset: Ruleset
    outcome: npt.NDArray[np.uint8]
    score: Numbers
    decided_by: Column
    fired: Fired


def redecide(table: Table, ruleset: Ruleset) -> Redecided:
    """Decide all rows under a ruleset; raises InvalidInputError when the table lacks a signal the ruleset reads."""
    need_signals(table, ruleset)
    work = _Work(table, ruleset)
    for row, (lead, facts) in table.whole.items():
        decision = decide(lead, facts, ruleset)
        work.settle(np.array([row]), decision.outcome, decision.decided_by)
        work.score[row] = decision.score
    work.settle_spoken()
    work.check()
    return Redecided(ruleset, work.outcome, work.score, work.decided_by, work.fired)


def need_signals(table: Table, ruleset: Ruleset) -> None:
    """Raise InvalidInputError unless the table holds every signal the ruleset may measure, as it means it."""
    plan = ruleset.plan
    for signal, allowed in zip(plan.signals, plan.allowed, strict=True):
        if allowed and table.signals.get(signal.name) != fingerprint(signal):
            known = signal.name in table.signals
            what = (
                f"what is kept of the past means something else by `{signal.name}`"
                if known
                else (f"what is kept of the past does not hold the signal `{signal.name}`")
            )
            raise InvalidInputError(what, fix="read the decisions again, naming this ruleset")


class _Work:
    """A table being decided."""

    def __init__(self, table: Table, ruleset: Ruleset) -> None:
        self._table = table
        self._ruleset = ruleset
        plan = ruleset.plan
        self.fired = fired_on(table, plan)
        self._scores = CardScores(table, plan, ruleset.scorecard)
        self.score = self._scores.scores(self.fired.points(plan.rules.rules)).astype(np.int64)
        self._whole = np.zeros(len(table), np.bool_)
        self._whole[list(table.whole)] = True
        self._sound = np.array([sound(each) for each in table.bearings], np.bool_)[table.bearing] & ~self.fired.failed
        band, may = _bands(table, ruleset, self.score, self._scores)
        self.outcome = np.where((band == Outcome.REJECT) & ~(self._sound & may), Outcome.REVIEW, band).astype(np.uint8)
        self._state = band * 4 + self._sound * 2 + may
        self._lot = self._drawn()
        self.outcome[self._lot & (self.outcome == Outcome.REJECT)] = Outcome.REVIEW
        self._names = {_SCORE: 0}
        self._by = np.zeros(len(table), np.uint32)

    @property
    def decided_by(self) -> Column:
        """What decided each row."""
        return Column(tuple(self._names), narrow(self._by, len(self._names) + 1))

    def settle(self, rows: Rows, outcome: Outcome, decided_by: str) -> None:
        """Note what was decided on some rows."""
        self.outcome[rows] = outcome
        self._by[rows] = self._names.setdefault(decided_by, len(self._names))

    def settle_spoken(self) -> None:
        """Decide the rows on which more than the score speaks: one of each kind by `decide`, the others like it."""
        rows, stops = self._spoken()
        if not len(rows):
            return
        key = _Key(len(rows))
        key.add(self._table.bearing[rows].astype(np.int64), len(self._table.bearings))
        key.add(self._state[rows], len(Outcome) * 4)
        key.add(self._lot[rows], 2)
        for state in stops:
            key.add(state[rows], 3)
        for fired in self._asking():
            key.add(np.isin(rows, fired, assume_unique=True), 2)
        _, first, kind = np.unique(key.codes, return_index=True, return_inverse=True)
        order = np.argsort(kind, kind="stable")
        for some in np.split(order, np.cumsum(np.bincount(kind))[:-1]):
            self._settle_like(int(rows[first[kind[some[0]]]]), rows[some])

    def _settle_like(self, row: int, rows: Rows) -> None:
        outcome, decided_by, score = self.decided(row)
        if score != self.score[row]:
            raise _defect(self._table, row)
        self.settle(rows, outcome, decided_by)

    def _drawn(self) -> Numbers:
        """Rows that go blind to a person when they are to be rejected; drawn only where something asks to reject."""
        lot = np.zeros(len(self._table), np.bool_)
        share = self._ruleset.thresholds.sampled_share
        if share:
            asked = self.outcome == Outcome.REJECT
            for rule, rows in zip(self._ruleset.plan.rules.rules, self.fired.rows, strict=True):
                asked[rows] |= rule.outcome is Outcome.REJECT
            digest, ids = self._ruleset.scorecard_hash, self._table.ids
            rows = np.flatnonzero(asked)
            lot[rows] = [drawn(ids[row], digest, share) for row in rows.tolist()]
        return lot

    def _spoken(self) -> tuple[Rows, list[Numbers]]:
        """Rows on which more than the score speaks, and the state of every hard stop on all rows."""
        table = self._table
        stops = list(self._stops())
        spoken = np.array([speaks(each) for each in table.bearings], np.bool_)[table.bearing]
        for state in stops:
            spoken |= state != 0
        for rows in self._asking():
            spoken[rows] = True
        return np.flatnonzero(spoken & ~self._whole), stops

    def _asking(self) -> Iterator[Rows]:
        """Rows on which each rule with an outcome fires."""
        for rule, rows in zip(self._ruleset.plan.rules.rules, self.fired.rows, strict=True):
            if rule.outcome is not None and len(rows):
                yield rows

    def _stops(self) -> Iterator[Numbers]:
        """For every hard stop and row: 0 does not apply, 1 applies, 2 cannot be told and so applies."""
        for stop in self._ruleset.policy.hard_stops:
            column = column_of(self._table, self._ruleset.plan, stop.signal)
            if column is None:
                yield np.full(len(self._table), 2, np.uint8)
                continue
            held = [stop.holds(value) for value in column.values]
            yield np.array([2 if each is None else int(each) for each in held], np.uint8)[column.codes]

    def decided(self, row: int) -> tuple[Outcome, str, int]:
        """One row by `decide` itself: outcome, what decided, score."""
        table, plan = self._table, self._ruleset.plan
        columns = ((name, column_of(table, plan, name)) for name in plan.names)
        values = {name: None if column is None else column.at(row) for name, column in columns}
        source = table.source.at(row)
        lead = Lead(table.ids[row], source=None if source is None else str(source))
        facts = replace(table.bearings[int(table.bearing[row])], now=moment(int(table.now[row])))
        decision = decide(lead, facts, self._ruleset, assumed=values)
        return decision.outcome, decision.decided_by, decision.score

    def check(self) -> None:
        """Decide some rows once more by `decide`; raises WinnowError when one comes out differently."""
        for row in range(0, len(self._table), max(1, len(self._table) // _CHECKED)):
            if row in self._table.whole:
                continue
            outcome, decided_by, score = self.decided(row)
            same = outcome == self.outcome[row] and score == self.score[row]
            if not same or self._names.get(decided_by) != self._by[row]:
                raise _defect(self._table, row)


def _defect(table: Table, row: int) -> WinnowError:
    what = f"decided by the million, lead `{table.refs[row]}` comes out otherwise than decided alone"
    return WinnowError(what, fix="please report this as a defect")


class _Key:
    """Numbers that are equal on two rows exactly when everything added is equal on both."""

    def __init__(self, size: int) -> None:
        self.codes = np.zeros(size, np.int64)
        self._width = 1

    def add(self, codes: Numbers, size: int) -> None:
        """Something more to tell rows apart by: codes below `size`."""
        if self._width * size > _MOST_WIDTH:
            found, self.codes = np.unique(self.codes, return_inverse=True)
            self._width = len(found)
        self.codes = self.codes * size + codes
        self._width *= size


def _bands(table: Table, ruleset: Ruleset, score: Numbers, scores: CardScores) -> tuple[Numbers, Numbers]:
    """For every row the band of its score, and whether a certificate lets its source reject at that moment.

    A certificate counts where the scorecard alone, without the points of rules, asks to reject.
    """
    thresholds, digest = ruleset.thresholds, ruleset.scorecard_hash
    found = [thresholds.for_source(None if source is None else str(source)) for source in table.source.values]
    least = np.array(
        [[each.tag, each.review, _NEVER if each.reject is None else each.reject] for each in found], np.int64
    )
    codes = table.source.codes
    band = sum((score >= least[:, place][codes] for place in range(3)), np.zeros(len(table), np.int64))
    certificate = thresholds.certificate
    if certificate is None:
        return band, np.zeros(len(table), np.bool_)
    ever = np.array([thresholds.may_reject(each, digest, _EARLIEST) for each in found], np.bool_)
    alone = scores.scores({})
    return band, ever[codes] & (table.now < micros(certificate.expires_at)) & (alone >= least[:, 2][codes])
