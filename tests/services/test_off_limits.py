"""Dropping and counting: no lead waits for the counts, and none of them is lost while the database is away."""

from datetime import UTC, date, datetime

import pytest

from winnow.core.govern.limits import Limits
from winnow.core.lead import Lead
from winnow.core.policy import Policy
from winnow.errors import StoreAwayError
from winnow.ports.off_limits import Dropped, Of
from winnow.services.off_limits import OffLimits

TODAY = Of(date(2026, 11, 22), "web", "category.health")


class Kept:
    """Counts in memory; can be away."""

    def __init__(self):
        self.numbers, self.away = {}, False

    def add(self, numbers):
        if self.away:
            raise StoreAwayError("away")
        for of, number in numbers.items():
            self.numbers[of] = self.numbers.get(of, 0) + number

    def since(self, day):
        return [Dropped(of, number) for of, number in self.numbers.items() if of.day >= day]


class Clock:
    def now(self):
        return datetime(2026, 11, 22, 23, 59, tzinfo=UTC)


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def off_limits(kept):
    policy = Policy(limits=Limits(categories=frozenset({"health"})))
    return OffLimits(kept, lambda: policy, Clock())


def test_what_is_dropped_is_counted_and_what_is_not_is_not(off_limits, kept):
    lead = Lead("1", "web", custom={"health": "x", "size": "4"})
    assert off_limits.cleaned(lead) == Lead("1", "web", custom={"size": "4"})
    assert off_limits.cleaned(Lead("2")) == Lead("2")
    assert (off_limits.totals, kept.numbers) == ({"category.health": 1}, {})
    assert off_limits.since(1) == [Dropped(TODAY, 1)]
    off_limits.write()
    assert kept.numbers == {TODAY: 1}


def test_while_the_database_is_away_counts_wait(off_limits, kept):
    kept.away = True
    for number in range(3):
        off_limits.cleaned(Lead(str(number), "web", custom={"health": "x"}))
        with pytest.raises(StoreAwayError):
            off_limits.write()
    kept.away = False
    off_limits.write()
    assert kept.numbers == {TODAY: 3}
