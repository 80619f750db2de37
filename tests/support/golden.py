"""Leads whose decisions are kept in tests/golden/decisions.jsonl, so that no change decides otherwise unnoticed.

`make golden` decides them anew; the difference of the file then shows what the change does to people.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from tests.support.cases import NOTHING, NOW, certified, entry, facts, lead, ruleset, small_card, starter
from tests.support.project import ROOT
from winnow.core.canonical import canonical_bytes
from winnow.core.decide import Decision, decide
from winnow.core.document import decision_document
from winnow.core.facts import EmailFacts, Facts, History, NetworkFacts, Override, PhoneFacts
from winnow.core.govern.stop import Halt, StopScope
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import Bin, CategoryFeature, PairTable
from winnow.core.thresholds import Bands, Thresholds

FILE = ROOT / "tests" / "golden" / "decisions.jsonl"

STOP = HardStop("forged", "mail.dmarc", Operator.IS, "fail", Outcome.REJECT, "Forged sender", "Mia")
RULES = (
    Rule("spf", "mail.spf == 'fail'", "SPF failed", "Mia", "test", outcome=Outcome.REVIEW),
    Rule("dkim", "mail.dkim == 'fail'", "DKIM failed", "Mia", "test", points=900),
    Rule(
        "trap",
        "form.honeypot && net.asn == 64500",
        "Trap",
        "Mia",
        "test",
        outcome=Outcome.REJECT,
        deterministic=True,
        signed_off_by="Bo",
    ),
    Rule("odd", "net.asn * 9223372036854775807 > 5", "Too large", "Mia", "test", points=10),
)


def paired() -> Ruleset:
    """The small ruleset with two signals of one family, whose points meet their cap, and a table for two families."""
    card = small_card()
    trap = CategoryFeature("form.honeypot", (True, False), (Bin(1500, "trap"), Bin(-50, "no trap")), NOTHING, NOTHING)
    table = PairTable(
        "form.fill_seconds",
        "net.ip_class",
        ((400, -100, 0, 0), (0, -50, 0, 0), (0, 0, 0, 0)),
        "Speed and network together",
    )
    caps = {**card.caps, "pair": 500}
    return ruleset(
        id="paired",
        scorecard=replace(card, features=(*card.features, trap), pairs=(table,), caps=caps),
        thresholds=Thresholds(Bands(0, 1000), {"fair": Bands(2000, 2500)}),
    )


def rulesets() -> dict[str, Ruleset]:
    """By the names the cases use."""
    return {
        "starter": starter(),
        "small": ruleset(),
        "certified": certified(),
        "ruled": certified(id="ruled", rules=RULES),
        "stopped": certified(id="stopped", policy=Policy("Mia", frozenset({"message"}), (STOP,)), rules=RULES[:1]),
        "paired": paired(),
    }


class Case(NamedTuple):
    """One lead of the corpus, what is known about it, and who decides."""

    name: str
    ruleset: str
    lead: Lead
    facts: Facts


# ── Leads as they come ───────────────────────────────────────────────────────────────────────────

BROWSER: dict[str, Any] = {"user_agent": "Mozilla/5.0", "device_id": "d-1", "ip": "192.0.2.7"}
CALM = History(*[0] * len(History._fields))
FLOOD = History(*[300] * len(History._fields))


def network(ip_class: str | None, country: str | None = None, asn: int | None = None) -> NetworkFacts:
    return NetworkFacts("192.0.2.7", "192.0.2.0/24", ip_class, country, asn)


def address(local: str, domain: str, **said: Any) -> EmailFacts:
    plain = {"disposable": False, "free": False, "relay": False, "role": False}
    return EmailFacts(True, local, domain, domain, domain.partition(".")[2], **{**plain, **said})


def stories() -> Iterator[Case]:
    """People and programs of every kind, under the starter ruleset."""
    buyer = lead(
        full_name="Ana Lima",
        emails=("ana.lima@acme.example",),
        phones=("+4930123456",),
        company="Acme GmbH",
        website="https://www.acme.example",
        country="DE",
        timezone="Europe/Berlin",
        message="Hello, we need forty chairs for our new office. Could you send us a quote?",
        form_fill_seconds=48.0,
        form_pasted_fields=0,
        form_honeypot=False,
        form_focus_changes=9,
        **BROWSER,
    )
    about_buyer = facts(
        email=address("ana.lima", "acme.example", age_days=4000),
        network=network("residential", "DE"),
        agent_class="browser",
        phone=PhoneFacts(True, "+4930123456", "DE"),
        history=CALM,
        source_junk_rate=0.05,
        name_similarity=1.0,
        company_similarity=1.0,
        timezone_countries=("DE",),
    )
    yield Case("a lead that said nothing", "starter", lead(), facts())
    yield Case("a buyer at home", "starter", buyer, about_buyer)
    yield Case("a buyer in a co-working space", "starter", buyer, replace(about_buyer, network=network("corporate")))
    yield Case("a buyer behind a company's VPN", "starter", buyer, replace(about_buyer, network=network("vpn", "US")))
    yield Case("a buyer on a privacy relay", "starter", buyer, replace(about_buyer, network=network("relay", "US")))
    yield Case("a buyer who travels", "starter", buyer, replace(about_buyer, network=network("mobile", "FR")))
    yield Case("a spoofed customer", "starter", replace(buyer, dmarc="fail"), replace(about_buyer, is_customer=True))
    yield Case(
        "a customer from a data centre",
        "starter",
        buyer,
        replace(about_buyer, is_customer=True, network=network("hosting")),
    )
    yield Case("a look-up failed", "starter", buyer, replace(about_buyer, history=History(), failed=("history",)))
    yield Case(
        "a role account with a throw-away address",
        "starter",
        lead(emails=("info@mail.example",), message="price"),
        facts(email=address("info", "mail.example", disposable=True, role=True, age_days=3)),
    )
    yield Case(
        "a form bot",
        "starter",
        lead(
            form_fill_seconds=0.4,
            form_honeypot=True,
            form_pasted_fields=6,
            form_focus_changes=0,
            message="x",
            **BROWSER,
        ),
        facts(network=network("hosting", "US"), agent_class="tool", history=FLOOD),
    )
    yield Case(
        "a pitch",
        "starter",
        lead(
            full_name="Rank Your Website Today With Our Team",
            emails=("seo2049388@agency.example",),
            message="SEO services: we rank your website! https://a.example www.b.example http://c.example a@b.example",
        ),
        facts(email=address("seo2049388", "agency.example"), name_similarity=0.1, source_junk_rate=0.7),
    )
    yield Case(
        "a name in another script",
        "starter",
        lead(full_name="王小明", emails=("wang@qq.com",), country="CN", message="您好，请问价格是多少？"),
        facts(email=address("wang", "qq.com", free=True), network=network("residential", "CN")),
    )
    yield Case(
        "look-alike letters",
        "starter",
        lead(
            full_name="P\u0430ypal Support", message="P\u0430ypal acc\u043eunt SUSPENDED, CLICK https://x.example NOW"
        ),
        facts(network=network("tor")),
    )
    yield Case(
        "keys hit at random",
        "starter",
        lead(full_name="Sdfghj 12", emails=("not an address",), message="sdfghjkl qwrtpsd " * 8),
        facts(email=EmailFacts(False), phone=PhoneFacts(False)),
    )
    yield Case("a placeholder", "starter", lead(full_name="test test", message="test"), facts())
    yield Case(
        "a person who wrote before", "starter", buyer, replace(about_buyer, history=CALM._replace(email_month=3))
    )
    yield Case("values of wrong types", "starter", lead(message=7, form_pasted_fields="4"), facts())


#: One piece of evidence each: fields of the lead, what is known about it.
ALONE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a data centre": ({}, {"network": network("hosting")}),
    "a VPN": ({}, {"network": network("vpn")}),
    "Tor": ({}, {"network": network("tor")}),
    "a script": ({}, {"agent_class": "tool"}),
    "great speed": ({"form_fill_seconds": 1.0}, {}),
    "the hidden field": ({"form_honeypot": True}, {}),
    "a placeholder": ({"full_name": "asdf"}, {}),
    "a link in the name": ({"full_name": "www.x.example"}, {}),
    "a throw-away address": ({}, {"email": address("ana", "mail.example", disposable=True)}),
    "a free address with digits": ({}, {"email": address("ana77", "gmail.com", free=True)}),
    "an ill-formed address": ({}, {"email": EmailFacts(False)}),
    "a random address": ({}, {"email": address("qz7xk2vw9bj4mf", "acme.example")}),
    "a failed DMARC": ({"dmarc": "fail"}, {}),
    "a pitch": ({"message": "We could rank your website, if that is of interest to you."}, {}),
    "two links": ({"message": "See https://a.example and https://b.example"}, {}),
    "a repeated text": ({"message": "Hello, what does it cost?"}, {"history": CALM._replace(message_hour=3)}),
    "a busy address": ({}, {"history": CALM._replace(ip_hour=5)}),
    "a bad source": ({}, {"source_junk_rate": 0.8}),
}


def alone() -> Iterator[Case]:
    """What each piece of evidence does when there is no other."""
    for name, (fields, known) in ALONE.items():
        yield Case(f"alone: {name}", "starter", lead(**fields), facts(**known))


#: For every field, values that fall into different bins; lead number n of the sweep takes the n-th of each.
SWEEP: dict[str, tuple[Any, ...]] = {
    "form_fill_seconds": (0.5, 2.0, 4.0, 60.0, 5000.0),
    "form_honeypot": (True, False),
    "form_pasted_fields": (0, 2, 9),
    "form_focus_changes": (0, 2, 12),
    "spf": ("pass", "fail", "softfail"),
    "dkim": ("fail", "none", "pass"),
    "dmarc": ("none", "pass", "fail"),
    "country": ("DE", "US"),
    "website": ("acme.example", "other.example"),
    "company": ("Acme", None),
    "full_name": ("Ana Lima", "test", "Ana 7", "see www.x.example", "Sdfgh Lima", "Buy Our Very Best Offer Now Please"),
    "message": (
        "ok",
        "please call me",
        "Hello, we need forty chairs. Could you send a quote?",
        "word " * 300,
        "abcdefgh " * 300,
        "see https://a.example",
        "see https://a.example and https://b.example",
        "BUY NOW BACKLINKS AND GUEST POST a@b.example",
        "sdfghjkl xcvbnm hello there my friend how are you today, friend? this is fine so far, really it is",
    ),
}
SWEPT_FACTS: dict[str, tuple[Any, ...]] = {
    "network": tuple(
        network(kind, "DE")
        for kind in ("hosting", "residential", "vpn", None, "tor", "mobile", "corporate", "relay", "private")
    ),
    "agent_class": ("browser", "bot", "tool", "headless"),
    "email": (
        address("ana", "acme.example", age_days=5),
        address("4711", "gmail.com", free=True, age_days=100),
        address("x7f3k9q2m5z8w1", "gmial.com", typo_of="gmail.com", age_days=500),
        address("ana.maria.lima.de.souza.santos", "acme.example", age_days=9000),
        address("ab12", "duck.com", relay=True),
    ),
    "history": tuple(History(*[count] * len(History._fields)) for count in (0, 2, 7, 30, 500)),
    "phone": (PhoneFacts(True, "+4930123456", "DE"), PhoneFacts(False)),
    "source_junk_rate": (0.05, 0.2, 0.5, 0.9),
    "name_similarity": (0.1, 0.5, 0.7, 1.0),
    "company_similarity": (0.1, 0.4, 0.7, 1.0),
    "timezone_countries": (("DE",), ("US",)),
}


def sweep() -> Iterator[Case]:
    """Leads that between them fall into nearly every bin of the starter scorecard."""
    for number in range(18):
        fields = {name: values[number % len(values)] for name, values in SWEEP.items()}
        known = {name: values[(number + number // 9) % len(values)] for name, values in SWEPT_FACTS.items()}
        yield Case(f"sweep {number:02}", "starter", lead(id=f"sweep-{number:02}", **fields), facts(**known))


# ── Every tier of precedence, under small rulesets ───────────────────────────────────────────────

HARMLESS, WORST = lead(), lead(form_fill_seconds=1.0, form_honeypot=True, **BROWSER)
HOSTING = {"network": network("hosting", asn=64500)}
TOMORROW = NOW + timedelta(days=1)


def tiers() -> Iterator[Case]:
    """What decides when several voices speak."""
    forged, vouched = replace(WORST, dmarc="fail"), (entry("allow", id="a1"), entry("block", id="b1"))
    network_block = entry("block", "cidr", "192.0.2.0/24", id="n1", scopes=frozenset(Scope))
    override = Override(Outcome.ACCEPT, "Bo", "knows them", TOMORROW)
    yield Case("reject by score, not certified", "small", WORST, facts(**HOSTING))
    yield Case("reject by score, certified", "certified", WORST, facts(**HOSTING))
    yield Case("reject by score, drawn for a person", "certified", replace(WORST, id="lead-37"), facts(**HOSTING))
    yield Case("reject by score, paused", "certified", WORST, facts(paused="the guard of conversions fired", **HOSTING))
    for scope, target in (("all", ""), ("action", "reject"), ("action", "score"), ("rule", "dkim")):
        halts = (Halt(StopScope(scope), target, "something is wrong (st_1)"),)
        caught = replace(WORST, dkim="fail")
        yield Case(f"switched off: {scope} {target}".strip(), "ruled", caught, facts(halts=halts, **HOSTING))
    yield Case("certified, but perhaps a customer", "certified", WORST, facts(is_customer=None, **HOSTING))
    yield Case("certified, but a customer", "certified", WORST, facts(is_customer=True, **HOSTING))
    yield Case("certificate lapsed", "certified", WORST, facts(now=NOW + timedelta(days=60), **HOSTING))
    yield Case("stopped", "stopped", forged, facts(override=override, list_hits=vouched, **HOSTING))
    yield Case("stopped unseen", "stopped", HARMLESS, facts())
    yield Case("stop passed", "stopped", replace(HARMLESS, dmarc="pass", message="off limits"), facts())
    yield Case("overridden", "certified", WORST, facts(override=override, list_hits=vouched[1:], **HOSTING))
    yield Case("override lapsed", "certified", WORST, facts(override=replace(override, expires_at=NOW), **HOSTING))
    yield Case("allowed", "certified", WORST, facts(list_hits=vouched, **HOSTING))
    yield Case("blocked everywhere", "certified", HARMLESS, facts(list_hits=(network_block,)))
    yield Case("blocked, a customer", "certified", HARMLESS, facts(is_customer=True, list_hits=(network_block,)))
    yield Case(
        "blocked by a machine", "certified", HARMLESS, facts(list_hits=(replace(vouched[1], source="feedback"),))
    )
    yield Case("block lapsed", "certified", HARMLESS, facts(list_hits=(replace(vouched[1], expires_at=NOW),)))
    yield Case("rule asks for review", "ruled", replace(HARMLESS, spf="fail"), facts())
    yield Case("rule gives points", "ruled", replace(HARMLESS, spf="pass", dkim="fail"), facts())
    yield Case("rule rejects", "ruled", WORST, facts(network=network(None, asn=64500)))
    yield Case("rule skipped", "ruled", HARMLESS, facts(network=network("residential")))
    yield Case("pair and cap", "paired", WORST, facts(**HOSTING))
    yield Case("pair, other bands", "paired", replace(WORST, source="fair"), facts(network=network("residential")))


def cases() -> list[Case]:
    """The whole corpus, in a stable order."""
    return [*stories(), *alone(), *sweep(), *tiers()]


def decided() -> Iterator[tuple[Case, Decision]]:
    """Every case with its decision."""
    laws = rulesets()
    for case in cases():
        yield case, decide(case.lead, case.facts, laws[case.ruleset])


def corpus() -> bytes:
    """One line of canonical JSON for every case."""
    return b"".join(
        canonical_bytes({"case": case.name, "codes": found.codes.hex(), "decision": decision_document(found)}) + b"\n"
        for case, found in decided()
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        sys.stdout.buffer.write(corpus())
    else:
        FILE.write_bytes(corpus())
