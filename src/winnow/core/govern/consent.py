"""What people said about being contacted: events that are never changed, folded to how things stand and why.

A denial outweighs what came before it, what came at the same time, and what came at nobody knows when. Only a later
express act of the person outweighs a denial, and only for as long as it holds. It is theirs only once something shows
that the address is: anybody may type any address into a form.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

from winnow.core.govern.consent_events import (
    DENIALS,
    EXPRESS,
    ONCE_CONFIRMED,
    VERBAL_DAYS,
    WRITTEN,
    Act,
    Capture,
    ConsentEvent,
)
from winnow.core.govern.consent_said import lapsed, no, unknown, waiting, when, yes
from winnow.core.govern.terms import Channel

__all__ = [
    "DENIALS",
    "EXPRESS",
    "NOTHING_KNOWN",
    "ONCE_CONFIRMED",
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
    waits: a yes was given, and counts once it is confirmed
    """

    state: State
    basis: str | None
    expires_at: datetime | None
    why: str
    because: tuple[int, ...]
    grounds: tuple[Ground, ...] = ()
    waits: bool = False

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


def fold(
    events: Iterable[ConsentEvent], channel: Channel, purpose: str, now: datetime, others: Collection[str] | None = None
) -> Standing:
    """How things stand at `now` (aware) for one address; the order of the events does not matter.

    others: purposes whose noes are none to this one, see `Limits.others`; None: all others
    Times after `now` do not count as reached: a grant of tomorrow is none today, a denial of tomorrow is one.
    """
    sifted = _sifted(events, channel, purpose, others)
    if sifted is None:
        return NOTHING_KNOWN
    grants, against, lifted, erased = sifted
    proof = _proof(grants, now)
    timely = [event for event in grants if _living(event, now)]
    living = [event for event in timely if event.basis != ONCE_CONFIRMED or _own(event, proof)]
    if against:
        ends = (*[event for event in living if _own(event, proof)], *lifted)
        left = [event for event in against if not _outweighed(event, ends, now)]
        for act, state in _STATES:
            standing = [event for event in left if event.act is act]
            if standing:
                return _denied(state, standing, _waiting(timely, left, proof))
    if living:
        return _granted(living, against, proof)
    return _nothing([event for event in grants if event not in timely], erased, _waiting(timely, (), proof))


_Events = list[ConsentEvent]


def _sifted(
    events: Iterable[ConsentEvent], channel: Channel, purpose: str, others: Collection[str] | None
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
        elif _covers(event, channel, purpose, others):
            (lifted if act is Act.BAR_LIFTED else against).append(event)
    return grants, against, lifted, erased


_number = attrgetter("number")
_STATES = ((Act.OBJECTION, State.OBJECTED), (Act.OPT_OUT, State.OPTED_OUT), (Act.BAR, State.BARRED))


def _covers(event: ConsentEvent, channel: Channel, purpose: str, others: Collection[str] | None) -> bool:
    """An objection is to every channel, whatever it names."""
    of_channel = event.channel is None or event.channel is channel or event.act is Act.OBJECTION
    if event.purpose is None or event.purpose == purpose:
        return of_channel
    return of_channel and others is not None and event.purpose not in others and event.act is not Act.BAR_LIFTED


def _living(event: ConsentEvent, now: datetime) -> bool:
    return event.latest <= now and (event.ends_at is None or now < event.ends_at)


def _proof(grants: list[ConsentEvent], now: datetime) -> datetime | None:
    """When something last showed that the address is the person's; None if nothing ever did."""
    return max((event.latest for event in grants if event.proves and event.latest <= now), default=None)


def _own(event: ConsentEvent, proof: datetime | None) -> bool:
    """Whether a yes is beyond doubt the person's: it shows so itself, or something that came after it does."""
    return event.proves or (event.express and proof is not None and event.latest <= proof)


def _outweighed(denial: ConsentEvent, later: Iterable[ConsentEvent], now: datetime) -> bool:
    """Whether something that counts against this denial came after it; bars lapse, what people say does not."""
    if denial.act is Act.BAR and denial.ends_at is not None and denial.ends_at <= now:
        return True
    return any(_counts(event, denial) and event.after(denial) for event in later)


def _counts(event: ConsentEvent, denial: ConsentEvent) -> bool:
    """What can outweigh what: an objection needs something in writing, a bar is not the person's to lift."""
    if denial.act is Act.BAR:
        return event.act is Act.BAR_LIFTED and event.occurred_at is not None
    return event.express and (denial.act is not Act.OBJECTION or event.how in WRITTEN)


def _waiting(timely: _Events, left: Sequence[ConsentEvent], proof: datetime | None) -> ConsentEvent | None:
    """The newest yes that would count if it were confirmed; of denials, only what the person said is theirs to lift."""
    noes = [event for event in left if event.act is not Act.BAR]
    if left and not noes:
        return None
    waits = [event for event in timely if event.express and not _own(event, proof)]
    return max((event for event in waits if all(map(event.after, noes))), key=_newest, default=None)


def _newest(event: ConsentEvent) -> tuple[datetime, int]:
    return event.latest, event.number


def _denied(state: State, standing: list[ConsentEvent], waits: ConsentEvent | None) -> Standing:
    last = standing[0] if len(standing) == 1 else max(standing, key=_newest)
    why = no(last.act, last.how, _when(last), last.channel, last.purpose, _waits(waits))
    because = tuple([event.number for event in standing])
    return Standing(state, None, None, why, _with(because, waits), waits=waits is not None)


def _granted(living: list[ConsentEvent], against: list[ConsentEvent], proof: datetime | None) -> Standing:
    """After a no, nothing but express acts that came later count."""
    denials = [event for event in against if event.act is not Act.BAR]
    counted = living
    if denials:
        last = max(denials, key=_newest)
        counted = [event for event in living if _own(event, proof) and _counts(event, last) and event.after(last)]
    ordered = sorted(counted, key=_strength, reverse=True) if len(counted) > 1 else counted
    first = ordered[0]
    basis = _basis(first)
    why = yes(basis, first.how, _when(first), _day(first.ends_at))
    because: tuple[int, ...] = (first.number,)
    if denials:
        why += ", after an earlier no"
        because = (*(event.number for event in denials), first.number)
    return Standing(State.GRANTED, basis, first.ends_at, why, because, tuple(map(_ground, ordered)))


def _strength(event: ConsentEvent) -> tuple[bool, bool, bool, float, int]:
    """The person's own yes first, in writing before aloud, the one that lasts longest, the newest."""
    ends = event.ends_at
    lasts = float("inf") if ends is None else ends.timestamp()
    return _basis(event) == EXPRESS, event.express, not event.provisional, lasts, event.number


def _basis(event: ConsentEvent) -> str:
    """What a yes rests on; one that waited for a confirmation and has it is like any other."""
    return EXPRESS if event.basis == ONCE_CONFIRMED else event.basis or ""


def _ground(event: ConsentEvent) -> Ground:
    return Ground(_basis(event), event.occurred_at, event.ends_at, event.provisional, event.number)


def _nothing(past: list[ConsentEvent], erased: int, waits: ConsentEvent | None) -> Standing:
    """Neither a yes nor a no holds: there was one, or one waits, or there never was any."""
    if past:
        last = max(past, key=lambda event: (event.ends_at or event.latest, event.number))
        why = lapsed(last.how, _when(last), _day(last.ends_at), _waits(waits))
        return Standing(State.EXPIRED, None, last.ends_at, why, _with((last.number,), waits), waits=waits is not None)
    if waits is not None:
        return Standing(State.UNKNOWN, None, None, _waits(waits), (waits.number,), waits=True)
    return Standing(State.UNKNOWN, None, None, unknown(erased), () if erased < 0 else (erased,))


def _when(event: ConsentEvent) -> str:
    return when(_day(event.occurred_at), event.received_at.toordinal())


def _day(at: datetime | None) -> int | None:
    return None if at is None else at.toordinal()


def _waits(event: ConsentEvent | None) -> str:
    """What is said of a yes that waits, and nothing where there is none; the id of its wording is the policy's."""
    if event is None:
        return ""
    return waiting(event.how, _when(event), (event.wording or "").partition("@")[0])


def _with(because: tuple[int, ...], waits: ConsentEvent | None) -> tuple[int, ...]:
    return because if waits is None else (*because, waits.number)
