"""The register of AI systems: what each is for, who answers for it, and whether it may act just now.

A system may act only while it is live, its owner is there, somebody else signed exactly what stands in the register,
and its review is not overdue. Otherwise it runs in shadow: it may conclude, and nothing may come of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from winnow.core.apikeys import Scope
from winnow.core.canonical import content_hash as hash_of
from winnow.core.govern.risk import Risk, Trait, answers_of, assess
from winnow.core.govern.terms import Action, Channel
from winnow.core.people.accounts import Person
from winnow.errors import InvalidInputError

#: Whether somebody other than its author has signed this exact content, and the signature still holds.
Signed: TypeAlias = Callable[[str], bool]

#: After so long somebody looks anew whether a system is still what the register says.
REVIEW_AFTER: Mapping[Risk, timedelta] = {
    Risk.MINIMAL: timedelta(days=365),
    Risk.LIMITED: timedelta(days=182),
    Risk.HIGH: timedelta(days=91),
}

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}", re.ASCII)
_WORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
_LONGEST, _MOST_WORDS, _SHOWN = 300, 60, 40


class Status(StrEnum):
    """What its owner wants of a system; whether it may do it is worked out whenever it asks."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"


class Mode(StrEnum):
    """What a system may do just now: OFF is nothing, SHADOW is to conclude without effect, LIVE is to act."""

    OFF = "off"
    SHADOW = "shadow"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class AiSystem:
    """One entry of the register.

    purpose: what it is for, in words · purposes: those of the policy that it may be used for
    owner: id of the person who answers for it; None: nobody · vendor: who makes it; None: ourselves
    inputs: categories of the data it gets · outputs: what it concludes about people
    actions, channels: what it may do to people · traits: what the wizard was answered, see `risk`
    version: of the product or model · revision: counts the changes of this entry, from 1
    """

    id: str
    name: str
    purpose: str
    version: str
    purposes: frozenset[str] = frozenset()
    owner: str | None = None
    vendor: str | None = None
    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    actions: frozenset[Action] = frozenset()
    channels: frozenset[Channel] = frozenset()
    traits: frozenset[Trait] = frozenset()
    status: Status = Status.DRAFT
    next_review: date | None = None
    revision: int = 1

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            what = f"`{self.id[:_SHOWN]}` is no id of a system"
            raise InvalidInputError(what, where="id", fix="use 2 to 63 small letters, digits and hyphens")
        for name, text in (("name", self.name), ("purpose", self.purpose), ("version", self.version)):
            _need_text(name, text)
        if self.vendor is not None:
            _need_text("vendor", self.vendor)
        for name, words in (("purposes", self.purposes), ("inputs", self.inputs), ("outputs", self.outputs)):
            _need_words(name, words)

    @property
    def risk(self) -> Risk:
        """The class that follows from the wizard's answers."""
        return assess(self.traits).risk

    @property
    def content_hash(self) -> str:
        """What a sign-off covers: all that says what the system is and does, and not how it stands today."""
        return hash_of({name: each for name, each in document_of(self).items() if name not in _NOT_SIGNED})


@dataclass(frozen=True, slots=True)
class Standing:
    """What a system may do just now; `because` says in sentences what keeps it from acting, the first the gravest."""

    mode: Mode
    because: tuple[str, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether it may act."""
        return self.mode is Mode.LIVE


@dataclass(frozen=True, slots=True)
class Revision:
    """A system as it stood in the register from a moment on, and who put it so; `note`: what they said."""

    system: AiSystem
    at: datetime
    actor: str
    what: str
    note: str = ""


def may_act(system: AiSystem, now: datetime, owner_active: bool, signed: bool = False) -> Standing:  # noqa: FBT001, FBT002  # the names are said where it is called
    """What a system may do at `now` (aware).

    owner_active: whether the owner has an account that is in use and a role that may answer for systems
    signed: whether its `content_hash` has a sign-off that holds
    """
    if system.status is Status.RETIRED:
        return Standing(Mode.OFF, ("it is retired",))
    if system.status is Status.DRAFT:
        return Standing(Mode.OFF, ("it is a draft: put it in shadow to try it",))
    because = tuple(_against(system, now, owner_active=owner_active, signed=signed))
    return Standing(Mode.SHADOW if because else Mode.LIVE, because)


def answers_for_systems(person: Person | None) -> bool:
    """Whether a person can own a system: an account in use, with a role that may change the register."""
    return person is not None and Scope.SYSTEMS_WRITE in person.scopes


def need_honest(system: AiSystem) -> None:
    """Raise InvalidInputError where an entry contradicts itself, so that it would seem to do less harm than it does."""
    sorts = sorted(system.actions & _SORTS)
    if sorts and Trait.SCORES not in system.traits:
        what = f"it is to `{sorts[0].value}` people, and the answers say that it does not score, rank or sort anybody"
        raise InvalidInputError(what, where="answers", fix=f"answer `{Trait.SCORES}`, or leave that action out")
    if system.channels and Action.CONTACT not in system.actions:
        what = f"it has the channel `{min(system.channels).value}`, and is not to contact anybody"
        raise InvalidInputError(what, where="channels", fix=f"add the action `{Action.CONTACT}`, or leave it out")


def overdue(system: AiSystem, now: datetime) -> bool:
    """Whether its review should have been by now; it holds to the end of its day, UTC."""
    return system.next_review is not None and now.date() > system.next_review


def _against(system: AiSystem, now: datetime, *, owner_active: bool, signed: bool) -> Iterable[str]:
    if system.status is Status.SHADOW:
        yield "it was put in shadow"
    if system.owner is None:
        yield "nobody owns it: name a person who answers for it"
    elif not owner_active:
        yield "its owner has left or lost the role for it: name another"
    if not signed:
        yield "what stands in the register is not signed off: have a second person sign it"
    if system.next_review is None:
        yield "it was never reviewed: review it"
    elif overdue(system, now):
        yield f"its review was due on {system.next_review.isoformat()}: review it"


# ── As documents ─────────────────────────────────────────────────────────────────────────────────

#: Actions that come down to sorting people.
_SORTS = frozenset({Action.SCORE, Action.SEGMENT, Action.REJECT})

_NOT_SIGNED = frozenset({"status", "next_review", "revision"})


def document_of(system: AiSystem) -> dict[str, object]:
    """The entry as it is stored, hashed and answered: plain values, sets in order."""
    return {
        "id": system.id,
        "name": system.name,
        "purpose": system.purpose,
        "purposes": sorted(system.purposes),
        "version": system.version,
        "owner": system.owner,
        "vendor": system.vendor,
        "inputs": sorted(system.inputs),
        "outputs": sorted(system.outputs),
        "actions": sorted(action.value for action in system.actions),
        "channels": sorted(channel.value for channel in system.channels),
        "answers": answers_of(system.traits),
        "status": system.status.value,
        "next_review": None if system.next_review is None else system.next_review.isoformat(),
        "revision": system.revision,
    }


def _need_text(name: str, text: str) -> None:
    if not 1 <= len(text) <= _LONGEST or not text.isprintable() or text != text.strip():
        what = f"the {name} is not 1 to {_LONGEST} printable characters"
        raise InvalidInputError(what, where=name, fix="write it in plain words on one line")


def _need_words(name: str, words: frozenset[str]) -> None:
    if len(words) > _MOST_WORDS:
        raise InvalidInputError(f"more than {_MOST_WORDS} {name}", where=name, fix="name the wider categories")
    for word in sorted(words):
        if not _WORD.fullmatch(word):
            what = f"`{word[:_SHOWN]}` is no word for one of the {name}"
            raise InvalidInputError(what, where=name, fix="use small letters, digits, dots, hyphens and underscores")
