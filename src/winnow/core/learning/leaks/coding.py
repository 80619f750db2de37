"""Sorts a column's values into a few bins, so that everything asked about it is asked of counts."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from winnow.core.signals.base import Value

#: Codes of what is not there, of a word that stands for not there, and of everything rare or first seen later.
UNKNOWN, EMPTY, OTHER = 0, 1, 2
_FIRST = 3
#: Most texts, and most numbers told apart one by one; and the ranges other numbers are sorted into.
_TEXTS, _NUMBERS, _RANGES = 60, 24, 16
#: A number with at least this share of the known leads is a bin of its own (zero calls, no visit).
_SPIKE = 0.02
#: A text needs as many leads to be a bin of its own.
_FEW = 5
_EMPTY_TEXTS = frozenset(
    "select,unknown,n/a,na,nan,none,null,nil,-,--,?,.,not provided,not specified,not available,unspecified,undefined,"
    "missing,blank,empty,please select,choose,unbekannt,keine angabe,k.a.,nicht angegeben,auswählen,bitte wählen,"
    "inconnu,non renseigné,sélectionner,desconocido,no especificado,seleccionar".split(",")
)
_EMPTY_NUMBERS = (-1, -9, -99, -999, -9999, 999, 9999, 99999, 999999)


@dataclass(frozen=True, slots=True)
class Coding:
    """Which bin a value belongs to.

    words: what each code holds, for sentences · blank: codes that say nothing: unknown, stand-ins, and a frequent zero
    """

    words: tuple[str, ...]
    blank: frozenset[int]
    of: Callable[[Value | None], int]


def coding_of(kind: type[Value], column: Sequence[Value | None]) -> Coding:
    """Bins learnt from a column's values; unknown codes are 0 to 2, see the constants."""
    counts = Counter(value for value in column if value is not None)
    return _texts(counts) if kind in {str, bool} else _numbers(counts)


def _texts(counts: Counter[Value]) -> Coding:
    frequent = [value for value, many in counts.most_common(_TEXTS) if many >= _FEW and value not in _EMPTY_TEXTS]
    codes: dict[Value | None, int] = {None: UNKNOWN, **dict.fromkeys(_EMPTY_TEXTS, EMPTY)}
    codes |= {value: code for code, value in enumerate(frequent, _FIRST)}
    words = tuple(_said(value) for value in frequent)
    return Coding(("unknown", "left open", "other values", *words), frozenset({UNKNOWN, EMPTY}), _looked_up(codes))


def _looked_up(codes: dict[Value | None, int]) -> Callable[[Value | None], int]:
    get = codes.get
    return lambda value: get(value, OTHER)


def _said(value: Value) -> str:
    return f"`{'yes' if value is True else 'no' if value is False else value}`"


def _numbers(counts: Counter[Value]) -> Coding:
    empty = _stand_in(counts)
    known = {float(value): many for value, many in counts.items() if value != empty}
    least = _SPIKE * sum(known.values()) if len(known) > _NUMBERS else 0
    spikes = sorted(value for value, many in known.items() if many > least)
    cuts = _quantiles({value: many for value, many in known.items() if many <= least})
    codes: dict[Value | None, int] = {None: UNKNOWN}
    codes |= {value: code for code, value in enumerate(spikes, _FIRST)}
    if empty is not None:
        codes[empty] = EMPTY
    get, first = codes.get, _FIRST + len(spikes)

    def of(value: Value | None) -> int:
        found = get(value)
        return first + bisect_right(cuts, value) if found is None else found  # type: ignore[type-var]  # not None here

    words = (*(f"`{value:g}`" for value in spikes), *_ranges(cuts))
    blank = {UNKNOWN, EMPTY} | ({codes[0.0]} if 0.0 in spikes else set())
    return Coding(("unknown", "left open", "other values", *words), frozenset(blank), of)


def _stand_in(counts: Counter[Value]) -> Value | None:
    """A number written where none was known, such as -1 or 999: frequent, at the very end and far from all others."""
    for candidate in _EMPTY_NUMBERS:
        least = _SPIKE / 2 * counts.total()
        if counts[candidate] and counts[candidate] >= least and _far_from(candidate, counts):
            return candidate
    return None


def _far_from(candidate: int, values: Iterable[Value]) -> bool:
    others = [float(value) for value in values if value != candidate]
    return bool(others) and min(others) >= 0 and (candidate < 0 or max(others) < candidate / 2)


def _quantiles(counts: dict[float, int]) -> list[float]:
    """Cuts that part these numbers into ranges of about equally many leads."""
    cuts: list[float] = []
    whole, seen, due = sum(counts.values()), 0, 1
    for value in sorted(counts):
        if seen * _RANGES >= due * whole:
            cuts.append(value)
            due = seen * _RANGES // whole + 1
        seen += counts[value]
    return cuts


def _ranges(cuts: Sequence[float]) -> list[str]:
    if not cuts:
        return ["other numbers"]
    between = [f"{low:g} to {high:g}" for low, high in pairwise(cuts)]
    return [f"below {cuts[0]:g}", *between, f"{cuts[-1]:g} and more"]
