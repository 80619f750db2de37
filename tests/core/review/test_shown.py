"""Nobody who decides a case may tell from any number that it would have been rejected."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import NOW, certificate, certified, ruleset, scored, small_card
from winnow.core.decide import decide
from winnow.core.document import decision_document
from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.review.shown import (
    NUMBERS,
    Strength,
    rejects_alone,
    strengths,
    towards,
    without_lot,
    without_numbers,
)
from winnow.core.rules import Rule, RuleExample
from winnow.core.thresholds import Bands, Thresholds, drawn

LATER = NOW + timedelta(days=31)


def rule(outcome):
    examples = (RuleExample({"form.fill_seconds": 1.0}, fires=True), RuleExample({}, fires=False))
    return Rule(
        "fast",
        "form.fill_seconds < 2.0",
        text="fast",
        owner="Mia",
        reason="bots",
        outcome=outcome,
        deterministic=True,
        signed_off_by="Ann",
        examples=examples,
    )


RULESETS = {
    "not certified": (ruleset(), NOW, False),
    "certified": (certified(), NOW, True),
    "certificate over": (certified(), LATER, False),
    "no reject band": (ruleset(thresholds=Thresholds(Bands(0, 1000))), NOW, False),
    "a rule that rejects": (ruleset(rules=(rule(Outcome.REJECT),)), NOW, True),
    "a rule that asks": (ruleset(rules=(rule(Outcome.REVIEW),)), NOW, False),
    "a rule, and nothing is drawn": (
        ruleset(thresholds=Thresholds(Bands(0, 1000)), rules=(rule(Outcome.REJECT),)),
        NOW,
        False,
    ),
    "of one source": (
        ruleset(
            thresholds=Thresholds(Bands(0, 1000), {"web": Bands(0, 1000, 3000)}, certificate=certificate(small_card()))
        ),
        NOW,
        True,
    ),
}


@pytest.mark.parametrize("name", RULESETS)
def test_whether_anything_is_drawn_is_known_from_ruleset_and_time(name):
    laws, now, expected = RULESETS[name]
    assert rejects_alone(laws, now) is expected


def test_steps_are_those_beside_the_strongest():
    assert strengths([900, -600, 599, -300, 299, 0]) == ("strong", "strong", "medium", "medium", "weak", None)
    assert strengths([]) == strengths([0])[1:] == ()
    assert [towards(each) for each in (1, -1, 0)] == ["junk", "genuine", None]


def one_drawn():
    """A decision that a lot has taken from a rejection, and the very same under a ruleset that asks a person."""
    laws = certified()
    lead, facts = scored(Outcome.REJECT)
    ids = (f"lead-{number}" for number in range(1_000))
    chosen = next(each for each in ids if drawn(each, laws.scorecard_hash, laws.thresholds.sampled_share))
    asks = replace(laws, thresholds=Thresholds(Bands(0, 1000, 4500), certificate=laws.thresholds.certificate))
    return decide(replace(lead, id=chosen), facts, laws), decide(replace(lead, id=chosen), facts, asks)


def test_one_that_was_drawn_looks_like_one_that_was_not():
    decisions = one_drawn()
    assert BLIND_SAMPLE in [each.code for each in decisions[0].reasons]
    taken, ordinary = map(decision_document, decisions)
    assert taken["threshold_band"] == "reject"
    assert without_lot(taken)["reasons"] == ordinary["reasons"]
    shown = without_numbers(taken)
    same = {"ruleset": None}
    assert {**shown, **same} == {**without_numbers(ordinary), **same}
    assert [shown[name] for name in NUMBERS] == [None] * len(NUMBERS)


def numbers_in(document):
    if isinstance(document, dict):
        return [found for each in document.values() for found in numbers_in(each)]
    if isinstance(document, list):
        return [found for each in document for found in numbers_in(each)]
    return [document] if isinstance(document, int | float) and not isinstance(document, bool) else []


POINTS = st.lists(st.integers(-5000, 5000), max_size=8)


@given(POINTS, st.randoms())
def test_no_number_is_left_and_scaling_all_points_changes_nothing(points, chance):
    """Equal steps for all points times five: what is shown cannot tell a score."""
    base = decision_document(one_drawn()[0])

    def shown(factor, order):
        reasons = [
            {"code": f"a.b{place}", "family": "form", "points": each * factor, "text": "t", "source": "scorecard"}
            for place, each in enumerate(points)
        ]
        if order:
            chance.shuffle(reasons)
        return without_numbers({**base, "reasons": reasons})

    assert shown(1, order=False) == shown(5, order=True)
    assert numbers_in(shown(1, order=False)) == []
    assert json.dumps(shown(1, order=False))
    kinds = {each["strength"] for each in shown(1, order=False)["reasons"]}
    assert kinds <= {None, *Strength}
    assert any(points) == (Strength.STRONG in kinds)
