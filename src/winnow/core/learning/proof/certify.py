"""The right to reject without a person, earned by proof or not at all: never by a slider.

On leads the scorecard never saw, the threshold with the greatest coverage is sought whose precision is proven to be
high enough; see `bounds.proven` for what "proven" means after a search, `capping` for which scores count, `steady` for
what is asked of newer leads. Where nothing is proven, the answer says what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, inf

from winnow.core.learning.figures.bounds import (
    RISK,
    Count,
    labels_needed,
    lower_bound,
    next_risk,
    proven,
    rungs,
)
from winnow.core.learning.proof.capping import Sums, capped, capped_score, lowered, most_alone, sums_of
from winnow.core.learning.proof.evidence import evidence, repeated
from winnow.core.learning.proof.steady import Slice, sliced, unsteady
from winnow.core.learning.reading.copies import kinds_of
from winnow.core.learning.study import Study
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import LABELS_FLOOR, PRECISION_FLOOR, Certificate
from winnow.errors import InvalidInputError

#: Thresholds are tried where so much more is flagged than at the one before.
_STEP = 0.05
#: A precision seen in fewer labels than this says little about what more labels would show.
_TELLING = 100
#: More labels than so many times those there are: the precision seen is too close to what is asked.
_MOST_TIMES = 100
_FEWEST_SLICES = 2
#: The score that stands for even odds.
_EVEN = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a certificate.

    least: lower bound of precision · labels: fewest labels above the threshold · risk: that the bound is not true
    days: until it lapses · slices: of time within the hold-out · fresh_labels: wanted a month from the blind sample
    looks: how many other scorecards were examined on the same hold-out before; each halves the risk that is left
    """

    least: float = 0.995
    labels: int = LABELS_FLOOR
    risk: float = RISK
    days: int = 90
    slices: int = 4
    fresh_labels: int = 20
    looks: int = 0

    def __post_init__(self) -> None:
        if not PRECISION_FLOOR <= self.least < 1:
            raise InvalidInputError(
                f"a certificate for a precision of {self.least:g}", fix=f"ask for {PRECISION_FLOOR:g} to under 1"
            )
        if self.labels < LABELS_FLOOR:
            raise InvalidInputError(f"a certificate on {self.labels} labels", fix=f"ask for {LABELS_FLOOR} or more")
        if not 0 < self.risk <= RISK:
            raise InvalidInputError(f"a risk of {self.risk:g}", fix=f"accept at most {RISK:g}")
        if self.slices < _FEWEST_SLICES or self.days < 1 or self.looks < 0 or self.fresh_labels < 0:
            raise InvalidInputError("terms no certificate can be given on", fix="give whole numbers from 1 up")

    @property
    def risk_left(self) -> float:
        """The risk this examination may take."""
        return self.risk * 0.5**self.looks


@dataclass(frozen=True, slots=True)
class Certified:
    """Rejecting from `threshold` points up is proven right often enough.

    card: the scorecard it holds for, whose caps keep one kind of evidence from rejecting · lowered: caps changed
    leads: in the hold-out · labels: effective, from the threshold up, copies of one lead being one label
    flagged, wrong: counted as they are · copies: of the flagged, those that repeat another one
    alone: the bound at this threshold if no other had been tried; what is proven after the search is `terms.least`
    coverage: share of all leads flagged · caught: share of all junk flagged
    """

    card: Scorecard
    threshold: int
    terms: Terms
    leads: int
    labels: int
    flagged: int
    wrong: int
    alone: float
    caught: float
    slices: tuple[Slice, ...]
    lowered: Mapping[str, tuple[int, int]]
    copies: int = 0

    @property
    def precision(self) -> float:
        """The share of the flagged leads that is junk."""
        return 1 - self.wrong / self.flagged

    @property
    def coverage(self) -> float:
        """The share of all leads that is flagged."""
        return self.flagged / self.leads

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must be true for the proof to hold, in words for whoever signs."""
        return assumptions(self.terms)

    def certificate(self, scorecard_hash: str, now: datetime) -> Certificate:
        """The certificate for a ruleset, issued now."""
        return Certificate(
            precision_bound=self.terms.least,
            labels=self.labels,
            threshold=self.threshold,
            scorecard_hash=scorecard_hash,
            expires_at=now + timedelta(days=self.terms.days),
            issued_at=now,
            wrong=self.wrong,
            coverage=round(self.coverage, 6),
            fresh_labels=self.terms.fresh_labels,
        )


@dataclass(frozen=True, slots=True)
class Abstained:
    """Nothing is proven, so a person decides.

    kind: `labels` (too few), `separable` (not separable), `drift`
    more: labels that are missing above the threshold, at the precision seen; None when more would not help
    slices: at the threshold the reason is about; empty when there is none
    copies: of the leads above that threshold, those that repeat another one
    """

    kind: str
    reason: str
    terms: Terms
    leads: int
    more: int | None = None
    slices: tuple[Slice, ...] = ()
    copies: int = 0


def assumptions(terms: Terms) -> tuple[str, ...]:
    """What a certificate takes for granted, and when it ends."""
    return (
        "Leads to come are like the newest of those it was tested on: same sources, same forms, same kind of junk.",
        "The labels are right, and whether a lead has one does not depend on its score.",
        "Each lead is one independent case. Copies are counted once; a flood that differs in a word counts as many.",
        f"One in {round(1 / terms.risk_left)} such certificates may be wrong by chance.",
        f"It lapses after {terms.days} days, or sooner: when a guard sees drift or the scorecard changes.",
        f"It also lapses when the blind sample brings fewer than {terms.fresh_labels} labels a month.",
    )


@dataclass(frozen=True, slots=True)
class _Trial:
    """One threshold: which leads it flags under its own caps, and the count of their labels.

    copies: of the leads it flags, those that repeat another one
    """

    threshold: int
    flags: tuple[int, ...]
    count: Count
    copies: int


def certify(card: Scorecard, held: Study, terms: Terms | None = None) -> Certified | Abstained:
    """Seek the threshold of greatest coverage at which rejecting is proven right often enough.

    Rejecting never begins below even odds, nor at what a lead about which nothing is known scores.

    Args:
        card: the scorecard, fitted on none of these leads; of target junk, where a high score is to reject.
        held: labelled leads, the oldest first, that had no part in making the card.
        terms: what is asked.
    """
    terms = terms or Terms()
    trials = _trials(card, held)
    counts = [trial.count for trial in trials]
    passed = proven(counts, terms.least, terms.risk_left, fewest=terms.labels)
    drifting = None
    for trial in sorted((trials[place] for place in passed), key=lambda each: (-len(each.flags), -each.threshold)):
        flags = _marks(trial, len(held))
        slipped = unsteady(flags, held, slices=terms.slices, least=terms.least)
        if slipped is None:
            return _certified(card, held, trial, terms)
        drifting = drifting or Abstained(
            "drift",
            f"not certified: {slipped}",
            terms,
            len(held),
            slices=sliced(flags, held.truth, terms.slices),
            copies=trial.copies,
        )
    return drifting or _missing(trials, held, terms)


def _trials(card: Scorecard, held: Study) -> list[_Trial]:
    """The thresholds worth trying, the strictest first; chosen by scores alone, truth has no part in it."""
    sums, kinds = list(sums_of(card, held)), kinds_of(held)
    caps = [card.caps[family] for family in card.families]
    scored = [(capped_score(card.base, each, caps), place) for place, each in enumerate(sums)]
    lowest = max(_EVEN, card.base + 1)
    ranked = sorted((each for each in scored if each[0] >= lowest), key=lambda each: (-each[0], each[1]))
    ends = [
        place for place, each in enumerate(ranked, 1) if place == len(ranked) or ranked[place][0] != each[0]
    ]  # at each, all leads of one score have been passed
    steps = [ends[rung] for rung in rungs(ends, _STEP)]
    return [_trial(card, held, sums, kinds, ranked[:end]) for end in steps]


def _trial(
    card: Scorecard, held: Study, sums: Sequence[Sums], kinds: Sequence[int], ranked: Sequence[tuple[int, int]]
) -> _Trial:
    threshold = ranked[-1][0]
    most = most_alone(card, threshold)
    caps = [min(card.caps[family], most) for family in card.families]
    flags = tuple(sorted(place for _, place in ranked if capped_score(card.base, sums[place], caps) >= threshold))
    return _Trial(threshold, flags, evidence(held, kinds, flags), repeated(kinds, flags))


def _marks(trial: _Trial, size: int) -> list[bool]:
    marks = [False] * size
    for place in trial.flags:
        marks[place] = True
    return marks


def _certified(card: Scorecard, held: Study, trial: _Trial, terms: Terms) -> Certified:
    after = capped(card, trial.threshold)
    wrong = sum(not held.truth[place] for place in trial.flags)
    return Certified(
        card=after,
        threshold=trial.threshold,
        terms=terms,
        leads=len(held),
        labels=floor(trial.count.total + 1e-9),
        flagged=len(trial.flags),
        wrong=wrong,
        alone=lower_bound(trial.count.right, trial.count.total, terms.risk),
        caught=(len(trial.flags) - wrong) / sum(held.truth),
        slices=sliced(_marks(trial, len(held)), held.truth, terms.slices),
        lowered=lowered(card, after),
        copies=trial.copies,
    )


def _missing(trials: Sequence[_Trial], held: Study, terms: Terms) -> Abstained:
    """Why nothing is proven: too few labels, or no score high enough to tell."""
    if not trials:
        reason = f"not separable: the score takes no lead of the hold-out to be {held.target} with more than even odds"
        return Abstained("separable", reason, terms, len(held))
    flagging = [trial for trial in trials if trial.flags]
    if not flagging:
        reason = "not separable: only one kind of evidence speaks against any lead, and one kind alone never rejects"
        return Abstained("separable", reason, terms, len(held))
    telling = [trial for trial in flagging if trial.count.total >= _TELLING] or flagging[-1:]
    risk = next_risk([trial.count for trial in trials], terms.least, terms.risk_left, fewest=terms.labels)
    more, nearest = min(((_short(trial.count, terms, risk), trial) for trial in telling), key=lambda each: each[0])
    if more == inf:
        return _inseparable(telling[0], held, terms)
    marks = _marks(nearest, len(held))
    reason = (
        f"not certified: {more:,.0f} more labels needed at the precision seen ({nearest.count.precision:.2%} of "
        f"{nearest.count.total:,.0f} from {nearest.threshold} points up; about "
        f"{more * len(held) / nearest.count.total:,.0f} more leads)"
    )
    slices = sliced(marks, held.truth, terms.slices)
    return Abstained("labels", reason, terms, len(held), int(more), slices, nearest.copies)


def _short(count: Count, terms: Terms, risk: float) -> float:
    """Labels missing for a proof if they come out as those seen; inf where no number anybody has would do.

    Also where a threshold would do if it were the only one: what failed is a stricter one, before it.
    """
    more = max(labels_needed(count.precision, terms.least, risk), terms.labels) - floor(count.total)
    return more if 0 < more <= _MOST_TIMES * count.total else inf


def _inseparable(strictest: _Trial, held: Study, terms: Terms) -> Abstained:
    share = floor(strictest.count.precision * 1000) / 10
    reason = (
        f"not separable: even the highest scores are {held.target} only {share:g} of 100 times "
        f"({strictest.count.total:,.0f} leads from {strictest.threshold} points up)"
    )
    slices = sliced(_marks(strictest, len(held)), held.truth, terms.slices)
    return Abstained("separable", reason, terms, len(held), slices=slices, copies=strictest.copies)
