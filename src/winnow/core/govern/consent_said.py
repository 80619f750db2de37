"""How things stand with consent, in plain sentences that say nothing about the person."""

from datetime import date
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


def when(day: int | None, told: int) -> str:
    """Said of an act: its day, or the day by which it had happened; days as numbers, see `date.toordinal`."""
    return f"on or before {written(told)}, when it was received," if day is None else f"on {written(day)}"


def written(day: int) -> str:
    """A day as it is written, such as 2026-11-22."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=4096)
def no(  # what differs
    act: Act, how: Capture, at: str, channel: Channel | None, purpose: str | None, waits: str = ""
) -> str:
    """Said of a denial; `at`: see `when`, `waits`: see `waiting`.

    Remembered, since a campaign asks for a hundred thousand sentences at once and few differ.
    """
    reach = "every channel" if channel is None or act is Act.OBJECTION else channel.value
    end = f"; {waits}" if waits else f", {_UNTIL[act]}"
    return f"{_DENIED[act]} {at} {HOW[how]} ({reach}, {purpose or 'every purpose'}){end}"


_UNTIL = {
    Act.OBJECTION: "and has not agreed in writing since",
    Act.OPT_OUT: "and nothing the person did since takes it back",
    Act.BAR: "and that was neither lifted nor has it expired",
}


@lru_cache(maxsize=4096)
def yes(basis: str, how: Capture, at: str, ends: int | None) -> str:
    """Said of a grant; `at`: see `when`, `ends`: a day as a number."""
    agreed = "the person agreed" if basis == EXPRESS else f"there was a relationship ({basis})"
    until = "" if ends is None else f", {'provisional, ' if how is Capture.VERBAL else ''}until {written(ends)}"
    return f"{agreed} {at} {HOW[how]}{until}"


def waiting(how: Capture, at: str, wording: str) -> str:
    """Said of a yes that nobody knows to be the person's; `wording`: the id of the words they saw."""
    return f"a yes was given {at} {HOW[how]} (`{wording}`), and waits for confirmation"


def lapsed(how: Capture, at: str, ends: int | None, waits: str = "") -> str:
    """Said of a yes that holds no more, or not yet where `ends` is None."""
    over = "is not in force yet" if ends is None else f"lapsed on {written(ends)}"
    return f"what the person agreed to {at} {HOW[how]} {over}{'; ' if waits else ''}{waits}"


def unknown(erased: int) -> str:
    """Said where nothing stands for or against; `erased`: number of the event that erased the person, else below 0."""
    if erased >= 0:
        return "what was known of this person was erased, and they have not agreed since"
    return "nobody ever recorded that the person agreed to this, or refused it"
