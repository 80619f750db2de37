"""Settles what puts leads in order: a time, a number that grows, or nothing but the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from json import dumps
from shlex import quote

from winnow.core.learning.reading.cells import Cells
from winnow.core.mapping import LeadMapping, Take
from winnow.core.mapping.evidence import Finding, examine
from winnow.core.mapping.guess import target_of
from winnow.core.mapping.values import no_zones, time_reader
from winnow.errors import InvalidInputError

RECEIVED = "received_at"

#: From this share of its known cells on, a column is one of numbers.
_NEARLY_ALL = 0.95


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column whose cells are times, which nobody takes without being told: what they read as, and what to say."""

    column: str
    why: str
    say: str


@dataclass(frozen=True, slots=True)
class Timing:
    """What puts leads in order.

    mapping: with `received_at`, if leads have a time · number: the column of a number that orders them
    why: in words for people · others: further columns that could be the time, to choose from
    """

    mapping: LeadMapping
    number: str | None
    why: str
    others: tuple[Proposal, ...] = ()

    @property
    def real(self) -> bool:
        """Whether leads have a time, not only an order."""
        return RECEIVED in self.mapping.takes

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is read from."""
        take = self.mapping.takes.get(RECEIVED)
        return ((self.number,) if self.number else ()) + (take.columns if take else ())


def timing_for(mapping: LeadMapping, cells: Mapping[str, Cells], column: str | None, *, guessed: bool) -> Timing:
    """Settle it.

    cells: of every column that may be looked at · column: what the user names; None leaves it to the map
    guessed: the map is no more than that, so all cells are looked at and not only the first
    Raises InvalidInputError when the named column cannot order anything.
    """
    if column is not None:
        return _named(mapping, column, cells[column])
    take = mapping.takes.get(RECEIVED)
    if take is not None and not guessed:
        return Timing(mapping, None, f"received_at is {', '.join(take.columns) or 'a constant'}, by the map")
    candidates = [each for each in cells if target_of(each) == RECEIVED]
    if take is not None:
        candidates = [*take.columns]
    readable = [(each, found) for each in candidates if (found := _read(each, cells[each])) is not None]
    if len(readable) == 1:
        name, found = readable[0]
        return Timing(_with(mapping, found), None, f"`{name}` says when leads came")
    bare = replace(mapping, takes={target: each for target, each in mapping.takes.items() if target != RECEIVED})
    return Timing(bare, None, "no column says when leads came", tuple(_choices(cells)))


def _choices(cells: Mapping[str, Cells]) -> Iterator[Proposal]:
    """The columns that hold times by what stands in them, whatever they are called."""
    for column, each in cells.items():
        known = list(each.known)
        finding = examine(RECEIVED, column, known)
        if finding.take is not None:
            yield Proposal(column, _spanned(finding, known), f"--time {quote(column)}")
        elif finding.formats:
            name, format_ = dumps(column, ensure_ascii=False), finding.formats[0]
            say = f'received_at = {{ column = {name}, format = "{format_}" }} in a map, if that is the format'
            yield Proposal(column, finding.why.partition(";")[0], say)


def _spanned(finding: Finding, known: Sequence[str]) -> str:
    """How a column of times reads, and from when to when: whoever knows the leads sees whether that can be."""
    read = time_reader(finding.take or Take(), no_zones)
    times = sorted(map(read, known))
    return f"{finding.why}: {times[0]:%Y-%m-%d} to {times[-1]:%Y-%m-%d}"


def _named(mapping: LeadMapping, column: str, cells: Cells) -> Timing:
    there = mapping.takes.get(RECEIVED)
    if there is not None and there.columns == (column,):
        return Timing(mapping, None, f"`{column}` says when leads came")
    known = cells.known
    finding = examine(RECEIVED, column, list(known))
    if finding.take is not None:
        take = replace(finding.take, missing=cells.missing)
        return Timing(_with(mapping, take), None, f"`{column}` says when leads came: {_spanned(finding, list(known))}")
    if known and _numeric(list(known)) >= _NEARLY_ALL:
        bare = {target: each for target, each in mapping.takes.items() if target != RECEIVED}
        why = f"`{column}` is a number that puts leads in order; it says nothing of hours and days"
        return Timing(replace(mapping, takes=bare), column, why)
    raise InvalidInputError(
        f"`{column}` cannot put leads in order: {finding.why}",
        where="--time",
        fix="say how it is written in a map, see docs/files.md, or name another column",
    )


def _numeric(known: Sequence[str]) -> float:
    return sum(map(_is_number, known)) / len(known)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _read(column: str, cells: Cells) -> Take | None:
    finding = examine(RECEIVED, column, list(cells.known))
    return replace(finding.take, missing=cells.missing) if finding.take is not None else None


def _with(mapping: LeadMapping, take: Take) -> LeadMapping:
    return replace(mapping, takes={**mapping.takes, RECEIVED: take})
