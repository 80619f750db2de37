"""How likely chance alone is to do such a thing: the tails that the guards compare with."""

from collections.abc import Sequence
from math import erfc, exp, lgamma, log, sqrt

#: Terms that change a result by less than this part of it are left out.
_PRECISION = 1e-14


def normal_tail(z: float) -> float:
    """Chance that a standard normal value is at least `z`."""
    return erfc(z / sqrt(2)) / 2


def chi_square_tail(x: float, degrees: int) -> float:
    """Chance that a chi-square value with so many degrees of freedom is at least `x`.

    The regularised incomplete gamma function, by its series below the mean and its continued fraction above it.
    Source: Abramowitz & Stegun 1964, 6.5.29, 6.5.31 and 26.4.19; evaluated as in Lentz 1976.
    """
    if x <= 0:
        return 1.0
    shape, at = degrees / 2, x / 2
    weight = exp(shape * log(at) - at - lgamma(shape))
    return 1.0 - weight * _series(shape, at) if at < shape + 1 else weight * _fraction(shape, at)


def _series(shape: float, at: float) -> float:
    term = total = 1 / shape
    step = 0
    while term > total * _PRECISION:
        step += 1
        term *= at / (shape + step)
        total += term
    return total


def _fraction(shape: float, at: float) -> float:
    below = at + 1 - shape
    ratio, inverse = 1 / _PRECISION, 1 / below
    total, change, step = inverse, 0.0, 0
    while abs(change - 1) > _PRECISION:
        step += 1
        factor = step * (shape - step)
        below += 2
        inverse = 1 / (factor * inverse + below)
        ratio = below + factor / ratio
        change = ratio * inverse
        total *= change
    return total


def chi_square_limit(chance: float, degrees: int) -> float:
    """The value that a chi-square variable exceeds with this chance, to six digits."""
    low, high = 0.0, 1.0
    while chi_square_tail(high, degrees) > chance:
        low, high = high, high * 2
    while high - low > high * 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if chi_square_tail(middle, degrees) > chance else (low, middle)
    return high


def rise(found: float, of: float, found_before: float, of_before: float) -> float:
    """How surprising it is that a share has grown, in standard deviations; below 0 when it has fallen.

    The signed square root of the likelihood ratio of one share against two, whose tail is close to normal also
    for few and rare cases. Counts need not be whole. Source: Wilks 1938; Barndorff-Nielsen & Cox 1994, section 2.4.
    """
    if not of or not of_before:
        return 0.0
    together = (found + found_before) / (of + of_before)
    ratio = _fit(found, of, found / of) + _fit(found_before, of_before, found_before / of_before)
    ratio -= _fit(found, of, together) + _fit(found_before, of_before, together)
    size = sqrt(max(0.0, 2 * ratio))
    return size if found / of > found_before / of_before else -size


def _fit(found: float, of: float, share: float) -> float:
    """Log-likelihood of `found` among `of`; zero cases say nothing, whatever the share."""
    yes = found * log(share) if found else 0.0
    return yes + ((of - found) * log(1 - share) if of > found else 0.0)


#: Days vary more than chance explains when chance would do it less often than this.
_TOO_VARIED = 0.05


def spread(days: Sequence[tuple[int, int]]) -> float:
    """How many times as much a share varies from day to day as independent leads would: 1.0 or more.

    days: how many, and of how many. Leads that come in waves make every count less sure; dividing all counts by
    this number allows for it. 1.0 unless the variation is beyond chance.
    Source: Pearson's chi-square over its degrees of freedom, McCullagh & Nelder 1989, section 4.5.
    """
    counted = [(found, of) for found, of in days if of]
    total = sum(of for _, of in counted)
    share = sum(found for found, _ in counted) / total if total else 0.0
    if len(counted) < 2 or not 0 < share < 1:  # noqa: PLR2004  # one day varies from nothing
        return 1.0
    square = sum((found - of * share) ** 2 / (of * share * (1 - share)) for found, of in counted)
    degrees = len(counted) - 1
    return max(1.0, square / degrees) if chi_square_tail(square, degrees) < _TOO_VARIED else 1.0
