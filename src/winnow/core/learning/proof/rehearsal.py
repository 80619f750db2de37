"""Would the promise have been kept? The same procedure at an earlier date, judged by what came after.

A certificate says something of leads nobody has seen yet. The nearest thing to seeing them: step back to the day the
hold-out began, fit and certify with what was known then, and look at what that certificate would have done to the
hold-out. A scorecard of those days is judged, not the present one; what is put to the test is whether, with leads that
change as these do, what is proven stays true. It can only take a certificate away, never give one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from winnow.core.learning.proof.capping import capped_score, sums_of
from winnow.core.learning.proof.certify import Abstained, Certified, Terms, certify
from winnow.core.learning.proof.evidence import unseen
from winnow.core.learning.proof.steady import Slice, slice_of
from winnow.core.learning.reading.split import split_place
from winnow.core.learning.study import Study
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import PRECISION_FLOOR
from winnow.errors import InvalidInputError

#: Fits the leads before a place of a study, and gives the scorecard.
Fit = Callable[[Study, int], Scorecard]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would have been certified earlier, and what became of it.

    answer: None when there were too few leads to try · realised: on the hold-out; None when nothing was certified
    """

    answer: Certified | Abstained | None
    realised: Slice | None
    note: str

    @property
    def broken(self) -> bool:
        """Whether a promise was made then and not kept."""
        return self.realised is not None and self.realised.broken


def rehearsed(fit: Fit, study: Study, split: int, terms: Terms, share: float | None = None) -> Rehearsal:
    """Fit and certify as of the day the hold-out began.

    split: where it begins · share: of the leads before it that is set aside for the proof, as large as the hold-out is
    of all unless given
    """
    past = study.part(0, split)
    place = split_place(past.times, split, (len(study) - split) / len(study) if share is None else share)
    try:
        card = fit(past, place)
    except InvalidInputError as error:
        return Rehearsal(None, None, f"not rehearsed: {error.what}")
    answer = certify(card, unseen(past, place), replace(terms, looks=0))
    if isinstance(answer, Abstained):
        return Rehearsal(answer, None, f"an earlier certificate would have been refused: {answer.reason}")
    found = realised(answer, study.part(split, len(study)))
    return Rehearsal(answer, found, _note(found))


def realised(certified: Certified, later: Study) -> Slice:
    """What rejecting from the threshold up did to leads that came after a certificate was issued."""
    card = certified.card
    caps = [card.caps[family] for family in card.families]
    flags = [capped_score(card.base, sums, caps) >= certified.threshold for sums in sums_of(card, later)]
    return slice_of(flags, later.truth)


def _note(found: Slice) -> str:
    if found.precision is None:
        return "an earlier certificate would have rejected none of the leads that came after it"
    return (
        f"an earlier certificate would have rejected {found.flagged:,} of the {found.leads:,} leads that came after "
        f"it, {found.precision:.2%} of them rightly"
    )


def with_rehearsal(answer: Certified | Abstained, rehearsal: Rehearsal) -> Certified | Abstained:
    """The answer, taken back when the promise was not kept in the rehearsal."""
    if isinstance(answer, Abstained) or not rehearsal.broken:
        return answer
    reason = f"not certified: {rehearsal.note}, and the promise is at least {PRECISION_FLOOR:.0%}"
    return Abstained("drift", reason, answer.terms, answer.leads, slices=answer.slices, copies=answer.copies)
