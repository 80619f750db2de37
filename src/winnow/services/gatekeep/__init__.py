"""The gate at work: what is known is read in time, everybody is answered, and the answer signed and recorded."""

from winnow.services.gatekeep.keeper import (
    LASTS,
    LONGEST,
    MOST_ASKED,
    MOST_TOKENS,
    Asking,
    Gatekeeper,
    Given,
    Shown,
    spelled,
)

__all__ = [
    "LASTS",
    "LONGEST",
    "MOST_ASKED",
    "MOST_TOKENS",
    "Asking",
    "Gatekeeper",
    "Given",
    "Shown",
    "spelled",
]
