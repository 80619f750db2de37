"""What can happen to a lead, and where it applies."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Self


class Outcome(IntEnum):
    """The four outcomes, ordered by severity: ACCEPT < TAG < REVIEW < REJECT."""

    ACCEPT = 0
    TAG = 1
    REVIEW = 2
    REJECT = 3

    @property
    def word(self) -> str:
        """The outcome as it is written in files, screens and the API."""
        return _WORDS[self]

    @classmethod
    def parse(cls, word: str) -> Self:
        """Read an outcome from its word; raises ValueError for any other text."""
        try:
            return cls[word.upper()]
        except KeyError:
            message = f"`{word}` is not an outcome; use one of accept, tag, review, reject"
            raise ValueError(message) from None

    @classmethod
    def severest(cls, outcomes: Iterable["Outcome"]) -> "Outcome":
        """The most severe of some outcomes; ACCEPT when there is none."""
        return max(outcomes, default=cls.ACCEPT)


_WORDS = {outcome: outcome.name.lower() for outcome in Outcome}


class Scope(StrEnum):
    """Where an outcome applies: a lead rejected for sales may still be served by support."""

    SALES = "sales"
    MARKETING = "marketing"
    SUPPORT = "support"
    BILLING = "billing"
    PORTAL = "portal"


#: What a score may act on; it never reaches the systems that serve existing customers.
ACQUISITION_SCOPES = frozenset({Scope.SALES, Scope.MARKETING})

#: The systems that serve customers: nothing automatic ever closes them to one.
SERVICE_SCOPES = frozenset({Scope.SUPPORT, Scope.BILLING, Scope.PORTAL})
