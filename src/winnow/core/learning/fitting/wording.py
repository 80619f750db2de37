"""What the bins of a fitted scorecard are called, in plain words: the signal's label and what was found."""

from math import ceil

from winnow.core.declared import WEEKDAY_UNIT
from winnow.core.signals.base import Signal, Value

#: Units that are said otherwise than behind the number.
_SHARE = "share 0–1"
_PER_CENT = 100
_WORDLESS = frozenset({"number", "text"})

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Longer units explain themselves in the catalogue of signals, not behind every number.
_LONGEST_UNIT = 2


def range_text(signal: Signal, low: float | None, high: float | None) -> str:
    """The bin from `low` (included) to `high` (excluded); None where it has no end."""
    if signal.unit == WEEKDAY_UNIT:
        return _said(signal, days_text(low, high))
    if low is None:
        return _said(signal, "any number" if high is None else f"under {_measured(signal, high)}")
    if high is None:
        return _said(signal, f"{_measured(signal, low)} or more")
    if signal.kind is int and high - low == 1:
        return _said(signal, _measured(signal, low))
    return _said(signal, f"from {_number(signal, low)} to under {_measured(signal, high)}")


def days_text(low: float | None, high: float | None) -> str:
    """The days of the week from number `low` (included) to `high` (excluded); None where there is no limit."""
    first = 1 if low is None else max(ceil(low), 1)
    last = len(DAYS) if high is None else min(ceil(high) - 1, len(DAYS))
    if first > last:
        return "no day"
    return DAYS[first - 1] if first == last else f"{DAYS[first - 1]} to {DAYS[last - 1]}"


def value_text(signal: Signal, value: Value) -> str:
    """The bin of one value."""
    if isinstance(value, bool):
        return _said(signal, "yes" if value else "no")
    return _said(signal, str(value))


def other_text(signal: Signal) -> str:
    """The bin of the values too rare to have learned about."""
    return _said(signal, "any other value")


def unknown_text(signal: Signal) -> str:
    """The bin of those nobody knows the value of."""
    return _said(signal, "not known")


def together_text(first: Signal, second: Signal) -> str:
    """What two signals add beyond what each adds alone."""
    return f"{_said(first, 'together with')} {second.label}"


def _said(signal: Signal, found: str) -> str:
    return f"{signal.label[:1].upper()}{signal.label[1:]}: {found}"


def _measured(signal: Signal, number: float) -> str:
    """The number with its unit, if that is a word or two."""
    words = signal.unit.split()
    plain = len(words) <= _LONGEST_UNIT and all(map(str.isalpha, words)) and signal.unit not in _WORDLESS
    return f"{_number(signal, number)} {signal.unit}" if plain else _number(signal, number)


def _number(signal: Signal, number: float) -> str:
    """A cut as people write it; the exact one stands in the scorecard."""
    if signal.unit == _SHARE:
        return f"{number * _PER_CENT:.4g} %"
    return f"{number:,.0f}" if number == int(number) else f"{number:,.4g}"
