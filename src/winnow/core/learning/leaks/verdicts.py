"""Weighs what speaks against a column: one thing beyond doubt, or several that agree, and it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import log
from operator import sub

from winnow.core.learning.figures.measures import auc
from winnow.core.learning.leaks.clues import CHANCE, CLUE, FAINT, MARK, NOTE, PROOF, Case, Clue
from winnow.core.learning.leaks.coding import coding_of
from winnow.core.learning.leaks.gaps import gap_power, gaps
from winnow.core.learning.leaks.names import Hint, hint_in, words_of
from winnow.core.learning.leaks.ranking import RANKING, ranking
from winnow.core.learning.leaks.table import Table, added, counted, middle, period_ends, places, totals
from winnow.core.learning.study import Study
from winnow.core.signals.base import Signal, Value
from winnow.core.signals.registry import BY_NAME
from winnow.errors import InvalidInputError

#: Targets of screening: what scripts leave behind may honestly settle them.
_SCREENING = frozenset("junk genuine spam fraud fraudulent fake bot bots abuse scam invalid".split())
#: Leads of each outcome without which only names are looked at.
_LEAST = 30
#: Values of their own in at least this share of leads name the leads, if there are many; and numbers that rise as often
#: from lead to lead count them.
_OWN, _MANY, _RISING = 0.9, 200, 0.99
#: Seconds by which clocks may differ.
_CLOCKS = 60
#: Fewest columns among which one may be far from the middle.
_COMPARED = 3
#: A column of such an AUC is compared with all others together, and one of such an AUC is not among these others.
_STRONG, _SUSPECT = 0.85, 0.9


class Verdict(StrEnum):
    """Refused columns are not used unless a named person overrides it; doubtful ones are, and the card says so."""

    REFUSED = "refused"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A column that may know the future, and why: plain sentences with figures."""

    signal: str
    verdict: Verdict
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A signal with its values in bins."""

    signal: Signal
    codes: Sequence[int]
    table: Table


def suspicions(study: Study, fit: int) -> tuple[Suspicion, ...]:
    """The columns that may know the future, in the order of the study's signals.

    study: the oldest leads first · fit: how many leads come before the hold-out

    Nothing is drawn by lot: equal studies give equal suspicions. Statistics need 30 leads of each outcome; with fewer,
    only names speak. Raises InvalidInputError when no lead is left to learn from.
    """
    if not 0 < fit <= len(study):
        raise InvalidInputError(f"{fit:,} of {len(study):,} leads cannot be learned from", fix="bring more leads")
    hits = sum(study.truth)
    enough = min(hits, len(study) - hits) >= _LEAST
    found = _examined(study, fit) if enough else {}
    judged = (_judged(signal, [*found.get(signal.name, ()), *_identity(study, signal)]) for signal in study.signals)
    return tuple(each for each in judged if each)


def _examined(study: Study, fit: int) -> dict[str, list[Clue]]:
    """What the counts say against each signal."""
    ends, fit_periods = period_ends(study, fit)
    spots = places(study.truth, ends)
    columns = []
    for signal in study.signals:
        values = study.columns[signal.name]
        coding = coding_of(signal.kind, values[:fit])
        codes = [coding.of(value) for value in values]
        columns.append(_Column(signal, codes, counted(codes, spots, coding, ends, fit_periods)))
    rivals = _rivals(columns, study.truth)
    tried = sum(len(column.table.coding.words) for column in columns)
    screening = not _SCREENING.isdisjoint(words_of(study.target))
    gap = _usual_gap(columns, screening=screening)
    found = {}
    for column in columns:
        signal = column.signal
        case = Case(
            table=column.table,
            target=study.target,
            screening=screening,
            numeric=signal.kind not in {str, bool},
            tried=tried,
            rivals=rivals.get(signal.name),
            usual_gap=gap,
            past_lead=_past_lead(signal, study.columns[signal.name]),
        )
        found[signal.name] = [*ranking(case), *gaps(case)]
    return found


def _rivals(columns: Sequence[_Column], truth: Sequence[bool]) -> dict[str, float]:
    """For each column that ranks well alone, the AUC of all others that are no suspects themselves.

    Their evidence, learnt from one half of the leads, is added up for the other half as if they were independent
    (naive Bayes). The halves are not parted by time, which leaves the others their best chance.
    """
    strong = [column.signal.name for column in columns if column.table.best >= _STRONG]
    if not strong:
        return {}
    others = [column for column in columns if column.table.best < _SUSPECT and not _loud(column.signal)]
    points = {column.signal.name: _evidence(column) for column in others}
    judged = truth[1::2]
    sums = [sum(each) for each in zip([0.0] * len(judged), *points.values(), strict=True)]
    nothing = [0.0] * len(judged)
    return {name: auc(list(map(sub, sums, points.get(name, nothing))), judged) or CHANCE for name in strong}


def _loud(signal: Signal) -> bool:
    hint = _hint(signal)
    return hint is not None and hint.loud


def _evidence(column: _Column) -> list[float]:
    """The log-odds that a column adds for each lead of the second half, learnt from the first."""
    counts = added(first for first, _ in column.table.cells)
    misses, hits = totals(counts)
    ratio = (hits + 1) / (misses + 1)
    worth = [log((hit + 4 * ratio) / (miss + 4) / ratio) for miss, hit in counts]
    return [worth[code] for code in column.codes[1::2]]


def _usual_gap(columns: Sequence[_Column], *, screening: bool) -> float:
    """How well gaps rank leads in the middle one of all columns; when screening, of those that have gaps.

    Junk honestly leaves many fields open at once, and what is usual among them says nothing against one of them.
    """
    powers = [gap_power(column.table.whole)[0] for column in columns]
    chosen = [power for power in powers if power > CHANCE] if screening else powers
    return middle(chosen) if len(chosen) >= _COMPARED else CHANCE


def _past_lead(signal: Signal, values: Sequence[Value | None]) -> float:
    """The share of known moments more than a minute after the lead came; 0 for what is no moment."""
    if "received_at" not in signal.reads[1:]:
        return 0.0
    known = [float(value) for value in values if value is not None]
    return sum(seconds < -_CLOCKS for seconds in known) / max(1, len(known))


def _identity(study: Study, signal: Signal) -> list[Clue]:
    """Whether it names the leads, or is their number, rather than says something about them."""
    known = [value for value in study.columns[signal.name] if value is not None]
    if len(known) < _MANY or len(set(known)) < _OWN * len(known):
        return []
    if signal.kind is str:
        text = f"{len(set(known)):,} of {len(known):,} leads have a value of their own: it names leads"
        return [Clue("identity", NOTE, text)]
    rising = sum(first <= second for first, second in pairwise(known))  # type: ignore[operator]  # numbers
    if signal.kind is bool or rising < _RISING * len(known):
        return []
    return [Clue("identity", NOTE, "it rises from lead to lead: it counts leads, or is a clock")]


def _hint(signal: Signal) -> Hint | None:
    """What the names of a signal and of the field it reads say; those of Winnow's own say nothing."""
    if signal.name in BY_NAME:
        return None
    return hint_in(" ".join((*signal.reads[:1], signal.name, signal.label)))


def _judged(signal: Signal, found: Sequence[Clue]) -> Suspicion | None:
    """Refused or doubtful, with everything that was seen; None when nothing was."""
    hint = _hint(signal)
    loud = hint is not None and hint.loud
    found = list(map(_excused, found)) if signal.name in BY_NAME else found
    seen = [clue for clue in found if loud or clue.weight > FAINT]
    if not seen and hint is None:
        return None
    evidence = (*(clue.text for clue in seen), *([hint.text] if hint else []))
    return Suspicion(signal.name, Verdict.REFUSED if _damning(seen, hint) else Verdict.DOUBTFUL, evidence)


def _excused(clue: Clue) -> Clue:
    """What ranking well says against a signal that Winnow measures itself: no more than a doubt.

    It is worked out from what the lead said when it came in, so being good is its purpose. What tells when, and for
    whom, the fields it reads were filled in holds as for any other: somebody may have filled them in later.
    """
    if clue.kind != RANKING or clue.weight <= NOTE:
        return clue
    return Clue(clue.kind, NOTE, f"{clue.text}; yet it is measured in what the lead itself says")


def _damning(seen: Sequence[Clue], hint: Hint | None) -> bool:
    """Whether clues and name refuse a column: a proof, two clues of different kinds, or a name and what it needs."""
    heaviest = max((clue.weight for clue in seen), default=None)
    if heaviest is None:
        return False
    if hint is not None and (hint.loud or heaviest >= MARK):
        return True
    return heaviest is PROOF or len({clue.kind for clue in seen if clue.weight is CLUE}) > 1
