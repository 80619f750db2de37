"""The library's numbering plans compiled into one pattern a country, for numbers written by the book.

A match here means the same as the library's verdict "valid"; no match means "ask the library". The
order of countries that share a calling code, and the leading digits that set them apart, follow the
library's `region_code_for_number`.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc

#: The kinds of numbers that make a number valid, the likeliest first.
_KINDS = (
    "mobile",
    "fixed_line",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)

_LONGEST_CALLING_CODE = 3

Found = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """One country's plan.

    lead: what its numbers begin with, where that tells it from others with the same calling code
    numbers: all its valid numbers, without the national prefix
    trunk: what may be dialled before a number inside the country; a number beginning like it is not by the book
    prefix: the usual one, when it is nothing but digits
    abroad: what is dialled before a calling code
    """

    country: str
    calling_code: str
    lead: re.Pattern[str] | None
    numbers: re.Pattern[str]
    trunk: re.Pattern[str] | None
    prefix: str | None
    abroad: re.Pattern[str] | None


class Plans:
    """Matches numbers against the plans, each compiled when its country first occurs."""

    def __init__(self) -> None:
        self._plans: dict[str, Plan | None] = {}

    def match(self, digits: str, region: str | None) -> Found | None:
        """The number in E.164 and its country, for a valid number by the book; None for any other."""
        if digits.startswith("+"):
            return self._international(digits[1:]) if digits[1:].isascii() and digits[1:].isdigit() else None
        if region is None or not (digits.isascii() and digits.isdigit()):
            return None
        return self._national(digits, self._plan(region))

    def _international(self, digits: str) -> Found | None:
        for length in range(1, _LONGEST_CALLING_CODE + 1):
            countries = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length] or 0))
            if countries:
                return self._within(countries, digits[:length], digits[length:])
        return None

    def _national(self, digits: str, plan: Plan | None) -> Found | None:
        if plan is None or digits.startswith(plan.calling_code) or (plan.abroad and plan.abroad.match(digits)):
            return None
        if plan.prefix and digits.startswith(plan.prefix):
            digits = digits[len(plan.prefix) :]
        if plan.trunk and plan.trunk.match(digits):
            return None
        countries = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(plan.calling_code)]
        return self._within(countries, plan.calling_code, digits)

    def _within(self, countries: tuple[str, ...], calling_code: str, national: str) -> Found | None:
        main = self._plan(countries[0])
        if main is None or national.startswith("0") or (main.trunk and main.trunk.match(national)):
            return None
        for country in countries:
            plan = self._plan(country)
            if plan is None or (plan.lead is not None and not plan.lead.match(national)):
                continue
            if plan.numbers.fullmatch(national):
                return f"+{calling_code}{national}", country
            if plan.lead is not None:
                return None
        return None

    def _plan(self, country: str) -> Plan | None:
        if country not in self._plans:
            self._plans[country] = _compiled(country)
        return self._plans[country]


def _compiled(country: str) -> Plan | None:
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None or metadata.general_desc is None:
        return None
    kinds = [pattern for pattern in (_pattern(getattr(metadata, kind)) for kind in _KINDS) if pattern]
    if not kinds:
        return None
    general = metadata.general_desc.national_number_pattern or r"\d+"
    trunk, usual = metadata.national_prefix_for_parsing, metadata.national_prefix
    return Plan(
        country=country,
        calling_code=str(metadata.country_code),
        lead=_optional(metadata.leading_digits),
        numbers=re.compile(rf"(?=(?:{general})\Z)(?:{'|'.join(dict.fromkeys(kinds))})"),
        trunk=_optional(trunk),
        prefix=usual if usual is not None and usual == trunk else None,
        abroad=_optional(metadata.international_prefix),
    )


def _pattern(desc: PhoneNumberDesc | None) -> str | None:
    """One kind's pattern with its possible lengths."""
    if desc is None or not desc.national_number_pattern:
        return None
    lengths = "|".join(rf"\d{{{length}}}" for length in desc.possible_length if length > 0)
    if not lengths:
        return None if desc.possible_length else f"(?:{desc.national_number_pattern})"
    return rf"(?=(?:{lengths})\Z)(?:{desc.national_number_pattern})"


def _optional(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
