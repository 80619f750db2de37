"""What somebody types about consent on a page, as the desk takes it."""

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from winnow.core.govern.consent import Act, Capture
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.errors import InvalidInputError, NotFoundError
from winnow.services.consent import ConsentDesk, Known, Said
from winnow.shells.web.posted import Form

_MOST_ADDRESS, _MOST_DIGITS = 320, 19
#: Numbers of subjects have 63 bits.
_TOO_LARGE = 2**63
#: Letters of evidence, of a script, and of what somebody said.
MOST_WORDS = 4_000
#: What the form for a yes said aloud is called among those of the page.
YES = "yes"


class About(NamedTuple):
    """Whom a form is about: the number of a subject, or an address of which nothing is recorded yet."""

    subject: int | None
    text: str
    country: str | None

    def known(self, desk: ConsentDesk) -> Known:
        """All that is known; raises NotFoundError, InvalidInputError."""
        if self.subject is not None:
            return desk.known(self.subject)
        return desk.search(*self.by_kind, self.country)

    def address(self, desk: ConsentDesk, *, sure: bool = False) -> Address:
        """The address; raises NotFoundError where it was erased, InvalidInputError."""
        if self.subject is None:
            return desk.address(*self.by_kind, self.country, sure=sure)
        found = desk.known(self.subject).address
        if found is None:
            raise NotFoundError("the address was erased", fix="look for the address itself")
        return found

    @property
    def by_kind(self) -> tuple[str | None, str | None]:
        """The text as a telephone number if it can be one, or as a mail address."""
        number = "@" not in self.text and any(map(str.isdigit, self.text))
        return (None, self.text) if number else (self.text, None)


def about(form: Form) -> About:
    """Whom a form is about; raises InvalidInputError, NotFoundError."""
    number = form.text("subject", most=_MOST_DIGITS)
    country = form.text("country", most=2).upper() or None
    if number:
        return About(subject_number(number), "", country)
    text = form.text("address", most=_MOST_ADDRESS)
    if not text:
        raise InvalidInputError("there is no address", where="address", fix="write it like ana@bluebird.example")
    return About(None, text, country)


def subject_number(text: str) -> int:
    """The number of a subject; raises NotFoundError for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text) < _TOO_LARGE):
        raise NotFoundError("there is no such subject", fix="look for the address itself")
    return int(text)


def said_in(form: Form, whom: About, zone: tzinfo) -> Said:
    """The event a form describes; raises InvalidInputError for what cannot be read."""
    email, phone = (None, None) if whom.subject is not None else whom.by_kind
    common = {
        "email": email,
        "phone": phone,
        "country": whom.country,
        "subject": whom.subject,
        "channel": channel_in(form, "channel"),
        "purpose": form.text("purpose", most=100) or None,
        "evidence": form.text("evidence", most=MOST_WORDS) or None,
        "occurred_at": moment_in(form, "occurred_at", zone),
    }
    if form.text("what") == YES:
        heard = {name: form.text(name, most=MOST_WORDS) or None for name in ("script", "words", "spoken_by")}
        return Said(Act.GRANT, how=Capture.VERBAL, **common, **heard)  # type: ignore[arg-type]  # each is what it says
    act = _act(form.text("what", most=40))
    # a law or a register is no word of the person, however the form says it came
    how = Capture.REP if act in {Act.BAR, Act.BAR_LIFTED} else _how(form.text("how", most=40))
    return Said(act, how=how, **common)  # type: ignore[arg-type]  # as above


def channel_in(form: Form, name: str) -> Channel | None:
    """A channel, None where none was chosen; raises InvalidInputError."""
    text = form.text(name, most=40)
    if not text:
        return None
    try:
        return Channel(text)
    except ValueError:
        raise InvalidInputError(f"`{text}` is no channel", where=name, fix=f"use {', '.join(Channel)}") from None


def moment_in(form: Form, name: str, zone: tzinfo) -> datetime | None:
    """A day and time in the zone that pages tell them in, None when it was left empty; raises InvalidInputError."""
    text = form.text(name, most=40)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(f"`{text}` is no time", where=name, fix="write it like 2026-11-22T09:30") from None


def _act(text: str) -> Act:
    if text not in {Act.OPT_OUT, Act.OBJECTION, Act.BAR, Act.BAR_LIFTED}:
        raise InvalidInputError("it is not said what happened", where="what", fix="choose what happened")
    return Act(text)


def _how(text: str) -> Capture:
    return Capture.REPLY if text == Capture.REPLY else Capture.REP
