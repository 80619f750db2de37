"""Law packs: what a legal order asks for, as dated data, so that a law that changes is a file that changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from winnow.core.govern.limits import PurposeKind
from winnow.core.govern.terms import Channel, Needed
from winnow.errors import InvalidRulesetError

#: What a yes in so many words rests on; every other basis is a relationship that a law takes for one.
EXPRESS = "express"

#: Signals of a browser or device that Winnow takes note of.
SIGNALS = frozenset({"gpc"})


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the person's own day in which they may be reached: from `start` o'clock until before `end`, 0 to 24."""

    start: int
    end: int

    def allow(self, hour: int) -> bool:
        """Whether a local hour, 0 to 23, is one of them."""
        return self.start <= hour < self.end

    def within(self, other: "Hours | None") -> "Hours":
        """The hours that are in both; None is the whole day."""
        return self if other is None else Hours(max(self.start, other.start), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class LawRule:
    """One thing a law asks for; an empty set is everything of its kind.

    effective, until: the first day it holds, and the first on which it no longer does
    places: ISO 3166 countries (`DE`) or parts of one (`US-CA`), never empty
    needed: what a contact needs; None when the rule is not about consent
    implied_days: relationships that it takes for consent, and for how many days each lasts; None is without an end
    hours: when a person may be reached · signals: of a browser or device that are an opt-out, e.g. `gpc`
    heed_days: business days within which an opt-out has to be heeded
    infers, inputs: outputs that are prohibited, of any data or only when concluded from these categories
    systems: what kind of AI system it is about, in the words of the risk wizard · text: in plain words
    source: where the text of the law stands
    """

    id: str
    article: str
    effective: date
    places: frozenset[str]
    text: str
    source: str
    until: date | None = None
    channels: frozenset[Channel] = frozenset()
    purposes: frozenset[PurposeKind] = frozenset()
    needed: Needed | None = None
    implied_days: Mapping[str, int | None] = field(default_factory=dict)
    hours: Hours | None = None
    signals: frozenset[str] = frozenset()
    heed_days: int | None = None
    infers: frozenset[str] = frozenset()
    inputs: frozenset[str] = frozenset()
    systems: frozenset[str] = frozenset()

    def holds_on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.effective <= day and (self.until is None or day < self.until)

    def concerns(self, channel: Channel, kind: PurposeKind | None) -> bool:
        """Whether a contact is one it speaks of; `kind` None, a purpose nobody declared, may be any."""
        if self.channels and channel not in self.channels:
            return False
        return kind is None or not self.purposes or kind in self.purposes

    @property
    def of_contact(self) -> bool:
        """Whether it says anything about reaching a person, and not only about AI systems."""
        return self.needed is not None or self.hours is not None or bool(self.signals) or self.heed_days is not None


@dataclass(frozen=True, slots=True)
class LawPack:
    """The rules of one legal order.

    id: the name of its file · title: for people · as_of: the day on which somebody last compared it with the law
    """

    id: str
    title: str
    as_of: date
    rules: tuple[LawRule, ...]

    @property
    def covers(self) -> frozenset[str]:
        """Where it says what a contact needs, in force or not."""
        return frozenset(place for rule in self.rules if rule.needed is not None for place in rule.places)


def reaches(places: Collection[str], place: str) -> bool:
    """Whether some places are, hold or lie in a place: `US` reaches `US-CA`, and so it does the other way round.

    Of a country whose part is not known, the rules of all its parts hold.
    """
    country, part, _ = place.partition("-")
    if place in places or country in places:
        return True
    inside = f"{country}-"
    return not part and any(each.startswith(inside) for each in places)


def chosen(names: Iterable[str], known: Sequence[LawPack]) -> tuple[LawPack, ...]:
    """The packs a policy names, each once; raises InvalidRulesetError for one that is not there."""
    by_id = {pack.id: pack for pack in known}
    for name in names:
        if name not in by_id:
            near = get_close_matches(name, by_id, n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"use some of {', '.join(by_id)}"
            raise InvalidRulesetError(f"there is no law pack `{name}`", where="policy.packs", fix=fix)
    return tuple(by_id[name] for name in dict.fromkeys(names))
