"""Contacts that took place held against the permits that were given: what went past the gate, and how."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from winnow.core.govern.consent import ConsentEvent, Standing, fold
from winnow.core.govern.limits import Limits
from winnow.core.govern.terms import Channel

#: By so much clocks of different machines may differ.
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as a CRM or a mail server reports it.

    place: its line in the report · subject: keyed hash of the address · at: aware
    purpose: None: the report does not say · by: the user or tool that did it; empty: not said
    who: whom it went to, as the report writes it
    """

    place: int
    subject: int
    at: datetime
    channel: Channel
    purpose: str | None = None
    by: str = ""
    who: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Permitted:
    """A contact that was permitted.

    id: of the permit · until: from when on it held no more; None for mail that left through the gate, at `at`
    """

    id: str
    at: datetime
    until: datetime | None
    channel: Channel
    purpose: str


class Lack(StrEnum):
    """In what a contact lacks a permit; the value says it in a sentence."""

    NEVER = "no permit was ever given for this person"
    CHANNEL = "the only permits were for other channels"
    PURPOSE = "the only permits for this channel were for other purposes"
    EARLY = "it took place before a permit was given"
    LATE = "the last permit before it had expired"
    SINCE = "the person had said no since the permit was given"


class Lacking(NamedTuple):
    """What a contact lacks; `near` is the permit that comes nearest, None where there is none."""

    lack: Lack
    near: Permitted | None = None

    @property
    def because(self) -> str:
        """The sentence with its particulars: which permit, of when, for what; without anything about the person."""
        return f"{self.lack.value}{self._particulars}"

    @property
    def _particulars(self) -> str:
        near = self.near
        if near is None:
            return ""
        if self.lack is Lack.CHANNEL:
            return f", the nearest for {near.channel.value} ({near.id})"
        if self.lack is Lack.PURPOSE:
            return f", the nearest for {near.purpose} ({near.id})"
        if self.lack is Lack.LATE:
            return f", at {_written(near.until or near.at)} ({near.id})"
        return f", at {_written(near.at)} ({near.id})"


def lacking(contact: Contact, permitted: Iterable[Permitted], tolerance: timedelta = TOLERANCE) -> Lacking | None:
    """What a contact lacks; None when one of the permits of this person covers it, see `covering`."""
    known = list(permitted)
    if not known:
        return Lacking(Lack.NEVER)
    same = [each for each in known if each.channel is contact.channel]
    if not same:
        return Lacking(Lack.CHANNEL, _nearest(contact, known))
    fitting = [each for each in same if contact.purpose in {None, each.purpose}]
    if not fitting:
        return Lacking(Lack.PURPOSE, _nearest(contact, same))
    before = [each for each in fitting if each.at - tolerance <= contact.at]
    if not before:
        return Lacking(Lack.EARLY, min(fitting, key=lambda each: each.at))
    if covering(contact, before, tolerance):
        return None
    return Lacking(Lack.LATE, max(before, key=lambda each: each.until or each.at))


def covering(
    contact: Contact, permitted: Iterable[Permitted], tolerance: timedelta = TOLERANCE
) -> tuple[Permitted, ...]:
    """The permits of this person that cover a contact: of its channel and purpose, and in force at its time."""
    return tuple(
        each
        for each in permitted
        if each.channel is contact.channel
        and contact.purpose in {None, each.purpose}
        and each.at - tolerance <= contact.at < (each.until or each.at) + tolerance
    )


def no_to(
    contact: Contact, events: Iterable[ConsentEvent], limits: Limits, tolerance: timedelta = TOLERANCE
) -> Standing | None:
    """The no of this person that stood when a contact took place; None when none did.

    What was heard of only later counts, too: the person had said it. Of a contact that names no purpose, a no to any.
    """
    known = [each for each in events if each.latest <= contact.at - tolerance]
    purposes = {contact.purpose} if contact.purpose else {each.purpose for each in known}
    standings = (_folded(known, contact, purpose or "", limits) for purpose in purposes)
    denials = [each for each in standings if each.denied]
    return max(denials, key=lambda each: each.state, default=None)


def no_since(
    contact: Contact,
    permits: Sequence[Permitted],
    events: Iterable[ConsentEvent],
    limits: Limits,
    tolerance: timedelta = TOLERANCE,
) -> Lacking | None:
    """Whether all permits that cover a contact were overtaken by a no that Winnow knew of when it took place."""
    heard = [each for each in events if each.received_at <= contact.at - tolerance]
    standings = (_folded(heard, contact, each.purpose, limits) for each in permits)
    if not permits or not heard or not all(standing.denied for standing in standings):
        return None
    return Lacking(Lack.SINCE, permits[-1])


def _folded(events: Sequence[ConsentEvent], contact: Contact, purpose: str, limits: Limits) -> Standing:
    return fold(events, contact.channel, purpose, contact.at, limits.others(purpose))


def _nearest(contact: Contact, permitted: Iterable[Permitted]) -> Permitted:
    return min(permitted, key=lambda each: abs(each.at - contact.at))


def _written(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
