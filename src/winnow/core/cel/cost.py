"""Estimates how long a condition can take at worst, so that a slow one is refused instead of found out.

The constants were measured with benchmarks/rules_bench.py and rounded up; they need only be right to
a factor, since what they guard is a bound that ordinary rules stay thousands of times below.
"""

from typing import Final

from winnow.core.cel.limits import LONGEST_TEXT
from winnow.core.cel.patterns import program_size
from winnow.core.cel.term import Term

_STEP: Final = 100  # nanoseconds of one operator or call
_COMPARE: Final = 0.2  # nanoseconds a character to compare or join texts
_LOOK: Final = 4.0  # nanoseconds a character to look for one text inside another
_MATCH: Final = 7.0  # nanoseconds a character and instruction when RE2 must fall back on its slowest way


def worst_case(term: Term) -> int:
    """Nanoseconds the term and everything in it may take, with texts of LONGEST_TEXT characters."""
    return round(_STEP + _scanning(term)) + sum(worst_case(part) for part in term.parts)


def _scanning(term: Term) -> float:
    longest = max((_length(part) for part in term.parts), default=0)
    if term.op == "matches":
        return _MATCH * longest * program_size(str(term.value))
    return longest * (_LOOK if term.op == "contains" else _COMPARE)


def _length(term: Term) -> int:
    """Most characters the term's text can have; 0 when it is no text."""
    if term.kind is not str:
        return 0
    if term.op == "constant":
        return len(str(term.value))
    if term.op == "signal":
        return LONGEST_TEXT
    lengths = [_length(part) for part in term.parts]
    return sum(lengths) if term.op == "+" else max(lengths)
