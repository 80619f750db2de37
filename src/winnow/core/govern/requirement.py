"""What a contact needs of the person: of everything that the policy and the law packs ask for, the strictest."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from itertools import chain
from typing import NamedTuple

from winnow.core.govern.limits import Because, ConsentRule, Limits, Told
from winnow.core.govern.packs import EXPRESS, Hours, LawPack, LawRule, reaches
from winnow.core.govern.places import ALIASES, COUNTRIES, PARTS
from winnow.core.govern.terms import Answer, Channel, Needed

#: A country, or a part of one, in the form of the codes of ISO 3166.
_PLACE = re.compile(r"(?P<country>[A-Z]{2})(?:-(?P<part>[A-Z0-9]{1,3}))?", re.ASCII)

_NOTHING_ASKS = Because("default", "", "Nothing asks for consent; a no is heeded.")
_NOT_COVERED = Because(
    "default.place", "", "Where the person is, is not known, or no law pack in use covers it: all of them are applied."
)
_WORDS = frozenset(Told)
_DENIED = frozenset({Told.OBJECTED, Told.OPTED_OUT, Told.BARRED})


class Ask(NamedTuple):
    """What one ground asks for; `implied_days` matters with IMPLIED alone."""

    needed: Needed
    because: Because
    implied_days: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to be there before somebody may be reached.

    because: what asks for the most, never empty
    implied_days: with IMPLIED, the relationships that count and for how many days each; None is without an end
    hours: of the person's day in which they may be reached; None is all · hours_because: what says so
    signals: of a browser or device that are an opt-out here, e.g. `gpc` · signals_because: what says so
    heed_days: business days within which the law wants an opt-out heeded
    """

    needed: Needed
    because: tuple[Because, ...]
    implied_days: Mapping[str, int | None] = field(default_factory=dict)
    hours: Hours | None = None
    hours_because: tuple[Because, ...] = ()
    signals: frozenset[str] = frozenset()
    signals_because: tuple[Because, ...] = ()
    heed_days: int | None = None


def place_of(text: str | None) -> str | None:
    """The code of a country or of a part of one; None for what is no such code."""
    found = _PLACE.fullmatch((text or "").strip().upper().replace("_", "-"))
    if found is None:
        return None
    country, part = ALIASES.get(found["country"], found["country"]), found["part"]
    if country not in COUNTRIES or (part is not None and country in PARTS and part not in PARTS[country]):
        return None
    return country if part is None else f"{country}-{part}"


def requirement(
    limits: Limits, packs: Sequence[LawPack], place: str | None, channel: Channel, purpose: str | None, on: date
) -> Requirement:
    """What contacting somebody at a place needs on a day; of several the strictest holds.

    packs: those in use, see `chosen` · place: `DE` or `US-CA`; None, or one that nothing speaks of, is held to
    what holds anywhere · purpose: one that the policy does not declare is held to what holds for any purpose
    """
    own = [rule for rule in limits.consent if _own_concerns(rule, limits, channel, purpose)]
    at = place_of(place)
    if at is not None and not _covered(at, packs, own):
        at = None
    laws = list(_laws(limits, packs, at, channel, purpose, on))
    asks = [
        *_purpose_asks(limits, channel, purpose),
        *(_own_ask(rule) for rule in own if at is None or not rule.places or reaches(rule.places, at)),
        *(Ask(rule.needed, because, rule.implied_days) for rule, because in laws if rule.needed is not None),
    ]
    needed, grounds, implied = strictest(asks)
    if at is None and needed is not Needed.PROHIBITED:
        grounds = (*grounds, _NOT_COVERED)
    return Requirement(
        needed=needed,
        because=grounds,
        implied_days=implied,
        hours=reduce(lambda hours, each: each.within(hours), (r.hours for r, _ in laws if r.hours), None),
        hours_because=tuple(because for rule, because in laws if rule.hours),
        signals=frozenset(chain.from_iterable(rule.signals for rule, _ in laws)),
        signals_because=tuple(because for rule, because in laws if rule.signals),
        heed_days=min((rule.heed_days for rule, _ in laws if rule.heed_days is not None), default=None),
    )


def strictest(asks: Sequence[Ask]) -> tuple[Needed, tuple[Because, ...], dict[str, int | None]]:
    """What is needed so that all asks are met, whose grounds these are, and the relationships all of them accept.

    Where several laws each take some relationship for consent and none of these is accepted by all, a yes is needed.
    """
    needed = max((ask.needed for ask in asks), default=Needed.OPT_OUT)
    grounds = tuple(dict.fromkeys(ask.because for ask in asks if ask.needed is needed)) or (_NOTHING_ASKS,)
    if needed is not Needed.IMPLIED:
        return needed, grounds, {}
    implied = _shared([ask.implied_days for ask in asks if ask.needed is needed])
    return (needed if implied else Needed.EXPRESS), grounds, implied


def suffices(asked: Requirement, told: str, basis: str, since: date | None, on: date) -> Answer:
    """Whether what is known of a person's will is enough on a day; an unknown word is no answer.

    told: a word of `Told`, which are those of the consent ledger · basis: `express`, or the relationship a grant
    rests on · since: the day of the yes or of the last purchase; None is not known, and nothing that ends rests on it
    """
    if told not in _WORDS:
        return Answer.UNKNOWN
    if told in _DENIED or asked.needed is Needed.PROHIBITED:
        return Answer.NO
    if asked.needed is Needed.OPT_OUT:
        return Answer.YES
    if told != Told.GRANTED:
        return Answer.NO if told == Told.EXPIRED else Answer.UNKNOWN
    if basis == EXPRESS:
        return Answer.YES
    return _implied(asked, basis, since, on)


def _implied(asked: Requirement, basis: str, since: date | None, on: date) -> Answer:
    if asked.needed is not Needed.IMPLIED or basis not in asked.implied_days:
        return Answer.NO
    days = asked.implied_days[basis]
    if days is None:
        return Answer.YES
    if since is None:
        return Answer.UNKNOWN
    return Answer.YES if since <= on < since + timedelta(days=days) else Answer.NO


def _shared(accepted: Iterable[Mapping[str, int | None]]) -> dict[str, int | None]:
    """The relationships that are in every one, each for the shortest time of any."""
    first, *others = accepted
    names = [name for name in first if all(name in each for each in others)]
    return {name: _shortest(each[name] for each in (first, *others)) for name in names}


def _shortest(days: Iterable[int | None]) -> int | None:
    return min((each for each in days if each is not None), default=None)


def _covered(place: str, packs: Iterable[LawPack], own: Iterable[ConsentRule]) -> bool:
    """Whether a pack, or a requirement of the organisation's own that names the place, says what is needed there."""
    return any(reaches(pack.covers, place) for pack in packs) or any(reaches(rule.places, place) for rule in own)


def _own_concerns(rule: ConsentRule, limits: Limits, channel: Channel, purpose: str | None) -> bool:
    if rule.channels and channel not in rule.channels:
        return False
    return not rule.purposes or purpose in rule.purposes or limits.purpose(purpose) is None


def _own_ask(rule: ConsentRule) -> Ask:
    return Ask(rule.needed, Because(f"policy.{rule.id}", "", rule.text), rule.implied_days)


def _purpose_asks(limits: Limits, channel: Channel, purpose: str | None) -> list[Ask]:
    found = limits.purpose(purpose)
    if found is None or channel in found.channels:
        return []
    text = f"The policy does not use {channel.value} for {found.name}."
    return [Ask(Needed.PROHIBITED, Because(f"policy.purposes.{found.name}", "", text), {})]


def _laws(
    limits: Limits, packs: Iterable[LawPack], place: str | None, channel: Channel, purpose: str | None, on: date
) -> Iterable[tuple[LawRule, Because]]:
    """The rules in force that speak of such a contact, each with what it is called."""
    found = limits.purpose(purpose)
    kind = None if found is None else found.kind
    for pack in {pack.id: pack for pack in packs}.values():
        for rule in pack.rules:
            here = place is None or reaches(rule.places, place)
            if here and rule.holds_on(on) and rule.concerns(channel, kind):
                yield rule, Because(f"{pack.id}.{rule.id}", rule.article, rule.text)
