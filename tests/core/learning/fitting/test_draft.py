from dataclasses import replace

import pytest

from tests.support.cases import NOW, starter
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.fitting.draft import bands_for, draft_ruleset, rule_caps
from winnow.core.scorecard import Bin, NumericFeature, Scorecard
from winnow.core.thresholds import Bands, Certificate, Thresholds

UNKNOWN = Bin(0, "not known")


def card(base: int = -1000, *signals: str) -> Scorecard:
    features = tuple(NumericFeature(name, (1.0,), (Bin(0, "few"), Bin(500, "many")), UNKNOWN) for name in signals)
    caps = {name.partition(".")[0]: 500 for name in signals} | {"rule": 900}
    return Scorecard("learned-1", base, features, caps, "Bo", "learned")


@pytest.mark.parametrize(
    ("base", "scores", "bands"),
    [
        (-1000, range(100), Bands(74, 89)),
        (80, range(100), Bands(81, 89)),  # a lead nothing is known about is accepted
        (200, range(100), Bands(201, 201)),
        (-1000, [], Bands(-999, -999)),
        (-1000, [5], Bands(5, 5)),
    ],
)
def test_the_likeliest_tenth_is_queued_and_the_likeliest_quarter_tagged(base, scores, bands):
    assert bands_for(card(base), list(scores)) == bands
    assert bands.reject is None


def test_a_draft_keeps_policy_and_rules_and_drops_what_belonged_to_the_scorecard_before():
    base = starter()
    certificate = Certificate(0.995, 500, 3000, base.scorecard_hash, NOW)
    old = DeclaredSignal("old.value", "custom.old", Reading.NUMBER, "old")
    thresholds = Thresholds(base.thresholds.bands, {"web": base.thresholds.bands}, certificate)
    base = replace(base, thresholds=thresholds, signals=(old,), lists_snapshot="abc")
    declared = [
        replace(old, label="changed"),
        DeclaredSignal("visits.value", "custom.visits", Reading.NUMBER, "visits"),
        DeclaredSignal("idle.value", "custom.idle", Reading.NUMBER, "idle"),
    ]
    draft = draft_ruleset(base, card(-1000, "visits.value"), declared, Bands(0, 500), "a draft")
    assert (draft.policy, draft.rules, draft.lists) == (base.policy, base.rules, base.lists)
    assert draft.thresholds == replace(base.thresholds, bands=Bands(0, 500), by_source={}, certificate=None)
    assert [each.label for each in draft.signals] == ["old", "visits"]
    assert (draft.id, draft.note, draft.lists_snapshot, draft.references) == ("learned-1", "a draft", "", ())


def test_rules_with_points_need_their_caps():
    base = starter()
    pointed = replace(base.rules[0], id="pointed", points=300, outcome=None, family="text")
    caps = rule_caps(replace(base, rules=(pointed, replace(base.rules[0], points=0))))
    assert caps == {"text": base.scorecard.caps["text"]}
