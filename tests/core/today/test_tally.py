"""What decisions, verdicts and reports add to."""

from collections import Counter
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.outcome import Outcome
from winnow.core.today.measures import COUNTED, Measure, Of, behind, share, with_sums
from winnow.core.today.tally import CLOSED, TOLD, came, closed, median_wait, told, wait_bin

ACCEPT, TAG, REVIEW, REJECT = Outcome
M = Measure


@pytest.mark.parametrize(
    ("outcome", "by", "shadow", "adds"),
    [
        (ACCEPT, "score", False, {M.LEADS, M.ACCEPTED}),
        (TAG, "rule:x", False, {M.LEADS, M.TAGGED}),
        (REVIEW, "score", False, {M.LEADS, M.REVIEWED}),
        (REJECT, "score", False, {M.LEADS, M.REJECTED, M.BY_MACHINE}),
        (REJECT, "rule:too:fast", False, {M.LEADS, M.REJECTED, M.BY_MACHINE}),
        (REJECT, "list:le_1", False, {M.LEADS, M.REJECTED}),
        (REJECT, "override", False, {M.LEADS, M.REJECTED}),
        (REJECT, "score", True, {M.IN_SHADOW}),
    ],
)
def test_a_decision(outcome, by, shadow, adds):
    assert set(came(outcome, by, shadow=shadow)) == adds


@pytest.mark.parametrize(
    ("asked", "said", "label", "followed", "adds"),
    [
        (REVIEW, ACCEPT, "genuine", True, {M.DECIDED}),
        (REVIEW, ACCEPT, "genuine", False, {M.DECIDED, M.OTHERWISE}),
        (REVIEW, REJECT, "junk", True, {M.DECIDED, M.JUNKED}),
        (REVIEW, REJECT, "genuine", True, {M.DECIDED}),
        (REVIEW, REJECT, None, False, {M.DECIDED, M.OTHERWISE}),
        (REJECT, ACCEPT, "genuine", False, {M.RELEASED}),
        (REJECT, TAG, "genuine", False, {M.RELEASED}),
    ],
)
def test_a_verdict_of_a_reviewer(asked, said, label, followed, adds):
    assert set(closed(asked, said, label, followed=followed)) == adds <= set(CLOSED)


@pytest.mark.parametrize(
    ("decided", "verdict", "adds"),
    [
        (ACCEPT, "junk", {M.TOLD, M.TOLD_JUNK, M.MISSED}),
        (TAG, "junk", {M.TOLD, M.TOLD_JUNK, M.MISSED}),
        (REVIEW, "junk", {M.TOLD, M.TOLD_JUNK}),
        (REJECT, "junk", {M.TOLD, M.TOLD_JUNK}),
        (REJECT, "genuine", {M.TOLD, M.GOOD}),
        (REJECT, "lost", {M.TOLD, M.GOOD}),
        (ACCEPT, "converted", {M.TOLD}),
    ],
)
def test_a_report(decided, verdict, adds):
    assert set(told(decided, verdict, withdrawn=False)) == adds <= set(TOLD)
    assert set(told(decided, verdict, withdrawn=True)) == {M.WITHDRAWN} <= set(TOLD)


@given(st.lists(st.floats(0, 10_000_000), min_size=1))
def test_the_median_is_found_to_a_twentieth(seconds):
    found = median_wait(Counter(map(wait_bin, seconds)))
    assert found == pytest.approx(median_low(seconds), rel=0.05, abs=0.1)


def test_without_times_there_is_no_median():
    assert median_wait({}) is None
    assert wait_bin(-5.0) == wait_bin(0.0) == 0


def test_a_share_is_a_part_of_what_it_belongs_to():
    numbers = with_sums({M.LEADS: 10, M.REJECTED: 2, M.JUNKED: 3, M.DECIDED: 4, M.OTHERWISE: 1})
    assert numbers[M.STOPPED] == 5
    assert (share(M.STOPPED, numbers), share(M.OTHERWISE, numbers)) == (0.5, 0.25)
    assert (share(M.LEADS, numbers), share(M.MISSED, numbers), share(M.TAGGED, numbers)) == (None, None, 0)


def test_every_number_says_where_its_leads_are():
    """All but what was taken back; and a sum where those of its parts are."""
    assert [measure for measure in Measure if not behind(measure)] == [M.WITHDRAWN]
    assert behind(M.STOPPED) == behind(M.REJECTED) + behind(M.JUNKED)
    assert {of.of for measure in CLOSED for of in behind(measure)} == {Of.CASES}
    assert {of.of for measure in TOLD for of in behind(measure)} == {Of.FEEDBACK}
    assert set(Measure) - set(COUNTED) == {M.STOPPED}
