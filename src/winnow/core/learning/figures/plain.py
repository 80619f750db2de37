"""Numbers in words for people who are no statisticians: `6 in 100`, never `0.0573`."""

from collections.abc import Sequence
from math import exp, log

#: Rates nearer to 0 or 1 than this are told in thousands.
_NEAR = 0.0095
#: A logit beyond which a probability no longer changes visibly.
_FAR = 20.0


def grouped(number: int) -> str:
    """A whole number with thousands separators."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """How many of something: `1 lead`, `2,300 leads`; `many` where it is no plain plural."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def signed(points: int) -> str:
    """Points with their sign; the minus is as wide as the plus."""
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points):,}"


def small(change: float) -> str:
    """A small change with its sign, to five digits after the point."""
    sign = "\N{MINUS SIGN}" if change < 0 else "+"
    return f"{sign}{abs(change):.5f}"


def in_hundred(rate: float) -> str:
    """A share as a count: `6 in 100`, `4 in 1,000`, `none`, `all`, `fewer than 1 in 1,000`."""
    if rate <= 0 or rate >= 1:
        return "none" if rate <= 0 else "all"
    if _NEAR < rate < 1 - _NEAR:
        return f"{round(100 * rate)} in 100"
    thousands = round(1000 * rate)
    if thousands in {0, 1000}:
        return "more than 999 in 1,000" if thousands else "fewer than 1 in 1,000"
    return f"{thousands} in 1,000"


def per_hundred(rate: float) -> str:
    """The bare number of a share out of 100, to a tenth where it is next to 0 or 100."""
    if _NEAR < rate < 1 - _NEAR or rate in {0.0, 1.0}:
        return f"{100 * rate:.0f}"
    tenths = f"{100 * rate:.1f}"
    return {"0.0": "under 0.1", "100.0": "over 99.9"}.get(tenths, tenths)


def spread(low: float | None, high: float | None) -> str:
    """An interval of shares, ready to follow a figure: ` (between 57 and 66)`; empty when there is none."""
    return "" if low is None or high is None else f" (between {per_hundred(low)} and {per_hundred(high)})"


def chance(logit: float) -> float:
    """The probability that a logit stands for (the logistic function)."""
    return 1 / (1 + exp(-max(-_FAR, min(_FAR, logit))))


def moved(rate: float, points: int) -> float:
    """Where a lead of probability `rate` ends up when `points` are added; 1,000 points are one logit."""
    return chance(log(rate / (1 - rate)) + points / 1000) if 0 < rate < 1 else rate


def listed(words: Sequence[str], most: int = 6) -> str:
    """Words as a list in a sentence: `a, b and c`; of more than `most` the number of the others is told."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {grouped(len(words) - most)} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
