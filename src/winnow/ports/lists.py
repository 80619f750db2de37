"""Where allow and block entries are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.ports.paging import Page


@dataclass(frozen=True, slots=True)
class WantedEntries:
    """Which entries somebody looks for; None and an empty text ask for nothing.

    text: stands in the value, the id, the owner or the reason, upper and lower case of ASCII aside
    """

    action: ListAction | None = None
    kind: ListKind | None = None
    text: str = ""


class ListStore(Protocol):
    """Keeps allow and block entries; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, entries: Sequence[ListEntry], actor: str, now: datetime) -> None:
        """Add entries, all or none; raises ConflictError when an id is taken."""
        ...

    def remove(self, entry_id: str, actor: str, now: datetime) -> None:
        """Take an entry out of force; raises NotFoundError when there is none in force."""
        ...

    def entry(self, entry_id: str) -> ListEntry:
        """An entry in force; raises NotFoundError."""
        ...

    def page(self, after: str | None, limit: int) -> Page[ListEntry]:
        """Entries in force, in the order of their ids."""
        ...

    def found(self, wanted: WantedEntries, before: str | None, limit: int) -> Page[ListEntry]:
        """Those in force that fit, from the last id to the first, which is the newest first where ids were made.

        So that a page costs the same however rare what is looked for, only so many are looked at for it: it may hold
        fewer than `limit`, or none, while there is a `next`.
        """
        ...
