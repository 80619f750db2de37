"""A ruleset is known by its hash: equal ones share it, and any change to what decides gives another."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any, TypeVar

import pytest
import tomlkit
from hypothesis import given, settings

from tests.support.cases import NOW, certificate, certified, entry, facts, lead, ruleset, small_card, starter
from tests.support.project import ROOT
from tests.support.rulesets import RULESETS
from winnow.core.canonical import canonical_bytes, content_hash
from winnow.core.decide import decide
from winnow.core.lists import ListAction, ListKind
from winnow.core.outcome import Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.rules import Rule, RuleExample
from winnow.core.ruleset import ReferenceSource, Ruleset
from winnow.core.ruleset_read import ruleset_from, ruleset_from_toml
from winnow.core.ruleset_write import ruleset_document, scorecard_document
from winnow.core.scorecard import Bin, NumericFeature, PairTable, Scorecard
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import InvalidRulesetError

T = TypeVar("T")
ZERO = Bin(0, "")


@given(RULESETS)
def test_a_ruleset_survives_being_written_and_read(laws: Ruleset):
    again = ruleset_from(laws.document)
    assert canonical_bytes(again.document) == canonical_bytes(laws.document)
    assert again == laws


@settings(max_examples=30)
@given(RULESETS)
def test_a_ruleset_survives_being_a_toml_file(laws: Ruleset):
    again = ruleset_from_toml(tomlkit.dumps(dict(laws.document)), "f.toml")
    assert again == laws
    assert again.hash == laws.hash
    assert again.scorecard_hash == laws.scorecard_hash


def test_the_starter_survives_being_a_toml_file():
    again = ruleset_from_toml(tomlkit.dumps(dict(starter().document)), "f.toml")
    assert again == starter()
    assert again.hash == starter().hash


STOP = HardStop("s", "mail.dmarc", Operator.IS, "fail", Outcome.REVIEW, "held", "Mia")
RULE = Rule("r", "mail.spf == 'fail'", "t", "Mia", "why", points=5, examples=(RuleExample({}, fires=False),))
FULL = ruleset(
    policy=Policy("Mia", frozenset({"message"}), (STOP,)),
    thresholds=Thresholds(Bands(0, 1000, 3000), {"fair": Bands(0, 2000)}, certificate(small_card())),
    rules=(RULE,),
    lists=(entry(),),
    lists_snapshot="a" * 64,
    references=(ReferenceSource("free mail", "1", "2026-10-01"),),
    note="n",
)


OTHER: dict[str, dict[str, Any]] = {
    "ruleset": {"id": "other", "note": "other", "lists_snapshot": "other", "rules": (), "lists": (), "references": ()},
    "policy": {"owner": "Bo", "off_limits": frozenset(), "hard_stops": ()},
    "stop": {
        "id": "t",
        "signal": "mail.spf",
        "test": Operator.IS_NOT,
        "value": "none",
        "outcome": Outcome.REJECT,
        "text": "other",
        "owner": "Bo",
        "scopes": frozenset({Scope.SALES}),
    },
    "bands": {"tag": 1, "review": 1001, "reject": 3001},
    "certificate": {
        "precision_bound": 0.999,
        "labels": 601,
        "threshold": 3001,
        "scorecard_hash": "0" * 64,
        "expires_at": NOW,
        "issued_at": NOW,
        "wrong": 1,
        "coverage": 0.25,
        "fresh_labels": 20,
    },
    "card": {"id": "other", "owner": "Bo", "kind": "learned", "note": "x", "base": -1001},
    "seconds": {"cuts": (4,), "bins": (Bin(1, "fast"), Bin(-300, "slow")), "unknown": Bin(-1, "not known")},
    "rule": {
        "id": "q",
        "when": "mail.spf == 'none'",
        "text": "other",
        "owner": "Bo",
        "reason": "other",
        "points": 6,
        "expires_at": NOW,
        "daily_cap": 3,
        "examples": (),
        "deterministic": True,
        "signed_off_by": "Bo",
        "scopes": frozenset({Scope.SALES}),
    },
    "entry": {
        "id": "e2",
        "action": ListAction.ALLOW,
        "kind": ListKind.DEVICE,
        "value": "bea@acme.example",
        "owner": "Bo",
        "reason": "other",
        "scopes": frozenset({Scope.SALES}),
        "source": "import",
        "created_at": NOW,
        "expires_at": NOW,
    },
    "reference": {"name": "other", "version": "other", "date": "other"},
}


def but(thing: T, **fields: Any) -> T:
    """The same with some fields changed."""
    return replace(thing, **fields)  # type: ignore[type-var]  # every part of a ruleset is a dataclass


def with_card(card: Scorecard) -> Ruleset:
    return replace(FULL, scorecard=card)


def with_thresholds(**fields: Any) -> Ruleset:
    return replace(FULL, thresholds=but(FULL.thresholds, **fields))


CARD = FULL.scorecard
SECONDS, KIND = CARD.features
PAIR = PairTable("form.fill_seconds", "net.ip_class", ((0,) * 4,) * 3, "both")
PAIRED = but(CARD, caps={**CARD.caps, "pair": 100}, pairs=(PAIR,))

#: How a changed part gets into a ruleset.
WITH: dict[str, tuple[Any, Callable[[Any], Ruleset]]] = {
    "ruleset": (FULL, lambda laws: laws),
    "policy": (FULL.policy, lambda policy: but(FULL, policy=policy)),
    "stop": (STOP, lambda stop: but(FULL, policy=but(FULL.policy, hard_stops=(stop,)))),
    "bands": (FULL.thresholds.bands, lambda bands: with_thresholds(bands=bands)),
    "certificate": (FULL.thresholds.certificate, lambda proof: with_thresholds(certificate=proof)),
    "card": (CARD, with_card),
    "seconds": (SECONDS, lambda seconds: with_card(but(CARD, features=(seconds, KIND)))),
    "rule": (RULE, lambda rule: but(FULL, rules=(rule,))),
    "entry": (FULL.lists[0], lambda each: but(FULL, lists=(each,))),
    "reference": (FULL.references[0], lambda reference: but(FULL, references=(reference,))),
}
CHANGED = {
    **{
        f"{part}.{field}": put(but(thing, **{field: other}))
        for part, (thing, put) in WITH.items()
        for field, other in OTHER[part].items()
    },
    "bands.no reject": with_thresholds(bands=Bands(0, 1000)),
    "thresholds.no source": with_thresholds(by_source={}),
    "thresholds.other source": with_thresholds(by_source={"web": Bands(0, 2000)}),
    "thresholds.other bands": with_thresholds(by_source={"fair": Bands(0, 2001)}),
    "thresholds.blind share": with_thresholds(blind_share=0.04),
    "thresholds.no certificate": with_thresholds(certificate=None),
    "card.caps": with_card(but(CARD, caps={**CARD.caps, "form": 1999})),
    "card.order": with_card(but(CARD, features=(KIND, SECONDS))),
    "card.text": with_card(but(CARD, features=(but(SECONDS, bins=(Bin(2000, "quick"), SECONDS.bins[1])), KIND))),
    "card.why": with_card(but(CARD, features=(but(SECONDS, unknown=Bin(0, "not known", "none")), KIND))),
    "card.pair": with_card(PAIRED),
    "card.pair points": with_card(but(PAIRED, pairs=(but(PAIR, points=((5, 0, 0, 0), *PAIR.points[1:])),))),
    "card.pair text": with_card(but(PAIRED, pairs=(but(PAIR, text="other"),))),
    "rule.outcome": but(FULL, rules=(but(RULE, points=0, outcome=Outcome.TAG),)),
}


@pytest.mark.parametrize("what", CHANGED)
def test_any_change_gives_another_hash(what: str):
    assert CHANGED[what].hash != FULL.hash


def test_no_two_of_the_changes_share_a_hash():
    assert len({each.hash for each in CHANGED.values()}) == len(CHANGED)


def test_equal_rulesets_have_equal_hashes_however_they_were_written():
    there = timezone(timedelta(hours=5))
    same = [
        with_card(but(CARD, caps=dict(sorted(CARD.caps.items(), reverse=True)))),
        with_card(but(CARD, features=(but(SECONDS, cuts=(3.0,)), KIND))),
        with_thresholds(certificate=certificate(CARD, expires_at=(NOW + timedelta(days=30)).astimezone(there))),
    ]
    assert [each == FULL for each in same] == [True] * len(same)
    assert {each.hash for each in same} == {FULL.hash}


def test_the_hash_covers_the_versions_of_the_signals_it_reads():
    versions = {signal.name: signal.version for signal in FULL.plan.signals}
    assert set(versions) == {"form.fill_seconds", "net.ip_class", "mail.dmarc", "mail.spf"}
    assert FULL.hash == content_hash({**FULL.document, "signal_versions": versions})


def test_the_hash_of_the_scorecard_is_its_own():
    assert FULL.scorecard_hash == content_hash(scorecard_document(FULL.scorecard))
    assert replace(FULL, rules=()).scorecard_hash == FULL.scorecard_hash
    assert CHANGED["seconds.bins"].scorecard_hash != FULL.scorecard_hash


PROGRAM = """
from tests.support.cases import certified, starter
print(certified().hash, starter().hash)
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "2"},
    ],
)
def test_the_hash_is_the_same_in_any_surroundings(surroundings: dict[str, str]):
    environment = {**os.environ, **surroundings, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}  # noqa: TID251  # the surroundings are the test
    found = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [certified().hash, starter().hash]


def test_what_is_empty_is_not_written():
    document = ruleset_document(ruleset())
    assert set(document) == {"id", "policy", "thresholds", "scorecard"}
    assert document["policy"] == {"owner": "Mia"}


def test_new_editions_of_reference_data_are_another_ruleset():
    bound = ruleset().with_references(FULL.references)
    assert bound.references == FULL.references
    assert bound.hash != ruleset().hash
    assert bound.with_references(()).hash == ruleset().hash


def test_its_own_list_entries_are_indexed():
    assert [hit.id for hit in FULL.index.hits([(FULL.lists[0].kind, FULL.lists[0].value)])] == ["e1"]
    assert not ruleset().index


# ── What is refused because no decision under it would be safe ───────────────────────────────────


def card(base: int, **caps: int) -> Scorecard:
    return Scorecard("c", base, (NumericFeature("form.fill_seconds", (), (ZERO,), ZERO),), caps, "Mia")


LOWER_BASE = "lower scorecard.base or raise the tag threshold"
LOWER_CAP = "lower the family's cap or raise the reject threshold"


def bands(*general: int, **by_source: Bands) -> dict[str, object]:
    return {"thresholds": Thresholds(Bands(*general), by_source)}


#: fields of the ruleset, the place, what is wrong, how to mend it
UNSAFE = [
    (
        {"scorecard": card(0, form=10)},
        "thresholds",
        "a lead nothing is known about (0 points) would not be accepted (tag from 0)",
        LOWER_BASE,
    ),
    (
        bands(-1000, 1000),
        "thresholds",
        "a lead nothing is known about (-1000 points) would not be accepted (tag from -1000)",
        LOWER_BASE,
    ),
    (
        bands(0, 1000, fair=Bands(-2000, 0)),
        "thresholds.by_source.fair",
        "a lead nothing is known about (-1000 points) would not be accepted (tag from -2000)",
        LOWER_BASE,
    ),
    (
        {"scorecard": card(-1000, form=4000)},
        "thresholds",
        "evidence of family `form` alone could reach reject (-1000 + 4000 ≥ 3000)",
        LOWER_CAP,
    ),
    (
        {"scorecard": card(-1000, form=10, rule=5000)},
        "thresholds",
        "evidence of family `rule` alone could reach reject (-1000 + 5000 ≥ 3000)",
        LOWER_CAP,
    ),
    (
        bands(0, 1000, 3000, **{"": Bands(0, 500, 1000)}),
        "thresholds.by_source.",
        "evidence of family `form` alone could reach reject (-1000 + 2000 ≥ 1000)",
        LOWER_CAP,
    ),
    (
        bands(0, 1, 2, **{"": Bands(0, 1000)}),
        "thresholds",
        "evidence of family `form` alone could reach reject (-1000 + 2000 ≥ 2)",
        LOWER_CAP,
    ),
]


@pytest.mark.parametrize(("fields", "where", "what", "fix"), UNSAFE)
def test_an_unsafe_ruleset_cannot_be_made(fields: dict[str, object], where: str, what: str, fix: str):
    with pytest.raises(InvalidRulesetError) as caught:
        ruleset(**fields)
    assert str(caught.value) == f"{where}: {what}; {fix}"


def test_just_safe_is_safe():
    assert ruleset(scorecard=card(-1, form=3000)).scorecard.base == -1
    assert ruleset(scorecard=card(-1, form=9000), thresholds=Thresholds(Bands(0, 1000))).thresholds.bands.reject is None


@given(RULESETS)
def test_a_lead_nothing_is_known_about_is_accepted_under_any_ruleset(laws: Ruleset):
    bare = replace(laws, policy=Policy("Mia"))
    decision = decide(lead(source=None), facts(), bare)
    assert decision.outcome is Outcome.ACCEPT
    assert decision.score <= decision.base


def test_a_certified_ruleset_is_bound_to_its_scorecard():
    laws = certified()
    general = laws.thresholds.bands
    assert laws.thresholds.may_reject(general, laws.scorecard_hash, NOW)
    assert not laws.thresholds.may_reject(general, CHANGED["seconds.bins"].scorecard_hash, NOW)
