"""A spool as a whole: put, read, taken over. One process holds it; what a dead one left is found and drained.

A record is acknowledged when `put` returns: then its bytes, its segment's name and its folder's name are synced.
A segment that failed to be written or synced is never added to again, because after a failed fsync nobody can say
what of it will ever reach the disk; what had been acknowledged in it before was synced on its own.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

from winnow.adapters.spool.segment import SUFFIX, Position, Segment, framed, sync, sync_folder, write_all
from winnow.errors import SpoolFullError, WinnowError

#: Before the first record.
START: Position = 0

#: A segment is closed when it has grown to this size, so that taking over frees the disk piece by piece.
SEGMENT_BYTES = 8 << 20

_LOCK = "lock"
_UNFINISHED = "."

#: Seals or opens one payload.
Sealing = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Spooled:
    """A record, and the position to go on from when it has been taken over."""

    position: Position
    payload: bytes


@dataclass(frozen=True, slots=True)
class Depth:
    """What waits in a spool: records, bytes on disk, and how many of those bytes are no whole record."""

    records: int
    bytes: int
    damaged_bytes: int


class Spool:
    """One folder of records, held by one process; its threads may share it.

    Opened by its folder, a spool is there to be read; `new` makes one that can be added to.
    most_bytes: the most it may take of the disk · seal, unseal: what is written is personal data
    Raises WinnowError when another process holds the folder, or there is none.
    """

    def __init__(self, folder: Path, most_bytes: int, *, seal: Sealing, unseal: Sealing) -> None:
        self.folder = folder
        self._most_bytes, self._seal, self._unseal = most_bytes, seal, unseal
        self._guard = threading.Lock()
        self._taken = START
        self._writing: int | None = None
        self._last_number: int | None = None
        self._lock = _locked(folder)
        try:
            self._segments = [Segment.found(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
        except OSError:
            os.close(self._lock)
            raise

    @classmethod
    def new(cls, root: Path, most_bytes: int, *, seal: Sealing, unseal: Sealing) -> Self:
        """Make a spool in a folder of its own below `root`, which only this user can enter.

        The folder's name is drawn by lot, because the database remembers by it what was taken over: were a name
        used again, new records would pass for taken over. Raises WinnowError when the folder cannot be made.
        """
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(root.parent)
            with ExitStack() as undo:
                folder = Path(mkdtemp(prefix=_UNFINISHED, dir=root))
                spool = cls(folder, most_bytes, seal=seal, unseal=unseal)
                undo.callback(spool.close)
                # Only with its lock taken does it get the name under which others look for orphans.
                spool.folder = folder.rename(root / folder.name.removeprefix(_UNFINISHED))
                sync_folder(root)
                undo.pop_all()
        except OSError as problem:
            what = f"no spool can be made here: {str(problem.strerror).lower()}"
            raise WinnowError(what, where=str(root), fix="check the path and its permissions") from None
        spool._last_number = 0
        return spool

    @property
    def name(self) -> str:
        """What the database knows this spool by."""
        return self.folder.name

    @property
    def depth(self) -> Depth:
        """What waits here; a segment of which only a part was taken over still counts with all its bytes."""
        with self._guard:
            return Depth(
                records=sum(segment.waiting(self._taken) for segment in self._segments),
                bytes=self._bytes(),
                damaged_bytes=sum(segment.damaged_bytes for segment in self._segments),
            )

    def put(self, records: Sequence[bytes]) -> None:
        """Keep these records, with one sync for all; they are kept when this returns.

        Raises SpoolFullError when there is no room or the disk fails. Then none of them is to be taken as kept,
        though some may turn up after a crash.
        """
        frames = [framed(self._seal(record)) for record in records]
        if not frames:
            return
        with self._guard:
            if self._bytes() + sum(map(len, frames)) > self._most_bytes:
                raise SpoolFullError(f"the spool may hold {self._most_bytes:,} bytes", where=str(self.folder))
            try:
                self._append(frames)
            except OSError as problem:
                self._abandon()
                what = f"the spool cannot be written: {str(problem.strerror).lower()}"
                raise SpoolFullError(what, where=str(self.folder)) from problem
            except BaseException:  # interrupted in the middle: nobody knows how much was written
                self._abandon()
                raise

    def read(self, after: Position = START, limit: int = 1000) -> list[Spooled]:
        """The records that follow a position, oldest first; empty when there are none.

        Raises what `unseal` raises: that a record cannot be opened is a matter of keys and must not be passed over.
        """
        found: list[Spooled] = []
        with self._guard:
            for segment in self._segments:
                if not segment.waiting(after):
                    continue
                for position, payload in segment.read(after):
                    found.append(Spooled(position, self._unseal(payload)))
                    if len(found) == limit:
                        return found
        return found

    def done(self, position: Position) -> None:
        """Everything up to here is in the database: remove the segments that hold nothing else."""
        with self._guard:
            self._taken = max(self._taken, position)
            for segment in [segment for segment in self._segments if not segment.waiting(self._taken)]:
                self._stop_writing(segment)
                with suppress(OSError):  # what cannot be removed now is tried again with the next batch
                    segment.path.unlink(missing_ok=True)
                    self._segments.remove(segment)

    def close(self) -> None:
        """Let go of the folder: it is removed when nothing waits in it, and otherwise becomes an orphan.

        Only when the folder is gone may the database forget how far it was taken over.
        """
        with self._guard:
            if self._segments:
                self._stop_writing(self._segments[-1])
            if not any(segment.waiting(self._taken) for segment in self._segments):
                _remove(self.folder)
            os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _bytes(self) -> int:
        return sum(segment.size for segment in self._segments)

    def _append(self, frames: Sequence[bytes]) -> None:
        handle = self._begun() if self._writing is None else self._writing
        segment = self._segments[-1]
        write_all(handle, b"".join(frames))
        sync(handle)
        if not segment.size:
            sync_folder(self.folder)
        for frame in frames:
            segment.grown(len(frame))
        if segment.size >= SEGMENT_BYTES:
            self._stop_writing(segment)

    def _begun(self) -> int:
        """Open a new segment. A number is never used again, as positions in the database may speak of it."""
        if self._last_number is None:
            raise WinnowError("a spool that another process left behind is only read", where=str(self.folder))
        self._last_number += 1
        path = self.folder / f"{self._last_number:08}{SUFFIX}"
        self._writing = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._segments.append(Segment(path, self._last_number))
        return self._writing

    def _stop_writing(self, segment: Segment) -> None:
        """Close a segment if it is the one being written."""
        if self._writing is not None and segment is self._segments[-1]:
            handle, self._writing = self._writing, None
            with suppress(OSError):  # all that is acknowledged has been synced
                os.close(handle)

    def _abandon(self) -> None:
        """Never add to this segment again, and cut off what nobody was told is kept."""
        if self._writing is None:
            return
        segment = self._segments[-1]
        with suppress(OSError):
            os.ftruncate(self._writing, segment.size)
        self._stop_writing(segment)
        if not segment.size:
            self._segments.remove(segment)
            with suppress(OSError):
                segment.path.unlink()


def orphans(root: Path, most_bytes: int, *, seal: Sealing, unseal: Sealing) -> Iterator[Spool]:
    """The spools that processes left behind when they died, each held from then on; drain and close them."""
    folders = (lock.parent for lock in sorted(root.glob(f"*/{_LOCK}")))
    for folder in folders:
        if not folder.name.startswith(_UNFINISHED):
            try:
                spool = Spool(folder, most_bytes, seal=seal, unseal=unseal)
            except WinnowError:  # held by a living process, or just removed by one that drained it
                continue
            yield spool


def _locked(folder: Path) -> int:
    """Hold a folder until this process closes the handle or dies."""
    path = folder / _LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        raise WinnowError("there is no such spool", where=str(folder)) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours = os.fstat(handle).st_ino == path.stat().st_ino
    except OSError:
        ours = False
    if not ours:  # somebody holds it, or has removed it meanwhile
        os.close(handle)
        raise WinnowError("another process holds this spool", where=str(folder), fix="wait until it has ended")
    return handle


def _remove(folder: Path) -> None:
    with suppress(OSError):
        for path in (*folder.glob(f"*{SUFFIX}"), folder / _LOCK):
            path.unlink(missing_ok=True)
        folder.rmdir()
