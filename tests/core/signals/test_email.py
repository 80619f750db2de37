"""What an address tells, also in other scripts, and what an ill-formed one does not."""

from math import log2

import pytest

from tests.support.cases import facts, lead, value
from winnow.core.facts import EmailFacts

ANA = EmailFacts(
    True,
    "ana.lima",
    "mail.acme.co.uk",
    "acme.co.uk",
    "co.uk",
    disposable=False,
    free=False,
    relay=False,
    role=False,
    age_days=4000,
)
INVALID = EmailFacts(False)
NONE_KNOWN = EmailFacts(True, "ana.lima", "acme.example")


@pytest.mark.parametrize(
    ("signal", "email", "expected"),
    [
        ("email.valid", None, None),
        ("email.valid", ANA, True),
        ("email.valid", INVALID, False),
        ("email.disposable", None, None),
        ("email.disposable", INVALID, None),
        ("email.disposable", NONE_KNOWN, None),
        ("email.disposable", ANA, False),
        ("email.disposable", EmailFacts(True, "a", "b.example", disposable=True), True),
        ("email.free", None, None),
        ("email.free", INVALID, None),
        ("email.free", ANA, False),
        ("email.free", EmailFacts(True, "a", "b.example", free=True), True),
        ("email.relay", None, None),
        ("email.relay", INVALID, None),
        ("email.relay", ANA, False),
        ("email.relay", EmailFacts(True, "a", "b.example", relay=True), True),
        ("email.role", None, None),
        ("email.role", INVALID, None),
        ("email.role", ANA, False),
        ("email.role", EmailFacts(True, "info", "b.example", role=True), True),
        ("email.typo", None, None),
        ("email.typo", INVALID, None),
        ("email.typo", ANA, False),
        ("email.typo", EmailFacts(True, "a", "gmial.com", typo_of="gmail.com"), True),
        ("email.domain_age_days", None, None),
        ("email.domain_age_days", NONE_KNOWN, None),
        ("email.domain_age_days", ANA, 4000),
        ("email.domain_age_days", EmailFacts(True, "a", "b.example", age_days=0), 0),
        ("email.suffix", None, None),
        ("email.suffix", NONE_KNOWN, None),
        ("email.suffix", ANA, "co.uk"),
    ],
)
def test_what_reference_lists_say_is_passed_on(signal, email, expected):
    assert value(signal, known=facts(email=email)) == expected


#: local part → plus tag, length, share of digits, entropy
LOCALS = {
    None: (None, None, None, None),
    "": (None, None, None, None),
    "a": (False, 1, 0.0, 0.0),
    "aaaa": (False, 4, 0.0, 0.0),
    "ab": (False, 2, 0.0, 1.0),
    "abcd": (False, 4, 0.0, 2.0),
    "ANNA": (False, 4, 0.0, 1.0),
    "ana+news": (True, 8, 0.0, 2.5),
    "ana+": (True, 4, 0.0, 1.5),
    "+ana": (False, 4, 0.0, 1.5),
    "1234": (False, 4, 1.0, 2.0),
    "ana7": (False, 4, 0.25, 1.5),
    "用户": (False, 2, 0.0, 1.0),
    "пример": (False, 6, 0.0, 2.252),
    "١٢٣٤": (False, 4, 1.0, 2.0),
    "\ud800a": (False, 2, 0.0, 1.0),
}


@pytest.mark.parametrize(("local", "expected"), LOCALS.items())
def test_the_shape_of_the_local_part(local, expected):
    known = facts(email=EmailFacts(True, local, "acme.example"))
    signals = ("email.plus_tag", "email.local_length", "email.digit_share", "email.entropy")
    assert tuple(value(signal, known=known) for signal in signals) == expected


@pytest.mark.parametrize(
    "signal", ["email.plus_tag", "email.local_length", "email.digit_share", "email.entropy", "email.suffix"]
)
@pytest.mark.parametrize("email", [None, INVALID])
def test_without_a_well_formed_address_its_shape_is_unknown(signal, email):
    assert value(signal, known=facts(email=email)) is None


def test_entropy_is_shannons():
    local = "mississippi"
    shares = [local.count(letter) / len(local) for letter in set(local)]
    assert value("email.entropy", known=facts(email=EmailFacts(True, local, "acme.example"))) == pytest.approx(
        -sum(share * log2(share) for share in shares), abs=5e-4
    )


@pytest.mark.parametrize("similarity", [None, 0.0, 0.62, 1.0])
def test_similarity_of_name_and_address_is_looked_up(similarity):
    assert value("email.name_similarity", known=facts(name_similarity=similarity)) == similarity


@pytest.mark.parametrize("field", ["spf", "dkim", "dmarc"])
@pytest.mark.parametrize("result", [None, "pass", "fail", "softfail", "none", "permerror"])
def test_mail_authentication_is_told_by_the_message_and_each_by_its_own_header(field, result):
    someone = lead(**{"spf": "neutral", "dkim": "neutral", "dmarc": "neutral", field: result})
    others = {"spf", "dkim", "dmarc"} - {field}
    assert value(f"mail.{field}", someone) == result
    assert {value(f"mail.{other}", someone) for other in others} == {"neutral"}


@pytest.mark.parametrize(
    ("disposable", "relay", "free", "known"),
    [
        (False, False, True, True),
        (False, False, False, False),
        (True, False, False, None),
        (False, True, False, None),
        (None, None, None, None),
    ],
)
def test_neither_throw_away_nor_relay_is_free_mail_or_somebodys_own_domain(disposable, relay, free, known):
    email = EmailFacts(valid=True, disposable=disposable, relay=relay, free=free)
    assert value("email.free", known=facts(email=email)) is known
