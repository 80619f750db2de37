"""Contacts that took place held against the permits that were given: what went past the gate, and how."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from winnow.core.govern.terms import Channel

#: By so much clocks of different machines may differ.
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as a CRM or a mail server reports it.

    place: its line in the report · subject: keyed hash of the address · at: aware
    purpose: None: the report does not say · by: the user or tool that did it; empty: not said
    """

    place: int
    subject: int
    at: datetime
    channel: Channel
    purpose: str | None = None
    by: str = ""


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


def lack(contact: Contact, permitted: Iterable[Permitted], tolerance: timedelta = TOLERANCE) -> Lack | None:
    """What a contact lacks; None when one of the permits of this person covers it."""
    known = list(permitted)
    if not known:
        return Lack.NEVER
    same = [each for each in known if each.channel is contact.channel]
    if not same:
        return Lack.CHANNEL
    fitting = [each for each in same if contact.purpose in {None, each.purpose}]
    if not fitting:
        return Lack.PURPOSE
    before = [each for each in fitting if each.at - tolerance <= contact.at]
    if not before:
        return Lack.EARLY
    covered = any(contact.at < (each.until or each.at) + tolerance for each in before)
    return None if covered else Lack.LATE
