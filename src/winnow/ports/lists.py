"""Where allow and block entries are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.lists import ListEntry
from winnow.ports.paging import Page


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
