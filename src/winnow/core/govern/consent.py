"""What people said about being contacted: events that are never changed, folded to how things stand and why.

A denial outweighs what came before it, what came at the same time, and what came at nobody knows when. Only a later
express act of the person outweighs a denial, and only for as long as it holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

from winnow.core.govern.consent_events import DENIALS, EXPRESS, VERBAL_DAYS, WRITTEN, Act, Capture, ConsentEvent
from winnow.core.govern.consent_said import HOW, day_of, no, unknown, when, written, yes
from winnow.core.govern.terms import Channel

__all__ = [
    "DENIALS",
    "EXPRESS",
    "NOTHING_KNOWN",
    "VERBAL_DAYS",
    "Act",
    "Capture",
    "ConsentEvent",
    "Ground",
    "Standing",
    "State",
    "fold",
]


class State(IntEnum):
    """How things stand for a person, a channel and a purpose; of several the greatest holds."""

    GRANTED = 0
    UNKNOWN = 1
    EXPIRED = 2
    BARRED = 3
    OPTED_OUT = 4
    OBJECTED = 5

    @property
    def word(self) -> str:
        """The name in lower case, with a hyphen, as texts and files have it."""
        return self.name.lower().replace("_", "-")


class Ground(NamedTuple):
    """One thing that a contact may rest on: laws count differently from `since`."""

    basis: str
    since: datetime | None
    expires_at: datetime | None
    provisional: bool
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand, and why.

    basis, expires_at: of the strongest ground, if the state is GRANTED; `grounds` are all of them, the strongest first
    why: one plain sentence, without anything about the person · because: the numbers of the events it rests on
    """

    state: State
    basis: str | None
    expires_at: datetime | None
    why: str
    because: tuple[int, ...]
    grounds: tuple[Ground, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether it rests on nothing but what was said aloud."""
        return bool(self.grounds) and self.grounds[0].provisional

    @property
    def denied(self) -> bool:
        """Whether no contact is allowed whatever the law asks for."""
        return self.state >= State.BARRED


#: What is known of somebody nothing was ever recorded of.
NOTHING_KNOWN = Standing(State.UNKNOWN, None, None, "nothing was ever recorded about this address", ())


def fold(events: Iterable[ConsentEvent], channel: Channel, purpose: str, now: datetime) -> Standing:
    """How things stand at `now` (aware) for one address; the order of the events does not matter.

    Times after `now` do not count as reached: a grant of tomorrow is none today, a denial of tomorrow is one.
    """
    sifted = _sifted(events, channel, purpose)
    if sifted is None:
        return NOTHING_KNOWN
    grants, against, lifted, erased = sifted
    living = [event for event in grants if _living(event, now)]
    if against:
        ends = (*living, *lifted)
        left = [event for event in against if not _outweighed(event, ends, now)]
        for act, state in _STATES:
            standing = [event for event in left if event.act is act]
            if standing:
                return _denied(state, standing)
    if living:
        return _granted(living, against)
    if grants:
        return _expired(grants)
    return Standing(State.UNKNOWN, None, None, unknown(erased), () if erased < 0 else (erased,))


_Events = list[ConsentEvent]


def _sifted(
    events: Iterable[ConsentEvent], channel: Channel, purpose: str
) -> tuple[_Events, _Events, _Events, int] | None:
    """Grants, denials, bars that were lifted, each in the order of their numbers, and the number of the last erasure.

    None where there is nothing at all. What is not about this channel and purpose is left out.
    """
    known = list(events)
    if not known:
        return None
    if len(known) > 1:
        known.sort(key=_number)
    grants, against, lifted, erased = _Events(), _Events(), _Events(), -1
    for event in known:
        act = event.act
        if act is Act.GRANT:
            if event.channel is channel and event.purpose == purpose and event.basis is not None:
                grants.append(event)
        elif act is Act.ERASED:
            grants, erased = [], event.number
        elif _covers(event, channel, purpose):
            (lifted if act is Act.BAR_LIFTED else against).append(event)
    return grants, against, lifted, erased


_number = attrgetter("number")
_STATES = ((Act.OBJECTION, State.OBJECTED), (Act.OPT_OUT, State.OPTED_OUT), (Act.BAR, State.BARRED))


def _covers(event: ConsentEvent, channel: Channel, purpose: str) -> bool:
    """An objection is to every channel, whatever it names."""
    of_channel = event.channel is None or event.channel is channel or event.act is Act.OBJECTION
    return of_channel and (event.purpose is None or event.purpose == purpose)


def _living(event: ConsentEvent, now: datetime) -> bool:
    return event.latest <= now and (event.ends_at is None or now < event.ends_at)


def _outweighed(denial: ConsentEvent, later: Iterable[ConsentEvent], now: datetime) -> bool:
    """Whether something that counts against this denial came after it; bars lapse, what people say does not."""
    if denial.act is Act.BAR and denial.ends_at is not None and denial.ends_at <= now:
        return True
    return any(_counts(event, denial) and event.latest > denial.latest for event in later)


def _counts(event: ConsentEvent, denial: ConsentEvent) -> bool:
    """What can outweigh what: an objection needs something in writing, a bar is not the person's to lift."""
    if denial.act is Act.BAR:
        return event.act is Act.BAR_LIFTED and event.occurred_at is not None
    return event.express and (denial.act is not Act.OBJECTION or event.how in WRITTEN)


def _denied(state: State, standing: list[ConsentEvent]) -> Standing:
    last = standing[0] if len(standing) == 1 else max(standing, key=lambda event: (event.latest, event.number))
    why = no(last.act, last.how, day_of(last.occurred_at), last.channel, last.purpose)
    return Standing(state, None, None, why, tuple([event.number for event in standing]))


def _granted(living: list[ConsentEvent], against: list[ConsentEvent]) -> Standing:
    """After a no, nothing but express acts that came later count."""
    denials = [event for event in against if event.act is not Act.BAR]
    since = max((event.latest for event in denials), default=None)
    counted = living if since is None else [event for event in living if event.express and event.latest > since]
    ordered = sorted(counted, key=_strength, reverse=True) if len(counted) > 1 else counted
    first = ordered[0]
    why = yes(first.basis or "", first.how, day_of(first.occurred_at), day_of(first.ends_at))
    because: tuple[int, ...] = (first.number,)
    if denials:
        why += ", after an earlier no"
        because = (*(event.number for event in denials), first.number)
    return Standing(State.GRANTED, first.basis, first.ends_at, why, because, tuple(map(_ground, ordered)))


def _strength(event: ConsentEvent) -> tuple[bool, bool, bool, float, int]:
    """The person's own yes first, in writing before aloud, the one that lasts longest, the newest."""
    ends = event.ends_at
    lasts = float("inf") if ends is None else ends.timestamp()
    return event.basis == EXPRESS, event.express, not event.provisional, lasts, event.number


def _ground(event: ConsentEvent) -> Ground:
    return Ground(event.basis or "", event.occurred_at, event.ends_at, event.provisional, event.number)


def _expired(grants: list[ConsentEvent]) -> Standing:
    last = max(grants, key=lambda event: (event.ends_at or event.latest, event.number))
    over = "is not in force yet" if last.ends_at is None else f"lapsed on {written(last.ends_at.toordinal())}"
    why = f"what the person agreed to {when(day_of(last.occurred_at))} {HOW[last.how]} {over}"
    return Standing(State.EXPIRED, None, last.ends_at, why, (last.number,))
