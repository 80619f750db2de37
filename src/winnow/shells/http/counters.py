"""What the service has done so far, as plain numbers: cheap to count in a hot path, read only when somebody asks."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic

from winnow.errors import ConflictError
from winnow.ports import Arrival, Recorded
from winnow.shells.http.groups import Take

#: Upper ends in seconds; the promise is 20 ms for 99 of 100.
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
LEADS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)

_OUTCOME = b'","outcome":"'


class Histogram:
    """How often a value fell between two bounds; for one writing thread."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count a value; one that equals a bound lies below it."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def buckets(self) -> list[tuple[str, float]]:
        """Upper bound and how many values are not larger, as Prometheus wants them."""
        found, below = [], 0
        for bound, count in zip((*map(str, self._bounds), "+Inf"), list(self._counts), strict=True):
            below += count
            found.append((bound, float(below)))
        return found


class Counters:
    """Counts of one process, since its start."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.lead_seconds = Histogram(SECONDS)
        self.group_leads = Histogram(LEADS)
        self.outcomes: Counter[str] = Counter()

    def counting(self, take: Take, told: Callable[[int, float], None] | None = None) -> Take:
        """The same, and what it records is counted; `told` gets leads and seconds of each group."""

        def taking(group: Sequence[Arrival]) -> Sequence[Sequence[Recorded] | ConflictError]:
            started, leads = monotonic(), 0
            answers = take(group)
            for answer in answers:
                if not isinstance(answer, ConflictError):
                    leads += len(answer)
                    for each in answer:
                        if not each.again:
                            self.outcomes[outcome_in(each.decision)] += 1
            self.group_leads.add(leads)
            if told is not None:
                told(leads, monotonic() - started)
            return answers

        return taking


def outcome_in(decision: bytes) -> str:
    """The outcome a recorded decision names, without reading all of it.

    The id in front of it cannot pretend to be one: quotation marks in a JSON string are escaped.
    """
    start = decision.index(_OUTCOME) + len(_OUTCOME)
    return decision[start : decision.index(b'"', start)].decode()
