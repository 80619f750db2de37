"""What the cells of a column can be read as: numbers, yes and no, times, words; or nothing that helps to learn."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite

from winnow.core.declared import Reading, answered, worded
from winnow.core.learning.figures.plain import counted as numbered
from winnow.core.mapping.evidence import examine
from winnow.core.mapping.model import Take
from winnow.core.mapping.synonyms import normalised

#: Cells by which people and programs say that nothing was said.
NOTHING = frozenset(
    """
    na n/a #n/a nan null nil unknown undefined select ? - -- — . (null) (blank) (unknown) <na>
    """.split()
) | {"not set", "(not set)", "not specified", "not available", "please select"}

#: Distinct cells that are remembered of a column; one with more of them is no category anyway.
_MOST_DISTINCT = 200_000
#: A column is a number when this share of what is known is one, and it has at least so many values.
_NEARLY_ALL = 0.95
_FEWEST_NUMBERS = 4
#: A word must occur so often, and such words must make up this share, for a column to be a category.
_FEWEST_LEADS, _RARE = 10, 0.0005
_MOSTLY = 0.5
#: Above this share of distinct values a column names leads instead of describing them.
_NAMING = 0.9
_ALL_DIFFER = 0.999
_FEWEST_FOR_IDS = 50
#: What is known of fewer leads than this share, or the same of all but fewer, tells none apart; so many always do.
_SELDOM, _ENOUGH = 0.005, 50
_LONG = 60

_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
_BELOW_THOUSAND = re.compile(r"[+-]?\d{1,3}")

_TIMELY = re.compile(r"\b(?:time|date|day|at|on|stamp|timestamp|created|updated|modified|when|epoch)\b|(?:time|date)$")
_IDENTIFYING = re.compile(r"\b(?:id|ids|uuid|guid|number|no|nr|key|hash|token|code|ref|reference|index|row)\b")


@dataclass(slots=True)
class Cells:
    """Counts the cells of one column while a file passes; blank cells are only counted."""

    counts: Counter[str] = field(default_factory=Counter)
    blank: int = 0
    crowded: bool = False

    def add(self, cells: Iterable[str]) -> None:
        """Count some more."""
        for cell, count in Counter(cells).items():
            text = cell.strip()
            if not text:
                self.blank += count
            elif text in self.counts or len(self.counts) < _MOST_DISTINCT:
                self.counts[text] += count
            else:
                self.crowded = True

    @property
    def missing(self) -> tuple[str, ...]:
        """The cells that say that nothing was said."""
        return tuple(sorted(cell for cell in self.counts if cell.lower() in NOTHING))

    @property
    def known(self) -> dict[str, int]:
        """The cells that say something."""
        return {cell: count for cell, count in self.counts.items() if cell.lower() not in NOTHING}


@dataclass(frozen=True, slots=True)
class Read:
    """What a column is.

    kind: `number`, `yes/no`, `category`, `time`, or why it is none of use: `empty`, `constant`, `id`, `free text`,
        `written number` for one in a spelling that is not read
    reading: as a declared signal takes it; None when it is of no use, or a time
    time: how its cells become times, for a time
    missing: its cells that mean nothing was said · why: in words for people
    """

    kind: str
    why: str
    reading: Reading | None = None
    time: Take | None = None
    missing: tuple[str, ...] = ()


def read_as(column: str, cells: Cells) -> Read:
    """Settle what a column is from all that stands in it."""
    missing, known = cells.missing, cells.known
    total = sum(known.values())
    if not total:
        return Read("empty", "it says nothing about any lead")
    blank = cells.blank + sum(cells.counts.values()) - total
    least = max(min(_SELDOM * (total + blank), _ENOUGH), 1)
    if total < least:
        return Read("empty", f"it says something about {total:,} of {total + blank:,} leads only")
    words = Counter[str]()
    for cell, count in known.items():
        words[worded(cell) or ""] += count
    most = words.most_common(1)[0][1]
    if total + blank - most < least:
        return Read("constant", f"it says `{words.most_common(1)[0][0][:_LONG]}` of nearly every lead")
    found = _yes_no(words) or _time(column, known) or _number(column, cells, known, total) or _words(words, total)
    return Read(found.kind, found.why, found.reading, found.time, missing)


def _yes_no(words: Mapping[str, int]) -> Read | None:
    if any(answered(word) is None for word in words):
        return None
    return Read("yes/no", f"all known cells are {' or '.join(f'`{word}`' for word in sorted(words))}", Reading.YES_NO)


def _time(column: str, known: Mapping[str, int]) -> Read | None:
    """A time; bare digits are one only in a column that is called so."""
    name = normalised(column)
    if all(map(str.isdecimal, known)) and not _TIMELY.search(name):
        return None
    finding = examine("occurred_at", column, list(known))
    return Read("time", finding.why, None, finding.take) if finding.take is not None else None


def _number(column: str, cells: Cells, known: Mapping[str, int], total: int) -> Read | None:
    numbers = {cell: count for cell, count in known.items() if _is_number(cell)}
    counted = sum(numbers.values())
    if counted < _NEARLY_ALL * total or len(set(map(float, numbers))) < _FEWEST_NUMBERS:
        return None
    if _dots_group(numbers):
        return Read("written number", "a dot seems to stand between its thousands, which is not read: write 1234")
    if _names_leads(column, cells, numbers, total):
        return Read("id", "nearly every lead has another whole number: it names leads")
    others = total - counted
    but = f"; {others:,} that are none count as unknown" if others else ""
    return Read("number", f"{counted:,} of {total:,} known cells are numbers{but}", Reading.NUMBER)


def _dots_group(numbers: Iterable[str]) -> bool:
    """Whether `1.234` is over a thousand: every dot has three digits behind it, and what has none is below a thousand.

    A column of fractions with always three decimals has a dot in every cell.
    """
    dotted = [cell for cell in numbers if "." in cell]
    plain = [cell for cell in numbers if "." not in cell]
    return bool(
        dotted and plain and all(map(_GROUPED.fullmatch, dotted)) and all(map(_BELOW_THOUSAND.fullmatch, plain))
    )


def _names_leads(column: str, cells: Cells, numbers: Mapping[str, int], total: int) -> bool:
    if total < _FEWEST_FOR_IDS or not all(float(cell).is_integer() for cell in numbers):
        return False
    share = len(numbers) / total
    called_so = _IDENTIFYING.search(normalised(column)) is not None
    return cells.crowded or share >= (_NAMING if called_so else _ALL_DIFFER)


def _words(words: Mapping[str, int], total: int) -> Read:
    fewest = max(min(_FEWEST_LEADS, total // 20), _RARE * total)
    frequent = {word: count for word, count in words.items() if count >= fewest}
    if sum(frequent.values()) >= _MOSTLY * total:
        rare = len(words) - len(frequent)
        why = numbered(len(frequent), "word") + (f" and {numbered(rare, 'rare one')}" if rare else "")
        return Read("category", why, Reading.TEXT)
    if any("," in word and _is_number(word.replace(".", "").replace(",", ".")) for word in list(words)[:5]):
        return Read("written number", "its numbers are written with a comma, which is not read: write 1234.5")
    spaced = sum(count for word, count in words.items() if " " in word)
    if spaced > total / 2:
        return Read("free text", "it is written freely: nearly every lead has another text")
    return Read("id", "nearly every lead has another value: it names leads")


def _is_number(cell: str) -> bool:
    try:
        return isfinite(float(cell)) and "_" not in cell
    except ValueError:
        return False
