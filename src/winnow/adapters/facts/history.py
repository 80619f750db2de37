"""Point-in-time counts for a stream of leads in time order: what was seen before each, never after."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from winnow.core.facts import COUNT_CEILING, History, Seen
from winnow.errors import OutOfOrderError

HOUR, DAY, WEEK, MONTH = 3_600.0, 86_400.0, 604_800.0, 2_592_000.0

#: Keys are swept out when their number has doubled since the last sweep, but not below this.
_SWEEP_FROM = 50_000

#: A missing count in the packed form.
_UNKNOWN = 0xFFFF
_UNCOUNTED = History()
_FIELDS = len(History._fields)


class _Sightings:
    """When each value of one kind was seen, as far back as the longest window reaches."""

    def __init__(self, *windows: float) -> None:
        self._windows = windows
        self._unseen = (0,) * len(windows)
        self._unknown = (None,) * len(windows)
        self._times: dict[str, float | list[float]] = {}
        self._sweep_at = _SWEEP_FROM

    def count(self, key: str | None, at: float) -> tuple[int | None, ...]:
        """How often `key` was seen in each window before `at`; then remember this sighting."""
        if key is None:
            return self._unknown
        times = self._times.get(key)
        if times is None:
            self._times[key] = at  # most values are seen once: a bare number, not a list
            if len(self._times) > self._sweep_at:
                self._sweep(at)
            return self._unseen
        if isinstance(times, float):
            times = self._times[key] = [times]
        seen = len(times)
        counts = tuple([seen - bisect_left(times, at - window) for window in self._windows])
        times.append(at)
        if seen >= COUNT_CEILING:
            del times[0]
        return counts

    def _sweep(self, now: float) -> None:
        oldest = now - self._windows[-1]
        self._times = {
            key: times
            for key, times in self._times.items()
            if (times if isinstance(times, float) else times[-1]) >= oldest
        }
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._times))


class SlidingHistory:
    """Counts over a stream that arrives in the order of `at`; remembers a month, however long the stream.

    A lead without a time is not counted and gets no counts. One that came before the lead ahead of it
    raises OutOfOrderError: its counts, and those of leads counted already, would be wrong.
    """

    def __init__(self) -> None:
        self._latest = float("-inf")
        self._ip = _Sightings(HOUR, DAY, WEEK)
        self._network = _Sightings(HOUR, DAY)
        self._device = _Sightings(DAY, WEEK)
        self._domain = _Sightings(HOUR, DAY, WEEK)
        self._message = _Sightings(HOUR, DAY, WEEK)
        self._email = _Sightings(MONTH)
        self._phone = _Sightings(MONTH)

    def counts(self, batch: Sequence[Seen]) -> list[History]:
        """One History a lead; the batch continues the stream."""
        return [History._make(row) if row is not None else _UNCOUNTED for row in map(self._row, batch)]

    def _row(self, seen: Seen) -> tuple[int | None, ...] | None:
        at, ip, network, device, domain, message, email, phone = seen
        if at is None:
            return None
        if at < self._latest:
            raise OutOfOrderError("leads do not come in the order of their times", fix="sort them by time")
        self._latest = at
        return (
            *self._ip.count(ip, at),
            *self._network.count(network, at),
            *self._device.count(device, at),
            *self._domain.count(domain, at),
            *self._message.count(message, at),
            *self._email.count(email, at),
            *self._phone.count(phone, at),
        )

    def packed(self, batch: Sequence[Seen]) -> bytes:
        """The same counts as `counts` in 30 bytes a lead, for sending to another process or a file."""
        cells = array("H")
        for row in map(self._row, batch):
            cells.extend([_UNKNOWN] * _FIELDS if row is None else [_UNKNOWN if each is None else each for each in row])
        return cells.tobytes()


PACKED_SIZE = 2 * _FIELDS


def unpacked(data: bytes) -> list[History]:
    """Histories from their packed form."""
    cells = [None if each == _UNKNOWN else each for each in array("H", data)]
    return [History._make(cells[start : start + _FIELDS]) for start in range(0, len(cells), _FIELDS)]
