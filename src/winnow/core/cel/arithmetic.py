"""CEL's arithmetic where Python's differs: 64-bit ints, division towards zero, doubles that divide by zero.

What CEL calls an error raises ArithmeticError here; the rule then does not fire and is reported as failed.
"""

from collections.abc import Callable, Sequence
from math import copysign, inf, nan

from winnow.core.cel.limits import INT_MAX, INT_MIN

Condition = Callable[[Sequence[object]], bool]


def exact(number: int) -> int:
    """The number, if an int of CEL can hold it; raises OverflowError otherwise."""
    if INT_MIN <= number <= INT_MAX:
        return number
    raise OverflowError


def quotient(dividend: int, divisor: int) -> int:
    """Whole quotient, rounded towards zero; raises ZeroDivisionError and OverflowError."""
    whole = abs(dividend) // abs(divisor)
    return exact(whole if (dividend < 0) == (divisor < 0) else -whole)


def remainder(dividend: int, divisor: int) -> int:
    """What `quotient` leaves over, with the sign of the dividend; raises as `quotient` does."""
    return dividend - divisor * quotient(dividend, divisor)


def ratio(dividend: float, divisor: float) -> float:
    """Quotient of two doubles as IEEE 754 has it: something by zero is infinite, zero by zero is not a number."""
    if divisor:
        return dividend / divisor
    if not dividend or dividend != dividend:  # noqa: PLR0124  # how one asks for "not a number"
        return nan
    return copysign(inf, dividend) * copysign(1.0, divisor)


def whole(number: float) -> int:
    """The number without its fraction; raises OverflowError beyond 64 bits."""
    if INT_MIN < number < INT_MAX:
        return int(number)
    raise OverflowError


def settled(decisive: bool, values: Sequence[object], *conditions: Condition) -> bool:  # noqa: FBT001  # the sought answer
    """CEL's `||` (decisive True) and `&&` (False) where several conditions may fail.

    One decisive condition settles the matter, whatever else fails; without one a failure is raised again.
    """
    failure: ArithmeticError | None = None
    for condition in conditions:
        try:
            if condition(values) is decisive:
                return decisive
        except ArithmeticError as error:
            failure = error
    if failure is not None:
        raise failure
    return not decisive
