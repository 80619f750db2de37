"""Reads a telephone number by the numbering plans of the world.

The plans and the rules are those of the library `phonenumbers`. Asking it costs 30 µs a number, and
nearly every lead has its own, so numbers written in full and by the book are matched here against the
library's own patterns (see plans.py); everything else is left to the library.
"""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException

from winnow.adapters.facts.plans import Plans
from winnow.adapters.facts.sources import packaged
from winnow.core.facts import PhoneFacts
from winnow.core.ruleset import ReferenceSource

INVALID = PhoneFacts(valid=False)

#: Distinct numbers remembered, to serve duplicates in a batch; most numbers come once.
_REMEMBERED = 10_000

#: Nobody writes a number that long, extension and all.
_LONGEST = 100

_PUNCTUATION = str.maketrans("", "", " \t\u00a0-./()")


class Phones:
    """Answers about telephone numbers, each worked out once."""

    def __init__(self) -> None:
        self._plans = Plans()
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def sources(self) -> tuple[ReferenceSource, ...]:
        """The edition of the numbering plans."""
        return (packaged("phonenumberslite"),)

    def facts(self, number: str, country: str | None) -> PhoneFacts | None:
        """What is known about a number; None when it is written without a country and none is stated."""
        return self._remembered(number, country) if len(number) <= _LONGEST else INVALID

    def _look_up(self, number: str, country: str | None) -> PhoneFacts | None:
        region = country.upper() if country is not None else None
        if region not in phonenumbers.SUPPORTED_REGIONS:
            region = None
        digits = number.translate(_PUNCTUATION)
        if digits.startswith("00") and region is None:
            digits, number = f"+{digits[2:]}", f"+{number.strip()[2:]}"
        if region is None and not digits.startswith("+"):
            return None if any(map(str.isdigit, digits)) else INVALID
        found = self._plans.match(digits, region)
        if found is not None:
            return PhoneFacts(True, *found)  # noqa: FBT003 - the values by position
        return asked(number, region)


def asked(number: str, region: str | None) -> PhoneFacts:
    """What the library says about a number."""
    try:
        parsed = phonenumbers.parse(number, region)
    except (NumberParseException, UnicodeError):
        return INVALID
    if not phonenumbers.is_possible_number(parsed):
        return INVALID
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneFacts(phonenumbers.is_valid_number(parsed), e164, _two_letters(country))


def _two_letters(country: str | None) -> str | None:
    """No country for services such as satellite telephones, which the library files under digits."""
    return country if country is not None and country.isalpha() and country != "ZZ" else None
