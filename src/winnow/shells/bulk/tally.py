"""What a run adds up while it goes along: the numbers of its summary."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from winnow.core.decide import Decision
from winnow.core.outcome import Outcome

#: Bars of the histogram: probability of junk in tenths.
TENTHS = 10


@dataclass(slots=True)
class Tally:
    """Counts over decided leads and unreadable rows; `read` is always their sum.

    unknown: signals that were not known, over all leads
    """

    decided: int = 0
    unreadable: int = 0
    unknown: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    deciders: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    tenths: Counter[int] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """Rows read, whatever became of them."""
        return self.decided + self.unreadable

    def add(self, decisions: Sequence[Decision]) -> None:
        """Count some decisions."""
        self.decided += len(decisions)
        self.unknown += sum([len(decision.unknown) for decision in decisions])
        self.outcomes.update([decision.outcome for decision in decisions])
        self.deciders.update([decision.decided_by for decision in decisions])
        self.tenths.update([min(TENTHS - 1, int(decision.probability * TENTHS)) for decision in decisions])
        reasons = [reason for decision in decisions for reason in decision.reasons if reason.points >= 0]
        # The same few reasons come again and again: counting them by identity is ten times faster than by value.
        distinct = {id(reason): reason for reason in reasons}
        for identity, count in Counter(map(id, reasons)).items():
            reason = distinct[identity]
            self.reasons[reason.text] += count
            self.texts.setdefault(reason.text, reason.code)

    def merge(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.decided += other.decided
        self.unreadable += other.unreadable
        self.unknown += other.unknown
        self.outcomes.update(other.outcomes)
        self.deciders.update(other.deciders)
        self.reasons.update(other.reasons)
        self.texts = {**other.texts, **self.texts}
        self.tenths.update(other.tenths)

    def flat(self) -> dict[str, int]:
        """All counts in one table, for a checkpoint."""
        return {
            "decided": self.decided,
            "unreadable": self.unreadable,
            "unknown": self.unknown,
            **{f"outcome {outcome.word}": count for outcome, count in self.outcomes.items()},
            **{f"decider {name}": count for name, count in self.deciders.items()},
            **{f"tenth {tenth}": count for tenth, count in self.tenths.items()},
            **{f"reason {json.dumps([self.texts[text], text])}": count for text, count in self.reasons.items()},
        }

    @classmethod
    def from_flat(cls, counts: Mapping[str, int]) -> "Tally":
        """The tally such a table came from."""
        tally = cls()
        for key, count in counts.items():
            kind, _, name = key.partition(" ")
            match kind:
                case "decided" | "unreadable" | "unknown":
                    setattr(tally, kind, count)
                case "outcome":
                    tally.outcomes[Outcome.parse(name)] = count
                case "decider":
                    tally.deciders[name] = count
                case "tenth":
                    tally.tenths[int(name)] = count
                case _:
                    code, text = json.loads(name)
                    tally.reasons[text] = count
                    tally.texts[text] = code
        return tally
