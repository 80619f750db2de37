"""Past leads, one after the other, into a table."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import copysign

import numpy as np

from winnow.adapters.whatif.table import UNDECIDED, Column, Numbers, Table, fingerprint, micros, narrow
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.ruleset import Ruleset
from winnow.core.signals.base import Signal, Value
from winnow.core.whatif.past import PastLead, bearing
from winnow.errors import InvalidInputError

_UNKNOWN = -1

#: Whole numbers up to here are the same as floats.
_EXACT = 2**53
_LONG = 2**63


@dataclass(slots=True)
class _Gathering:
    """The distinct values of a column so far, and which of them each row has."""

    known: dict[object, int] = field(default_factory=dict)
    codes: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, value: object) -> None:
        code = _UNKNOWN if value is None else self.known.setdefault(value, len(self.known))
        self.codes.append(code)

    def column(self, *, numeric: type[int] | type[float] | None = None) -> Column:
        codes = np.array(self.codes, np.int64)
        if numeric is None:
            return Column(tuple(self.known), _closed(codes, len(self.known)))  # type: ignore[arg-type]  # values only
        values = np.array(list(self.known), dtype=np.int64 if numeric is int else np.float64)
        order = np.argsort(values, kind="stable")
        rank = np.empty(len(order) + 1, np.int64)
        rank[order], rank[-1] = np.arange(len(order)), len(order)  # code -1 is the last place, as it should be
        return Column(values[order], narrow(rank[codes], len(order) + 1))


def _closed(codes: Numbers, size: int) -> Numbers:
    """The codes with that of the unknown one past the others."""
    return narrow(np.where(codes == _UNKNOWN, size, codes), size + 1)


class TableBuilder:
    """Measures past leads with every signal some rulesets read."""

    def __init__(self, rulesets: Sequence[Ruleset], groups: Sequence[str] = ()) -> None:
        """Raises InvalidInputError when two rulesets mean different things by a signal of one name."""
        self._signals = measured_by(rulesets)
        self._columns = {name: _Gathering() for name in self._signals}
        self._groups = {name: _Gathering() for name in groups}
        self._source, self._decided_by = _Gathering(), _Gathering()
        self._bearings: dict[Facts, int] = {}
        self._bearing = array("q")
        self._refs: list[str] = []
        self._ids: list[str] = []
        self._now, self._score = array("q"), array("q")
        self._outcome, self._truth = bytearray(), bytearray()
        self._whole: dict[int, tuple[Lead, Facts]] = {}

    def add(self, past: PastLead) -> None:
        """One more lead."""
        self._add_values(past.lead, past.facts)
        for name, gathering in self._groups.items():
            gathering.add(past.groups.get(name))
        self._source.add(past.lead.source)
        self._decided_by.add(past.decided_by)
        self._bearing.append(self._bearings.setdefault(bearing(past.facts), len(self._bearings)))
        self._refs.append(past.ref)
        self._ids.append(past.lead.id)
        self._now.append(micros(past.facts.now))
        self._score.append(past.score or 0)
        self._outcome.append(UNDECIDED if past.outcome is None else past.outcome)
        self._truth.append(past.truth)

    def _add_values(self, lead: Lead, facts: Facts) -> None:
        values = _measured(self._signals.values(), lead, facts)
        if values is None:
            self._whole[len(self._refs)] = (lead, facts)
            values = [None] * len(self._columns)
        for gathering, value in zip(self._columns.values(), values, strict=True):
            gathering.add(value)

    def table(self) -> Table:
        """Everything added so far."""
        return Table(
            refs=self._refs,
            ids=self._ids,
            signals={name: fingerprint(signal) for name, signal in self._signals.items()},
            columns={name: self._columns[name].column(numeric=_numeric(each)) for name, each in self._signals.items()},
            source=self._source.column(),
            groups={name: each.column() for name, each in self._groups.items()},
            decided_by=self._decided_by.column(),
            bearings=tuple(self._bearings),
            bearing=narrow(np.array(self._bearing, np.int64), len(self._bearings)),
            now=np.array(self._now, np.int64),
            outcome=np.frombuffer(bytes(self._outcome), np.uint8),
            score=np.array(self._score, np.int64),
            truth=np.frombuffer(bytes(self._truth), np.uint8),
            whole=self._whole,
        )


def measured_by(rulesets: Sequence[Ruleset]) -> Mapping[str, Signal]:
    """All signals any of the rulesets may measure, by name; raises InvalidInputError for two of one name."""
    found: dict[str, Signal] = {}
    for ruleset in rulesets:
        plan = ruleset.plan
        for signal in (each for each, allowed in zip(plan.signals, plan.allowed, strict=True) if allowed):
            if fingerprint(found.setdefault(signal.name, signal)) != fingerprint(signal):
                what = f"the rulesets mean different things by the signal `{signal.name}`"
                raise InvalidInputError(what, fix="give the signal of one of them another name")
    return found


def _numeric(signal: Signal) -> type[int] | type[float] | None:
    return signal.kind if signal.kind is int or signal.kind is float else None


def _measured(signals: Iterable[Signal], lead: Lead, facts: Facts) -> list[Value | None] | None:
    """The values of all signals; None when one cannot be measured or does not fit into its column."""
    values: list[Value | None] = []
    try:
        for signal in signals:
            value = signal.of(lead, facts)
            if value is not None and not _fits(value, signal.kind):
                return None
            values.append(value)
    except Exception:  # noqa: BLE001  # as `decide` takes it: the signal is unknown, and the lead is one for itself
        return None
    return values


def _fits(value: Value, kind: type) -> bool:
    """Whether the value comes back out of a column as what it was, of its signal's own type."""
    if type(value) is str:
        return kind is str and (value.isascii() or _storable(value))
    if type(value) is int:
        return (kind is int and -_LONG <= value < _LONG) or (kind is float and -_EXACT <= value <= _EXACT)
    if type(value) is float:
        return kind is float and (value != 0 or copysign(1, value) > 0)  # a table has one zero only
    return type(value) is kind


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
