"""Telephone numbers: the usual spellings, and that the compiled plans say what the library says."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from winnow.adapters.facts.phones import INVALID, Phones, asked
from winnow.adapters.facts.plans import _KINDS
from winnow.core.facts import PhoneFacts

PHONES = Phones()


@pytest.mark.parametrize(
    ("number", "country", "e164", "found", "why"),
    [
        ("+49 151 23456789", None, "+4915123456789", "DE", "in full"),
        ("+49 (0)151 23456789", None, "+4915123456789", "DE", "with the prefix that is not dialled from abroad"),
        ("0049 151 23456789", None, "+4915123456789", "DE", "with 00"),
        ("0049 151 23456789", "DE", "+4915123456789", "DE", "with 00"),
        ("0151/23456789", "DE", "+4915123456789", "DE", "national"),
        ("0151-234 567 89", "de", "+4915123456789", "DE", "national, country in lower case"),
        ("030 901820", "DE", "+4930901820", "DE", "landline"),
        ("(415) 555-2671", "US", "+14155552671", "US", "without prefix"),
        ("1-415-555-2671", "US", "+14155552671", "US", "with prefix"),
        ("011 49 30 901820", "US", "+4930901820", "DE", "dialled from the United States"),
        ("+1 416 555 0123", "US", "+14165550123", "CA", "the number's country, not the stated one"),
        ("+1 876 555 0123", None, "+18765550123", "JM", "a country within +1"),
        ("+44 20 7946 0958", None, "+442079460958", "GB", "landline"),
        ("020 7946 0958", "GB", "+442079460958", "GB", "national"),
        ("+44 7781 123456", None, "+447781123456", "GG", "a country within +44"),
        ("+39 06 4620 2629", None, "+390646202629", "IT", "the zero stays in Italy"),
        ("+33 6 12 34 56 78", None, "+33612345678", "FR", ""),
        ("06 12 34 56 78", "FR", "+33612345678", "FR", ""),
        ("+91 98765 43210", None, "+919876543210", "IN", ""),
        ("+55 11 96123-4567", None, "+5511961234567", "BR", ""),
        ("+52 55 1234 5678", None, "+525512345678", "MX", ""),
        ("+54 9 11 2345-6789", None, "+5491123456789", "AR", ""),
        ("+61 412 345 678", None, "+61412345678", "AU", ""),
        ("+86 131 2345 6789", None, "+8613123456789", "CN", ""),
        ("+81 90-1234-5678", None, "+819012345678", "JP", ""),
        ("+7 912 345-67-89", None, "+79123456789", "RU", ""),
        ("+7 701 234 5678", None, "+77012345678", "KZ", "a country within +7"),
        ("+971 50 123 4567", None, "+971501234567", "AE", ""),
        ("+27 71 123 4567", None, "+27711234567", "ZA", ""),
        ("+41 78 123 45 67 ext. 12", None, "+41781234567", "CH", "an extension"),
        ("+４９ 151 23456789", None, "+4915123456789", "DE", "full-width digits"),
        ("+800 1234 5678", None, "+80012345678", None, "free of charge everywhere, so no country"),
    ],
)
def test_valid_numbers(number, country, e164, found, why):
    assert PHONES.facts(number, country) == PhoneFacts(True, e164, found), why


@pytest.mark.parametrize(
    ("number", "country", "expected", "why"),
    [
        ("+33 1234", None, INVALID, "too short"),
        ("+49 151 234567890123456", None, INVALID, "too long"),
        ("+999 12345678", None, INVALID, "no such calling code"),
        ("+1 000 000 0000", None, PhoneFacts(False, "+10000000000", "US"), "right length, no such number"),
        ("+44 11 0000 0000", None, PhoneFacts(False, "+441100000000", "GB"), "right length, no such number"),
        ("no phone", "DE", INVALID, "words"),
        ("no phone", None, INVALID, "words"),
        ("", "DE", INVALID, "nothing"),
        ("+", None, INVALID, "nothing after the plus"),
        ("00", None, INVALID, "nothing after 00"),
        ("++49 151 23456789", "US", None, "two plus signs: as the library reads it"),
        ("1" * 100_000, "DE", INVALID, "very long"),
        ("+49\ud80015123456789", None, INVALID, "half a surrogate pair"),
        ("0151 23456789", None, None, "nobody can tell the country"),
        ("0151 23456789", "XX", None, "no such country"),
        ("0151 23456789", "Germany", None, "not a code"),
    ],
)
def test_other_numbers(number, country, expected, why):
    if why.endswith("as the library reads it"):
        expected = asked(number, country)
    assert PHONES.facts(number, country) == expected, why


_EXAMPLES = [
    (country, metadata.country_code, desc.example_number, metadata.national_prefix or "")
    for country in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (metadata := PhoneMetadata.metadata_for_region(country)) is not None
    for desc in (getattr(metadata, kind) for kind in _KINDS)
    if desc is not None and desc.example_number
]


@given(st.sampled_from(_EXAMPLES), st.data())
def test_the_compiled_plans_say_what_the_library_says(example, data):
    country, code, national, prefix = example
    changed = list(national)
    for _ in range(data.draw(st.integers(0, 2))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.sampled_from("0123456789"))
    written = "".join(changed)
    for number, region in ((f"+{code}{written}", None), (f"+{code}{written}", "US"), (prefix + written, country)):
        found = PHONES._plans.match(number, region)
        if found is not None:
            assert asked(number, region) == PhoneFacts(True, *found)


def test_most_numbers_by_the_book_need_no_library():
    by_the_book = [(f"+{code}{national}", country) for country, code, national, _ in _EXAMPLES if national[0] != "0"]
    matched = sum(PHONES._plans.match(number, None) is not None for number, _ in by_the_book)
    assert matched > 0.9 * len(by_the_book)
