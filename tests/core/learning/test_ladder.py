"""Nothing does more than its rung allows, and nothing climbs without evidence and a second person."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import FACTS, LEADS, NOW, certified, ruleset, scored, small_card
from tests.support.rulesets import RULESETS
from winnow.core.decide import decide
from winnow.core.learning.ladder import (
    NEEDS,
    Evidence,
    Rung,
    Standing,
    after_incident,
    held,
    held_to,
    missing,
    rung_of_card,
    rungs_of,
    subject_of_card,
    subject_of_rule,
)
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.thresholds import Bands, Thresholds

ALL_BANDS = list(Outcome)
BLOCKS = Rule("blocks", "mail.spf == 'fail'", "text", "Mia", "why", outcome=Outcome.REVIEW)
POINTS = Rule("points", "mail.spf == 'fail'", "text", "Mia", "why", points=900)
ENOUGH = Evidence(40, 5_000, 900, 0.996, 5_000, certified=True, signed_by="Bo")


def test_rungs_are_ordered_and_allow_one_outcome_more_each():
    assert [each.outcome for each in Rung] == ALL_BANDS
    assert [each.above for each in Rung] == [Rung.TAG, Rung.REVIEW, Rung.REJECT, None]
    assert [after_incident(each) for each in Rung] == [Rung.SHADOW, Rung.SHADOW, Rung.SHADOW, Rung.REVIEW]


@pytest.mark.parametrize("rung", Rung)
@pytest.mark.parametrize("band", Outcome)
def test_the_score_does_no_more_than_the_rung(rung, band):
    someone, known = scored(band, is_customer=False)
    free, kept = decide(someone, known, certified()), decide(someone, known, held_to(certified(), rung))
    assert free.outcome is band
    assert kept.outcome is min(band, rung.outcome)
    assert kept.score == free.score
    assert kept.threshold_band is min(band, rung.outcome)


@given(RULESETS, LEADS, FACTS, st.sampled_from(Rung))
def test_no_score_of_any_scorecard_gets_past_its_rung(any_ruleset, someone, known, rung):
    kept = held_to(any_ruleset, rung)
    free, after = decide(someone, known, any_ruleset), decide(someone, known, kept)
    assert after.threshold_band is min(free.threshold_band, rung.outcome)
    assert after.score == free.score
    assert after.outcome <= free.outcome


def test_a_ruleset_within_its_rung_is_the_same_with_the_same_hash():
    for rung in Rung:
        kept = held_to(ruleset(), rung)
        assert held_to(kept, rung) is kept
        assert kept.scorecard_hash == ruleset().scorecard_hash
    assert held_to(ruleset(), Rung.REJECT).hash == ruleset().hash


def test_bands_of_single_sources_are_held_too():
    both = Thresholds(Bands(0, 1000, 3000), {"ads": Bands(-500, 0, 3000)})
    kept = held_to(ruleset(thresholds=both), Rung.TAG).thresholds
    assert (kept.by_source["ads"].tag, kept.by_source["ads"].reject) == (-500, None)
    assert kept.by_source["ads"].band(10**6) is Outcome.REVIEW  # no score gets there: base and caps end before
    assert kept.by_source["ads"].band(-1000 + sum(small_card().caps.values())) is Outcome.TAG


@pytest.mark.parametrize(
    ("rung", "rules"),
    [
        (Rung.SHADOW, [POINTS]),
        (Rung.TAG, [replace(BLOCKS, outcome=Outcome.TAG), POINTS]),
        (Rung.REVIEW, [BLOCKS, POINTS]),
        (Rung.REJECT, [BLOCKS, POINTS]),
    ],
)
def test_a_rule_asks_for_no_more_than_its_rung(rung, rules):
    both = ruleset(rules=(BLOCKS, POINTS))
    assert list(held_to(both, Rung.REJECT, {"blocks": rung}).rules) == rules
    standing = {subject_of_rule(BLOCKS): rung}
    assert list(held(both, standing, Rung.REJECT).rules) == rules


def test_a_rule_of_points_is_left_out_in_shadow_and_whole_above():
    both = ruleset(rules=(BLOCKS, POINTS))
    assert held_to(both, Rung.REJECT, {"points": Rung.SHADOW}).rules == (BLOCKS,)
    assert held_to(both, Rung.REJECT, {"points": Rung.TAG}) is both


def test_a_learned_scorecard_begins_in_shadow_and_a_changed_one_begins_anew():
    learned = ruleset(scorecard=replace(small_card(), kind="learned"))
    rungs = {subject_of_card(learned): Rung.REVIEW}
    assert rung_of_card(learned, {}) is Rung.SHADOW
    assert rung_of_card(learned, rungs) is Rung.REVIEW
    assert rung_of_card(ruleset(scorecard=replace(learned.scorecard, base=-1001)), rungs) is Rung.SHADOW
    assert rung_of_card(ruleset(), {}) is Rung.REJECT
    assert rung_of_card(ruleset(), {subject_of_card(ruleset()): Rung.TAG}) is Rung.TAG
    assert subject_of_rule(BLOCKS) != subject_of_rule(replace(BLOCKS, outcome=Outcome.TAG))


def test_where_something_stands_is_known_by_its_subject():
    assert rungs_of([Standing("a", Rung.TAG, NOW, "Mia", "x"), Standing("b", Rung.SHADOW, NOW, "Bo", "y")]) == {
        "a": Rung.TAG,
        "b": Rung.SHADOW,
    }
    assert datetime(2026, 1, 1, tzinfo=UTC) < NOW


@pytest.mark.parametrize("rung", [Rung.TAG, Rung.REVIEW, Rung.REJECT])
def test_each_step_takes_all_its_evidence(rung):
    needs = NEEDS[rung]
    just = Evidence(needs.days, needs.leads, needs.labels, needs.precision, needs.leads, 0, True, "Bo")
    assert missing(rung, just) == ()
    for lacking, words in (
        ({"days": needs.days - 0.1}, "days on live traffic"),
        ({"leads": needs.leads - 1}, "leads decided in shadow"),
        ({"labels": needs.labels - 1}, f"labels of leads it would {rung} or worse"),
        ({"precision": needs.precision - 0.01}, "proven junk"),
        ({"read_leads": needs.leads - 1}, "difference report"),
        ({"incidents": 1}, "incidents are open"),
        ({"signed_by": None}, "nobody has signed"),
    ):
        (found,) = missing(rung, replace(just, **lacking))
        assert words in found


def test_only_to_reject_takes_a_certificate():
    assert missing(Rung.REVIEW, replace(ENOUGH, certified=False)) == ()
    assert missing(Rung.REJECT, replace(ENOUGH, certified=False)) == ("no certificate lets it reject by score",)
    assert len(missing(Rung.REJECT, Evidence(0, 0, 0, 0.0, incidents=2))) == 8
