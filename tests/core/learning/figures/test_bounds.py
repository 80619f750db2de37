"""Exact bounds against what is known about them, and proof by simulation that a search for thresholds keeps them."""

from hashlib import sha256
from math import comb, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.core.learning.figures.bounds import (
    Count,
    beta_share,
    chance_of,
    counted,
    effective,
    falling,
    labels_needed,
    lower_bound,
    next_risk,
    proven,
    proves,
    rungs,
    starts,
    upper_bound,
)

COUNTS = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("wrong", "total", "least"),
    [(0, 299, 0.99), (1, 473, 0.99), (2, 628, 0.99), (0, 598, 0.995), (0, 59, 0.95), (0, 29, 0.9)],
)
def test_so_many_labels_are_needed_and_not_one_fewer(wrong: int, total: int, least: float) -> None:
    assert lower_bound(total - wrong, total) >= least
    assert proves(total - wrong, total, least)
    assert lower_bound(total - wrong - 1, total - 1) < least
    assert not proves(total - wrong - 1, total - 1, least)


@pytest.mark.parametrize(
    ("right", "total", "risk", "low", "high"),
    [  # two-sided 95 %: the tables of Clopper and Pearson
        (1, 10, 0.025, 0.00253, 0.44502),
        (5, 10, 0.025, 0.18709, 0.81291),
        (10, 10, 0.025, 0.69150, 1.0),
        (0, 10, 0.025, 0.0, 0.30850),
        (81, 263, 0.025, 0.2527, 0.3676),
    ],
)
def test_bounds_are_those_of_the_tables(right: int, total: int, risk: float, low: float, high: float) -> None:
    assert lower_bound(right, total, risk) == pytest.approx(low, abs=5e-5)
    assert upper_bound(right, total, risk) == pytest.approx(high, abs=5e-5)


@given(COUNTS, st.floats(0.01, 0.99))
def test_the_chance_is_the_sum_of_the_binomial(count: tuple[int, int], rate: float) -> None:
    right, total = count
    summed = sum(comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in range(right, total + 1))
    assert chance_of(right, total, rate) == pytest.approx(summed, rel=1e-7, abs=1e-12)


@given(st.floats(0.001, 0.999), st.floats(0.5, 2000), st.floats(0.5, 2000))
def test_the_two_sides_of_a_beta_distribution_make_a_whole(x: float, a: float, b: float) -> None:
    assert beta_share(x, a, b) + beta_share(1 - x, b, a) == pytest.approx(1, abs=1e-9)


def test_a_beta_distribution_lies_between_0_and_1() -> None:
    assert [beta_share(x, 2.0, 3.0) for x in (-1.0, 0.0, 1.0, 2.0)] == [0.0, 0.0, 1.0, 1.0]
    assert beta_share(0.3, 1.0, 1.0) == pytest.approx(0.3)
    assert beta_share(0.3, 1.0, 5.0) == pytest.approx(1 - 0.7**5)


@given(COUNTS, st.floats(0.001, 0.2))
def test_a_bound_is_where_the_count_would_be_as_unlikely_as_the_risk(count: tuple[int, int], risk: float) -> None:
    right, total = count
    low, high = lower_bound(right, total, risk), upper_bound(right, total, risk)
    assert 0 <= low <= right / total <= high <= 1
    assert chance_of(right, total, low) == pytest.approx(risk if right else 1.0, rel=1e-6)


@given(COUNTS, st.floats(0.5, 0.999))
def test_to_prove_is_to_have_a_bound_as_great(count: tuple[int, int], least: float) -> None:
    right, total = count
    bound = lower_bound(right, total)
    assert proves(right, total, least) is (bound >= least) or abs(bound - least) < 1e-9


def test_nothing_proves_nothing() -> None:
    assert not proves(0, 0, 0.99)
    assert lower_bound(0, 0) == 0.0


@pytest.mark.parametrize(
    ("precision", "least", "risk", "labels"),
    [(1.0, 0.99, 0.05, 299), (1.0, 0.995, 0.05, 598), (1.0, 0.995, 0.025, 736), (0.99, 0.99, 0.05, inf)],
)
def test_labels_needed_when_none_is_wrong(precision: float, least: float, risk: float, labels: float) -> None:
    assert labels_needed(precision, least, risk) == labels


@given(st.floats(0.9951, 1.0))
@settings(max_examples=30)
def test_labels_needed_are_the_fewest(precision: float) -> None:
    needed = labels_needed(precision, 0.99)
    assert proves(precision * needed, needed, 0.99)
    assert not proves(precision * (needed - 1), needed - 1, 0.99)


# ── Weights ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("weights", "found"),
    [([], 0.0), ([0.0], 0.0), ([1.0] * 7, 7.0), ([0.2] * 7, 7.0), ([1.0, 0.0], 1.0), ([3.0, 1.0], 1.6)],
)
def test_labels_that_count_less_tell_less(weights: list[float], found: float) -> None:
    assert effective(weights) == pytest.approx(found)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 5)), max_size=30))
def test_weights_never_make_more_of_labels_than_there_are(labels: list[tuple[bool, float]]) -> None:
    count = counted([truth for truth, _ in labels], [weight for _, weight in labels])
    assert 0 <= count.total <= len(labels) + 1e-9
    assert -1e-9 <= count.right <= count.total + 1e-9
    assert count.wrong == count.total - count.right
    assert 0 <= count.precision <= 1 + 1e-9


def test_equal_weights_count_as_they_are() -> None:
    count = counted([True, True, False], [0.5, 0.5, 0.5])
    assert [count.total, count.right] == pytest.approx([3.0, 2.0])
    assert Count(0, 0).precision == 0.0


# ── Searching thresholds ─────────────────────────────────────────────────────────────────────────


def test_walks_begin_where_something_can_be_proven_and_at_each_doubling() -> None:
    sizes = [float(each) for each in range(10, 3001, 10)]
    assert [sizes[place] for place in starts(sizes, 0.99)] == [410, 820, 1640]
    assert [sizes[place] for place in starts(sizes, 0.99, fewest=500)] == [500, 1000, 2000]
    assert starts(sizes[:10], 0.99) == ()
    assert starts([], 0.99) == ()
    assert starts([299.0], 0.99) == (0,)


def test_there_are_no_more_walks_than_find_room() -> None:
    """299 labels prove it with a risk of 5 %, 368 with half of it."""
    assert starts([310.0, 620.0], 0.99) == (0,)
    assert starts([310.0, 370.0, 739.0], 0.99) == (0,)
    assert starts([310.0, 370.0, 740.0], 0.99) == (1, 2)


def test_what_is_paid_for_the_search_is_shared_by_the_walks() -> None:
    counts = [Count(float(each), float(each)) for each in range(10, 3001, 10)]
    assert next_risk(counts, 0.99) == pytest.approx(0.05 / 4)
    assert next_risk(counts[:3], 0.99) == 0.05
    assert proven([Count(480, 479)], 0.99) == {0}
    assert proven([Count(480, 479), Count(960, 950)], 0.99) == frozenset()


def test_a_walk_ends_at_the_first_failure_and_a_later_one_may_go_on() -> None:
    counts = [Count(500, 500), Count(600, 600), Count(700, 650), Count(1500, 1499), Count(1600, 1598), Count(9e3, 8e3)]
    assert proven(counts, 0.99) == {0, 1, 3, 4}
    assert proven(counts, 0.99, fewest=1600) == {4}
    assert proven([], 0.99) == frozenset()


def test_a_threshold_with_fewer_labels_than_asked_for_ends_a_walk() -> None:
    assert proven([Count(500, 500), Count(300, 300), Count(510, 510)], 0.99, fewest=400) == {0}


class Chance:
    """Even numbers from 0 to 1, the same at every run: SHA-256 in counter mode."""

    def __init__(self, seed: str) -> None:
        self._seed, self._turn, self._left = seed, 0, b""

    def number(self) -> float:
        if not self._left:
            self._left = sha256(f"{self._seed}/{self._turn}".encode()).digest()
            self._turn += 1
        drawn, self._left = self._left[:4], self._left[4:]
        return int.from_bytes(drawn) / 2**32


#: True precision from the strictest tenth of the leads to the most lenient; in each some thresholds must not pass.
WORLDS = {
    "all a little too low": [0.899] * 10,
    "only the strictest deserve it": [0.97, 0.93, 0.9, 0.85, 0.8, 0.8, 0.8, 0.7, 0.7, 0.6],
    "falling through the bound": [0.93, 0.92, 0.9, 0.89, 0.88, 0.87, 0.86, 0.85, 0.84, 0.83],
    "better in the middle": [0.85, 0.9, 0.93, 0.93, 0.9, 0.9, 0.88, 0.85, 0.8, 0.8],
    "all deserve it": [0.96] * 10,
}


def passes(world: list[float], chance: Chance, least: float, leads: int = 400) -> tuple[bool, bool]:
    """Whether, in one history, some threshold passed, and whether one passed that should not have."""
    right, counts, true = 0, [], []
    for place in range(leads):
        rate = world[place * 10 // leads]
        right += chance.number() < rate
        true.append(rate)
        counts.append(Count(place + 1, right))
    kept = [place for place in rungs([each.total for each in counts], 0.05) if place]
    passed = proven([counts[place] for place in kept], least)
    wrongly = any(sum(true[: kept[place] + 1]) / (kept[place] + 1) < least for place in passed)
    return bool(passed), wrongly


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.no_cover
def test_hardly_ever_passes_what_is_worse_than_the_bound(name: str) -> None:
    """Of 800 histories at a risk of 5 %, at most 55 may go wrong (a chance of 1 % if exactly 5 % do)."""
    chance = Chance(name)
    results = [passes(WORLDS[name], chance, 0.9) for _ in range(800)]
    assert sum(wrong for _, wrong in results) <= 55


@pytest.mark.no_cover
def test_keeping_the_best_of_all_thresholds_without_correction_does_go_wrong() -> None:
    """What the correction is for: the same histories, every threshold tested as if it were the only one."""
    chance, wrong = Chance("all a little too low"), 0
    for _ in range(200):
        right, lucky = 0, False
        for place in range(400):
            right += chance.number() < 0.899
            lucky = lucky or proves(right, place + 1, 0.9)
        wrong += lucky
    assert wrong > 40


def test_what_deserves_to_pass_mostly_does() -> None:
    chance = Chance("power")
    assert sum(passes([0.96] * 10, chance, 0.9)[0] for _ in range(100)) > 95


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ([], ()),
        ([5], (0,)),
        ([10, 11, 12, 13, 14, 15], (0, 1, 3, 5)),
        ([100, 101, 102, 103], (0, 3)),
        ([1, 2, 4, 8], (0, 1, 2, 3)),
    ],
)
def test_rungs_are_where_enough_has_been_added(sizes: list[float], kept: tuple[int, ...]) -> None:
    assert rungs(sizes, 0.10) == kept


@pytest.mark.parametrize(
    ("wrong", "totals", "found"),
    [
        ([0, 0, 0, 0], [100] * 4, False),
        ([0, 0, 2, 8], [1000] * 4, True),
        ([3, 2, 2, 3], [1000] * 4, False),
        ([0, 0, 0, 4], [100] * 4, False),
        ([0, 0, 1, 4], [100] * 4, True),
        ([0, 0, 1, 4], [100, 100, 100, 900], False),
        ([8, 2, 0, 0], [1000] * 4, False),
        ([0, 0], [0, 0], False),
    ],
)
def test_errors_that_gather_in_the_newer_half_are_seen(wrong: list[int], totals: list[int], found: bool) -> None:
    assert falling(wrong, totals) is found
