"""What somebody asks the gate for, what is known when it is asked, and the shape of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import NamedTuple

from winnow.core.govern.consent import Standing
from winnow.core.govern.limits import Because, Limits
from winnow.core.govern.packs import LawPack
from winnow.core.govern.stop import Stops
from winnow.core.govern.systems import AiSystem
from winnow.core.govern.systems import Standing as SystemStanding
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.core.lists import ListEntry


class Question(StrEnum):
    """What the gate asks, in this order; each is answered every time."""

    STOP = "stop"
    SYSTEM = "ai-system"
    PURPOSE = "purpose"
    DATA = "data"
    OFF_LIMITS = "off-limits"
    INFERENCE = "inference"
    EXPLANATION = "explanation"
    CONSENT = "consent"
    LISTS = "block-lists"
    HOURS = "calling-hours"
    FREQUENCY = "frequency"


_ASK_AGAIN = "ask again; if it stays so, have whoever runs Winnow look at `winnow doctor`"


class NotKnown(Enum):
    """In place of a fact: why it is not there, and what a human can do. Nothing is ever taken for it."""

    NOT_READ = "this could not be checked", _ASK_AGAIN
    TOO_SLOW = "looking this up took too long", _ASK_AGAIN
    STALE = "what is known was read too long ago, or nobody knows when", _ASK_AGAIN
    NO_ADDRESS = "what was given cannot be anybody's address", "correct it and ask again"
    SHARED_NUMBER = "a number without its country may be several people's", "write it with its country: +49…"
    NO_WAY = "the channel does not go to an address of this kind", "ask with an address that the channel goes to"

    @property
    def what(self) -> str:
        """Why it is not known, in a sentence."""
        return self.value[0]

    @property
    def fix(self) -> str:
        """What a human can do about it."""
        return self.value[1]


NOT_READ = NotKnown.NOT_READ


@dataclass(frozen=True, slots=True)
class Ask:
    """What a system wants to do, the same for all persons of a batch.

    system: id in the register · channel: what a contact goes through
    data: categories of data it used · inferences: what it concluded about the person, in words
    explanation: why it wants to do this, for whoever asks later
    """

    system: str
    action: Action
    purpose: str
    channel: Channel | None = None
    data: tuple[str, ...] = ()
    inferences: tuple[str, ...] = ()
    explanation: str = ""

    @property
    def document(self) -> dict[str, object]:
        """The ask as plain data."""
        return {
            "system": self.system,
            "action": self.action.value,
            "purpose": self.purpose,
            "channel": self.channel and self.channel.value,
            "data": list(self.data),
            "inferences": list(self.inferences),
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True)
class Common:
    """What is known for all persons of a batch alike.

    read_at: when the facts were read, aware · stops: those in force
    system: its entry; None: there is none · standing: whether it may act just now
    limits, packs, off_limits: of the policy in force; `off_limits` are lead fields · owner: who answers for it
    """

    read_at: datetime | NotKnown = NOT_READ
    stops: Stops | NotKnown = NOT_READ
    system: AiSystem | NotKnown | None = NOT_READ
    standing: SystemStanding | NotKnown | None = NOT_READ
    limits: Limits | NotKnown = NOT_READ
    packs: tuple[LawPack, ...] | NotKnown = NOT_READ
    off_limits: frozenset[str] | NotKnown = NOT_READ
    owner: str = ""


class OfPerson(NamedTuple):
    """What is known of one person.

    place: `DE` or `US-CA`; None: not known, which is held to everything at once · consent: how things stand
    hits: list entries that match · local_hours: what the hour may be where the person is, 0 to 23
    contacts: permits for a contact granted before, by the id of the cap that counts them
    """

    place: str | None = None
    consent: Standing | NotKnown = NOT_READ
    hits: tuple[ListEntry, ...] | NotKnown = NOT_READ
    local_hours: frozenset[int] | NotKnown = NOT_READ
    contacts: Mapping[str, int] | NotKnown = NOT_READ


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its answer.

    what: a plain sentence without anything about the person · because: which law or policy says so
    owner: who answers for what says so · fix: what a human can do; empty when there is nothing to be done
    """

    question: Question
    answer: Answer
    what: str
    because: tuple[Because, ...] = ()
    owner: str = ""
    fix: str = ""

    @property
    def document(self) -> dict[str, object]:
        """The check as plain data."""
        return {
            "check": self.question.value,
            "answer": self.answer.value,
            "what": self.what,
            "because": [{"id": each.id, "article": each.article, "text": each.text} for each in self.because],
            "owner": self.owner,
            "fix": self.fix,
        }


@dataclass(frozen=True, slots=True)
class Grant:
    """Every question was answered with yes."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """At least one question was not; `failing` are those, in their order."""

    checks: tuple[Check, ...]
    failing: tuple[Check, ...]
