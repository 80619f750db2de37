"""The log as a folder of files that any web server can show and anybody can check (c2sp.org/tlog-tiles).

Nothing in it is secret. It can be made again from the entries at any time, and several processes may publish the
same log. What the file `checkpoint` covers is never written again; what lies beyond it does not count yet.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from winnow.core.tlog import (
    EMPTY,
    ENTRIES,
    Checkpoint,
    Head,
    ReadNode,
    RightEdge,
    Tile,
    checkpoint_from,
    consistency_proof,
    entries_of,
    frontier_at,
    inclusion_proof,
    node_reader,
    parse_note,
    tile_at,
)
from winnow.core.tlog.tiles import WIDTH
from winnow.core.tlog.tree import HASH_BYTES, hashes_in
from winnow.errors import BrokenLogError, WinnowError

if sys.platform != "win32":
    import fcntl

#: The entries from one number to before another, in their order.
EntriesFrom = Callable[[int, int], Iterable[bytes]]

_CHECKPOINT = "checkpoint"
_LOCK = ".lock"


class TileFolder:
    """A published log. Opening it does nothing; `publish` makes the folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def note(self) -> str | None:
        """The signed checkpoint that was published last; None when there is none."""
        content = self.resource(_CHECKPOINT)
        return None if content is None else content.decode("utf-8", "replace")

    def checkpoint(self) -> Checkpoint | None:
        """What the last published checkpoint says. Its signature is not checked here."""
        note = self.note()
        return None if note is None else checkpoint_from(parse_note(note).text)

    def resource(self, path: str) -> bytes | None:
        """The file that is served under a path; None for whatever is not part of a published log."""
        if path != _CHECKPOINT and not tile_at(path):
            return None
        try:
            return (self.path / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def tile(self, tile: Tile) -> bytes:
        """The content of a tile of hashes, cut from the full tile when the partial one is gone."""
        content = self.resource(tile.path)
        if content is None:
            content = self._full(tile)[: tile.width * HASH_BYTES]
        return content

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The published entries from one number to before another; raises BrokenLogError where one is missing."""
        for tile, part in self._parts(ENTRIES, start, end):
            yield from self._bundle(tile)[part]

    def leaf_hashes(self, start: int, end: int) -> Iterator[bytes]:
        """The published hashes of entries, to find the first that was changed (`first_bad_entry`)."""
        for tile, part in self._parts(0, start, end):
            yield from hashes_in(self.tile(tile))[part]

    def _parts(self, level: int, start: int, end: int) -> Iterator[tuple[Tile, slice]]:
        """The tiles that a range of entries lies in, with the part of each."""
        size = self._size(end)
        for index in range(start // WIDTH, -(-end // WIDTH)):
            first = index * WIDTH
            yield Tile(level, index, min(WIDTH, size - first)), slice(max(start - first, 0), end - first)

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """What leads from an entry to the root of the first `size` entries, which must be published."""
        return inclusion_proof(index, size, self._nodes(size))

    def consistency_proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """What shows that the first `new` entries continue the first `old`; both must be published."""
        return consistency_proof(old, new, self._nodes(new))

    def _size(self, least: int = 0) -> int:
        checkpoint = self.checkpoint()
        size = checkpoint.head.size if checkpoint else 0
        if size < least:
            what = f"{size} entries are published, {least} are asked for"
            raise BrokenLogError(what, where=str(self.path), fix="publish the log first")
        return size

    def _nodes(self, least: int = 0) -> ReadNode:
        return node_reader(self._size(least), self.tile)

    def _full(self, tile: Tile) -> bytes:
        content = self.resource(Tile(tile.level, tile.index).path)
        if content is None:
            raise BrokenLogError("this file of the log is missing", where=tile.path, fix="publish the log again")
        return content

    def _bundle(self, tile: Tile) -> Sequence[bytes]:
        content = self.resource(tile.path)
        if content is not None:
            return entries_of(content, tile)
        return entries_of(self._full(tile), Tile(ENTRIES, tile.index))[: tile.width]

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────

    def publish(self, note: str, entries_from: EntriesFrom) -> bool:
        """Publish a signed checkpoint and everything it covers that is not published yet.

        The entries are held against the checkpoint and against the one published before. False means that another
        process has published as much already. Reads what is new and up to 255 entries before it.

        Raises:
            BrokenLogError: the entries are not those that were signed; the published checkpoint stays as it was.
            WinnowError: the folder cannot be written to; the published checkpoint stays as it was.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._alone():
                return self._publish(note, entries_from)
        except OSError as error:
            what = f"the log cannot be published: {error.strerror}"
            raise WinnowError(what, where=str(self.path), fix="make room, or make the folder writable") from None

    def _publish(self, note: str, entries_from: EntriesFrom) -> bool:
        new = checkpoint_from(parse_note(note).text).head
        published = self.checkpoint()
        old = published.head if published else EMPTY
        if published and new.size <= old.size:
            self._check_older(new, old)
            return False
        self._write_tiles(old, new, entries_from)
        self._write(_CHECKPOINT, note.encode())
        _sync_folder(self.path)
        return True

    def _check_older(self, new: Head, old: Head) -> None:
        if frontier_at(new.size, self._nodes()).root != new.root:
            what = f"the checkpoint of {new.size} entries contradicts the published one of {old.size}"
            raise BrokenLogError(what, where=str(self.path), fix="find out who signed both")

    def _write_tiles(self, old: Head, new: Head, entries_from: EntriesFrom) -> None:
        edge = RightEdge(old.size, self.tile)
        entries = iter(entries_from(edge.size, new.size))
        written = []
        for head in (old, new):
            written += [self._write_tile(*each) for each in edge.grow(islice(entries, head.size - edge.size))]
            _check(edge, head)
        written += [self._write_tile(*each) for each in edge.unfinished()]
        for folder in {parent for path in written for parent in path.parents if parent.is_relative_to(self.path)}:
            _sync_folder(folder)

    def _write_tile(self, tile: Tile, content: bytes) -> Path:
        """Write one file. A full tile makes its partial ones superfluous."""
        path = self._write(tile.path, content)
        if tile.width == WIDTH:
            _remove(path.with_name(f"{path.name}.p"))
        return path

    def _write(self, name: str, content: bytes) -> Path:
        """Put a file there in one step, whole and on the disk; what a killed process left half-written is replaced."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        return path

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process publishes at a time, so that the checkpoint never goes back; the lock dies with its process."""
        with (self.path / _LOCK).open("wb") as file:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _check(edge: RightEdge, head: Head) -> None:
    if edge.size < head.size:
        what = f"the log ends after {edge.size} entries, and a signed checkpoint counts {head.size}"
        raise BrokenLogError(what, where=f"entry {edge.size}", fix="restore what was cut off")
    if edge.frontier.root != head.root:
        what = f"the first {head.size} entries are not those that were signed"
        raise BrokenLogError(what, fix="verify the log to find the first that was changed")


def _remove(folder: Path) -> None:
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink(missing_ok=True)
        folder.rmdir()


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
