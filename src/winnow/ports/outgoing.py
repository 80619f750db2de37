"""Mail on its way out: who judges each recipient, who carries the message on, and where it is kept that it left."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf mail is sent.

    actor: id of the key that logged in · system: id in the register of AI systems · purpose: as the policy has it
    """

    actor: str
    system: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer about one recipient.

    id: of the permit or the refusal in the decision log; empty for one that was not recorded
    refused: why not, in a sentence; empty for a permit · ask: what a person can do about it, and whom to ask
    """

    id: str
    refused: str = ""
    ask: str = ""

    @property
    def granted(self) -> bool:
        """Whether mail may be sent."""
        return not self.refused


class Judge(Protocol):
    """The gate, asked about one recipient. Every method may raise any WinnowError, and waits for the store."""

    def ask(self, sender: Sender, address: str, message: str = "") -> Ruling:
        """Whether mail may be sent to an address; recorded as a permit or a refusal.

        message: the words in which the client explained itself, if it did
        """
        ...

    def still(self, sender: Sender, address: str) -> Ruling:
        """Whether what was permitted before may still be done at this moment; counts as no further contact."""
        ...

    def presented(self, sender: Sender, address: str, token: str, *, use: bool = False) -> Ruling:
        """What a permit is worth that was given elsewhere: whether it is genuine, for this, and still holds.

        use: this is the use of it, of which there may be only one
        """
        ...


@dataclass(frozen=True, slots=True)
class Relayed:
    """A message that left for one recipient.

    permit: id of the permit it left under · address: of the recipient · message: SHA-256 of it, as it was received
    """

    sender: Sender
    permit: str
    address: str
    message: bytes = field(repr=False)
    at: datetime


class RelayStore(Protocol):
    """Where it is kept what left, as keyed hashes. Every method may raise StoreAwayError."""

    def left(self, address: str, message: bytes, since: datetime) -> bool:
        """Whether the same message left for this address before."""
        ...

    def add(self, relayed: Relayed) -> None:
        """Record it, in the decision log too."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What a mail server answered (RFC 5321 section 4.2), in one line; `code` is from 200 to 599."""

    code: int
    text: str

    @property
    def good(self) -> bool:
        """Whether it was a yes."""
        return self.code < 400  # noqa: PLR2004  # the codes of the standard

    @property
    def final(self) -> bool:
        """Whether it was a no that stays one."""
        return self.code >= 500  # noqa: PLR2004  # as above


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is said about a message outside of it. `sender` is empty for one that must not be answered."""

    sender: str
    utf8: bool = False
    eight_bit: bool = False


class Carrier(Protocol):
    """A connection to the server that takes mail further. What fails is a Reply, never an error."""

    async def offer(self, envelope: Envelope, address: str) -> Reply:
        """Name a recipient of the transaction under way, beginning one where there is none."""
        ...

    async def carry(self, parts: Iterable[bytes]) -> Reply:
        """Hand over the message of the transaction under way, and so end it.

        parts: the message in order, each ending with a line (CRLF), without a bare CR or LF
        """
        ...

    async def drop(self) -> None:
        """Forget the transaction under way."""
        ...

    async def close(self) -> None:
        """End the connection."""
        ...
