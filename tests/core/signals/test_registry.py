"""What holds for every signal, also the next one."""

import math
import re
from collections.abc import Set
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import FACTS, LEADS, NOW, facts, lead, value
from winnow.core.facts import EmailFacts, Facts, History, NetworkFacts, PhoneFacts
from winnow.core.lead import FIELD_NAMES, Lead
from winnow.core.signals import email, form, identity, network, text, velocity
from winnow.core.signals.base import Signal
from winnow.core.signals.registry import BY_NAME, SIGNALS

NAMES = [signal.name for signal in SIGNALS]
FAMILIES = {
    form: {"form"},
    email: {"email", "mail"},
    network: {"net"},
    velocity: {"velocity", "source"},
    identity: {"customer", "identity"},
    text: {"text"},
}


def test_there_are_at_least_forty():
    assert len(SIGNALS) >= 40


def test_names_are_unique_and_lead_to_their_signal():
    assert len(set(NAMES)) == len(NAMES)
    assert list(BY_NAME) == NAMES
    assert all(BY_NAME[signal.name] is signal for signal in SIGNALS)


@pytest.mark.parametrize("module", FAMILIES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_module_holds_its_families_and_all_are_registered(module):
    assert {signal.family for signal in module.SIGNALS} == FAMILIES[module]
    assert set(module.SIGNALS) <= set(SIGNALS)


@pytest.mark.parametrize("signal", SIGNALS, ids=NAMES)
def test_a_signal_declares_what_a_reader_needs(signal: Signal):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", signal.name)
    assert signal.family == signal.name.split(".", maxsplit=1)[0]
    assert signal.version >= 1
    assert signal.kind in {bool, int, float, str}
    assert signal.unit
    assert signal.reads
    assert set(signal.reads) <= set(FIELD_NAMES) - {"id"}
    assert len(set(signal.reads)) == len(signal.reads)
    assert re.fullmatch(r"[A-Z].*\.", signal.doc)
    assert re.fullmatch(r"[a-z].*[^.]", signal.label), "it goes on in the middle of a sentence"


def of_kind(signal: Signal, found: object) -> bool:
    """Whether a value is one the signal may have; a float may be written as a whole number."""
    kinds = {int, float} if signal.kind is float else {signal.kind}
    return found is None or (type(found) in kinds and (not isinstance(found, float) or math.isfinite(found)))


ANY_TEXT = st.none() | st.text(st.characters(), max_size=40) | st.sampled_from(["", " ", "\0", "\ud83d", "\u202e", "ﬁ"])
ODD_LEADS = st.builds(
    Lead,
    id=st.just("lead-1"),
    full_name=ANY_TEXT,
    first_name=ANY_TEXT,
    emails=st.lists(st.text(max_size=9), max_size=1).map(tuple),
    company=ANY_TEXT,
    website=ANY_TEXT,
    country=ANY_TEXT,
    message=ANY_TEXT,
    form_fill_seconds=st.none() | st.floats(),
    form_pasted_fields=st.none() | st.integers(),
    spf=ANY_TEXT,
)
ODD_EMAILS = st.builds(EmailFacts, valid=st.booleans(), local=ANY_TEXT, domain=ANY_TEXT, registrable=ANY_TEXT)


@given(LEADS | ODD_LEADS, FACTS, st.none() | ODD_EMAILS)
def test_a_value_is_of_its_kind_and_finite_or_unknown(someone: Lead, known: Facts, odd: EmailFacts | None):
    known = replace(known, email=odd) if odd else known
    wrong = {each.name: found for each in SIGNALS if not of_kind(each, found := each.of(someone, known))}
    assert wrong == {}


@given(LEADS | ODD_LEADS, FACTS)
def test_measuring_twice_gives_the_same(someone: Lead, known: Facts):
    assert [each.of(someone, known) for each in SIGNALS] == [each.of(someone, known) for each in SIGNALS]


def test_about_a_lead_that_said_nothing_everything_is_unknown():
    assert {name: value(name, lead(), Facts(NOW)) for name in NAMES} == dict.fromkeys(NAMES)


# ── A signal depends on the fields it reads, and on no other ─────────────────────────────────────

FULL = lead(
    received_at=NOW,
    full_name="Ana Lima",
    emails=("ana@acme.example",),
    phones=("+4930123456",),
    company="Acme",
    website="acme.example",
    country="DE",
    timezone="Europe/Berlin",
    message="Hello, what would forty plain chairs cost us? Please answer soon.",
    form_fill_seconds=20.0,
    form_pasted_fields=0,
    form_honeypot=False,
    form_focus_changes=3,
    ip="192.0.2.7",
    user_agent="Mozilla/5.0",
    device_id="d-1",
    spf="pass",
    dkim="pass",
    dmarc="pass",
)
ABOUT_FULL = facts(
    email=EmailFacts(
        True,
        "ana",
        "acme.example",
        "acme.example",
        "example",
        disposable=False,
        free=False,
        relay=False,
        role=False,
        age_days=900,
    ),
    network=NetworkFacts("192.0.2.7", "192.0.2.0/24", "residential", "DE", 64500),
    agent_class="browser",
    phone=PhoneFacts(True, "+4930123456", "DE"),
    history=History(*[2] * len(History._fields)),
    is_customer=False,
    source_junk_rate=0.1,
    name_similarity=0.6,
    company_similarity=0.9,
    timezone_countries=("DE",),
)

#: Each fact, and the fields without any of which there is none.
ORIGINS = {
    "email": {"emails"},
    "network": {"ip"},
    "agent_class": {"user_agent"},
    "phone": {"phones"},
    "source_junk_rate": {"source"},
    "name_similarity": {"emails", "full_name"},
    "company_similarity": {"emails", "company"},
    "timezone_countries": {"timezone"},
    "is_customer": {"emails"},
}
COUNTED_BY = {
    "ip": "ip",
    "network": "ip",
    "device": "device_id",
    "domain": "emails",
    "message": "message",
    "email": "emails",
    "phone": "phones",
}
READ_BY_SOME = sorted({field for signal in SIGNALS for field in signal.reads})


def without(gone: Set[str]) -> tuple[Lead, Facts]:
    """The full lead as if it had come without some fields, and what would then be looked up."""
    blank: dict[str, object] = {name: getattr(Facts(NOW), name) for name, origins in ORIGINS.items() if origins & gone}
    lost = [name for name in History._fields if {COUNTED_BY[name.partition("_")[0]], "received_at"} & gone]
    history = ABOUT_FULL.history._replace(**dict.fromkeys(lost))
    return FULL.masked(gone), replace(ABOUT_FULL, history=history, **blank)  # type: ignore[arg-type]  # from Facts


def test_the_full_lead_is_fully_known():
    assert [name for name in NAMES if value(name, FULL, ABOUT_FULL) is None] == []
    assert {each.name for each in fields(Facts)} - set(ORIGINS) == {
        "now",
        "history",
        "list_hits",
        "override",
        "failed",
        "halts",
        "paused",
    }


@pytest.mark.parametrize("signal", SIGNALS, ids=NAMES)
def test_a_signal_depends_on_no_field_it_does_not_read(signal: Signal):
    before = signal.of(FULL, ABOUT_FULL)
    others = [field for field in READ_BY_SOME if field not in signal.reads]
    assert [field for field in others if signal.of(*without({field})) != before] == []


@pytest.mark.parametrize("signal", SIGNALS, ids=NAMES)
def test_a_signal_is_unknown_without_the_fields_it_reads(signal: Signal):
    assert signal.of(*without(set(signal.reads))) is None
