"""A column filled in because of the outcome: its gaps, and how they come and go, tell when it was filled in."""

from collections.abc import Iterator, Sequence
from math import sqrt

from winnow.core.learning.leaks.clues import CHANCE, CLUE, NOTE, PROOF, Case, Clue
from winnow.core.learning.leaks.coding import EMPTY, UNKNOWN
from winnow.core.learning.leaks.odds import SETTLED, moved, surely
from winnow.core.learning.leaks.table import Counts, totals

#: The AUC of gaps alone that is much, and how far it is above that of other columns; the same where it is far too much.
_GAP, _MORE, _WIDE_GAP, _FAR_MORE = 0.6, 0.03, 0.75, 0.1
#: Standard errors by which two shares have to differ.
_ERRORS = 4
#: Known leads that are too few, a share that is nearly all leads, and one outcome's share that is as good as all.
_FEW, _NEARLY_ALL, _PURE = 30, 0.95, 0.98
#: Periods without which there is no middle, the least drop of the filled share, and a swing of the known one.
_PERIODS, _DROP, _SWING = 5, 0.15, 0.4
#: The share of moments that may lie after the lead.
_LATE = 0.05
#: The AUC that was worth something once, and how much of it has to be gone.
_ONCE, _GONE = 0.65, 0.1


def gaps(case: Case) -> Iterator[Clue]:
    """What speaks against when, and for whom, a column was filled in."""
    for look in (_tied, _one_outcome, _fading, _swinging, _after, _dying):
        found = look(case)
        if found:
            yield found


def gap_power(counts: Counts) -> tuple[float, float, float]:
    """How well gaps alone rank leads (AUC, at least 0.5), and the known share with each outcome: not it, and it.

    Gaps are counted with and without words that stand for them; the more telling count is taken.
    """
    misses, hits = totals(counts)
    best = (CHANCE, 1.0, 1.0)
    for codes in ((UNKNOWN,), (UNKNOWN, EMPTY)):
        without = 1 - sum(counts[code][0] for code in codes) / max(1, misses)
        with_it = 1 - sum(counts[code][1] for code in codes) / max(1, hits)
        best = max(best, (CHANCE + abs(with_it - without) / 2, without, with_it))
    return best


def _tied(case: Case) -> Clue | None:
    """Whether it is filled in depends on the outcome, far more than in other columns."""
    power, without, with_it = gap_power(case.table.whole)
    misses, hits = totals(case.table.whole)
    doubt = sqrt(without * (1 - without) / max(1, misses) + with_it * (1 - with_it) / max(1, hits))
    if power < max(_GAP, case.usual_gap + _MORE) or abs(with_it - without) < _ERRORS * doubt:
        return None
    far_more = power >= max(_WIDE_GAP, case.usual_gap + _FAR_MORE) and not case.screening
    text = f"it is filled in for {with_it:.0%} of leads {case.counted} and for {without:.0%} of the others"
    return Clue("gaps", PROOF if far_more else CLUE, f"{text}: perhaps it was filled in because of the outcome")


def _one_outcome(case: Case) -> Clue | None:
    """It is filled in for one outcome only."""
    counts = case.table.whole
    known = [cell for code, cell in enumerate(counts) if code not in {UNKNOWN, EMPTY}]
    misses, hits = totals(known)
    leads = misses + hits
    if leads < _FEW or leads > _NEARLY_ALL * sum(map(sum, counts)):
        return None
    with_it = hits >= _PURE * leads and surely(hits, leads, moved(case.table.rate, SETTLED), case.risk)
    without = misses >= _PURE * leads and surely(misses, leads, 1 - moved(case.table.rate, 1 / SETTLED), case.risk)
    if not with_it and not without:
        return None
    said = f"it is filled in for {leads:,} leads, and {hits:,} of them are {case.counted}"
    weight = CLUE if case.screening else PROOF
    return Clue("gaps", weight, f"{said}, where {case.table.rate * leads:,.0f} were to be expected")


def _fading(case: Case) -> Clue | None:
    """The newest leads are not filled in yet."""
    shares = case.table.filled()
    if len(shares) < _PERIODS:
        return None
    newest, middle = shares[-1], sorted(shares[2:-1])
    usual, unsteady = middle[len(middle) // 2], middle[-1] - middle[0]
    doubt = sqrt(usual * (1 - usual) / max(1, sum(totals(case.table.periods[-1]))))
    if usual - newest < max(_DROP, 2 * _DROP * usual, 2 * unsteady, _ERRORS * doubt):
        return None
    text = f"it says something for {usual:.0%} of earlier leads and for {newest:.0%} of the newest"
    return Clue("fading", CLUE, f"{text}, as if the newest were still to be filled in")


def _swinging(case: Case) -> Clue | None:
    """It was filled in for some months only, so not by the lead that came in."""
    shares = case.table.known_shares()
    rises = max((later - low for low, later in _reach(shares)), default=0.0)
    falls = max((high - later for high, later in _reach(shares)), default=0.0)
    if min(rises, falls) < _SWING:
        return None
    text = f"it is known for between {min(shares):.0%} and {max(shares):.0%} of leads, now rising, now falling"
    return Clue("swinging", CLUE, f"{text}: it was worked out for some periods only, not when each lead came in")


def _reach(shares: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Every share with every later one."""
    return ((earlier, later) for place, earlier in enumerate(shares) for later in shares[place + 1 :])


def _after(case: Case) -> Clue | None:
    """It is a moment, and it lies after the lead came in."""
    if case.past_lead < _LATE:
        return None
    return Clue(
        "after", CLUE, f"in {case.past_lead:.0%} of leads where it is known the moment lies after the lead came in"
    )


def _dying(case: Case) -> Clue | None:
    """It told much once and tells little now, so it may not be what it was, or is not filled in yet."""
    powers = [power for power in case.table.powers if power]
    if len(powers) < _PERIODS - 2:
        return None
    best, newest = max(powers[:-1], key=lambda each: each.low), powers[-1]
    if best.low < max(_ONCE, newest.auc + _GONE):
        return None
    text = f"it told the outcomes apart once (AUC {best.auc:.2f}) and does so less among the newest leads"
    return Clue("dying", NOTE, f"{text} ({newest.auc:.2f})")
