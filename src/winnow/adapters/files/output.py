"""Files that appear only when they are complete, and can be continued after an interruption.

What is written goes to `OUT.partial`, which takes the name OUT in one step at the end. A checkpoint
beside it says how far input and output have come.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from winnow.errors import InvalidInputError, WinnowError

if sys.platform != "win32":
    import fcntl

#: Turns the finished partial file into the one that was asked for; by default it is that file already.
Finish = Callable[[Path, Path], None]


def partial_path(path: Path) -> Path:
    """Where an output is while it is being written."""
    return path.with_name(f"{path.name}.partial")


def ready_path(path: Path) -> Path:
    """Where an output is when its last step is done and it has not got its name yet."""
    return path.with_name(f"{path.name}.ready")


class OutputFile:
    """A file being written. Leaving its `with` block without `commit` keeps the partial file, to be continued."""

    def __init__(self, path: Path, file: BinaryIO, finish: Finish | None) -> None:
        self.path = path
        self._file = file
        self._finish = finish
        self._whole = partial_path(path)

    @classmethod
    def start(cls, path: Path, header: bytes = b"", finish: Finish | None = None) -> Self:
        """Begin anew; raises InvalidInputError when the place cannot be written to or another run writes there."""
        output = cls(path, _opened(path, "ab"), finish)
        try:
            output._file.truncate(0)
            output._file.seek(0)
            output.write(header)
        except BaseException:
            output._file.close()
            raise
        return output

    @classmethod
    def resume(cls, path: Path, position: int, finish: Finish | None = None) -> Self:
        """Continue after `position` bytes; what was written beyond is dropped, since no checkpoint vouches for it."""
        file = _opened(path, "ab")
        if file.seek(0, os.SEEK_END) < position:
            file.close()
            raise WinnowError(
                "the unfinished output is shorter than its checkpoint says",
                where=str(partial_path(path)),
                fix="remove it and start again",
            )
        file.truncate(position)
        file.seek(position)
        return cls(path, file, finish)

    @property
    def position(self) -> int:
        """Bytes written so far."""
        return self._file.tell()

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)

    def sync(self) -> int:
        """Make sure that everything is on the disk before a checkpoint says so; returns the position."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self.position

    def finish(self) -> None:
        """Do all that takes long, so that `commit` only gives names; what was written can still be continued."""
        self.close()
        if self._finish is None:
            return
        ready = ready_path(self.path)
        try:
            self._finish(partial_path(self.path), ready)
        except BaseException:
            ready.unlink(missing_ok=True)
            raise
        self._finish, self._whole = None, ready

    def commit(self) -> None:
        """Make the file appear under its name, whole."""
        self.finish()
        self._whole.replace(self.path)
        partial_path(self.path).unlink(missing_ok=True)
        _sync_folder(self.path.parent)

    def abort(self) -> None:
        """Remove what was written."""
        self._file.close()
        partial_path(self.path).unlink(missing_ok=True)

    def close(self) -> None:
        """Keep what was written, to be continued."""
        if not self._file.closed:
            with self._file:
                self.sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(path: Path, mode: str) -> BinaryIO:
    try:
        if path.is_dir():
            raise InvalidInputError("this is a folder", where=str(path), fix="name a file in it")
        file: BinaryIO = partial_path(path).open(mode)  # type: ignore[assignment]  # both modes are binary
    except OSError as problem:
        what = f"cannot be written: {str(problem.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix="name a file in a folder you may write to") from None
    _claim(file, path)
    return file


def _claim(file: BinaryIO, path: Path) -> None:
    """Hold the partial file for this process alone, where the system can do that."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise InvalidInputError(
            "another run is writing this file", where=str(path), fix="wait for it, or name another"
        ) from None


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
