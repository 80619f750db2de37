"""Small leads, facts and rulesets for tests, and strategies that draw them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

from winnow.core.canonical import content_hash
from winnow.core.facts import AGENT_CLASSES, IP_CLASSES, EmailFacts, Facts, History, NetworkFacts, Override, PhoneFacts
from winnow.core.lead import Lead
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome, Scope
from winnow.core.policy import Policy
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from_toml
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, Scorecard
from winnow.core.signals.base import Value
from winnow.core.signals.registry import BY_NAME
from winnow.core.thresholds import Bands, Certificate, Thresholds

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOTHING = Bin(0, "not known")


def lead(**fields: Any) -> Lead:
    return Lead(**{"id": "lead-1", "source": "web", **fields})


def facts(**fields: Any) -> Facts:
    return Facts(**{"now": NOW, "is_customer": False, **fields})


def value(signal: str, someone: Lead | None = None, known: Facts | None = None) -> Value | None:
    """What a signal measures about a lead."""
    return BY_NAME[signal].of(someone or lead(), known or facts())


def small_card(base: int = -1000) -> Scorecard:
    """Two families, each of which may bring 2,000 points; `form.fill_seconds` and `net.ip_class` decide."""
    seconds = NumericFeature("form.fill_seconds", (3,), (Bin(2000, "fast"), Bin(-300, "slow")), NOTHING)
    kind = CategoryFeature(
        "net.ip_class", ("hosting", "residential"), (Bin(2000, "data centre"), Bin(-200, "home")), NOTHING, NOTHING
    )
    return Scorecard("small", base, (seconds, kind), {"form": 2000, "mail": 1500, "net": 2000, "rule": 1500}, "Mia")


def certificate(card: Scorecard, **fields: Any) -> Certificate:
    values = {
        "precision_bound": 0.996,
        "labels": 600,
        "threshold": 3000,
        "scorecard_hash": content_hash(scorecard_document(card)),
        "expires_at": NOW + timedelta(days=30),
    }
    return Certificate(**{**values, **fields})


def ruleset(**fields: Any) -> Ruleset:
    """A ruleset over `small_card`: tag from 0, review from 1,000, reject from 3,000 without a certificate."""
    values = {
        "id": "test",
        "policy": Policy(owner="Mia"),
        "scorecard": small_card(),
        "thresholds": Thresholds(Bands(0, 1000, 3000)),
    }
    return Ruleset(**{**values, **fields})


def certified(**fields: Any) -> Ruleset:
    """The same, allowed to reject by score."""
    card = small_card()
    return ruleset(thresholds=Thresholds(Bands(0, 1000, 3000), certificate=certificate(card)), **fields)


@cache
def starter() -> Ruleset:
    """The ruleset that ships with the project."""
    text = files("winnow.data").joinpath("starter.toml").read_text(encoding="utf-8")
    return ruleset_from_toml(text, "starter.toml")


SCORED: Mapping[Outcome, tuple[float | None, str | None]] = {
    Outcome.ACCEPT: (None, None),
    Outcome.TAG: (2.0, "residential"),
    Outcome.REVIEW: (2.0, None),
    Outcome.REJECT: (2.0, "hosting"),
}


def scored(band: Outcome, **more: Any) -> tuple[Lead, Facts]:
    """A lead and its facts whose score under `small_card` falls into a band."""
    seconds, kind = SCORED[band]
    network = NetworkFacts("192.0.2.1", "192.0.2.0/24", kind)
    return lead(form_fill_seconds=seconds, ip="192.0.2.1"), facts(network=network, **more)


def entry(action: str = "block", kind: str = "email", value: str = "ana@acme.example", **fields: Any) -> ListEntry:
    values = {"id": "e1", "owner": "Mia", "reason": "seen before"}
    return ListEntry(**{**values, "action": ListAction(action), "kind": ListKind(kind), "value": value, **fields})


TEXTS = st.none() | st.text(max_size=30)
FLAGS = st.none() | st.booleans()
COUNTS = st.none() | st.integers(0, 1000)
SHARES = st.none() | st.floats(0, 1)
SECONDS = st.none() | st.floats(-1, 5000)
RESULTS = st.sampled_from([None, "pass", "fail", "none"])

LEADS = st.builds(
    Lead,
    id=st.just("lead-1"),
    source=st.sampled_from([None, "web", "fair"]),
    full_name=TEXTS,
    emails=st.lists(st.emails(), max_size=2).map(tuple),
    phones=st.lists(st.text("+0123456789", max_size=12), max_size=1).map(tuple),
    company=TEXTS,
    website=TEXTS,
    country=st.sampled_from([None, "DE", "US"]),
    timezone=TEXTS,
    message=TEXTS,
    form_fill_seconds=SECONDS,
    form_pasted_fields=COUNTS,
    form_honeypot=FLAGS,
    form_focus_changes=COUNTS,
    ip=st.none() | st.just("192.0.2.1"),
    user_agent=TEXTS,
    device_id=TEXTS,
    spf=RESULTS,
    dkim=RESULTS,
    dmarc=RESULTS,
)

EMAIL_FACTS = st.builds(
    EmailFacts,
    valid=st.booleans(),
    local=st.none() | st.text(min_size=1, max_size=20),
    domain=st.none() | st.just("mail.acme.example"),
    registrable=st.none() | st.just("acme.example"),
    suffix=st.none() | st.just("example"),
    disposable=FLAGS,
    free=FLAGS,
    relay=FLAGS,
    role=FLAGS,
    typo_of=st.none() | st.just("gmail.com"),
    age_days=COUNTS,
)

NETWORK_FACTS = st.builds(
    NetworkFacts,
    ip=st.just("192.0.2.1"),
    network=st.just("192.0.2.0/24"),
    ip_class=st.none() | st.sampled_from(IP_CLASSES),
    country=st.sampled_from([None, "DE", "US"]),
    asn=COUNTS,
)

HITS = st.lists(
    st.builds(
        entry,
        action=st.sampled_from(["allow", "block"]),
        kind=st.sampled_from(["email", "domain", "asn"]),
        value=st.just("acme.example"),
        id=st.text("abc", min_size=1, max_size=2),
        scopes=st.frozensets(st.sampled_from(Scope), min_size=1),
        source=st.sampled_from(["person", "rule"]),
        expires_at=st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
    ),
    max_size=3,
    unique_by=lambda each: each.id,
).map(tuple)

FACTS = st.builds(
    Facts,
    now=st.just(NOW),
    email=st.none() | EMAIL_FACTS,
    network=st.none() | NETWORK_FACTS,
    agent_class=st.none() | st.sampled_from(AGENT_CLASSES),
    phone=st.none() | st.builds(PhoneFacts, valid=st.booleans(), country=st.sampled_from([None, "DE", "US"])),
    history=st.builds(History, *[COUNTS] * len(History._fields)),
    list_hits=HITS,
    is_customer=FLAGS,
    override=st.none()
    | st.builds(
        Override,
        outcome=st.sampled_from(Outcome),
        by=st.just("Bo"),
        reason=st.just("knows them"),
        expires_at=st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
    ),
    source_junk_rate=SHARES,
    name_similarity=SHARES,
    company_similarity=SHARES,
    timezone_countries=st.sampled_from([(), ("DE",), ("US", "CA")]),
    failed=st.sampled_from([(), ("history",)]),
)
