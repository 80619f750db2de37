"""Codes are those of the RFCs, and the steps around this one count."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.people.totp import address, code, matching_step, shown, step_at

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(  # RFC 6238 appendix B, SHA-1
    ("seconds", "expected"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds, expected):
    step = step_at(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    assert code(SECRET, step, digits=8) == expected


def test_the_vectors_of_rfc_4226():  # appendix D
    expected = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
    assert [code(SECRET, count) for count in range(10)] == expected


@pytest.mark.parametrize(("away", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(away, counts):
    step = step_at(NOW) + away
    assert matching_step(SECRET, code(SECRET, step), NOW) == (step if counts else None)


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "\ud800", "١٢٣٤٥٦", "x" * 5000])
def test_what_is_no_code(given):
    assert matching_step(SECRET, given, NOW) is None


def test_blanks_do_not_matter():
    right = code(SECRET, step_at(NOW))
    assert matching_step(SECRET, f" {right[:3]} {right[3:]}\n", NOW) == step_at(NOW)


def test_the_address_that_authenticators_read():
    assert shown(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert address(SECRET, "ana@x.example") == (
        "otpauth://totp/Winnow:ana%40x%2Eexample?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Winnow"
    )
    assert "%C3%A9" in address(SECRET, "é@x.example")
