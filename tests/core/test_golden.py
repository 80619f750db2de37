"""The golden leads are decided as ever, to the byte, on any machine; and the codes of their reasons are documented."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings

from scripts.write_docs import PAGES
from tests.support.cases import FACTS, LEADS, starter
from tests.support.golden import FILE, cases, corpus, decided
from tests.support.project import ROOT
from tests.support.rulesets import RULESETS
from winnow.core.decide import decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.reasons import FAMILIES, REASON_KINDS, ReasonKind
from winnow.core.ruleset import Ruleset
from winnow.core.signals.registry import BY_NAME, SIGNALS

DECIDED = list(decided())


def test_golden_leads_are_decided_as_ever():
    before = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    after = [json.loads(line) for line in corpus().decode().splitlines()]
    changed = {
        new["case"]: (old["decision"], new["decision"]) for old, new in zip(before, after, strict=True) if old != new
    }
    assert changed == {}, "meant so? then run `make golden`, and read what changed in tests/golden/decisions.jsonl"
    assert corpus() == FILE.read_bytes()


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "2"},
    ],
)
def test_golden_leads_are_decided_alike_in_any_surroundings(surroundings):
    environment = {**os.environ, **surroundings, "PYTHONPATH": str(ROOT / "src")}  # noqa: TID251  # they are the test
    command = [sys.executable, "-m", "tests.support.golden", "--print"]
    printed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert printed.stdout == FILE.read_bytes()


# ── The corpus covers what can happen ────────────────────────────────────────────────────────────


def test_names_of_golden_leads_are_unique():
    assert [name for name, count in Counter(case.name for case in cases()).items() if count > 1] == []


def test_the_corpus_has_every_outcome_and_everything_that_decides():
    assert {found.outcome for _, found in DECIDED} == set(Outcome)
    tiers = {found.decided_by.partition(":")[0] for _, found in DECIDED}
    assert tiers == {"policy", "customer", "override", "list", "rule", "score", "system"}


def test_the_corpus_falls_into_nearly_every_bin_of_the_starter():
    features = starter().scorecard.features
    seen = [
        set(codes) for codes in zip(*(found.codes for case, found in DECIDED if case.ruleset == "starter"), strict=True)
    ]
    missed = {
        f"{feature.signal}: {each.text}"
        for feature, codes in zip(features, seen, strict=True)
        for code, each in enumerate(feature.bins)
        if code not in codes
    }
    assert len(missed) <= sum(len(feature.bins) for feature in features) // 10, missed


# ── Every reason is documented ───────────────────────────────────────────────────────────────────


def kinds_of(code: str) -> list[str]:
    """What documents a code."""
    return [kind.code for kind in REASON_KINDS if kind.covers(code)] + [code] * (code in BY_NAME)


def test_every_code_of_the_corpus_is_documented_and_every_kind_occurs():
    codes = {reason.code for _, found in DECIDED for reason in found.reasons}
    assert {code for code in codes if not kinds_of(code)} == set()
    assert {kind for code in codes for kind in kinds_of(code)} >= {kind.code for kind in REASON_KINDS}


@settings(max_examples=40)
@given(LEADS, FACTS, RULESETS)
def test_no_ruleset_gives_a_code_or_family_that_is_not_documented(someone: Lead, known: Facts, laws: Ruleset):
    voices = {"policy", "customer", "override", "list", "system"}
    for reason in decide(someone, known, laws).reasons:
        assert kinds_of(reason.code)
        assert reason.family in {*FAMILIES, *voices}


def test_the_families_of_all_signals_are_described():
    assert {signal.family for signal in SIGNALS} | {"pair", "rule"} == set(FAMILIES)


@pytest.mark.parametrize(
    ("kind", "code", "covered"),
    [
        ("rule.ID", "rule.r1", True),
        ("rule.ID", "rule.", False),
        ("rule.ID", "rules.r1", False),
        ("policy.ID", "policy.a b\nc", True),
        ("cap.FAMILY", "cap.form", True),
        ("SIGNAL*SIGNAL", "form.a*net.b", True),
        ("SIGNAL*SIGNAL", "form.a", False),
        ("customer.known", "customer.known", True),
        ("customer.known", "customerxknown", False),
    ],
)
def test_a_kind_covers_the_codes_that_are_written_like_it(kind, code, covered):
    assert ReasonKind(kind, "", "").covers(code) is covered


@pytest.mark.parametrize("page", PAGES)
def test_a_page_made_from_the_code_is_current(page):
    assert (ROOT / page).read_text(encoding="utf-8") == PAGES[page], "run `make docs`"


def test_the_pages_name_every_signal_and_every_kind_of_reason():
    signals, reasons = PAGES["docs/signals.md"], PAGES["docs/reasons.md"]
    assert [name for name in BY_NAME if f"| `{name}` v" not in signals] == []
    assert [name for name in [*BY_NAME, *(kind.code for kind in REASON_KINDS)] if f"| `{name}` |" not in reasons] == []
    assert f"There are {len(SIGNALS)}." in signals
