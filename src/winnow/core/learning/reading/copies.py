"""Finds leads that are there more than once: a form sent forty times is one case, not forty.

Two leads are copies when they are alike in everything that is used of them but their ids and times: in the fields that
the map fills, and in what the columns of one's own are read as. What depends on the moment (hours, counts of earlier
leads) may differ. Columns that cannot tell leads apart make copies of leads of different people; nobody can know.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from winnow.core.lead import FIELD_NAMES, Lead
from winnow.core.learning.reading.cells import Cells
from winnow.core.learning.study import Study
from winnow.core.mapping import LeadMapping
from winnow.core.mapping.guess import target_of
from winnow.core.signals.base import Signal
from winnow.core.signals.registry import BY_NAME

#: What names and dates a lead, and the tables whose content is compared name by name.
_NAMES_AND_TIMES = frozenset({"id", "external_id", "received_at", "occurred_at"})
_GROUPS = ("custom", "utm")
_IDS = ("id", "external_id")


class Copies(NamedTuple):
    """How many leads repeat another one.

    leads: in all · repeats: beyond the first of their kind · most: of one kind · of: the id of its first
    seen: leads set aside that repeat one learned from
    """

    leads: int
    repeats: int
    most: int = 1
    of: str = ""
    seen: int = 0

    @property
    def share(self) -> float:
        """The share of the leads that repeats another one."""
        return self.repeats / self.leads if self.leads else 0.0


def facing(signals: Sequence[Signal]) -> Callable[[Lead], int]:
    """What gives a number for all that a lead says besides ids, times and the fields that `signals` of one's own read.

    Those are compared by what they are read as, so that a column nobody may learn from does not tell copies apart.
    """
    read = {signal.reads[0] for signal in signals if signal.name not in BY_NAME}
    plain = [name for name in FIELD_NAMES if name not in {*_NAMES_AND_TIMES, *_GROUPS, *read}]
    fields = attrgetter(*plain)
    own = frozenset(read)

    def face(lead: Lead) -> int:
        further = [
            (group, name, text)
            for group in _GROUPS
            for name, text in sorted(getattr(lead, group).items())
            if f"{group}.{name}" not in own
        ]
        return hash((fields(lead), tuple(further)))

    return face


def kinds_of(study: Study) -> Sequence[int]:
    """A number a lead, the same for copies; each lead its own where nobody compared them."""
    if not study.faces:
        return range(len(study))
    own = [study.columns[signal.name] for signal in study.signals if _compared(signal)]
    numbers: dict[tuple[object, ...], int] = {}
    return [numbers.setdefault(each, len(numbers)) for each in zip(study.faces, *own, strict=True)]


def _compared(signal: Signal) -> bool:
    """Whether a signal of one's own tells what a lead says, and not how long ago something was."""
    return signal.name not in BY_NAME and _NAMES_AND_TIMES.isdisjoint(signal.reads)


def copies_in(study: Study, split: int = 0) -> Copies:
    """How many leads of a study repeat another one; those from `split` on are set aside."""
    kinds = kinds_of(study)
    counts = Counter(kinds)
    if len(counts) == len(study):
        return Copies(len(study), 0)
    kind, most = counts.most_common(1)[0]
    learned = set(kinds[:split])
    seen = sum(each in learned for each in kinds[split:])
    return Copies(len(study), len(study) - len(counts), most, study.ids[list(kinds).index(kind)], seen)


class RepeatedId(NamedTuple):
    """Ids that stand in more than one row: in which column, how many ids, in how many rows, and the most frequent."""

    column: str
    ids: int
    rows: int
    of: str
    most: int


def repeated_ids(mapping: LeadMapping, cells: Mapping[str, Cells]) -> Iterator[RepeatedId]:
    """What repeats in the columns that should name leads: by the map, or because they are called so.

    Of a column with very many values those that were remembered are looked at, so there may be more.
    """
    mapped = [column for target in _IDS if target in mapping.takes for column in mapping.takes[target].columns]
    called = [column for column in cells if target_of(column) in _IDS]
    for column in dict.fromkeys([*mapped, *called]):
        many = {cell: count for cell, count in cells[column].known.items() if count > 1} if column in cells else {}
        if many:
            most = max(many, key=many.__getitem__)
            yield RepeatedId(column, len(many), sum(many.values()), most, many[most])
