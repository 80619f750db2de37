"""Deriving a stored decision again, to show that years later the same lead and facts still give the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from winnow.core.decide import Decision, decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.ruleset import Ruleset
from winnow.ports import Recorded

#: Rulesets kept ready to decide; decisions that lie together were mostly made under one.
_MOST_RULESETS = 8


class Records(Protocol):
    """Where decisions are on record."""

    def decided(self, number: int) -> tuple[Lead, Facts, Recorded]:
        """All that a decision was made of; raises NotFoundError."""
        ...


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision as it was stored and as it is derived now, both as JSON."""

    stored: bytes
    derived: bytes

    @property
    def same(self) -> bool:
        """Whether not one byte differs."""
        return self.stored == self.derived


class Replay:
    """Derives decisions from what is stored of them, and from nothing else.

    ruleset: by its hash; raises NotFoundError
    written: a decision as bytes, as the ledger stores it
    read: the stored bytes as plain data
    """

    def __init__(
        self,
        records: Records,
        ruleset: Callable[[str], Ruleset],
        written: Callable[[Decision], bytes],
        read: Callable[[bytes], Any],
    ) -> None:
        self._records = records
        self._ruleset = ruleset
        self._written = written
        self._read = read
        self._rulesets: dict[str, Ruleset] = {}

    def again(self, number: int) -> Replayed:
        """Decide once more what was decided under this number; raises NotFoundError."""
        lead, facts, recorded = self._records.decided(number)
        said = self._read(recorded.decision)
        decision = decide(lead, facts, self.ruleset(said["ruleset"]["hash"]), shadow=said["shadow"])
        return Replayed(recorded.decision, self._written(decision))

    def ruleset(self, digest: str) -> Ruleset:
        """The ruleset with this hash, kept ready."""
        known = self._rulesets.get(digest)
        if known is None:
            known = self._ruleset(digest)
            if len(self._rulesets) >= _MOST_RULESETS:
                self._rulesets.clear()
            self._rulesets[digest] = known
        return known
