"""How things stand with consent, in plain sentences that say nothing about the person."""

from datetime import date, datetime
from functools import lru_cache

from winnow.core.govern.consent_events import EXPRESS, Act, Capture
from winnow.core.govern.terms import Channel

HOW = {
    Capture.FORM: "with a form",
    Capture.DOUBLE_OPT_IN: "with the link of a mail",
    Capture.VERBAL: "by word of mouth",
    Capture.LINK: "with one click on unsubscribe",
    Capture.SIGNAL: "by the signal of their browser (Global Privacy Control)",
    Capture.REPLY: "in a reply that was recorded",
    Capture.REP: "as somebody of the company recorded",
    Capture.IMPORT: "as an imported file says",
    Capture.SYNC: "as another system says",
    Capture.MERGE: "under another address of theirs",
    Capture.ENRICHMENT: "as bought data say",
}
_DENIED = {
    Act.OBJECTION: "the person objected",
    Act.OPT_OUT: "the person opted out",
    Act.BAR: "a law or a register barred it",
}


def day_of(at: datetime | None) -> int | None:
    """The day of a moment, UTC, as a number; None where nobody knows it."""
    return None if at is None else at.toordinal()


def when(day: int | None) -> str:
    """Said of an act: a day, or that nobody knows which."""
    return "at an unknown time" if day is None else f"on {written(day)}"


def written(day: int) -> str:
    """A day as it is written, such as 2026-11-22."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=4096)
def no(act: Act, how: Capture, day: int | None, channel: Channel | None, purpose: str | None) -> str:
    """Said of a denial. Remembered, since a campaign asks for a hundred thousand sentences at once and few differ."""
    reach = "every channel" if channel is None or act is Act.OBJECTION else channel.value
    return f"{_DENIED[act]} {when(day)} {HOW[how]} ({reach}, {purpose or 'every purpose'}), {_UNTIL[act]}"


_UNTIL = {
    Act.OBJECTION: "and has not agreed in writing since",
    Act.OPT_OUT: "and nothing the person did since takes it back",
    Act.BAR: "and that was neither lifted nor has it expired",
}


@lru_cache(maxsize=4096)
def yes(basis: str, how: Capture, day: int | None, ends: int | None) -> str:
    """Said of a grant; `day`, `ends`: see day_of."""
    agreed = "the person agreed" if basis == EXPRESS else f"there was a relationship ({basis})"
    until = "" if ends is None else f", {'provisional, ' if how is Capture.VERBAL else ''}until {written(ends)}"
    return f"{agreed} {when(day)} {HOW[how]}{until}"


def unknown(erased: int) -> str:
    """Said where nothing stands for or against; `erased`: number of the event that erased the person, else below 0."""
    if erased >= 0:
        return "what was known of this person was erased, and they have not agreed since"
    return "nobody ever recorded that the person agreed to this, or refused it"
