"""Who judges unlike the others is named, and nobody else."""

import pytest

from winnow.core.learning.feedback.outliers import ALARM, Outlier, examined
from winnow.core.learning.feedback.vouched import ENOUGH, NOBODY, Tally, Vouched, splits_of
from winnow.demo.dice import Dice

RATES = {"web": 0.1, "fair": 0.3, "ads": 0.6}


def honest(count, *, seed, authors=("ana", "bo", "cy", "di")):
    lots = Dice(seed)
    segments = [lots.pick(list(RATES)) for _ in range(count)]
    return [Vouched(lots.random() < RATES[each], lots.pick(authors), each, each) for each in segments]


def said(author, segment, junk, genuine):
    return [Vouched(True, author, segment, segment)] * junk + [Vouched(False, author, segment, segment)] * genuine


def test_a_flood_in_one_segment_is_named_and_those_who_judge_it_honestly_are_not():
    labels = honest(1_500, seed=1) + said("eve", "web", 60, 2) + said("eve", "ads", 6, 4)
    found = examined(labels)
    (eve,) = found.outliers
    assert (eve.author, eve.segment, eve.labels, eve.junk) == ("eve", "web", 62, 60)
    assert eve.others == sum(label.segment == "web" and label.author != "eve" for label in labels)
    assert eve.expected == pytest.approx(62 * eve.others_junk / eve.others)
    assert eve.chance < 1e-20
    assert found.names == {"eve"}
    assert (found.tested, found.untested) == (("ana", "bo", "cy", "di", "eve"), ())


def test_a_flood_so_large_that_nobody_has_a_chance_left_names_who_floods():
    """All chances are 0 then, of the flood and of those who are compared with it."""
    labels = [each for author in ("ana", "bo", "cy") for each in said(author, "fair", 24, 700)]
    found = examined(labels + said("eve", "fair", 2_400, 60))
    assert found.names == {"eve"}


def test_two_who_differ_are_both_named_worst_first():
    labels = honest(1_500, seed=2) + said("eve", "web", 80, 0) + said("mal", "ads", 0, 25)
    assert [each.author for each in examined(labels).outliers] == ["eve", "mal"]


def test_somebody_a_little_off_everywhere_is_named_over_all_segments():
    labels = honest(6_000, seed=3)
    for segment, rate in RATES.items():
        labels += said("eve", segment, round(80 * (rate + 0.13)), 80 - round(80 * (rate + 0.13)))
    (eve,) = examined(labels).outliers
    assert (eve.author, eve.segment, eve.labels) == ("eve", None, 240)
    assert eve.expected == pytest.approx(80, abs=4)


def test_a_late_labeller_of_bad_segments_only_is_no_outlier():
    labels = honest(3_000, seed=4) + said("night-shift", "ads", 120, 80)
    assert examined(labels).names == frozenset()


@pytest.mark.parametrize(
    ("labels", "untested"),
    [
        (said("ana", "web", 50, 0) + said("bo", "web", 0, 50), ("ana", "bo")),  # one word against another
        (said("ana", "web", 50, 0) + said("bo", "ads", 5, 50) + said("cy", "ads", 5, 50), ("ana",)),
        (said("ana", "web", 50, 0) + said(NOBODY, "web", 5, ENOUGH - 6), ("ana",)),
        ([], ()),
    ],
)
def test_whom_nobody_can_be_compared_with_is_not_cleared(labels, untested):
    found = examined(labels)
    assert found.untested == untested
    assert not found.names & set(untested)


def test_a_systems_record_is_enough_to_compare_with_and_never_named():
    labels = said("ana", "web", 50, 0) + said(NOBODY, "web", 5, ENOUGH)
    assert examined(labels).names == {"ana"}


def test_honest_people_are_hardly_ever_named():
    alarms = sum(bool(examined(honest(600, seed=seed)).outliers) for seed in range(100))
    assert alarms <= 100 * ALARM + 3


def test_others_who_are_left_out_say_nothing():
    tally = Tally(said("ana", "web", 1, 1) + said("bo", "web", 20, 20) + said("cy", "web", 3, 30))
    assert tally.split("ana", "web").others == 73
    tally.left_out = frozenset({"bo"})
    assert splits_of(tally, "ana")["web"].others_junk == 3


def test_an_outlier_reads_well():
    assert Outlier("eve", "web", 10, 10, 100, 10, 0.001).expected == 1.0
