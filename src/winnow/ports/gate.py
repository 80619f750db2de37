"""What the gate needs of others: where its answers are kept, and how it knows that nothing changed meanwhile."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from winnow.core.govern.ask import Ask, Check, NotKnown, Question
from winnow.core.govern.consent import Standing as ConsentStanding
from winnow.core.govern.limits import Cap, Limits
from winnow.core.govern.packs import LawPack
from winnow.core.govern.permit import Terms
from winnow.core.govern.permit_tree import Results
from winnow.core.govern.stop import Stops
from winnow.core.govern.systems import AiSystem, Standing
from winnow.core.govern.terms import Action, Channel
from winnow.core.govern.told import Address
from winnow.core.lists import ListEntry
from winnow.core.tlog import VerifierKey, Verify


class Position(NamedTuple):
    """How the record stood when facts were begun to be read.

    size: of the log · stops: how often the kill switch was moved · versions: of what is kept in memory, by name
    """

    size: int
    stops: int
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed between reading facts and recording the answer; nothing was recorded.

    everything: something that matters to everybody asked about · subjects: those of whom something changed
    """

    everything: bool = False
    subjects: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """An answer of the gate as it is kept.

    note: the signed root over all results, with the terms · seed: what the nonces of its leaves are made of
    subjects: of each person in the order asked the keyed hash of the address
    commitments: of each the `subject_hash`, end to end
    common: the checks about nobody in particular · refused: of those refused, by their place, the checks that failed
    actor: who asked · places: where each person was taken to be, `DE` or `US-CA`; empty where nobody's place is kept
    """

    terms: Terms
    ask: Ask
    actor: str
    note: str
    seed: bytes
    subjects: Sequence[int]
    commitments: bytes
    common: Sequence[Check]
    refused: Mapping[int, Sequence[Check]]
    places: Sequence[str | None] = ()

    @property
    def results(self) -> Results:
        """What its leaves are made of."""
        names = {id(failing): tuple([check.question.value for check in failing]) for failing in self.refusals}
        refused = {place: names[id(failing)] for place, failing in self.refused.items()}
        return Results(self.seed, self.commitments, refused)

    @property
    def refusals(self) -> Sequence[Sequence[Check]]:
        """What stood in the way, each only once, as people share it."""
        return list({id(failing): failing for failing in self.refused.values()}.values())

    @property
    def stood_in_the_way(self) -> Mapping[str, int]:
        """Of how many persons each question did, by its name."""
        found = Counter[str]()
        times = Counter(map(id, self.refused.values()))
        for failing in self.refusals:
            found.update({check.question.value: times[id(failing)] for check in failing})
        return found

    @property
    def granted(self) -> int:
        """How many permits there are."""
        return len(self.subjects) - len(self.refused)


class Recipient(NamedTuple):
    """One person an ask is about.

    given: the address as it was written · place: `DE` or `US-CA` · zone: an IANA time zone; None: not known
    doubt: why nothing is known of them, and nothing permitted: the address is none, or may be several people's
    """

    address: Address
    given: str
    place: str | None = None
    zone: str | None = None
    doubt: NotKnown | None = None

    @property
    def sure(self) -> bool:
        """Whether the address can be somebody's, and nobody else's."""
        return self.doubt is None


class PolicyInForce(NamedTuple):
    """What holds for everybody; `off_limits`: lead fields, `digest`: content hash of the policy and its packs."""

    limits: Limits
    packs: tuple[LawPack, ...]
    off_limits: frozenset[str]
    owner: str
    digest: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from; each may fail, and then is not known.

    catch_up: makes what is kept in memory no older than these versions · system: entry and standing; None: none
    subject: keyed hash of an address · consent: how things stand
    for those subjects that anything is known of
    hits: list entries that match somebody · hours: what the hour may be at a place or in a zone
    """

    catch_up: Callable[[Mapping[str, int]], None]
    stops: Callable[[], Stops]
    policy: Callable[[], PolicyInForce]
    system: Callable[[str], tuple[AiSystem, Standing] | None]
    subject: Callable[[Address], int]
    consent: Callable[[Sequence[int], Channel, str, datetime], Mapping[int, ConsentStanding]]
    hits: Callable[[Recipient], tuple[ListEntry, ...]]
    hours: Callable[[str | None, str | None, datetime], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Seal:
    """What permits are signed and told apart with; `key`: what others check them with."""

    key: VerifierKey
    sign: Callable[[str], str]
    verify: Verify
    random: Callable[[int], bytes]
    new_id: Callable[[str, datetime], str]


class Wanted(NamedTuple):
    """Contacts that are counted: from `since` on, and those a cap counts."""

    cap: Cap
    since: datetime


class Contacted(NamedTuple):
    """Contacts that were permitted before, of a person by whichever address.

    counts: by the id of the cap and by subject, of whom there are any; addresses of one person have the same
    persons: of those who are linked with others, a subject that all addresses of that person share
    """

    counts: Mapping[str, Mapping[int, int]]
    persons: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the gate as a list of them shows it.

    number: of its leaf in the log · answer: its id · asked, granted: how many persons
    why: of how many persons each question stood in the way; None: it was about one person, who was erased since
    """

    number: int
    answer: str
    at: datetime
    actor: str
    system: str
    action: Action
    channel: Channel | None
    purpose: str
    asked: int
    granted: int
    why: Mapping[Question, int] | None


class AnswerList(Protocol):
    """Answers of the gate, one after the other. May raise StoreAwayError."""

    def page(self, before: int | None, limit: int, system: str | None = None) -> Sequence[Answered]:
        """The newest first, of one system or all; those whose number is smaller than `before`."""
        ...


class PermitStore(Protocol):
    """Keeps permits and refusals, each answer a leaf of the log. Every method may raise StoreAwayError."""

    def answered_by(self, until: float) -> AbstractContextManager[None]:
        """Have whatever this thread asks of the database within the block, here or elsewhere, end in time.

        until: a value of `time.monotonic`, at which looking something up ends in StoreAwayError, and so does waiting
        for others to be done before something is recorded
        """
        ...

    def position(self) -> Position:
        """How the record stands now; to be asked before any fact is read."""
        ...

    def contacts(self, subjects: Sequence[int], wanted: Sequence[Wanted]) -> Contacted:
        """What was permitted of some addresses and of all that are linked with them."""
        ...

    def record(self, answer: GateAnswer, since: Position, now: datetime) -> Moved | int:
        """Put an answer on record, if what it rests on is still as it was at `since`; its number in the log."""
        ...

    def answered(self, answer: str) -> GateAnswer:
        """An answer by its id; raises NotFoundError, also where it was about one person who was erased."""
        ...

    def used(self, permit: str) -> bool:
        """Whether the one use of a permit was noted."""
        ...

    def redeem(self, permit: str, subject: int, since: Position, actor: str, now: datetime) -> bool:
        """Note the one use of a permit, if what it rests on, about its subject too, is still as it was at `since`.

        False: it is not, and nothing is noted. Raises ConflictError that says when it was used, and NotFoundError.
        """
        ...


@dataclass(frozen=True, slots=True)
class AiDecision:
    """What an AI system concluded about a person, and why.

    label: the name of the output, such as `likely_buyer` · conclusion: what it came to, in words or as a value
    reasons: in words a person understands · data: categories of data it used · version: of the system, if it said
    permit: the id of the permit it was done under; None: none · actor: who reported it
    """

    system: str
    label: str
    conclusion: str
    reasons: tuple[str, ...]
    data: tuple[str, ...]
    actor: str
    permit: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Concluded:
    """A conclusion as a list of them shows it; `decision` is None where its person was erased since."""

    number: int
    at: datetime
    actor: str
    system: str
    decision: AiDecision | None


class AiDecisionStore(Protocol):
    """Keeps what AI systems concluded; each is a leaf of the log. Every method may raise StoreAwayError."""

    def add(self, decision: AiDecision, subject: int, now: datetime) -> int:
        """Keep one about a person, by the keyed hash of their address; its number in the log."""
        ...

    def one(self, number: int) -> tuple[AiDecision, datetime]:
        """One by its number, and when it was recorded; raises NotFoundError."""
        ...

    def page(self, before: int | None, limit: int, system: str | None = None) -> Sequence[Concluded]:
        """The newest first, of one system or all; those whose number is smaller than `before`."""
        ...
