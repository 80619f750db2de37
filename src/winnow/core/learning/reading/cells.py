"""What the cells of a column can be read as: numbers, yes and no, times, words; or nothing that helps to learn."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from winnow.core.declared import Reading, answered, worded
from winnow.core.learning.figures.plain import counted as numbered
from winnow.core.mapping.evidence import examine
from winnow.core.mapping.model import Take
from winnow.core.mapping.synonyms import normalised
from winnow.core.numerals import EITHER, SIGNS, plain, sign_in, signs_in

#: Cells by which people and programs say that nothing was said.
NOTHING = frozenset(
    """
    na n/a #n/a nan null nil unknown undefined select ? - -- — . (null) (blank) (unknown) <na>
    """.split()
) | {"not set", "(not set)", "not specified", "not available", "please select"}

#: The kind of a column that people write freely.
FREE_TEXT = "free text"

#: Distinct cells that are remembered of a column; one with more of them is no category anyway.
_MOST_DISTINCT = 200_000
#: A column is a number when this share of what is known is one, and it has at least so many values.
_NEARLY_ALL = 0.95
_FEWEST_NUMBERS = 4
#: A word must occur so often, and such words must make up this share, for a column to be a category.
_FEWEST_LEADS, _RARE = 10, 0.0005
_MOSTLY = 0.5
#: Above this share of distinct values a column names leads instead of describing them; where it is called so, above
#: the second one, since leads may be there more than once.
_NAMING = 0.9
_CALLED_SO = 0.5
_ALL_DIFFER = 0.999
_FEWEST_FOR_IDS = 50
#: What is known of fewer leads than this share, or the same of all but fewer, tells none apart; so many always do.
_SELDOM, _ENOUGH = 0.005, 50
_LONG = 60

#: Digits that may count from 1970.
_COUNT = re.compile(r"[\d.]+", re.ASCII)

_TIMELY = re.compile(
    r"\b(?:time|date|day|at|on|ts|stamp|timestamp|created|updated|modified|when|epoch)\b|(?:time|date)$"
)
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
        `written number` for one whose spelling leaves open what its numbers are
    reading: as a declared signal takes it; None when it is of no use, or a time
    time: how its cells become times, for a time
    missing: its cells that mean nothing was said · why: in words for people
    decimal: the decimal sign of its numbers; None where they are plain
    """

    kind: str
    why: str
    reading: Reading | None = None
    time: Take | None = None
    missing: tuple[str, ...] = ()
    decimal: str | None = None


def read_as(column: str, cells: Cells, decimal: str | None = None, otherwise: str | None = None) -> Read:
    """Settle what a column is from all that stands in it.

    decimal: the decimal sign of its numbers, by a map · otherwise: the one to take where they do not tell it themselves
    """
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
    numbers = _numbers(known, total, decimal, otherwise)
    found = _yes_no(words) or _time(column, known) or _number(column, cells, numbers, total) or _words(words, total)
    return replace(found, missing=missing)


def _yes_no(words: Mapping[str, int]) -> Read | None:
    if any(answered(word) is None for word in words):
        return None
    return Read("yes/no", f"all known cells are {' or '.join(f'`{word}`' for word in sorted(words))}", Reading.YES_NO)


def _time(column: str, known: Mapping[str, int]) -> Read | None:
    """A time; bare digits are one only in a column that is called so."""
    name = normalised(column)
    if all(map(_COUNT.fullmatch, known)) and not _TIMELY.search(name):
        return None
    finding = examine("occurred_at", column, list(known))
    return Read("time", finding.why, None, finding.take) if finding.take is not None else None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The cells of a column that are numbers, as programs write them; the sign they were written with, or the doubt."""

    counts: Mapping[str, int]
    sign: str | None
    doubt: str


def _numbers(known: Mapping[str, int], total: int, decimal: str | None, otherwise: str | None) -> _Numbers:
    sign, doubt = (decimal, "") if decimal is not None else _sign(known, total, otherwise)
    counts = Counter[str]()
    for cell, count in known.items():
        text = cell if sign is None else plain(cell, sign)
        if _is_number(text):
            counts[text] += count
    return _Numbers(counts, sign, doubt)


def _number(column: str, cells: Cells, numbers: _Numbers, total: int) -> Read | None:
    if numbers.doubt:
        return Read("written number", numbers.doubt)
    counted = sum(numbers.counts.values())
    if counted < _NEARLY_ALL * total or len(set(map(float, numbers.counts))) < _FEWEST_NUMBERS:
        return None
    if _names_leads(column, cells, numbers.counts, total):
        return Read("id", "nearly every lead has another whole number: it names leads")
    others = total - counted
    but = f"; {others:,} that are none count as unknown" if others else ""
    spelt = {None: "", ",": ", written like 1.234,5", ".": ", written like 1,234.5"}[numbers.sign]
    why = f"{counted:,} of {total:,} known cells are numbers{spelt}{but}"
    return Read("number", why, Reading.NUMBER, decimal=numbers.sign)


def _sign(known: Mapping[str, int], total: int, otherwise: str | None) -> tuple[str | None, str]:
    """The decimal sign of a column of numbers, or why it cannot be told; neither where `float` reads them all.

    A sign is told by cells that can be read with it only, and not by what is usual in a country.
    """
    signs = signs_in(known)
    if signs.total() < _NEARLY_ALL * total:
        return None, ""
    if signs[","] and signs["."]:
        return None, f"some of its fractions have a comma and some a point: {_examples(known, *SIGNS)}"
    sign = "," if signs[","] else "." if signs["."] or not signs[EITHER] else otherwise
    if sign is None:
        return None, f'{_examples(known, EITHER)} may be over a thousand or a fraction: say --decimal "," or "."'
    return (None if sign == "." and all(_is_number(cell) for cell in known if sign_in(cell) is not None) else sign), ""


def _examples(known: Iterable[str], *signs: str) -> str:
    found = {sign: cell for cell in known if (sign := sign_in(cell)) in signs}
    return " and ".join(f"`{found[sign]}`" for sign in signs)


def _names_leads(column: str, cells: Cells, numbers: Mapping[str, int], total: int) -> bool:
    if total < _FEWEST_FOR_IDS or not all(float(cell).is_integer() for cell in numbers):
        return False
    share = len(numbers) / total
    called_so = _IDENTIFYING.search(normalised(column)) is not None
    return cells.crowded or share >= (_CALLED_SO if called_so else _ALL_DIFFER)


def _words(words: Mapping[str, int], total: int) -> Read:
    fewest = max(min(_FEWEST_LEADS, total // 20), _RARE * total)
    frequent = {word: count for word, count in words.items() if count >= fewest}
    if sum(frequent.values()) >= _MOSTLY * total:
        rare = len(words) - len(frequent)
        why = numbered(len(frequent), "word") + (f" and {numbered(rare, 'rare one')}" if rare else "")
        return Read("category", why, Reading.TEXT)
    spaced = sum(count for word, count in words.items() if " " in word)
    if spaced > total / 2:
        return Read(FREE_TEXT, "it is written freely: nearly every lead has another text")
    return Read("id", "nearly every lead has another value: it names leads")


def _is_number(cell: str) -> bool:
    try:
        return isfinite(float(cell)) and "_" not in cell
    except ValueError:
        return False
