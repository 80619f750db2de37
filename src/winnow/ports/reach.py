"""What is read to tell whom a change of the law touches: the newest leads, and what the gate answered of late."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from winnow.core.govern.terms import Channel
from winnow.core.lead import Lead

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Newest(Generic[T]):
    """Some of what is stored, the newest first.

    read: how many were looked at, also those that are not among `items` · more: whether there are older ones
    """

    items: Sequence[T]
    read: int
    more: bool


class StoredLead(NamedTuple):
    """A lead that came; `number` is that of its first decision."""

    number: int
    source: str
    received_at: datetime
    lead: Lead


class StoredSend(NamedTuple):
    """A contact that the gate permitted, or that it refused for want of consent and for nothing else.

    permit: its id · place: where the person was taken to be · subject: the keyed hash of the address
    """

    permit: str
    at: datetime
    system: str
    channel: Channel
    purpose: str
    place: str | None
    subject: int
    granted: bool


class NewestLeads(Protocol):
    """Reads leads; may raise StoreAwayError."""

    def __call__(self, since: datetime, most: int) -> Newest[StoredLead]:
        """Leads that came since, without the erased, as many as `most` at most."""
        ...


class NewestSends(Protocol):
    """Reads answers of the gate; may raise StoreAwayError."""

    def __call__(self, ways: Collection[tuple[Channel, str]], since: datetime, most: int) -> Newest[StoredSend]:
        """What was answered since about such channels and purposes, of `most` persons at most."""
        ...
