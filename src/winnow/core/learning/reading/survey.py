"""Measures labelled leads signal by signal and keeps the values in columns: how a history becomes a study."""

from collections.abc import Collection, Mapping, Sequence, Set
from typing import NamedTuple

from winnow.core.declared import DeclaredSignal
from winnow.core.facts import Facts
from winnow.core.govern.off_limits import may_look
from winnow.core.lead import Lead
from winnow.core.learning.reading.copies import facing
from winnow.core.learning.study import Study
from winnow.core.plan import signals_of
from winnow.core.signals.base import Signal, Value

#: Looked up as of today, so it would tell the past what came of it.
_NOT_AS_OF_THEN = frozenset({"customer.known"})


class Counts(NamedTuple):
    """What became of the rows of a file: rows = labelled + unlabelled + unordered + unreadable."""

    rows: int
    labelled: int
    unlabelled: int
    unordered: int
    unreadable: int
    complaints: tuple[str, ...] = ()


class Told(NamedTuple):
    """What a row says besides the lead itself.

    truth: whether it was what the target says; None when nobody told
    order: a number that orders it among the others; None when nobody knows where it belongs
    author, batch: who says so, and what it came with; empty when nobody is named
    """

    truth: bool | None
    weight: float
    order: float | None
    author: str = ""
    batch: str = ""


def measurable(fields: Collection[str], declared: Sequence[DeclaredSignal], off_limits: Set[str]) -> tuple[Signal, ...]:
    """The signals that the fields of a map can make known, and that the policy lets anybody look at."""
    there = {"received_at", *(field.partition(".")[0] for field in fields), *fields}
    own = {each.name for each in declared}
    return tuple(
        signal
        for signal in signals_of(declared).values()
        if signal.name not in _NOT_AS_OF_THEN
        and may_look(signal.reads, frozenset(off_limits))
        and (signal.name in own or not there.isdisjoint(set(signal.reads) - {"received_at"}))
    )


class Survey:
    """Takes leads in any order, gives a study in the order of their times.

    dated: `order` is a time or number of the leads' own, not only their place in a file
    signed: the labels have authors
    """

    def __init__(self, target: str, signals: Sequence[Signal], *, dated: bool, signed: bool = False) -> None:
        self.unlabelled = 0
        self.unordered = 0
        self._target = target
        self._signals = tuple(signals)
        self._dated = dated
        self._signed = signed
        self._columns: Mapping[str, list[Value | None]] = {signal.name: [] for signal in signals}
        self._face = facing(signals)
        self._faces: list[int] = []
        self._told: list[Told] = []
        self._ids: list[str] = []
        self._sources: list[str | None] = []
        self._words: dict[str, str] = {}

    def add(self, leads: Sequence[Lead], facts: Sequence[Facts], told: Sequence[Told]) -> None:
        """Measure some leads; one value each of `facts` and `told` a lead."""
        kept = [place for place, each in enumerate(told) if each.truth is not None and each.order is not None]
        self.unlabelled += sum(each.truth is None for each in told)
        self.unordered += sum(each.truth is not None and each.order is None for each in told)
        chosen = [(leads[place], facts[place]) for place in kept]
        for signal in self._signals:
            self._columns[signal.name].extend(self._kept(signal, _measured(signal, chosen)))
        self._told += [told[place] for place in kept]
        self._ids += [lead.id for lead, _ in chosen]
        self._faces += [self._face(lead) for lead, _ in chosen]
        self._sources += [lead.source for lead, _ in chosen]

    def _kept(self, signal: Signal, values: list[Value | None]) -> list[Value | None]:
        """The values, each text once in memory."""
        if signal.kind is not str:
            return values
        words = self._words
        return [words.setdefault(value, value) if isinstance(value, str) else value for value in values]

    def study(self) -> Study:
        """All leads whose truth and place are known, the oldest first; of one moment, in the order they came."""
        orders = [each.order or 0.0 for each in self._told]
        whole = Study(
            target=self._target,
            signals=self._signals,
            columns=self._columns,
            truth=[bool(each.truth) for each in self._told],
            weights=[each.weight for each in self._told],
            times=orders if self._dated else (),
            ids=self._ids,
            sources=self._sources,
            authors=[each.author for each in self._told] if self._signed else (),
            batches=[each.batch for each in self._told] if self._signed else (),
            faces=self._faces,
        )
        places = sorted(range(len(orders)), key=orders.__getitem__)
        return whole if places == list(range(len(orders))) else whole.having(places)


def _measured(signal: Signal, leads: Sequence[tuple[Lead, Facts]]) -> list[Value | None]:
    of = signal.of
    try:
        return [of(lead, facts) for lead, facts in leads]
    except Exception:  # noqa: BLE001  # as when deciding: a signal that breaks on a lead is unknown of it
        return [_one(signal, *each) for each in leads]


def _one(signal: Signal, lead: Lead, facts: Facts) -> Value | None:
    try:
        return signal.of(lead, facts)
    except Exception:  # noqa: BLE001  # as above
        return None
