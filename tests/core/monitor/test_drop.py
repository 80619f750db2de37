"""The sequential test: quick when the share falls, quiet when it does not, whatever the numbers."""

from datetime import date, timedelta
from fractions import Fraction
from math import comb, exp, inf

import pytest

from winnow.core.monitor import drop
from winnow.core.monitor.chance import normal_tail
from winnow.core.monitor.drop import FALLS, YEAR, Cohort, fall
from winnow.demo.dice import Dice

FIRST = date(2026, 1, 1)


def cohorts(*counts, start=0):
    return [Cohort(FIRST + timedelta(days=start + index), leads, good) for index, (leads, good) in enumerate(counts)]


def drawn(dice, days, share, *, leads=500, start=0):
    counts = [(leads, sum(dice.chance(share) for _ in range(leads))) for _ in range(days)]
    return cohorts(*counts, start=start)


USUAL = cohorts(*[(500, 50), (500, 47), (500, 53)] * 30)
AFTER = len(USUAL)


@pytest.mark.parametrize(
    ("good", "from_", "to"),
    [(42.5, 6, 16), (35, 2, 5), (10, 1, 2)],  # 15 %, 30 % and 80 % fewer
)
def test_a_fall_is_seen_the_sooner_the_deeper_it_is(good, from_, to):
    watched = cohorts(*[(500, round(good + 0.5 * (-1) ** index)) for index in range(60)], start=AFTER)
    found = fall(USUAL, watched, allowed=0.01)
    assert found is not None
    assert from_ <= (found.seen - watched[0].day).days + 1 <= to
    assert found.since == watched[0].day


def test_where_it_began_is_found():
    watched = [*cohorts(*[(500, 50)] * 100, start=AFTER), *cohorts(*[(500, 35)] * 20, start=AFTER + 100)]
    found = fall(USUAL, watched, allowed=0.01)
    assert found is not None
    assert found.since == watched[100].day
    assert 2 <= (found.seen - found.since).days <= 7
    assert found.odds >= 1


@pytest.mark.parametrize("good", [50, 49, 60, 500])
def test_what_stays_or_rises_is_no_fall(good):
    assert fall(USUAL, cohorts(*[(500, good)] * YEAR, start=AFTER), allowed=0.01) is None


@pytest.mark.no_cover
def test_a_quiet_year_is_rarely_disturbed_and_a_fall_soon_found():
    dice = Dice.named("guards", 1)
    quiet, late = 0, []
    for _ in range(12):
        usual = drawn(dice, 60, 0.1)
        quiet += fall(usual, drawn(dice, 200, 0.1, start=60), allowed=0.01) is None
        found = fall(usual, drawn(dice, 60, 0.085, start=60), allowed=0.01)
        late.append(inf if found is None else (found.seen - FIRST).days - 59)
    assert quiet == 12
    assert sorted(late)[6] <= 16  # half of them; see benchmarks/learn/guards.py for many more


def test_more_trust_is_more_patience():
    watched = cohorts(*[(500, 42)] * 60, start=AFTER)
    days = [fall(USUAL, watched, allowed=allowed) for allowed in (0.1, 0.01, 0.0001)]
    seen = [found.seen for found in days if found]
    assert len(seen) == 3
    assert seen == sorted(set(seen))


def test_a_change_of_ruleset_makes_it_quicker():
    watched = [*cohorts(*[(500, 50)] * 50, start=AFTER), *cohorts(*[(500, 42)] * 60, start=AFTER + 50)]
    told = fall(USUAL, watched, allowed=0.01, changes={watched[50].day})
    untold = fall(USUAL, watched, allowed=0.01)
    assert told
    assert untold
    assert told.seen < untold.seen


def test_leads_that_come_in_waves_count_less():
    waves = cohorts(*[(500, 20), (500, 80)] * 45)
    watched = cohorts(*[(500, 42)] * 20, start=AFTER)
    assert fall(USUAL, watched, allowed=0.01) is not None
    assert fall(waves, watched, allowed=0.01) is None


def test_days_without_leads_say_nothing():
    assert fall(USUAL, cohorts(*[(0, 0)] * 20, start=AFTER), allowed=0.01) is None
    assert fall(USUAL, [], allowed=0.01) is None


def test_numbers_of_any_size_are_worked_out():
    usual = cohorts(*[(5_000_000, 500_000)] * 30)
    found = fall(usual, cohorts(*[(5_000_000, 100)] * 3, start=30), allowed=0.01)
    assert found is not None
    assert found.odds == pytest.approx(exp(50))
    assert fall(usual, cohorts(*[(5_000_000, 510_000)] * 400, start=30), allowed=0.01) is None


def test_the_stakes_of_a_year_are_one_at_most():
    watched = cohorts(*[(1, 0)] * 400)
    every_day = {each.day for each in watched}
    for changes in (set(), every_day):
        stakes = drop._stakes(watched, changes)
        assert len(stakes) == YEAR
        assert min(stakes) > 0
        assert sum(stakes) <= 1 + 1e-12
    assert sum(part for _, part in FALLS) == pytest.approx(1)


@pytest.mark.parametrize(("leads", "days"), [(1, 1), (1, 4), (3, 3), (6, 2)])
def test_while_nothing_changes_the_bets_are_worth_what_was_staked(leads, days):
    """The martingale, by counting every course that days may take, each as likely as the usual days make it."""
    usual = cohorts((30, 9), (30, 12))
    expected = Fraction(0)
    for course in _courses(leads, days):
        guesses = drop._guesses(usual, 1.0)
        before = [exp(each.weight) for each in guesses]
        chance = sum(
            weight * each.share ** sum(course) * (1 - each.share) ** (leads * days - sum(course))
            for weight, each in zip(before, guesses, strict=True)
        ) / sum(before)
        odds = 0.0
        for number, good in enumerate(course):
            odds = drop._odds(guesses, cohorts((leads, good))[0], 0.25 * (number + 1), 1.0)
        ways = 1
        for good in course:
            ways *= comb(leads, good)
        expected += Fraction(ways * chance * exp(odds))
    assert float(expected) == pytest.approx(sum(0.25 * (number + 1) for number in range(days)), rel=1e-9)


def _courses(leads, days):
    if not days:
        yield ()
        return
    for course in _courses(leads, days - 1):
        yield from ((*course, good) for good in range(leads + 1))


@pytest.mark.parametrize("x", [0.1, 0.5, 1.0, 2.0, 3.0])
def test_the_expected_jump_is_close_to_that_of_the_exact_series(x):
    """Siegmund 1985, equation 8.45; the formula is its approximation."""
    exact = 2 / x**2 * exp(-2 * sum(normal_tail(x * n**0.5 / 2) / n for n in range(1, 20_000)))
    assert drop._beyond(x) == pytest.approx(exact, rel=0.03)
    assert drop._beyond(0.0) == 1.0
