"""What a change is worth: hours saved against value lost, with the doubt that comes from leads nobody judged."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from winnow.core.learning.figures.measures import wilson
from winnow.core.outcome import Outcome
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Counts, Move, Tally
from winnow.errors import InvalidInputError

_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Prices:
    """What an organisation's time and leads are worth.

    junk_minutes: a rep loses on a junk lead that goes through · review_minutes: a reviewer needs for a lead
    conversion_value: a lead that converts is worth, in any currency; None when nobody says
    """

    junk_minutes: float = 10.0
    review_minutes: float = 2.0
    conversion_value: float | None = None

    def __post_init__(self) -> None:
        if not all(0 <= price < inf for price in (self.junk_minutes, self.review_minutes, self.conversion_value or 0)):
            raise InvalidInputError("a price is below 0 or no number", fix="give minutes and a value of 0 or more")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; `value` is None when no lead it rests on was judged."""

    value: float | None
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        """The same in other units; the factor is not negative."""
        return Estimate(None if self.value is None else self.value * factor, self.low * factor, self.high * factor)

    def less(self, other: "Estimate") -> "Estimate":
        """This minus another; the interval holds whenever both do."""
        known = None if self.value is None or other.value is None else self.value - other.value
        return Estimate(known, self.low - other.high, self.high - other.low)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a change comes to over the leads looked at.

    stopped, passed: leads that are newly stopped, or newly go through · judged: those of each whose truth is known
    hours_saved: of reps, on junk that no longer reaches them, less on junk that now does
    review_hours: of reviewers, more or (negative) less
    conversions_lost, conversions_won: leads newly stopped that would convert, and the same for those let through
    value_lost, value_won: what those are worth; None when no value was given
    """

    stopped: int
    stopped_judged: int
    passed: int
    passed_judged: int
    hours_saved: Estimate
    review_hours: float
    conversions_lost: Estimate
    conversions_won: Estimate
    value_lost: Estimate | None
    value_won: Estimate | None


def cost(tally: Tally, prices: Prices) -> Cost:
    """What the change costs and brings.

    The share of junk, and of conversions, among the judged leads of a kind is taken for all of that kind; its
    interval is Wilson's.
    """
    stopped = {move: count for move, count in tally.counts.items() if move.newly_stopped}
    passed = {move: count for move, count in tally.counts.items() if move.newly_passed}
    lost, won = (_estimate(each, lambda truth: truth is Truth.CONVERTED) for each in (stopped, passed))
    junk, junk_let_through = (_estimate(each, lambda truth: truth is Truth.JUNK) for each in (stopped, passed))
    value = prices.conversion_value
    return Cost(
        stopped=sum(stopped.values()),
        stopped_judged=_judged(stopped),
        passed=sum(passed.values()),
        passed_judged=_judged(passed),
        hours_saved=junk.less(junk_let_through).times(prices.junk_minutes / _MINUTES),
        review_hours=_more_reviews(tally.counts) * prices.review_minutes / _MINUTES,
        conversions_lost=lost,
        conversions_won=won,
        value_lost=None if value is None else lost.times(value),
        value_won=None if value is None else won.times(value),
    )


def _estimate(counts: Counts, which: Callable[[Truth], bool]) -> Estimate:
    """How many of these leads are so, the unjudged among them."""
    leads, judged = sum(counts.values()), _judged(counts)
    if not leads:
        return Estimate(0.0, 0.0, 0.0)
    found = sum(count for move, count in counts.items() if which(move.truth))
    low, high = wilson(found, judged)
    return Estimate(leads * found / judged if judged else None, leads * low, leads * high)


def _judged(counts: Counts) -> int:
    return sum(count for move, count in counts.items() if move.truth)


def _more_reviews(counts: Counts) -> int:
    def reviewed(outcome: Callable[[Move], Outcome]) -> int:
        return sum(count for move, count in counts.items() if outcome(move) is Outcome.REVIEW)

    return reviewed(lambda move: move.after) - reviewed(lambda move: move.before)
