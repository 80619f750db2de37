"""What changes until a day: law rules that begin or end, and what contacts then need that they do not need today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from winnow.core.govern.limits import Limits
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.requirement import Requirement, requirement
from winnow.core.govern.terms import Channel


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that begins to hold on a day, or that no longer holds from then on."""

    day: date
    pack: str
    rule: LawRule
    begins: bool


@dataclass(frozen=True, slots=True)
class NeedChange:
    """What contacting people needs before and after; `places`: None among them is a place that is not known."""

    channel: Channel
    purpose: str
    places: tuple[str | None, ...]
    before: Requirement
    after: Requirement


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes after `today` and until `on`, that day too; of rules in the order of their days."""

    today: date
    on: date
    rules: tuple[RuleChange, ...]
    needs: tuple[NeedChange, ...]


def what_changes(
    limits: Limits,
    packs: Sequence[LawPack],
    today: date,
    on: date,
    places: Iterable[str | None] = (),
) -> Changes:
    """Every rule of the packs in use that begins or ends until a day, and for whom a contact then needs other things.

    places: further ones to tell of besides those that the rules name; codes as `place_of` has them
    Nothing changes when `on` is not after `today`.
    """
    rules = tuple(sorted(_rules(packs, today, on), key=lambda each: (each.day, each.pack, each.rule.id)))
    touched = {place for change in rules if change.rule.of_contact for place in change.rule.places}
    told = _told(limits, packs, touched) | {each for each in places if each is not None} if touched else set[str]()
    asked: list[str | None] = [*sorted(told), *([None] if touched else [])]
    needs = [
        need
        for purpose, channel in product(limits.purposes, Channel)
        for need in _needs(limits, packs, (channel, purpose.name, asked), (today, on))
    ]
    return Changes(today, on, rules, tuple(needs))


def _told(limits: Limits, packs: Iterable[LawPack], touched: set[str]) -> set[str]:
    """The places of rules that change, the countries they are parts of, and parts of these that others speak of."""
    countries = {place.partition("-")[0] for place in touched}
    named = {place for pack in packs for rule in pack.rules for place in rule.places}
    named |= {place for rule in limits.consent for place in rule.places}
    return touched | countries | {place for place in named if place.partition("-")[0] in touched}


def _rules(packs: Iterable[LawPack], today: date, on: date) -> Iterator[RuleChange]:
    for pack, rule in ((each, rule) for each in packs for rule in each.rules):
        for day, begins in ((rule.effective, True), (rule.until, False)):
            if day is not None and today < day <= on:
                yield RuleChange(day, pack.id, rule, begins)


def _needs(
    limits: Limits,
    packs: Sequence[LawPack],
    contact: tuple[Channel, str, Sequence[str | None]],
    days: tuple[date, date],
) -> Iterator[NeedChange]:
    """The changes for one channel and purpose; places to which the same happens stand together."""
    channel, purpose, places = contact
    found: list[NeedChange] = []
    for place in places:
        before, after = (requirement(limits, packs, place, channel, purpose, day) for day in days)
        if before == after:
            continue
        same = next((i for i, each in enumerate(found) if (each.before, each.after) == (before, after)), None)
        if same is None:
            found.append(NeedChange(channel, purpose, (place,), before, after))
        else:
            found[same] = NeedChange(channel, purpose, (*found[same].places, place), before, after)
    yield from found
