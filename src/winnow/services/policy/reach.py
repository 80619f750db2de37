"""Whom a change of the law touches, out of the newest leads and what the gate answered of late."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.govern.affected import Effect, effect, placed, strongest
from winnow.core.govern.changes import Changes, NeedChange
from winnow.core.govern.consent import NOTHING_KNOWN, Standing
from winnow.core.govern.requirement import place_of
from winnow.core.govern.terms import Channel
from winnow.core.lead import Lead
from winnow.ports.reach import Newest, NewestLeads, NewestSends, StoredLead, StoredSend

#: Days that are looked back.
DAYS = 90
#: Leads that are looked at, and persons the gate answered about, unless somebody asks for more.
MOST_LEADS, MOST_SENDS = 2_000, 5_000

_Way = tuple[Channel, str]


@dataclass(frozen=True, slots=True)
class LeadTouched:
    """A lead whose contacts need something else then.

    place: where it says it is · needs: the numbers of the changes, effects: what each does · effect: the strongest
    """

    lead: int
    source: str
    at: datetime
    place: str | None
    needs: tuple[int, ...]
    effects: tuple[Effect, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class SendTouched:
    """A permit that would be refused then (CLOSED), or a refusal that would be a permit (OPENED)."""

    permit: str
    at: datetime
    system: str
    place: str | None
    need: int
    effect: Effect

    @property
    def needs(self) -> tuple[int, ...]:
        """As a lead has them."""
        return (self.need,)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many leads, and contacts the gate answered about, one change touches."""

    leads: Mapping[Effect, int]
    sends: Mapping[Effect, int]


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom changes touch, as how things stand today: the same people and day under both laws.

    since: how far back was looked · leads, sends: what is closed first, then the newest
    leads_read, sends_read: how many were looked at · leads_more, sends_more: whether there are older ones that were not
    counts: one for each change
    """

    since: datetime
    leads: tuple[LeadTouched, ...]
    leads_read: int
    leads_more: bool
    sends: tuple[SendTouched, ...]
    sends_read: int
    sends_more: bool
    counts: tuple[Counted, ...]

    def leads_that(self, happens: Effect) -> int:
        """Of how many leads something is closed, opened, or else otherwise."""
        return sum(each.effect is happens for each in self.leads)

    def sends_that(self, happens: Effect) -> int:
        """The same of contacts the gate answered about."""
        return sum(each.effect is happens for each in self.sends)

    @property
    def places(self) -> Mapping[str | None, Mapping[Effect, int]]:
        """Of each place how many leads, the most first."""
        found = Counter((each.place, each.effect) for each in self.leads)
        order = sorted({place for place, _ in found}, key=lambda place: -sum(found[place, each] for each in Effect))
        return {place: {each: found[place, each] for each in Effect} for place in order}

    @property
    def systems(self) -> Mapping[str, Mapping[Effect, int]]:
        """Of each AI system how many contacts."""
        found = Counter((each.system, each.effect) for each in self.sends)
        return {name: {each: found[name, each] for each in Effect} for name in sorted({name for name, _ in found})}


@dataclass(frozen=True, slots=True)
class Reach:
    """Reads whom changes may touch.

    subject: keyed hash of the address that a channel reaches a lead at; None: it reaches it at none
    standings: how things stand for those subjects that anything is known of
    """

    leads: NewestLeads
    sends: NewestSends
    subject: Callable[[Lead, Channel], int | None]
    standings: Callable[[Sequence[int], Channel, str, datetime], Mapping[int, Standing]]

    def of(
        self,
        changes: Callable[[Iterable[str | None]], Changes],
        now: datetime,
        most: int | None = None,
    ) -> tuple[Changes, Touched | None]:
        """The changes for all places that were met, and whom they touch; None where contacts need nothing else.

        changes: what changes, told for further places · most: how many to look at instead of the usual numbers
        """
        first = changes(())
        ways = frozenset((each.channel, each.purpose) for each in first.needs)
        if not ways:
            return first, None
        since = now - timedelta(days=DAYS)
        leads = self.leads(since, most or MOST_LEADS)
        sends = self.sends(ways, since, most or MOST_SENDS)
        met = {place_of(each.lead.country) for each in leads.items} | {each.place for each in sends.items}
        found = changes(met)
        judge = _Judge(found.needs, self.standings, now)
        touched = _leads(leads.items, self.subject, judge), _sends(sends.items, judge)
        return found, _touched(since, (leads, sends), touched, len(found.needs))


class _Judge:
    """What changes do to people as they stand at a moment."""

    def __init__(
        self,
        needs: Sequence[NeedChange],
        standings: Callable[[Sequence[int], Channel, str, datetime], Mapping[int, Standing]],
        now: datetime,
    ) -> None:
        self._needs = needs
        self._standings = standings
        self._now = now
        self._at = placed(needs)
        self._by_place: dict[str | None, list[int]] = {}
        for (_, _, place), number in self._at.items():
            self._by_place.setdefault(place, []).append(number)

    def at(self, place: str | None) -> Sequence[tuple[int, Channel]]:
        """The changes at a place: the number of each and the channel it is about."""
        return [(number, self._needs[number].channel) for number in self._by_place.get(place, ())]

    def change(self, send: StoredSend) -> int | None:
        """The change that a contact falls under; None where nothing changes for it."""
        return self._at.get((send.channel, send.purpose, send.place))

    def effects(self, asked: Sequence[tuple[int, int]]) -> list[Effect]:
        """What changes do, each asked about by its number and the keyed hash of an address."""
        by_way: dict[_Way, set[int]] = {}
        for number, subject in asked:
            by_way.setdefault(self._way(number), set()).add(subject)
        known = {way: self._standings(sorted(some), *way, self._now) for way, some in by_way.items()}
        return [
            effect(self._needs[number], known[self._way(number)].get(subject, NOTHING_KNOWN), self._now)
            for number, subject in asked
        ]

    def _way(self, number: int) -> _Way:
        return self._needs[number].channel, self._needs[number].purpose


def _leads(
    leads: Sequence[StoredLead], subject: Callable[[Lead, Channel], int | None], judge: _Judge
) -> list[LeadTouched]:
    """The leads that are reached by a channel for which something changes where they are."""
    asked: list[tuple[StoredLead, int, int]] = []
    for each in leads:
        changes = judge.at(place_of(each.lead.country))
        reached = {channel: subject(each.lead, channel) for channel in {channel for _, channel in changes}}
        asked += [(each, number, found) for number, channel in changes if (found := reached[channel]) is not None]
    effects = judge.effects([(number, found) for _, number, found in asked])
    met: dict[int, list[tuple[int, Effect]]] = {}
    for (each, number, _), happens in zip(asked, effects, strict=True):
        met.setdefault(each.number, []).append((number, happens))
    return [_lead(each, met[each.number]) for each in leads if each.number in met]


def _lead(each: StoredLead, met: Sequence[tuple[int, Effect]]) -> LeadTouched:
    numbers, effects = zip(*met, strict=True)
    place = place_of(each.lead.country)
    return LeadTouched(each.number, each.source, each.received_at, place, numbers, effects, strongest(effects))


def _sends(sends: Sequence[StoredSend], judge: _Judge) -> list[SendTouched]:
    """The permits that would be refused, and the refusals that would be permits."""
    asked = [(each, number) for each in sends if (number := judge.change(each)) is not None]
    effects = judge.effects([(number, each.subject) for each, number in asked])
    return [
        SendTouched(each.permit, each.at, each.system, each.place, number, happens)
        for (each, number), happens in zip(asked, effects, strict=True)
        if happens is (Effect.CLOSED if each.granted else Effect.OPENED)
    ]


def _touched(
    since: datetime,
    read: tuple[Newest[StoredLead], Newest[StoredSend]],
    touched: tuple[list[LeadTouched], list[SendTouched]],
    needs: int,
) -> Touched:
    order = list(Effect).index
    leads = sorted(touched[0], key=lambda each: order(each.effect))  # the newest first, as they were read
    sends = sorted(touched[1], key=lambda each: order(each.effect))
    of_leads = Counter(
        (number, happens) for each in leads for number, happens in zip(each.needs, each.effects, strict=True)
    )
    of_sends = Counter((each.need, each.effect) for each in sends)
    counts = [
        Counted({each: of_leads[at, each] for each in Effect}, {each: of_sends[at, each] for each in Effect})
        for at in range(needs)
    ]
    return Touched(
        since=since,
        leads=tuple(leads),
        leads_read=read[0].read,
        leads_more=read[0].more,
        sends=tuple(sends),
        sends_read=read[1].read,
        sends_more=read[1].more,
        counts=tuple(counts),
    )
