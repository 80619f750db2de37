"""What people said about being contacted: what is told, who keeps it, and what is found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.govern.consent import ConsentEvent
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.told import Address, Told

__all__ = ["Address", "Addressed", "ConsentStore", "Link", "Standings", "Told"]


@dataclass(frozen=True, slots=True)
class Link:
    """Two addresses that are one person's; `evidence` is None where it was erased."""

    number: int
    subject: int
    other: int
    at: datetime
    actor: str
    evidence: str | None


class ConsentStore(Protocol):
    """Keeps it for good; every change is a leaf of the log. Every method may raise UnavailableError."""

    def subject(self, address: Address) -> int:
        """The keyed hash that stands for an address."""
        ...

    def record(self, told: Sequence[Told], actor: str, now: datetime) -> tuple[int, ...]:
        """Record all of it in one transaction; the numbers, in order. A denial counts for all linked addresses."""
        ...

    def events_of(self, subjects: Sequence[int]) -> Mapping[int, Sequence[ConsentEvent]]:
        """What counts for addresses, without evidence; those nothing is known of are left out."""
        ...

    def history(self, subject: int) -> Sequence[ConsentEvent]:
        """What counts for one address, with its evidence, the oldest first."""
        ...

    def address(self, subject: int) -> Address | None:
        """The address behind a keyed hash; None where it was erased or never told."""
        ...

    def links(self, subject: int) -> Sequence[Link]:
        """What links an address to others directly."""
        ...

    def merge(self, pair: tuple[Address, Address], evidence: str, actor: str, now: datetime) -> int:
        """Note that two addresses are one person's: the denials of each count for both from now on.

        Raises ConflictError when they are linked already, or too many would be.
        """
        ...

    def unmerge(self, pair: tuple[int, int], evidence: str, actor: str, now: datetime) -> int:
        """Take a link back; denials stay where they count. Raises NotFoundError."""
        ...

    def erase(self, subjects: Sequence[int], actor: str, now: datetime) -> None:
        """Make unreadable what is personal, and void all grants; denials stay, under the keyed hashes."""
        ...

    def recorded(self, after: int, limit: int) -> Sequence[tuple[ConsentEvent, Address | None]]:
        """Everything in the order in which it was told, page by page, with addresses that can be read still."""
        ...


class Standings(Protocol):
    """What the gate asks."""

    def events_of(self, subjects: Sequence[int]) -> Mapping[int, Sequence[ConsentEvent]]:
        """See ConsentStore; flat in what is stored, in chunks for very many."""
        ...


class Addressed(Protocol):
    """Turns addresses of a file into their one spelling; None for one that cannot be used."""

    def __call__(self, kind: AddressKind, text: str, country: str | None) -> Address | None:
        """`country`: ISO 3166 alpha-2, for telephone numbers that do not say it."""
        ...
