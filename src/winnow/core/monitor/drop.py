"""A sequential test of whether a share has fallen: it may be looked at every day, and still seldom cries wolf.

It bets against chance. On every day a bet begins that from this day on the share is lower by a certain part; a
bet is multiplied each day by how much better it foretold the day than "nothing has changed" did. While nothing has
changed, all bets together are a martingale: their expected worth never exceeds what was staked, so that they
reach 1 / a with a chance of at most a, however often one looks (Ville 1939, chapter V; Howard et al. 2021).
Bets that begin anew every day make it the detector of Shiryaev (1963) and Roberts (1966), which stays as quick after
a year of quiet as on the first day; spreading the stake over the days of a year bounds the false alarms of a year.

The usual share is not known either: it has a posterior from the days before, sharpened by every further day, and the
bets are averaged over it, as a Bayes factor averages (Jeffreys 1961, chapter V). The bound then holds on
average over the shares that the days before allow for.

Daily counts jump over the limit instead of reaching it, which makes false alarms rarer than promised and alarms
later than possible; the limit is lowered by the expected jump (Siegmund 1985, chapter X).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import erf, exp, inf, log, log1p, pi, sqrt

from winnow.core.monitor.chance import spread

#: A year of false alarms is bounded, so bets are staked for a year.
YEAR = 365

#: Falls that are bet on, as parts of the usual share, and the stake on each. Most lies on the smallest fall that
#: matters: greater ones are seen soon enough.
FALLS = ((0.15, 0.65), (0.3, 0.25), (0.6, 0.1))

#: The part of the stake that is kept for days on which a fall is likely: the first, and those of a new ruleset. Each
#: gets half of what is left of it.
CHANGES_SHARE = 0.25

#: The usual share is averaged over so many values, up to so many standard deviations from the middle.
_VALUES, _REACH = 33, 4.5

#: Odds are told up to e to this.
_MOST_ODDS = 50.0

#: However far counts jump, the limit is not lowered below this part of itself.
_LEAST_JUMP = 0.2


@dataclass(frozen=True, slots=True)
class Cohort:
    """The leads of one day: how many there were, and how many of them came to good."""

    day: date
    leads: int
    good: int


@dataclass(frozen=True, slots=True)
class Fall:
    """The share has fallen.

    seen: the day whose leads gave it away · since: the day on which it most likely began
    odds: how much better a fall explains the days than chance does
    """

    seen: date
    since: date
    odds: float


@dataclass(slots=True)
class _Guess:
    """One value of the usual share, all in logs: worths may be greater than any number.

    weight: how well it explains all days, if nothing has changed · bets: one for each fall
    """

    share: float
    weight: float
    bets: list["_Bet"]


@dataclass(slots=True)
class _Bet:
    """What the bets on one fall are worth, what a good and a bad lead multiply that by, and their part of a stake."""

    worth: float
    for_good: float
    for_bad: float
    part: float

    def follow(self, stake: float, good: float, bad: float) -> None:
        """Put a stake in, then a day's leads."""
        high, low = max(self.worth, stake + self.part), min(self.worth, stake + self.part)
        self.worth = high + log1p(exp(low - high)) + good * self.for_good + bad * self.for_bad


def fall(
    usual: Sequence[Cohort], watched: Sequence[Cohort], *, allowed: float, changes: Collection[date] = ()
) -> Fall | None:
    """The first time within a year that the share of good leads is found to have fallen; None when it is not.

    usual: days on which all was well, with at least one good lead · watched: the days after them, in order
    allowed: the chance of a false alarm within a year of watching · changes: days on which a ruleset changed
    """
    varied = spread([(each.good, each.leads) for each in usual])
    guesses = _guesses(usual, varied)
    limit = log(_jump(guesses, watched, varied) / allowed)
    stakes = _stakes(watched, changes)
    for index, (cohort, stake) in enumerate(zip(watched[:YEAR], stakes, strict=False)):
        odds = _odds(guesses, cohort, stake, varied)
        if odds >= limit:
            return Fall(cohort.day, _began(guesses, watched[: index + 1]), exp(min(odds, _MOST_ODDS)))
    return None


def _guesses(usual: Sequence[Cohort], varied: float) -> list[_Guess]:
    """Values of the usual share around what was seen, weighed by how well they explain it (Jeffreys' prior)."""
    good, leads = sum(each.good for each in usual) / varied, sum(each.leads for each in usual) / varied
    middle = log((good + 0.5) / (leads - good + 0.5))
    deviation = sqrt(1 / (good + 0.5) + 1 / (leads - good + 0.5))
    found = []
    for index in range(_VALUES):
        share = 1 / (1 + exp(-(middle + deviation * _REACH * (2 * index / (_VALUES - 1) - 1))))
        weight = (good + 0.5) * log(share) + (leads - good + 0.5) * log(1 - share)  # even steps of the logit
        bets = [
            _Bet(-inf, log(1 - part), log((1 - share * (1 - part)) / (1 - share)), log(stake)) for part, stake in FALLS
        ]
        found.append(_Guess(share, weight, bets))
    return found


def _odds(guesses: Sequence[_Guess], cohort: Cohort, stake: float, varied: float) -> float:
    """What all bets are worth after a day before which a further stake was set, as a log."""
    good, bad = cohort.good / varied, (cohort.leads - cohort.good) / varied
    for guess in guesses:
        guess.weight += good * log(guess.share) + bad * log(1 - guess.share)
        for bet in guess.bets:
            bet.follow(log(stake), good, bad)
    worths = [guess.weight + bet.worth for guess in guesses for bet in guess.bets]
    return _log_sum(worths) - _log_sum([guess.weight for guess in guesses])


def _log_sum(logs: Sequence[float]) -> float:
    """The log of the sum of what these are the logs of."""
    best = max(logs)
    return best + log(sum(exp(each - best) for each in logs))


def _stakes(watched: Sequence[Cohort], changes: Collection[date]) -> list[float]:
    """What is staked on each day: the same on all, and more when a fall is likely; 1 in a year at most."""
    kept, stakes = CHANGES_SHARE, []
    for index, cohort in enumerate(watched[:YEAR]):
        extra = kept / 2 if index == 0 or cohort.day in changes else 0.0
        kept -= extra
        stakes.append((1 - CHANGES_SHARE) / YEAR + extra)
    return stakes


def _jump(guesses: Sequence[_Guess], watched: Sequence[Cohort], varied: float) -> float:
    """By which factor the limit is lowered since a day's count jumps over it: that of each bet by its stake."""
    a_day = sum(each.leads for each in watched) / max(1, len(watched)) / varied
    share = guesses[_VALUES // 2].share
    deviation = sqrt(a_day * share / (1 - share))
    return max(_LEAST_JUMP, sum(stake * _beyond(part * deviation) for part, stake in FALLS))


def _beyond(x: float) -> float:
    """Mean of e to minus the jump, for bets that change by `x` standard deviations a day.

    Source: Siegmund & Yakir 2007, The Statistics of Gene Mapping, section 5.3.
    """
    if x == 0:
        return 1.0
    below, density = (1 + erf(x / 2 / sqrt(2))) / 2, exp(-x * x / 8) / sqrt(2 * pi)
    return (2 / x) * (below - 0.5) / (x / 2 * below + density)


def _began(guesses: Sequence[_Guess], watched: Sequence[Cohort]) -> date:
    """The day from which on a fall explains the days best, looking back."""
    guess = max(guesses, key=lambda each: each.weight)
    bet = guess.bets[0]
    worth, best, began = 0.0, 0.0, watched[-1].day
    for cohort in reversed(watched):
        worth += cohort.good * bet.for_good + (cohort.leads - cohort.good) * bet.for_bad
        if worth > best:
            best, began = worth, cohort.day
    return began
