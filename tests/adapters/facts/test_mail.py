"""Addresses: what is well formed, whose address it is, and that the fast path judges as the slow one does."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.facts.domains import Domains
from winnow.adapters.facts.mail import INVALID, Mail

MAIL = Mail(Domains())


@pytest.mark.parametrize(
    ("address", "local", "domain", "why"),
    [
        ("joe@example.com", "joe", "example.com", "plain"),
        ("  Joe.Bloggs@Example.COM ", "joe.bloggs", "example.com", "case and blanks around"),
        ("joe+news@example.com", "joe+news", "example.com", "plus tag"),
        ("o'brien_#1@example.com", "o'brien_#1", "example.com", "odd characters that are allowed"),
        ("joe@mail.example.co.uk", "joe", "mail.example.co.uk", "subdomain"),
        ("joe@example.museum", "joe", "example.museum", "long ending"),
        ("1@2.de", "1", "2.de", "digits"),
        ("joe@münchen.de", "joe", "xn--mnchen-3ya.de", "international domain"),
        ("joe@MÜNCHEN.de", "joe", "xn--mnchen-3ya.de", "international domain, case folded"),
        ("joe@xn--mnchen-3ya.de", "joe", "xn--mnchen-3ya.de", "the same, encoded"),
        ("jörg@example.com", "jörg", "example.com", "international local part (RFC 6531)"),
        ("用户@例子.广告", "用户", "xn--fsqu00a.xn--4rr70v", "everything international"),
        ('"joe bloggs"@example.com', '"joe bloggs"', "example.com", "quoted local part"),
        ("joe@[192.0.2.1]", "joe", "[192.0.2.1]", "address literal"),
        (f"{'a' * 64}@example.com", "a" * 64, "example.com", "longest local part"),
        ("joe@a--b.com", "joe", "a--b.com", "two hyphens"),
    ],
)
def test_well_formed_addresses(address, local, domain, why):
    facts = MAIL.facts(address)
    assert (facts.valid, facts.local, facts.domain) == (True, local, domain), why
    assert None not in (facts.disposable, facts.free, facts.relay, facts.role)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "nothing"),
        ("joe", "no @"),
        ("@example.com", "no local part"),
        ("joe@", "no domain"),
        ("joe@example", "no ending"),
        ("joe@example.123", "ending of digits"),
        ("joe@@example.com", "two @"),
        ("joe@foo@example.com", "two @"),
        ("joe..bloggs@example.com", "two dots"),
        (".joe@example.com", "dot first"),
        ("joe.@example.com", "dot last"),
        ("joe@example..com", "empty label"),
        ("joe@.example.com", "empty label"),
        ("joe@example.com.", "trailing dot"),
        ("joe bloggs@example.com", "blank inside"),
        ("joe@exam ple.com", "blank inside"),
        ("joe@-example.com", "hyphen first"),
        ("joe@exam_ple.com", "underscore in a domain"),
        ("joe@xn--.com", "broken encoding"),
        ("joe@192.0.2.1", "an address without brackets"),
        ("joe@[300.1.1.1]", "no address in the brackets"),
        ("Joe <joe@example.com>", "a mailbox, not an address"),
        ("mailto:joe@exa mple.com", "a link"),
        ("joe,jane@example.com", "a list"),
        ("joe\x00@example.com", "NUL"),
        ("joe@example.com\nbcc: jane@example.com", "header injection"),
        ("\ud800@example.com", "half a surrogate pair"),
        (f"{'a' * 65}@example.com", "local part too long"),
        (f"joe@{'a' * 64}.com", "label too long"),
        (f"{'a' * 60}@{'b.' * 100}com", "longer than 254"),
        ("a@" * 100_000, "very long"),
    ],
)
def test_malformed_addresses(address, why):
    assert MAIL.facts(address) == INVALID, why


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("info@example.com", True),
        ("INFO@example.com", True),
        ("sales+uk@example.com", True),
        ("no-reply@example.com", True),
        ("no.reply@example.com", True),
        ("customer.service@example.com", True),
        ("buchhaltung@example.de", True),
        ("joe@example.com", False),
        ("joe.sales@example.com", False),
        ("information-hub@example.com", False),
        ('"info"@example.com', True),
    ],
)
def test_a_role_is_a_function_not_a_person(address, role):
    assert MAIL.facts(address).role is role


def test_an_address_is_joined_with_its_domain():
    assert MAIL.facts("joe@mailinator.com").disposable
    assert MAIL.facts("joe@gmail.com").free
    assert MAIL.facts("joe@duck.com").relay
    assert MAIL.facts("joe@gmial.com").typo_of == "gmail.com"
    assert MAIL.facts("joe@mail.bbc.co.uk").registrable == "bbc.co.uk"
    assert MAIL.facts("jörg@gmail.com").free
    literal = MAIL.facts("joe@[192.0.2.1]")
    assert (literal.registrable, literal.suffix, literal.free, literal.typo_of) == (None, None, False, None)


_EDGES = st.text("aA0.-_+@\"' é[]()<>,;:\\\t\x00ßİ日", max_size=14)
_DOMAINS = st.one_of(_EDGES, st.sampled_from(["example.com", "a.b.de", "xn--p1ai", "ab--cd.com", "exa-mple.co.uk"]))


@given(_EDGES, _DOMAINS)
def test_the_fast_path_agrees_with_the_validator(local, domain):
    text = f"{local}@{domain}".strip()
    facts = MAIL.facts(text)
    try:
        checked = validate_email(
            text,
            check_deliverability=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            globally_deliverable=False,
            strict=True,
        )
    except EmailNotValidError:
        assert not facts.valid
        return
    if facts.valid:
        assert (facts.local, facts.domain) == (checked.local_part.lower(), checked.ascii_domain.lower())
    else:
        assert "." not in checked.ascii_domain or not checked.ascii_domain.rpartition(".")[2][:1].isalpha()
