"""Works out what a model card says about how good a scorecard is: on the hold-out, over time and by group."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from winnow.core.learning.card.facts import (
    BandFacts,
    Estimate,
    GroupFacts,
    PartFacts,
    Quality,
    ReliabilityFacts,
    RoundingFacts,
    SliceFacts,
)
from winnow.core.learning.figures.measures import calibration_table, performance, probability
from winnow.core.learning.figures.recall import recall_interval
from winnow.core.learning.fitting.points import POINTS, RoundingLoss, scores
from winnow.core.learning.study import Study
from winnow.core.outcome import Outcome
from winnow.core.scorecard import Scorecard, compiled
from winnow.core.thresholds import Bands

#: Into so many stretches either part is cut, and so many values of a group are told apart.
_STRETCHES = 4
_MOST_VALUES = 8

#: Texts of a lead by which groups are formed, besides its source; none of them says who somebody is.
_GROUPS = ("channel.value", "country.value", "language.value")

Dated = Callable[[float], str]


class Scored:
    """A study with the scores of a card."""

    def __init__(self, card: Scorecard, study: Study, split: int, dated: Dated) -> None:
        self.study = study
        self.split = split
        self.points = scores(card, study)
        self._dated = dated

    def quality(self, places: Sequence[int]) -> Quality | None:
        """How good the scores are on these leads; None when they are all alike."""
        study = self.study
        chances = [probability(self.points[place] / POINTS) for place in places]
        truth = [study.truth[place] for place in places]
        weights = [study.weights[place] for place in places]
        found = performance(chances, truth, weights)
        auc, loss, error, recall = found.auc, found.log_loss, found.calibration_error, found.recall
        if auc is None or loss is None or error is None or recall is None:
            return None
        return Quality(
            leads=len(places),
            positives=sum(truth),
            auc=Estimate(auc, *(found.interval or (None, None))),
            log_loss=Estimate(loss),
            calibration_error=Estimate(error),
            recall=Estimate(recall, *(recall_interval(chances, truth, weights) or (None, None))),
        )

    def part(self, start: int, stop: int) -> PartFacts:
        """How many leads there are from one place up to another, and when they came."""
        first, last = self._span(start, stop)
        return PartFacts(stop - start, sum(self.study.truth[start:stop]), first, last)

    def slices(self) -> tuple[SliceFacts, ...]:
        """Stretches of equally many leads, the oldest first."""
        size = len(self.study)
        cuts = [("fit", *each) for each in _stretches(0, self.split)]
        cuts += [("hold-out", *each) for each in _stretches(self.split, size)]
        return tuple(
            SliceFacts(part, *self._span(start, stop), stop - start, self.quality(range(start, stop)))
            for part, start, stop in cuts
        )

    def groups(self) -> tuple[GroupFacts, ...]:
        """The hold-out by source and by what else the leads say of themselves; rare values are left out."""
        columns: dict[str, Sequence[object]] = {"source": self.study.sources}
        columns |= {name.partition(".")[0]: self.study.columns[name] for name in _GROUPS if name in self.study.columns}
        return tuple(found for by, column in columns.items() for found in self._groups(by, column))

    def _groups(self, by: str, column: Sequence[object]) -> Iterator[GroupFacts]:
        places: dict[str, list[int]] = {}
        for place in range(self.split, len(self.study)):
            value = column[place]
            places.setdefault("" if value is None else str(value), []).append(place)
        if len(places) < 2:  # noqa: PLR2004  # one group is everybody
            return
        for value, chosen in sorted(places.items(), key=lambda each: (-len(each[1]), each[0]))[:_MOST_VALUES]:
            yield GroupFacts(by, value, len(chosen), self.quality(chosen))

    def reliability(self) -> tuple[ReliabilityFacts, ...]:
        """Promise against outcome in the hold-out."""
        start = self.split
        chances = [probability(points / POINTS) for points in self.points[start:]]
        table = calibration_table(chances, self.study.truth[start:], self.study.weights[start:])
        return tuple(
            ReliabilityFacts(each.leads, each.predicted, Estimate(each.observed, each.low, each.high)) for each in table
        )

    def bands(self, bands: Bands) -> tuple[BandFacts, ...]:
        """Whom each band would have met in the hold-out."""
        found = [bands.band(points) for points in self.points[self.split :]]
        leads = Counter(found)
        positives = Counter(
            outcome for outcome, true in zip(found, self.study.truth[self.split :], strict=True) if true
        )
        starts = {Outcome.TAG: bands.tag, Outcome.REVIEW: bands.review, Outcome.REJECT: bands.reject}
        return tuple(
            BandFacts(outcome.word, start, leads[outcome], positives[outcome])
            for outcome, start in starts.items()
            if start is not None
        )

    def _span(self, start: int, stop: int) -> tuple[str, str]:
        times = self.study.times
        return (self._dated(times[start]), self._dated(times[stop - 1])) if times and start < stop else ("", "")


def bin_counts(card: Scorecard, study: Study) -> Mapping[str, Sequence[int]]:
    """Leads of the study in each bin of each feature, in the order of the bins' codes."""
    score = compiled(card, {signal.name: place for place, signal in enumerate(study.signals)})
    codes = zip(*(score(row, {}).codes for row in study.rows()), strict=True)
    counts = (Counter(column) for column in codes)
    return {
        feature.signal: [found[code] for code in range(len(feature.all_bins))]
        for feature, found in zip(card.features, counts, strict=True)
    }


def rounding_facts(loss: RoundingLoss) -> RoundingFacts | None:
    """The cost of rounding; None when it cannot be told."""
    if loss.auc is None or loss.log_loss is None:
        return None
    return RoundingFacts(loss.auc, loss.log_loss)


def _stretches(start: int, stop: int) -> list[tuple[int, int]]:
    ends = [start + (stop - start) * number // _STRETCHES for number in range(_STRETCHES + 1)]
    return [(low, high) for low, high in pairwise(ends) if low < high]
