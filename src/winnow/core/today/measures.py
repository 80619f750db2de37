"""The numbers of Today, what each is a part of, and which leads stand behind it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from winnow.core.outcome import Outcome
from winnow.core.review.disposition import JUNK


class Measure(StrEnum):
    """A number of a window.

    LEADS: all that came and were acted on · ACCEPTED … REJECTED: the same by outcome
    BY_MACHINE: rejected by the score or by a rule, the rejections a blind sample is drawn from
    IN_SHADOW: decided without effect
    JUNKED: sent to people, who rejected them as junk · STOPPED: junk stopped, REJECTED and JUNKED together
    RELEASED: rejected without a person, and let through by one · GOOD: rejected without a person, and reported genuine
    DECIDED: what people decided of what was sent to them · OTHERWISE: of these, what the machine did not lean to
    TOLD: reports of what leads turned out to be, TOLD_JUNK: those that say junk · MISSED: junk that was let through
    without a person · WITHDRAWN: reports taken back, which count in none of these
    """

    LEADS = "leads"
    ACCEPTED = "accepted"
    TAGGED = "tagged"
    REVIEWED = "reviewed"
    REJECTED = "rejected"
    BY_MACHINE = "by_machine"
    IN_SHADOW = "in_shadow"
    JUNKED = "junked"
    STOPPED = "stopped"
    RELEASED = "released"
    GOOD = "good"
    DECIDED = "decided"
    OTHERWISE = "otherwise"
    TOLD = "told"
    TOLD_JUNK = "told_junk"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


#: Those that are counted; the others are sums of them.
COUNTED = tuple(each for each in Measure if each is not Measure.STOPPED)

#: What a score or a rule decides may have been drawn into the blind sample instead.
MACHINE = frozenset({"score", "rule"})

OF_OUTCOME = {
    Outcome.ACCEPT: Measure.ACCEPTED,
    Outcome.TAG: Measure.TAGGED,
    Outcome.REVIEW: Measure.REVIEWED,
    Outcome.REJECT: Measure.REJECTED,
}


def with_sums(numbers: Mapping[Measure, int]) -> Counter[Measure]:
    """Numbers that were counted, and those that are sums of them."""
    found = Counter(numbers)
    found[Measure.STOPPED] = found[Measure.REJECTED] + found[Measure.JUNKED]
    return found


class Of(StrEnum):
    """Where the leads behind a number are found: among decisions, cases, or reports."""

    DECISIONS = "decisions"
    CASES = "cases"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Behind:
    """Which leads a number counts: those for which all of this is so.

    of: where to look · outcomes: of the decision, or of what people decided; empty: any
    decided: what the machine had decided, of cases and reports · by: what decided, such as `score`; empty: any
    verdicts: what they are learnt as, of cases, or were reported to be · otherwise: only what the machine did not
    lean to · shadow: decided in shadow
    """

    of: Of
    outcomes: tuple[Outcome, ...] = ()
    decided: tuple[Outcome, ...] = ()
    by: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    otherwise: bool = False
    shadow: bool = False


_THROUGH = (Outcome.ACCEPT, Outcome.TAG)
_REJECT, _REVIEW = (Outcome.REJECT,), (Outcome.REVIEW,)
_JUNK, _REAL = (JUNK,), ("genuine", "converted", "lost")

_BEHIND = {
    Measure.LEADS: (Behind(Of.DECISIONS),),
    Measure.ACCEPTED: (Behind(Of.DECISIONS, (Outcome.ACCEPT,)),),
    Measure.TAGGED: (Behind(Of.DECISIONS, (Outcome.TAG,)),),
    Measure.REVIEWED: (Behind(Of.DECISIONS, _REVIEW),),
    Measure.REJECTED: (Behind(Of.DECISIONS, _REJECT),),
    Measure.BY_MACHINE: (Behind(Of.DECISIONS, _REJECT, by=tuple(sorted(MACHINE))),),
    Measure.IN_SHADOW: (Behind(Of.DECISIONS, shadow=True),),
    Measure.JUNKED: (Behind(Of.CASES, _REJECT, _REVIEW, verdicts=_JUNK),),
    Measure.STOPPED: (Behind(Of.DECISIONS, _REJECT), Behind(Of.CASES, _REJECT, _REVIEW, verdicts=_JUNK)),
    Measure.RELEASED: (Behind(Of.CASES, _THROUGH, _REJECT),),
    Measure.GOOD: (Behind(Of.FEEDBACK, decided=_REJECT, verdicts=_REAL),),
    Measure.DECIDED: (Behind(Of.CASES, decided=_REVIEW),),
    Measure.OTHERWISE: (Behind(Of.CASES, decided=_REVIEW, otherwise=True),),
    Measure.TOLD: (Behind(Of.FEEDBACK),),
    Measure.TOLD_JUNK: (Behind(Of.FEEDBACK, verdicts=_JUNK),),
    Measure.MISSED: (Behind(Of.FEEDBACK, decided=_THROUGH, verdicts=_JUNK),),
    Measure.WITHDRAWN: (),
}


#: What a number is a part of.
_WHOLE = {
    **dict.fromkeys(OF_OUTCOME.values(), Measure.LEADS),
    Measure.STOPPED: Measure.LEADS,
    Measure.OTHERWISE: Measure.DECIDED,
    Measure.TOLD_JUNK: Measure.TOLD,
    Measure.MISSED: Measure.TOLD,
}


def share(measure: Measure, numbers: Mapping[Measure, int]) -> float | None:
    """The part a number is of the one it belongs to; None where it belongs to none, or that is 0.

    STOPPED is held against the leads of the same days, though some of what people rejected on them came before.
    """
    whole = _WHOLE.get(measure)
    of = 0 if whole is None else numbers.get(whole, 0)
    return numbers.get(measure, 0) / of if of else None


def behind(measure: Measure) -> tuple[Behind, ...]:
    """Where the leads of a number are, which may be in two places; nowhere for what was taken back."""
    return _BEHIND[measure]
