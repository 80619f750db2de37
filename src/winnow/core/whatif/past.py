"""A lead that was decided before, as a what-if takes it, and what it can tell of it without the lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry, ListKind
from winnow.core.outcome import Outcome
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError


class Truth(IntEnum):
    """What a lead turned out to be; a lost lead was real."""

    UNKNOWN = 0
    JUNK = 1
    GENUINE = 2
    CONVERTED = 3
    LOST = 4

    @property
    def word(self) -> str:
        """As it is written in files and labels."""
        return self.name.lower()

    @property
    def real(self) -> bool:
        """Whether a person with a genuine interest was behind it."""
        return self > Truth.JUNK

    @classmethod
    def parse(cls, word: str | None) -> "Truth":
        """Read it from its word; UNKNOWN for None and any other text."""
        return _WORDS.get(word or "", cls.UNKNOWN)


#: What yes and no mean to the two questions that can be asked of a lead.
ANSWERS = {JUNK: (Truth.JUNK, Truth.GENUINE), "conversion": (Truth.CONVERTED, Truth.LOST)}

_WORDS = {JUNK: Truth.JUNK, "genuine": Truth.GENUINE, "converted": Truth.CONVERTED, "lost": Truth.LOST}


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead, what was known about it when it came, what was decided then, and what it turned out to be.

    ref: what points at it: the number of its decision, or its id in a file
    outcome, score, decided_by: of then; None and empty when nothing was decided yet
    groups: what it counts to, by the name of the grouping; None where the lead does not say
    """

    ref: str
    lead: Lead
    facts: Facts
    outcome: Outcome | None = None
    score: int | None = None
    decided_by: str = ""
    truth: Truth = Truth.UNKNOWN
    groups: Mapping[str, str | None] = field(default_factory=dict)


#: Stands for the moment of the lead in what is kept of its facts, since that is kept once for many leads.
SOME_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def bearing(facts: Facts) -> Facts:
    """What of the facts decides besides signals, the score and the moment: equal for nearly all leads.

    Nothing in it tells about a person: of list entries only what they do is left. What had expired is left out,
    since it decides nothing.
    """
    standing = facts.override if facts.override and facts.override.stands(facts.now) else None
    return Facts(
        now=SOME_TIME,
        list_hits=tuple(_effect(entry) for entry in facts.list_hits if entry.active(facts.now)),
        is_customer=facts.is_customer,
        override=standing and replace(standing, by="", reason="", expires_at=None),
        failed=("facts",) if facts.failed else (),
        paused="paused" if facts.paused else "",
    )


def _effect(entry: ListEntry) -> ListEntry:
    """What an entry does, without whom it is about; the length of a network's prefix says how narrow it is."""
    prefix = f"/{entry.specificity[1]}" if entry.kind is ListKind.CIDR else ""
    return replace(entry, value=prefix, owner="", reason="", created_at=None, expires_at=None)


def speaks(facts: Facts) -> bool:
    """Whether anything in these facts may decide besides the score."""
    return bool(facts.list_hits or facts.override or facts.failed or facts.is_customer)


def sound(facts: Facts) -> bool:
    """Whether these facts leave anything in the way of rejecting automatically."""
    return not (facts.failed or facts.paused) and facts.is_customer is not None


#: Fields leads may be counted by: those that many people share.
_SHARED = frozenset({"source", "channel", "country", "language", "timezone"})
_DECLARED = ("custom.", "utm.")


def check_groupings(names: Sequence[str]) -> None:
    """Raise InvalidInputError unless leads may be counted by all of these fields."""
    for name in names:
        if name not in _SHARED and not name.startswith(_DECLARED):
            fix = f"use {', '.join(sorted(_SHARED))}, custom.NAME or utm.NAME"
            raise InvalidInputError(f"leads cannot be counted by `{name}`", fix=fix)


def grouped(lead: Lead, names: Sequence[str]) -> dict[str, str | None]:
    """What the lead counts to, by the names of fields that `check_groupings` accepts."""
    return {name: _told(lead, name) for name in names}


def _told(lead: Lead, name: str) -> str | None:
    group, dot, rest = name.partition(".")
    found = getattr(lead, group)
    said = found.get(rest) if dot else found
    return None if said is None else str(said)
