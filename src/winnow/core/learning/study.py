"""Leads whose truth is known, as columns: what a scorecard is fitted on, examined with and certified on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from winnow.core.signals.base import Signal, Value
from winnow.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Study:
    """Labelled leads, the oldest first, in columns of equal length.

    target: the word for what is counted, `junk` when the scorecard is to screen
    signals: what was measured, as in a ruleset's plan · columns: by signal name; None is unknown
    truth: True where the lead was what `target` says · weights: how much each label counts, 1.0 as a rule
    times: when each lead came, POSIX seconds or another number that orders them, ascending; empty when nobody knows
    ids, sources: of the leads, for pointing at them and for slices
    authors, batches: who gave each label, and what it came with; empty texts where nobody is named, and empty when
        nobody asked
    faces: a number a lead for what it says outside its signals, id and times; empty when nobody compared leads
    """

    target: str
    signals: tuple[Signal, ...]
    columns: Mapping[str, Sequence[Value | None]]
    truth: Sequence[bool]
    weights: Sequence[float]
    times: Sequence[float]
    ids: Sequence[str]
    sources: Sequence[str | None]
    authors: Sequence[str] = ()
    batches: Sequence[str] = ()
    faces: Sequence[int] = ()

    def __post_init__(self) -> None:
        size = len(self.truth)
        others = [self.weights, self.ids, self.sources, *(self.columns[each.name] for each in self.signals)]
        optional = (self.times, self.authors, self.batches, self.faces)
        if any(len(each) != size for each in others) or any(len(each) not in {0, size} for each in optional):
            raise InvalidInputError("the columns of a study differ in length", fix="give one value a lead in each")

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def rate(self) -> float:
        """The share of leads that are what `target` says; 0 when there are none."""
        return sum(self.truth) / len(self) if self.truth else 0.0

    def part(self, start: int, stop: int) -> "Study":
        """The leads from place `start` up to `stop`."""
        return Study(
            target=self.target,
            signals=self.signals,
            columns={name: column[start:stop] for name, column in self.columns.items()},
            truth=self.truth[start:stop],
            weights=self.weights[start:stop],
            times=self.times[start:stop],
            ids=self.ids[start:stop],
            sources=self.sources[start:stop],
            authors=self.authors[start:stop],
            batches=self.batches[start:stop],
            faces=self.faces[start:stop],
        )

    def having(self, places: Sequence[int]) -> "Study":
        """The leads at these places, in their order."""
        columns = {name: [column[place] for place in places] for name, column in self.columns.items()}
        return Study(
            target=self.target,
            signals=self.signals,
            columns=columns,
            truth=[self.truth[place] for place in places],
            weights=[self.weights[place] for place in places],
            times=[self.times[place] for place in places] if self.times else (),
            ids=[self.ids[place] for place in places],
            sources=[self.sources[place] for place in places],
            authors=[self.authors[place] for place in places] if self.authors else (),
            batches=[self.batches[place] for place in places] if self.batches else (),
            faces=[self.faces[place] for place in places] if self.faces else (),
        )

    def using(self, names: Sequence[str]) -> "Study":
        """The same leads with these signals only, in the order of `signals`."""
        kept = frozenset(names)
        return replace(
            self,
            signals=tuple(signal for signal in self.signals if signal.name in kept),
            columns={name: column for name, column in self.columns.items() if name in kept},
        )

    def rows(self) -> Iterator[tuple[Value | None, ...]]:
        """The values lead by lead, in the order of `signals`, as a compiled scorecard takes them."""
        return zip(*(self.columns[signal.name] for signal in self.signals), strict=True) if self.signals else iter(())


@dataclass(frozen=True, slots=True)
class Shape:
    """What one signal adds to the logit, bin by bin, in the order of the bins' codes.

    cuts: of a numeric signal, ascending; bin i holds values from cuts[i-1] (included) to cuts[i] (excluded)
    values: of a yes/no or text signal, one bin each
    logits: one a bin, then (for values) that of all other values, and last that of the unknown
    counts: leads in each of these bins when it was fitted
    """

    signal: str
    cuts: tuple[float, ...] | None
    values: tuple[Value, ...] | None
    logits: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PairShape:
    """What two signals add together beyond what each adds alone: `logits[i][j]` for their bin codes."""

    first: str
    second: str
    logits: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """An additive model in logits, before it is rounded to points.

    library: name and version of what fitted it
    """

    intercept: float
    shapes: tuple[Shape, ...]
    pairs: tuple[PairShape, ...]
    library: str
