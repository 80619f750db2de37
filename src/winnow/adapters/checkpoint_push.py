"""Signed checkpoints put where the administrator of the log cannot change them, each held against the one before.

What was pushed binds the log: from then on nothing before it can be changed, cut off or swapped without notice.
"""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from winnow.core.tlog import Head, VerifierKey, Verify, open_checkpoint, verify_consistency
from winnow.errors import BrokenLogError, WinnowError

#: The proof that the log of the second size continues the log of the first.
Prove = Callable[[int, int], Sequence[bytes]]
#: Sends a body to an address; raises when it was not accepted.
Post = Callable[[str, bytes], None]

_LATEST = "checkpoint"
_SIZE_DIGITS = 19


class Target(Protocol):
    """A place checkpoints are pushed to."""

    def last(self) -> str | None:
        """The note it accepted last; None when there is none yet."""
        ...

    def put(self, note: str) -> None:
        """Hand a note over; raises WinnowError when it is not kept there."""
        ...


def push(note: str, target: Target, key: VerifierKey, verify: Verify, prove: Prove) -> bool:
    """Push a checkpoint that continues what the target has; False when the target has it already.

    Raises:
        BrokenLogError: it does not continue it, or one of the two is not signed by the key. Nothing is pushed: the
            log was rewritten, cut off or restored from a backup, and the target holds the evidence.
        WinnowError: the target cannot be reached.
    """
    new = open_checkpoint(note, key, verify).head
    last = target.last()
    if last is not None and not _adds(open_checkpoint(last, key, verify).head, new, prove):
        return False
    target.put(note)
    return True


def _adds(old: Head, new: Head, prove: Prove) -> bool:
    """Whether the new head has more than the old one, which it must not contradict."""
    if new.size < old.size:
        # Another process of the same log may have pushed more meanwhile; then this one can prove that it agrees.
        with suppress(BrokenLogError):
            verify_consistency(new, old, prove(new.size, old.size))
            return False
    grown = 0 < old.size < new.size
    verify_consistency(old, new, prove(old.size, new.size) if grown else ())
    return old != new


class FileTarget:
    """A file that only grows, one line of JSON a checkpoint: `{"size": …, "note": …}`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> str | None:
        """The note of the last whole line. A line that was torn by a power cut was never accepted."""
        notes = pushed_notes(_content(self.path) or b"")
        return notes[-1] if notes else None

    def put(self, note: str) -> None:
        """Append it and wait until the disk has it."""
        line = json.dumps({"size": _size_in(note), "note": note}, ensure_ascii=False).encode() + b"\n"
        if not (_content(self.path) or b"\n").endswith(b"\n"):
            line = b"\n" + line
        try:
            with self.path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _not_kept(self.path, error) from None


class FolderTarget:
    """A folder, on another host for example: a file for each checkpoint, and the newest also as `checkpoint`.

    It must exist: where it is a mount that is gone, nothing is written in its place.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> str | None:
        """The note in the file that counts the most entries."""
        files = sorted(self.path.glob(f"checkpoint-{'[0-9]' * _SIZE_DIGITS}.txt"))
        return _text(_content(files[-1]) or b"") if files else None

    def put(self, note: str) -> None:
        """Write both files, each in one step, and wait until the disk has them."""
        for name in (f"checkpoint-{_size_in(note):0{_SIZE_DIGITS}}.txt", _LATEST):
            _write(self.path / name, note)


class WebhookTarget:
    """An address that notes are posted to as they are; what it accepted is remembered in a file here."""

    def __init__(self, url: str, post: Post, memory: Path) -> None:
        self.url = url
        self._post = post
        self._memory = memory

    def last(self) -> str | None:
        """The note that was accepted last."""
        content = _content(self._memory)
        return None if content is None else _text(content)

    def put(self, note: str) -> None:
        """Post it; it is remembered only once it was accepted."""
        self._post(self.url, note.encode())
        _write(self._memory, note)


def pushed_notes(content: bytes) -> list[str]:
    """The notes in a file that FileTarget wrote, the oldest first; lines that are not whole are left out."""
    notes = []
    for line in content.split(b"\n"):
        try:
            notes.append(str(json.loads(line)["note"]))
        except (ValueError, KeyError, TypeError):
            continue
    return notes


def _size_in(note: str) -> int:
    return int(note.split("\n", 2)[1])


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WinnowError(f"pushed checkpoints cannot be read: {error.strerror}", where=str(path)) from None


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _not_kept(path, error) from None


def _not_kept(path: Path, error: OSError) -> WinnowError:
    what = f"the checkpoint cannot be pushed: {error.strerror}"
    return WinnowError(what, where=str(path), fix="make the place writable, or push somewhere else")
