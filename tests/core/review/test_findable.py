"""By what a decision is found: every value somebody can name, and nothing that would tell of the lot."""

import pytest

from tests.support.cases import facts, lead, ruleset
from winnow.core.decide import decide
from winnow.core.facts import EmailFacts, Override, PhoneFacts
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome
from winnow.core.review.findable import Kind, key_of, keys_of
from winnow.errors import InvalidInputError

ALLOWED = ListEntry("a", ListAction.ALLOW, ListKind.EMAIL, "ana@bluebird.example", "Mia", "a partner")


def found_by(someone, known):
    return [f"{kind}={value}" for kind, value in keys_of(someone, known, decide(someone, known, ruleset()))]


def test_a_lead_is_found_by_all_it_says_of_itself():
    someone = lead(
        emails=("Ana@Mail.Bluebird.example", "a@b.example"), phones=("030 / 12", "+49 30 12"), company="Blue, Ltd."
    )
    email = EmailFacts(valid=True, domain="mail.bluebird.example", registrable="bluebird.example")
    known = facts(email=email, phone=PhoneFacts(valid=True, e164="+493012", country="DE"))
    assert found_by(someone, known) == [
        *("email=ana@mail.bluebird.example", "email=a@b.example", "phone=03012", "phone=+493012"),
        *("domain=mail.bluebird.example", "domain=bluebird.example", "company=blue"),
    ]


@pytest.mark.parametrize(
    ("someone", "known", "expected"),
    [
        (lead(), facts(), []),
        (lead(company="…"), facts(email=EmailFacts(valid=False), phone=PhoneFacts(valid=False)), []),
        (lead(form_fill_seconds=2.0), facts(), ["reason=form.fill_seconds"]),
        (lead(form_fill_seconds=9.0), facts(list_hits=(ALLOWED,)), ["reason=list.allow"]),
        (lead(form_fill_seconds=2.0), facts(list_hits=(ALLOWED,)), ["reason=list.allow"]),
        (lead(), facts(override=Override(Outcome.ACCEPT, "Mia", "known")), ["reason=override"]),
    ],
)
def test_reasons_are_those_that_hold_it_or_that_people_gave(someone, known, expected):
    assert found_by(someone, known) == expected


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.EMAIL, " Ana@B.example ", "ana@b.example"),
        (Kind.PHONE, "+49 (30) 12-34", "+49301234"),
        (Kind.DOMAIN, "@Bücher.example.", "xn--bcher-kva.example"),
        (Kind.DOMAIN, "a..b", "a..b"),
        (Kind.COMPANY, "ACME, Inc.", "acme"),
        (Kind.REASON, "rule.vpn", "rule.vpn"),
    ],
)
def test_what_is_looked_for_is_written_as_it_is_kept(kind, text, value):
    assert key_of(kind, text) == (kind, value)


@pytest.mark.parametrize("text", ["", "  ", "*@b.example", "%"])
def test_parts_find_nothing_and_are_refused(text):
    with pytest.raises(InvalidInputError):
        key_of(Kind.EMAIL, text)
