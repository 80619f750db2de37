"""A disk in memory whose power can fail: what was synced survives, and of all the rest whatever chance leaves.

SQLite writes to it through a VFS of APSW, the spool through a stand-in for the module `os`.
"""

import errno
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import apsw

from winnow.adapters.spool import folder as spool_folder
from winnow.adapters.spool import segment as spool_segment

#: A disk writes a sector as a whole, or is torn even within it.
SECTOR = 512


class PowerLossError(Exception):
    """The power is gone; nothing works any more."""


@dataclass
class File:
    """What programs see, what is certainly on the disk, and what was written since: (offset, data), or a new length."""

    seen: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    pending: list[tuple[int, bytes] | int] = field(default_factory=list)
    named: bool = False  # whether its name is certainly on the disk

    def write(self, data: bytes, offset: int) -> None:
        _patch(self.seen, offset, data)
        self.pending.append((offset, data))

    def truncate(self, length: int) -> None:
        del self.seen[length:]
        self.pending.append(length)

    def sync(self) -> None:
        self.synced, self.pending = bytes(self.seen), []

    def left_by(self, chance: Random, likely: float) -> bytes:
        """What is on the disk after the power failed: of what was not synced, each sector or a part of it, or not."""
        data = bytearray(self.synced)
        for change in self.pending:
            if isinstance(change, int):
                if chance.random() < likely:
                    del data[change:]
                continue
            for offset, sector in _sectors(*change):
                if chance.random() < likely:
                    torn = chance.random() < 0.05
                    _patch(data, offset, sector[: chance.randrange(len(sector))] if torn else sector)
        return bytes(data)


def _patch(data: bytearray, offset: int, new: bytes) -> None:
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(new)] = new


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """What was written, cut where sectors end."""
    first = SECTOR - offset % SECTOR
    cuts = [0, *range(first, len(data), SECTOR), len(data)]
    return ((offset + start, data[start:end]) for start, end in itertools.pairwise(cuts) if start < end)


class Disk:
    """Files by name, how many changes the power lasts for, and how likely a sync fails before that."""

    def __init__(self, chance: Random, lasts: int, sync_fails: float = 0.0) -> None:
        self.files: dict[str, File] = {}
        self.removed: dict[str, File] = {}
        self.chance = chance
        self.changes = 0
        self.lasts = lasts
        self.sync_fails = sync_fails
        self.failed_syncs = 0

    def change(self) -> None:
        """Something is about to change, if there is still power for it."""
        self.changes += 1
        self.power()

    def power(self) -> None:
        """Raises PowerLossError when there is none."""
        if self.changes > self.lasts:
            raise PowerLossError

    def sync(self, file: File) -> None:
        """Put a file on the disk. When that fails, the system takes what it could not write for written."""
        self.change()
        if self.chance.random() < self.sync_fails:
            self.failed_syncs += 1
            file.synced, file.pending = file.left_by(self.chance, 0.5), []
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        file.sync()

    def after_power_loss(self) -> dict[str, bytes]:
        """What is found when the power is back. A name that was not synced, or removed without, is left to chance."""
        likely = self.chance.choice((0.0, 0.5, 0.9, 1.0))
        doubtful = {name: file for name, file in self.removed.items() if name not in self.files}
        doubtful |= {name: file for name, file in self.files.items() if not file.named}
        there = {name: file for name, file in {**self.removed, **self.files}.items() if name not in doubtful}
        there |= {name: file for name, file in doubtful.items() if self.chance.random() < likely}
        return {name: file.left_by(self.chance, likely) for name, file in there.items()}


class SqliteFile:
    """One open file of SQLite; a sync makes its name durable as well, as SQLite's own VFS does."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk, self._file = disk, file

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802  # a name of apsw
        self._disk.power()
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # a name of apsw
        self._file.write(bytes(data), offset)
        self._disk.change()

    def xTruncate(self, length: int) -> None:  # noqa: N802  # a name of apsw
        self._file.truncate(length)
        self._disk.change()

    def xSync(self, _flags: int) -> None:  # noqa: N802  # a name of apsw
        try:
            self._disk.sync(self._file)
        except OSError:
            raise apsw.exception_for(apsw.SQLITE_IOERR_FSYNC) from None
        self._file.named = True

    def xFileSize(self) -> int:  # noqa: N802  # a name of apsw
        self._disk.power()
        return len(self._file.seen)

    def xFileControl(self, _operation: int, _pointer: int) -> bool:  # noqa: N802  # a name of apsw
        return False

    def xCheckReservedLock(self) -> bool:  # noqa: N802  # a name of apsw
        return False

    def xSectorSize(self) -> int:  # noqa: N802  # a name of apsw
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802  # a name of apsw
        return int(apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE)  # what SQLite takes for granted of every disk

    def xLock(self, _level: int) -> None:  # noqa: N802  # a name of apsw
        """There is one process only."""

    def xUnlock(self, _level: int) -> None:  # noqa: N802  # a name of apsw
        """There is one process only."""

    def xClose(self) -> None:  # noqa: N802  # a name of apsw
        """There is nothing to close."""


class SqliteDisk(apsw.VFS):
    """SQLite's way to a disk."""

    numbers = itertools.count()

    def __init__(self, disk: Disk) -> None:
        self.name = f"power-{next(self.numbers)}"
        self._disk = disk
        super().__init__(self.name, base="")

    def xFullPathname(self, name: str) -> str:  # noqa: N802  # a name of apsw
        return name

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802  # a name of apsw
        self._disk.power()
        known = name.filename() if isinstance(name, apsw.URIFilename) else name or f"temporary {next(self.numbers)}"
        flags[1] = flags[0]
        return SqliteFile(self._disk, self._disk.files.setdefault(str(known), File()))

    def xAccess(self, name: str, _flags: int) -> bool:  # noqa: N802  # a name of apsw
        return name in self._disk.files

    def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: N802  # a name of apsw
        file = self._disk.files.pop(name)
        if not sync_folder:
            self._disk.removed[name] = file
        self._disk.change()


class OsOnDisk:
    """The module `os` for the spool: does what is asked for, and keeps account of it on a disk."""

    def __init__(self, disk: Disk, forgets: str = "") -> None:
        self._disk, self._forgets = disk, forgets
        self._open: dict[int, Path] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        self._disk.power()
        handle = os.open(path, flags, mode)
        self._open[handle] = path
        if flags & os.O_EXCL:
            self._disk.files[path.name] = File()
            self._disk.change()
        return handle

    def write(self, handle: int, data: bytes) -> int:
        file = self._disk.files[self._open[handle].name]
        file.write(bytes(data), len(file.seen))
        self._disk.change()
        return os.write(handle, data)

    def ftruncate(self, handle: int, length: int) -> None:
        self._disk.files[self._open[handle].name].truncate(length)
        self._disk.change()
        os.ftruncate(handle, length)

    def fsync(self, handle: int) -> None:
        path = self._open[handle]
        if path.is_dir() and self._forgets != "names":
            self._disk.change()
            for file in self._disk.files.values():
                file.named = True
        elif path.name in self._disk.files and self._forgets != "content":
            self._disk.sync(self._disk.files[path.name])


@contextmanager
def spool_on(disk: Disk, forgets: str = "") -> Iterator[None]:
    """The spool writes to this disk; `forgets` is what its syncs leave out, `names` or `content`."""
    stand_in = OsOnDisk(disk, forgets)
    with patch.object(spool_folder, "os", stand_in), patch.object(spool_segment, "os", stand_in):
        yield
