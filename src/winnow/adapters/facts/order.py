"""History for a file whose leads do not stand in the order they came in: sorted on disk, counted, put back."""

import heapq
import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO

from winnow.adapters.facts.history import PACKED_SIZE, SlidingHistory, unpacked
from winnow.core.facts import History, Seen

#: Leads held in memory while sorting.
_RUN = 100_000
_BLOCK = 1_000

_Record = tuple[float, int, Seen]


class OrderedHistory:
    """Counts for leads in file order that were counted in time order beforehand.

    Leads at the same moment count in file order. Needs about 200 bytes of disk a lead, and memory for
    100,000 leads and a month's values however long the file is.
    """

    def __init__(self, seen: Iterable[Seen]) -> None:
        self._packed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as this
        weakref.finalize(self, self._packed.close)
        with tempfile.TemporaryFile() as sorted_runs:
            self._count(_merged(sorted_runs, _sorted_runs(sorted_runs, seen)))
        self._packed.seek(0)

    def _count(self, records: Iterator[_Record]) -> None:
        history = SlidingHistory()
        while block := list(islice(records, _BLOCK)):
            packed = history.packed([seen for _, _, seen in block])
            for index, (_, place, _) in enumerate(block):
                self._packed.seek(place * PACKED_SIZE)
                self._packed.write(packed[index * PACKED_SIZE : (index + 1) * PACKED_SIZE])

    def counts(self, batch: Sequence[Seen]) -> list[History]:
        """The counts of the next leads of the file; only their number matters here."""
        return unpacked(self.packed(batch))

    def packed(self, batch: Sequence[Seen]) -> bytes:
        """The same in packed form."""
        return self._packed.read(len(batch) * PACKED_SIZE)


def _sorted_runs(file: IO[bytes], seen: Iterable[Seen]) -> list[int]:
    """Write sorted runs one after the other; returns where each begins."""
    records = ((-1.0 if each.at is None else each.at, place, each) for place, each in enumerate(seen))
    starts = []
    while run := sorted(islice(records, _RUN)):
        starts.append(file.tell())
        for index in range(0, len(run), _BLOCK):
            pickle.dump(run[index : index + _BLOCK], file, pickle.HIGHEST_PROTOCOL)
        pickle.dump([], file)
    return starts


def _merged(file: IO[bytes], starts: list[int]) -> Iterator[_Record]:
    return heapq.merge(*[_run(file, start) for start in starts])


def _run(file: IO[bytes], start: int) -> Iterator[_Record]:
    while True:
        file.seek(start)
        block = pickle.load(file)  # noqa: S301  # our own temporary file, unlinked since it was made
        start = file.tell()
        if not block:
            return
        yield from block
