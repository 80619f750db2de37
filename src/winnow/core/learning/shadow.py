"""A ruleset on live traffic without effect: what it decides beside the live one, and how the two differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from winnow.core.learning.figures.bounds import lower_bound
from winnow.core.outcome import Outcome

#: Outcome of the live ruleset, then that of the one in shadow; None where that one failed.
Pair = tuple[Outcome, Outcome | None]

_DOMAIN = "winnow shadow"


@dataclass(frozen=True, slots=True)
class Shadow:
    """A ruleset that was put in shadow.

    id: number of that in the log · share: of the leads it decides, over 0 to 1
    """

    id: int
    ruleset: str
    share: float
    started_at: datetime
    started_by: str

    def takes(self, lead_id: str) -> bool:
        """Whether it decides this lead: by lot from the lead's id, so that a lead that comes again is drawn alike."""
        if self.share >= 1:
            return True
        digest = sha256(f"{_DOMAIN}\n{self.id}\n{lead_id}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8]) < self.share * 2**64


@dataclass(frozen=True, slots=True)
class Beside:
    """What a ruleset in shadow decided; `outcome` None: it failed, which the live decision knows nothing of."""

    shadow: int
    outcome: Outcome | None
    score: int = 0
    codes: bytes = b""


@dataclass(frozen=True, slots=True)
class Changed:
    """A lead the two would treat differently: number of its decision, its id and source, both outcomes."""

    decision: int
    lead: str
    source: str
    live: Outcome
    shadow: Outcome


def days_between(first: datetime, last: datetime) -> float:
    """How many days lie between two moments."""
    return (last - first) / timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """Leads with these two outcomes whose truth is known: how many, and how many of them junk."""

    labels: int
    junk: int


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """How a ruleset in shadow differed from the live one.

    running: it still decides · first, last: when the leads it has decided were, None before the first
    out: days in between during which it was not in shadow
    counts: leads by both outcomes · by_source: the same for each source
    judged: what is known of the truth, by both outcomes · changed: the newest leads that differ
    against: leads by the hash of the ruleset that was live
    read_by, read_at, read_leads: who said last that they have read this report, and how many leads it was about then
    """

    ruleset: str
    running: bool
    share: float
    first: datetime | None
    last: datetime | None
    counts: Mapping[Pair, int]
    by_source: Mapping[str, Mapping[Pair, int]] = field(default_factory=dict)
    judged: Mapping[Pair, Judged] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()
    against: Mapping[str, int] = field(default_factory=dict)
    read_by: str | None = None
    read_at: datetime | None = None
    read_leads: int = 0
    out: float = 0.0

    @property
    def leads(self) -> int:
        """Leads it has decided."""
        return sum(count for (_, shadow), count in self.counts.items() if shadow is not None)

    @property
    def failed(self) -> int:
        """Leads it should have decided and could not."""
        return sum(count for (_, shadow), count in self.counts.items() if shadow is None)

    @property
    def stricter(self) -> int:
        """Leads it would treat more severely."""
        return sum(count for (live, shadow), count in self.counts.items() if shadow is not None and shadow > live)

    @property
    def milder(self) -> int:
        """Leads it would treat less severely."""
        return sum(count for (live, shadow), count in self.counts.items() if shadow is not None and shadow < live)

    @property
    def days(self) -> float:
        """Days from the first lead to the last, without those during which it was not in shadow."""
        return days_between(self.first, self.last) - self.out if self.first and self.last else 0.0

    def judged_from(self, outcome: Outcome) -> Judged:
        """The truth about leads it would treat at least so severely."""
        found = [each for (_, shadow), each in self.judged.items() if shadow is not None and shadow >= outcome]
        return Judged(sum(each.labels for each in found), sum(each.junk for each in found))

    def precision_bound(self, outcome: Outcome) -> float:
        """The share of junk among those that the labels prove, at a risk of 5 %."""
        judged = self.judged_from(outcome)
        return lower_bound(judged.junk, judged.labels)
