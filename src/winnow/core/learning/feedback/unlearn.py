"""Taking labels back: which leads lose their truth, what is left to learn from, and whose outcome that changes.

Unlearning is fitting again on what remains. Nothing of the withdrawn labels is left in the result, since it is the
very scorecard a fit that had never seen them gives; no approximation can promise that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from winnow.core.declared import worded
from winnow.core.learning.study import Study
from winnow.core.outcome import Outcome
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import compiled
from winnow.errors import InvalidInputError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """One label about one lead.

    lead: its id · truth: the lead is what is learned · source: of the lead, or what the label came through
    at: when it was given, aware; None when nobody knows
    """

    lead: str
    truth: bool
    author: str
    source: str = ""
    batch: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which labels are taken back: those that fit everything that is given.

    since, until: when they were given, from `since` up to, not including, `until`; aware
    """

    author: str | None = None
    batch: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        given = (self.author, self.batch, self.source, self.since, self.until)
        if all(each is None for each in given):
            fix = "name an author, a batch, a source or a time"
            raise InvalidInputError("nothing says which labels to withdraw", fix=fix)

    def takes(self, label: Said) -> bool:
        """Whether a label is taken back; one without a time is in no window of time."""
        named = ((self.author, label.author), (self.batch, label.batch), (self.source, label.source))
        if any(wanted is not None and wanted != found for wanted, found in named):
            return False
        if self.since is None and self.until is None:
            return True
        at = label.at
        return at is not None and (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    @property
    def words(self) -> str:
        """What is taken back, for people."""
        parts = [f"{name} {each}" for name, each in self.document.items()]
        return "labels of " + ", ".join(parts)

    @property
    def document(self) -> dict[str, str]:
        """What is given, as plain data."""
        times = {name: each.isoformat() for name in ("since", "until") if (each := getattr(self, name)) is not None}
        named = {"author": self.author, "batch": self.batch, "source": self.source}
        return {**{name: each for name, each in named.items() if each is not None}, **times}


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left to learn from.

    study, split: the leads whose truth is still known, and the place of the first of the frozen hold-out among them
    withdrawn: ids of leads nobody vouches for any more · turned: ids of those an earlier label now says otherwise of
    labels: how many labels were taken back
    """

    study: Study
    split: int
    withdrawn: tuple[str, ...]
    turned: tuple[str, ...]
    labels: int


def remaining(study: Study, split: int, labels: Sequence[Said], withdrawal: Withdrawal) -> Remaining:
    """What is left of a study without some labels.

    labels: of leads in the study, the oldest first; of several about one lead the last counts
    A lead about which a word is taken back has the truth of the last word that is left, and none when there is no
    other; all others keep theirs. It need not have been the last word: the study may be from before a later one. A lead
    stays on its side of the split: what was held out is never learned from.
    """
    taken = [label for label in labels if withdrawal.takes(label)]
    kept = _last(label for label in labels if not withdrawal.takes(label))
    concerned = {label.lead for label in taken}
    gone = concerned - kept.keys()
    places = [place for place, lead in enumerate(study.ids) if lead not in gone]
    rest = study.having(places)
    left = _said_by(rest, {lead: kept[lead] for lead in concerned - gone})
    turned = tuple(lead for lead, old, new in zip(rest.ids, rest.truth, left.truth, strict=True) if old != new)
    withdrawn = tuple(lead for lead in study.ids if lead in gone)
    return Remaining(left, sum(place < split for place in places), withdrawn, turned, len(taken))


def _said_by(study: Study, words: Mapping[str, Said]) -> Study:
    """The study with these labels instead of those it has about the same leads: truth, author and batch."""

    def told(column: Sequence[T], of: Callable[[Said], T]) -> Sequence[T]:
        if not column:
            return column
        return [of(words[lead]) if lead in words else own for lead, own in zip(study.ids, column, strict=True)]

    return replace(
        study,
        truth=told(study.truth, lambda label: label.truth),
        authors=told(study.authors, lambda label: _compared(label.author) or ""),
        batches=told(study.batches, lambda label: _compared(label.batch) or ""),
    )


def remaining_signed(study: Study, split: int, withdrawal: Withdrawal) -> Remaining:
    """The same of a study that knows who gave its labels: one that is taken back takes its lead along.

    Lead by lead, not by id, so that a lead that is there twice keeps the label that stands.
    """
    wanted = replace(withdrawal, author=_compared(withdrawal.author), batch=_compared(withdrawal.batch))
    told = zip(study.ids, study.truth, study.authors, study.sources, study.batches, strict=True)
    gone = {
        place
        for place, (lead, truth, author, source, batch) in enumerate(told)
        if wanted.takes(Said(lead, truth, author, source or "", batch))
    }
    places = [place for place in range(len(study)) if place not in gone]
    withdrawn = tuple(study.ids[place] for place in sorted(gone))
    return Remaining(study.having(places), sum(place < split for place in places), withdrawn, (), len(gone))


def _compared(name: str | None) -> str | None:
    return None if name is None else worded(name) or ""


def _last(labels: Iterable[Said]) -> dict[str, Said]:
    return {label.lead: label for label in labels}


@dataclass(frozen=True, slots=True)
class Affected:
    """A lead that would be treated otherwise; outcomes are what the score alone asks for."""

    lead: str
    source: str | None
    before: Outcome
    after: Outcome
    score_before: int
    score_after: int


def affected(study: Study, before: Ruleset, after: Ruleset) -> tuple[Affected, ...]:
    """The leads whose outcome by score changes, in the order of the study."""
    found = []
    for lead, source, old, new in zip(
        study.ids, study.sources, _scores(before, study), _scores(after, study), strict=True
    ):
        bands = (before.thresholds.for_source(source).band(old), after.thresholds.for_source(source).band(new))
        if bands[0] is not bands[1]:
            found.append(Affected(lead, source, *bands, old, new))
    return tuple(found)


def _scores(ruleset: Ruleset, study: Study) -> list[int]:
    places = {signal.name: place for place, signal in enumerate(study.signals)}
    missing = [each.signal for each in ruleset.scorecard.features if each.signal not in places]
    if missing:
        fix = "read the data with the map of the model"
        raise InvalidInputError(f"the data does not tell `{missing[0]}`, which the scorecard reads", fix=fix)
    score = compiled(ruleset.scorecard, places)
    none: Mapping[str, int] = {}
    return [score(row, none).score for row in study.rows()]
