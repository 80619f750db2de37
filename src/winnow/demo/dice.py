"""Chance that falls the same way on every machine: the only place of Winnow that draws random numbers.

Python promises a stable sequence only for `random()`, so everything here is made from it, with the
four basic operations alone; the C library's logarithms may differ in the last bit. For the same reason
floats are added up with `fsum`: the result of `sum` changed in Python 3.12.
"""

import random  # noqa: TID251 - the one module that draws lots, from a seed
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import fsum
from typing import Self, TypeVar

T = TypeVar("T")

_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Dice(random.Random):
    """A seeded source of chance."""

    @classmethod
    def named(cls, *parts: int | str) -> Self:
        """Dice whose falls depend on nothing but the given parts."""
        digest = sha256("/".join(str(part) for part in parts).encode()).digest()
        return cls(int.from_bytes(digest[:8], "big"))

    def chance(self, share: float) -> bool:
        """True in the given share of cases, 0 to 1."""
        return self.random() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, pool: Sequence[T]) -> T:
        """One of the pool, each as likely as the others."""
        return pool[int(self.random() * len(pool))]

    def along(self, quantiles: Sequence[float]) -> float:
        """A number from the distribution with these evenly spaced quantiles, the first its minimum."""
        place = self.random() * (len(quantiles) - 1)
        index = int(place)
        low = quantiles[index]
        return low + (quantiles[index + 1] - low) * (place - index)

    def letters(self, count: int) -> str:
        """Lower-case letters in a row, as a bot makes them up."""
        return "".join([_LETTERS[int(self.random() * 26)] for _ in range(count)])

    def digits(self, count: int) -> str:
        """Digits in a row."""
        return "".join([_DIGITS[int(self.random() * 10)] for _ in range(count)])

    def hexadecimal(self, count: int) -> str:
        """Hexadecimal digits in a row, at most 12."""
        return f"{int(self.random() * 16**count):0{count}x}"


def spread(weights: Mapping[T, float], slots: int = 200) -> tuple[T, ...]:
    """A pool in which each key takes its share of the slots, at least one, so that one pick does."""
    total = fsum(weights.values())
    return tuple(key for key, weight in weights.items() for _ in range(max(1, round(slots * weight / total))))
