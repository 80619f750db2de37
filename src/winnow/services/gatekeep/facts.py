"""What is known when the gate is asked. What breaks on the way, or comes too late, is not known."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import repeat
from typing import Any, TypeVar

from winnow.core.govern.ask import NOT_READ, Ask, Common, NotKnown, OfPerson
from winnow.core.govern.consent import NOTHING_KNOWN, Standing
from winnow.core.govern.gate import Prepared
from winnow.core.govern.gate_person import channel_of
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Limits
from winnow.core.govern.stop import Stops
from winnow.core.govern.terms import Action, Channel
from winnow.core.lists import ListEntry
from winnow.errors import UnavailableError
from winnow.ports import Clock
from winnow.ports.gate import PermitStore, Position, Recipient, Sources, Wanted

#: The kind of address that a channel goes to; an answer for another one would be about nobody.
_REACHED_BY: Mapping[Channel | None, frozenset[AddressKind]] = {
    Channel.EMAIL: frozenset({AddressKind.EMAIL}),
    Channel.PHONE: frozenset({AddressKind.PHONE}),
    Channel.SMS: frozenset({AddressKind.PHONE}),
}
_ANY = frozenset(AddressKind)
#: A permit holds until before its end.
_A_MOMENT = timedelta(microseconds=1)
_NO_CONTACTS: Mapping[str, int] = {}

T = TypeVar("T")


class Facts:
    """Reads the facts of one ask, until it has taken too long; then nothing more is known, nor what came late.

    until: how long it may take, as a value of `time.monotonic` · lasts: how long permits will hold
    A store that is away before that is for the caller: nothing can be recorded.
    """

    def __init__(self, sources: Sources, store: PermitStore, clock: Clock, until: float, lasts: timedelta) -> None:
        self._sources = sources
        self._store = store
        self._clock = clock
        self._until = until
        self._lasts = lasts

    def common(self, ask: Ask, since: Position) -> tuple[Prepared, str]:
        """What is answered for everybody alike, and the hash of the policy it was answered under."""
        now, sources = self._clock.now(), self._sources
        sources.catch_up(since.versions)
        stops = self._tried(sources.stops)
        if isinstance(stops, Stops) and stops.number not in {None, since.stops}:
            stops = NOT_READ  # it moved at this very moment; recording would find out, and so it is asked anew
        policy, system = self._tried(sources.policy), self._tried(lambda: sources.system(ask.system))
        entry, standing = (system, system) if system is None or isinstance(system, NotKnown) else system
        common = Common(now, stops, entry, standing)
        if isinstance(policy, NotKnown):
            common = replace(common, limits=policy, packs=policy, off_limits=policy)
            return Prepared(ask, common, now), ""
        limits, packs, off_limits, owner, digest = policy
        common = replace(common, limits=limits, packs=packs, off_limits=off_limits, owner=owner)
        return Prepared(ask, common, now), digest

    def people(
        self, prepared: Prepared, recipients: Sequence[Recipient], subjects: Sequence[int]
    ) -> tuple[Sequence[OfPerson], Mapping[int, int]]:
        """What is known of each, and whose address it is where a person has several.

        Those of whom the same is known are one and the same; persons: see Contacted.
        """
        asked = sorted(dict.fromkeys(subjects))  # once, in the order of the tables
        columns: list[Sequence[Any]] = [
            [each.place for each in recipients],
            self._consent(prepared, subjects, asked),
            self._hits(recipients),
            self._hours(prepared, recipients),
        ]
        contacts, persons = self._contacts(prepared, subjects, asked)
        found = _alike([*columns, contacts])
        reached = _REACHED_BY.get(prepared.ask.channel, _ANY)
        for at, each in enumerate(recipients):
            if each.doubt is not None or each.address.kind not in reached:
                found[at] = _nobody(each.place, each.doubt or NotKnown.NO_WAY)
        return found, persons

    def _consent(
        self, prepared: Prepared, subjects: Sequence[int], asked: Sequence[int]
    ) -> Sequence[Standing | NotKnown]:
        ask, now = prepared.ask, prepared.now
        known = self._tried(lambda: self._sources.consent(asked, channel_of(ask) or Channel.EMAIL, ask.purpose, now))
        if isinstance(known, NotKnown):
            return [known] * len(subjects)
        return list(map(known.get, subjects, repeat(NOTHING_KNOWN)))

    def _hours(self, prepared: Prepared, recipients: Sequence[Recipient]) -> Sequence[frozenset[int] | NotKnown]:
        """What the hour may be where they are for as long as a permit holds, asked once a place and zone."""
        where = [(each.place, each.zone) for each in recipients]
        last = prepared.now + self._lasts - _A_MOMENT
        moments = [*_hourly(prepared.now, last), last]
        known = {each: self._tried(partial(self._hours_at, *each, moments)) for each in set(where)}
        return [known[each] for each in where]

    def _hours_at(self, place: str | None, zone: str | None, moments: Sequence[datetime]) -> frozenset[int]:
        return frozenset().union(*[self._sources.hours(place, zone, at) for at in moments])

    def _hits(self, recipients: Sequence[Recipient]) -> Sequence[tuple[ListEntry, ...] | NotKnown]:
        """The list entries of everybody; where that breaks, of each alone, so that it stays unknown for few."""
        hits = self._sources.hits
        found = self._tried(lambda: list(map(hits, recipients)))
        if isinstance(found, NotKnown):
            return [self._tried(lambda each=each: hits(each)) for each in recipients]  # type: ignore[misc]  # bound at once
        return found

    def _contacts(
        self, prepared: Prepared, subjects: Sequence[int], asked: Sequence[int]
    ) -> tuple[Sequence[Mapping[str, int] | NotKnown], Mapping[int, int]]:
        """What was permitted of each before, by the id of the cap, and persons; where the same holds, it is shared."""
        limits, ask = prepared.common.limits, prepared.ask
        caps = limits.caps_on(ask.channel, ask.purpose) if isinstance(limits, Limits) else ()
        if not caps or ask.action is not Action.CONTACT:
            return [_NO_CONTACTS] * len(subjects), {}
        wanted = [Wanted(cap, prepared.now - timedelta(days=cap.days)) for cap in caps]
        found = self._tried(lambda: self._store.contacts(asked, wanted))
        if isinstance(found, NotKnown):
            return [found] * len(subjects), {}
        ids, counted = [cap.id for cap in caps], found.counts
        if not any(counted[cap].keys() for cap in ids):
            return [dict.fromkeys(ids, 0)] * len(subjects), found.persons
        counts = list(zip(*[map(counted[cap].get, subjects, repeat(0)) for cap in ids], strict=True))
        shared = {each: dict(zip(ids, each, strict=True)) for each in set(counts)}
        return [shared[each] for each in counts], found.persons

    def _tried(self, source: Callable[[], T]) -> T | NotKnown:
        if time.monotonic() > self._until:
            return NotKnown.TOO_SLOW
        try:
            found = source()
        except UnavailableError:
            if time.monotonic() > self._until:
                return NotKnown.TOO_SLOW  # it was given up, and may have been all that did not answer
            raise
        except Exception:  # noqa: BLE001  # whatever it is, it must not let anything through
            return NOT_READ
        return NotKnown.TOO_SLOW if time.monotonic() > self._until else found


def _hourly(first: datetime, last: datetime) -> Iterator[datetime]:
    """A moment of each hour in between."""
    while first < last:
        yield first
        first += timedelta(hours=1)


def _alike(columns: Sequence[Sequence[Any]]) -> list[OfPerson]:
    """A person of each row; rows of the very same facts are the same person. The columns keep the facts alive."""
    places, *facts = columns
    known: dict[tuple[object, ...], OfPerson] = {}
    found = []
    identities = zip(places, *[map(id, each) for each in facts], strict=True)
    for row, key in zip(zip(*columns, strict=True), identities, strict=True):
        person = known.get(key)
        if person is None:
            person = known[key] = OfPerson(*row)
        found.append(person)
    return found


def _nobody(place: str | None, why: NotKnown) -> OfPerson:
    return OfPerson(place, why, why, why, why)
