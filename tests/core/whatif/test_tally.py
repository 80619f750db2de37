"""Buckets, loads and groups out of counted moves."""

import pytest

from winnow.core.outcome import Outcome
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import GroupLine, Load, Move, Tally, buckets, group_lines, load

ACCEPT, TAG, REVIEW, REJECT = Outcome
UNKNOWN, JUNK, GENUINE, CONVERTED, LOST = Truth

COUNTS = {
    Move(ACCEPT, ACCEPT, GENUINE): 50,
    Move(ACCEPT, REVIEW, CONVERTED): 3,
    Move(TAG, REJECT, LOST): 2,
    Move(ACCEPT, REVIEW, JUNK): 7,
    Move(REVIEW, REJECT, JUNK): 11,
    Move(REJECT, TAG, JUNK): 1,
    Move(REVIEW, ACCEPT, CONVERTED): 4,
    Move(ACCEPT, REVIEW, UNKNOWN): 5,
    Move(REVIEW, ACCEPT, UNKNOWN): 6,
    Move(ACCEPT, TAG, JUNK): 9,
}
REFS = {Move(ACCEPT, REVIEW, CONVERTED): ("1", "2", "3"), Move(TAG, REJECT, LOST): ("9",)}
TALLY = Tally(COUNTS, REFS, [1, 2], [3, 4])


def test_sums():
    assert (TALLY.total, TALLY.changed, TALLY.labelled) == (98, 48, 87)
    assert TALLY.matrix[ACCEPT, REVIEW] == 15
    assert TALLY.matrix[REJECT, REJECT] == 0


def test_four_buckets_and_those_nobody_judged_with_the_leads_behind_them():
    found = {each.name: (each.count, each.rejected, each.converted) for each in buckets(TALLY)}
    assert found == {
        "real_stopped": (5, 2, 3),
        "junk_stopped": (7, 0, 0),
        "junk_passed": (1, 1, 0),
        "real_passed": (4, 0, 4),
        "unknown_stopped": (5, 0, 0),
        "unknown_passed": (6, 0, 0),
    }
    assert buckets(TALLY)[0].refs == ("1", "2", "3", "9")
    assert buckets(TALLY)[1].refs == ()


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], Load(0.0, 0, 0)),
        ([4], Load(4.0, 4, 4)),
        ([0] * 19 + [40], Load(2.0, 0, 40)),
        ([0] * 18 + [5, 40], Load(2.25, 5, 40)),
    ],
)
def test_the_load_of_days(days, found):
    assert load(days) == found


def test_groups_come_the_largest_first():
    few, many = {Move(REVIEW, ACCEPT, CONVERTED): 2}, {Move(ACCEPT, REJECT, LOST): 5, Move(TAG, TAG, JUNK): 1}
    assert group_lines({None: few, "web": many, "ads": few}) == (
        GroupLine("web", 6, 0, 5, 5, 0, 5),
        GroupLine(None, 2, 2, 0, 2, 2, 0),
        GroupLine("ads", 2, 2, 0, 2, 2, 0),
    )
