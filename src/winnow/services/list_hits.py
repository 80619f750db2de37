"""How often entries matched lately: decisions never change, so each is looked at once, and only new ones are read."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from winnow.ports import Past

#: Decisions that are looked back over.
LAST = 5_000

#: Of each entry so many decisions are named.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Hits:
    """What one entry matched: how many decisions, the last of them when, and the numbers of the newest."""

    count: int
    last: datetime
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LateHits:
    """What all entries matched among the last decisions; `looked_at`: how many these are."""

    looked_at: int
    of: Mapping[str, Hits]


@dataclass(frozen=True, slots=True)
class _Decided:
    id: int
    at: datetime
    entries: tuple[str, ...]


class EntryHits:
    """Counts hits among the last decisions; may raise StoreAwayError."""

    def __init__(self, past: Past, last: int = LAST) -> None:
        self._past = past
        self._last = last
        self._guard = Lock()
        self._known: deque[_Decided] = deque(maxlen=last)

    def counted(self) -> LateHits:
        """As of now; an entry that matched none of them is not among these."""
        with self._guard:
            self._read_on()
            return LateHits(len(self._known), _hits(self._known))

    def _read_on(self) -> None:
        newest, fresh = self._known[-1].id if self._known else -1, []
        for past in self._past.latest(self._last):
            if past.id <= newest:
                break
            hit = tuple(entry.id for entry in past.facts.list_hits)
            fresh.append(_Decided(past.id, past.facts.now, hit))
        self._known.extend(reversed(fresh))


def _hits(decided: deque[_Decided]) -> Mapping[str, Hits]:
    found: dict[str, list[_Decided]] = {}
    for each in reversed(decided):
        for entry in each.entries:
            found.setdefault(entry, []).append(each)
    return {
        entry: Hits(len(hits), hits[0].at, tuple(each.id for each in hits[:NAMED])) for entry, hits in found.items()
    }
