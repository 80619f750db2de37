"""How often rejecting is wrong, from the leads that a lot spared."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.support.cases import certified, entry, scored
from winnow.core.decide import decide
from winnow.core.learning.figures.bounds import lower_bound, upper_bound
from winnow.core.learning.proof.blind import LEAST_LABELLED, Released, false_reject_rate, released, sampled
from winnow.core.learning.reading.labels import Verdict
from winnow.core.outcome import Outcome, Scope
from winnow.core.thresholds import drawn
from winnow.errors import InvalidInputError

LAWS = certified()
SOMEONE, KNOWN = scored(Outcome.REJECT)


def sample(genuine: int, junk: int, unknown: int = 0, share: float = 0.03) -> list[Released]:
    return [Released(share, True)] * genuine + [Released(share, False)] * junk + [Released(share, None)] * unknown


def test_the_rate_has_the_exact_bounds_of_a_proportion() -> None:
    found = false_reject_rate(sample(2, 98, 10))
    assert (found.labelled, found.unlabelled) == (100, 10)
    assert found.rate == pytest.approx(0.02)
    assert [found.low, found.high] == pytest.approx([lower_bound(2, 100, 0.025), upper_bound(2, 100, 0.025)])
    assert found.rejections == pytest.approx(110 / 0.03)
    assert found.wrongly == pytest.approx(0.02 * 110 / 0.03)


@pytest.mark.parametrize(
    ("released", "low", "high"),
    [(sample(0, 100), 0.0, 0.0362), (sample(100, 0), 0.9638, 1.0), (sample(1, 0), 0.025, 1.0)],
)
def test_none_or_all_wrong_still_leaves_doubt(released: Sequence[Released], low: float, high: float) -> None:
    found = false_reject_rate(released)
    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize("released", [[], sample(0, 0, 5)])
def test_without_labels_nothing_is_claimed(released: list[Released]) -> None:
    found = false_reject_rate(released)
    assert (found.rate, found.low, found.high, found.labelled, found.wrongly) == (None, 0.0, 1.0, 0, None)
    assert found.unlabelled == len(released)


def test_something_is_said_once_no_genuine_lead_leaves_under_ten_in_a_hundred() -> None:
    few = false_reject_rate(sample(0, LEAST_LABELLED - 1, 400))
    enough = false_reject_rate(sample(0, LEAST_LABELLED))
    assert (few.missing, enough.missing) == (1, 0)
    assert enough.high < 0.1 < few.high
    assert false_reject_rate([]).missing == LEAST_LABELLED


def test_leads_drawn_with_a_smaller_share_stand_for_more() -> None:
    found = false_reject_rate([*sample(0, 40, share=0.05), *sample(10, 10, share=0.02)])
    assert found.rejections == pytest.approx(40 / 0.05 + 20 / 0.02)
    assert found.rate == pytest.approx((10 / 0.02) / found.rejections)
    alike = false_reject_rate(sample(10, 50))
    assert found.high - found.low > alike.high - alike.low  # unequal weights tell less


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(InvalidInputError):
        false_reject_rate([Released(share, True)])


def test_the_sample_is_found_among_decisions() -> None:
    ids = [f"lead-{number}" for number in range(400)]
    decisions = [decide(replace(SOMEONE, id=each), KNOWN, LAWS) for each in ids]
    spared = [each for each in ids if drawn(each, LAWS.scorecard_hash, 0.03)]
    assert [decision.lead_id for decision in decisions if sampled(decision)] == spared
    found = [released(decision, None, 0.03) for decision in decisions]
    assert [each for each in found if each] == [Released(0.03, None)] * len(spared)


@pytest.mark.parametrize(
    ("verdict", "genuine"),
    [
        (Verdict.JUNK, False),
        (Verdict.LOST, True),
        (Verdict.CONVERTED, True),
        (Verdict.GENUINE, True),
        (None, None),
    ],
)
def test_a_verdict_says_whether_rejecting_would_have_been_wrong(verdict: Verdict | None, genuine: bool | None) -> None:
    lucky = decide(replace(SOMEONE, id="lead-37"), KNOWN, LAWS)
    assert released(lucky, verdict, 0.05) == Released(0.05, genuine)


def test_what_only_ran_in_shadow_or_was_rejected_for_sales_anyway_does_not_count() -> None:
    lucky = replace(SOMEONE, id="lead-37")
    assert sampled(decide(lucky, KNOWN, LAWS))
    assert released(decide(lucky, KNOWN, LAWS, shadow=True), Verdict.JUNK, 0.03) is None
    assert released(decide(SOMEONE, KNOWN, LAWS), Verdict.JUNK, 0.03) is None
    blocked = replace(KNOWN, list_hits=(entry(scopes=frozenset({Scope.SALES})),))
    assert not sampled(decide(lucky, blocked, LAWS))


def test_the_estimate_comes_near_the_truth() -> None:
    """20,000 leads that would be rejected, one in ten of them genuine: the sample says so, within its bounds."""
    released = [
        Released(0.05, number % 10 == 0)
        for number in range(20_000)
        if drawn(f"lead-{number}", LAWS.scorecard_hash, 0.05)
    ]
    found = false_reject_rate(released)
    assert found.low < 0.1 < found.high
    assert found.high - found.low < 0.05
    assert found.rejections == pytest.approx(20_000, rel=0.1)
