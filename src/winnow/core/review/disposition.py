"""What a reviewer may say about a lead, what follows from it, and which leads a second one looks at unawares."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from winnow.core.outcome import Outcome
from winnow.errors import InvalidInputError

#: How long an override stands unless the reviewer says otherwise.
STANDS = timedelta(days=180)

LONGEST_NOTE = 2_000

#: What a reviewer may decide; review would be no answer.
VERDICTS = (Outcome.ACCEPT, Outcome.TAG, Outcome.REJECT)

#: Keeps this draw apart from all other hashes over the same texts.
_SECOND_DOMAIN = "winnow/second-review/v1"

JUNK, GENUINE = "junk", "genuine"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason out of the short list.

    key: the digit that chooses it on a keyboard; None for letting a lead through, which takes no second key
    label: what the lead is, for learning; None: nothing
    lasts: whether it also decides later leads of the same person
    """

    code: str
    text: str
    label: str | None
    key: int | None = None
    lasts: bool = True


#: Why a lead is rejected. What says nothing about the person, or not that they are junk, is not learnt as junk.
REJECT_REASONS = (
    Why("spam", "Spam or sent by a program", JUNK, 1),
    Why("made_up", "Made-up name, address or number", JUNK, 2),
    Why("pitch", "Wants to sell us something", JUNK, 3),
    Why("no_intent", "No interest in buying: student, job, joke", JUNK, 4),
    Why("fraud", "Attempt to deceive", JUNK, 5),
    Why("test", "A test of ours", JUNK, 6, lasts=False),
    Why("duplicate", "The same enquiry came before", None, 7, lasts=False),
    Why("not_for_us", "Real, but nothing for us: region, size, product", GENUINE, 8, lasts=False),
    Why("other", "Something else, see the note", JUNK, 9),
)
LET_THROUGH = Why("genuine", "A person looked and let it through", GENUINE)

_REASONS = {why.code: why for why in REJECT_REASONS}
_KEYS = {str(why.key): why for why in REJECT_REASONS}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reviewer's closing word.

    note: free text; may be empty · expires_at: when its override ends; None: it stands
    """

    outcome: Outcome
    why: Why
    note: str = ""
    expires_at: datetime | None = None

    def followed(self, decided: Outcome, score: int) -> bool:
        """Whether it is what the machine leaned to: to reject if it did, or found junk likelier than not.

        Neither is better; it is only recorded.
        """
        return (self.outcome is Outcome.REJECT) == (decided is Outcome.REJECT or score >= 0)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a reviewer says, as it was said; the fields are those of the function `verdict`."""

    outcome: Outcome
    reason: str | None = None
    note: str = ""
    expires_at: datetime | None = None
    standing: bool = False

    def verdict(self, now: datetime) -> Verdict:
        """The verdict it comes to; raises InvalidInputError when it cannot be one."""
        return verdict(self.outcome, self.reason, self.note, now, expires_at=self.expires_at, standing=self.standing)


def verdict(
    outcome: Outcome,
    reason: str | None,
    note: str,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    standing: bool = False,
) -> Verdict:
    """A verdict out of what a reviewer said; raises InvalidInputError when it cannot be one.

    reason: the code or the key of a reason for rejecting; None for letting through
    expires_at: until when it also decides later leads of the person; `standing`: for good; neither: for STANDS
    """
    if outcome not in VERDICTS:
        raise InvalidInputError(f"`{outcome.word}` is no verdict", where="outcome", fix="use accept, tag or reject")
    said = note.strip()
    if len(said) > LONGEST_NOTE:
        raise InvalidInputError(f"longer than {LONGEST_NOTE:,} characters", where="note", fix="shorten it")
    why = _why(outcome, reason)
    if why.code == "other" and not said:
        raise InvalidInputError("no note says what else it is", where="note", fix="write it, or choose another reason")
    if standing and expires_at is not None:
        raise InvalidInputError("it cannot both stand and expire", where="standing", fix="leave one out")
    if expires_at is not None and expires_at <= now:
        raise InvalidInputError("it would have expired already", where="expires_at", fix="give a later moment")
    return Verdict(outcome, why, said, None if standing else expires_at or now + STANDS)


def _why(outcome: Outcome, reason: str | None) -> Why:
    if outcome is not Outcome.REJECT:
        if reason not in {None, LET_THROUGH.code}:
            what = f"`{reason}` is a reason to reject, not to {outcome.word}"
            raise InvalidInputError(what, where="reason", fix="leave it out; the note takes any text")
        return LET_THROUGH
    why = _REASONS.get(reason or "") or _KEYS.get(reason or "")
    if why is None:
        what = f"`{reason}` is no reason to reject" if reason else "no reason is given"
        raise InvalidInputError(what, where="reason", fix=f"use one of {', '.join(_REASONS)}")
    return why


def text_of(code: str) -> str:
    """A reason in words, by its code; one that is no longer in the list is its code."""
    return {**_REASONS, LET_THROUGH.code: LET_THROUGH}.get(code, Why(code, code, None)).text


def second_wanted(case: int, lead_id: str, share: float) -> bool:
    """Whether a second reviewer looks at a case, not knowing that there was a first.

    The lot is SHA-256 over the number of the case and the lead's id, read as a number from 0 to 1: the same at every
    look, and not to be guessed from the lead alone. A greater share only adds cases to those of a smaller one.
    """
    digest = sha256(f"{_SECOND_DOMAIN}\n{case}\n{lead_id}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) < share * 2**64
