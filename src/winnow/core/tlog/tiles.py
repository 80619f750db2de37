"""The files in which a log is published (c2sp.org/tlog-tiles): 256 hashes of the tree, or 256 entries, in each."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from winnow.core.tlog.proofs import ReadNode
from winnow.core.tlog.tree import HASH_BYTES, Frontier, hashes_in, leaf_hash
from winnow.errors import BrokenLogError, InvalidInputError

HEIGHT = 8
WIDTH = 1 << HEIGHT
#: The level of the bundles of entries, which lie below the hashes of entries at level 0.
ENTRIES = -1

_LENGTH_BYTES = 2
_MOST_ENTRY_BYTES = (1 << 8 * _LENGTH_BYTES) - 1
_TILE = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])"
    r"/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One file: `width` consecutive hashes, from the one numbered `256 * index`, each over `256 ** level` entries."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is, from the folder or address of the log (c2sp.org/tlog-tiles, Merkle Tree)."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        digits = f"{self.index:03}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *high, low = (digits[start : start + 3] for start in range(0, len(digits), 3))
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return "/".join(["tile", level, *(f"x{part}" for part in high), f"{low}{partial}"])


def tile_at(path: str) -> Tile | None:
    """The tile that a path names; None for any other text, so that it is safe to look the path up in a folder."""
    found = _TILE.fullmatch(path)
    if not found:
        return None
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    tile = Tile(level, int(re.sub(r"[x/]", "", found["index"])), int(found["width"] or WIDTH))
    its_path = tile.path == path  # not with superfluous zeros, nor as a partial tile of full width
    return tile if its_path and tile.width <= WIDTH else None


#: The content of a tile, width * 32 bytes; raises when it is not there.
ReadTile = Callable[[Tile], bytes]


def node_reader(size: int, read: ReadTile) -> ReadNode:
    """Reads any complete subtree of a log of `size` entries from its tiles, each of them once."""
    known: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def hashes(level: int, index: int) -> tuple[bytes, ...]:
        if (level, index) not in known:
            tile = Tile(level, index, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))
            known[level, index] = _whole(tile, read(tile))
        return known[level, index]

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, HEIGHT)
        tile_index, first = divmod(index << above, WIDTH)
        return Frontier().append(hashes(tile_level, tile_index)[first : first + (1 << above)]).root

    return node


def _whole(tile: Tile, content: bytes) -> tuple[bytes, ...]:
    if len(content) != tile.width * HASH_BYTES:
        what = f"{len(content)} bytes are not {tile.width} hashes"
        raise BrokenLogError(what, where=tile.path, fix="publish the log again")
    return hashes_in(content)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each after its length in 2 bytes (c2sp.org/tlog-tiles, Log entries)."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > _MOST_ENTRY_BYTES:
            raise InvalidInputError(f"an entry of {len(entry)} bytes is too long for a log", fix="commit to its hash")
        parts += (len(entry).to_bytes(_LENGTH_BYTES, "big"), entry)
    return b"".join(parts)


def entries_of(content: bytes, tile: Tile) -> tuple[bytes, ...]:
    """The entries of a bundle; raises BrokenLogError when they are not as many as the tile is wide."""
    found = []
    at = 0
    while at < len(content):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(content[at:start], "big")
        found.append(content[start:at])
    if at != len(content) or len(found) != tile.width:
        what = f"this bundle does not hold {tile.width} whole entries"
        raise BrokenLogError(what, where=tile.path, fix="publish the log again")
    return tuple(found)


class RightEdge:
    """The unfinished tiles of a log, from which everything that is published next is made.

    It begins where a tile of entries does: at the size of the log, rounded down to a multiple of 256.
    """

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size - size % WIDTH
        self._entries: list[bytes] = []
        self._levels = [list(_edge_of(level, self.size, read)) for level in range(_height(self.size))]

    def grow(self, entries: Iterable[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """Take entries in; gives each tile that they fill, with its content. Exhaust it."""
        for entry in entries:
            self._entries.append(entry)
            self.size += 1
            if len(self._entries) == WIDTH:
                yield Tile(ENTRIES, self.size // WIDTH - 1), bundle(self._entries)
                yield from self._filled(0, [leaf_hash(each) for each in self._entries])
                self._entries = []

    def _filled(self, level: int, hashes: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """A tile is full: its hash goes one level up, and may fill that one too."""
        yield Tile(level, (self.size >> HEIGHT * (level + 1)) - 1), b"".join(hashes)
        if level + 1 == len(self._levels):
            self._levels.append([])
        above = self._levels[level + 1]
        above.append(Frontier().append(hashes).root)
        if len(above) == WIDTH:
            yield from self._filled(level + 1, above)
            above.clear()

    def unfinished(self) -> Iterator[tuple[Tile, bytes]]:
        """The partial tiles of the present size, with their content; there is none of width 0."""
        for level, hashes in enumerate(self._now()):
            if hashes:
                yield Tile(level, self.size >> HEIGHT * (level + 1), len(hashes)), b"".join(hashes)
        if self._entries:
            yield Tile(ENTRIES, self.size // WIDTH, len(self._entries)), bundle(self._entries)

    @property
    def frontier(self) -> Frontier:
        """The frontier of everything taken in; each unfinished tile holds eight bits of the size."""
        parts = [Frontier().append(hashes).edge for hashes in reversed(self._now())]
        return Frontier(self.size, tuple(each for part in parts for each in part))

    def _now(self) -> list[list[bytes]]:
        return [[leaf_hash(entry) for entry in self._entries], *self._levels[1:]]


def _height(size: int) -> int:
    """How many levels of tiles a log of this size has; one that is empty has the lowest."""
    return max(1, -(-size.bit_length() // HEIGHT))


def _edge_of(level: int, size: int, read: ReadTile) -> tuple[bytes, ...]:
    index, width = divmod(size >> HEIGHT * level, WIDTH)
    tile = Tile(level, index, width)
    return _whole(tile, read(tile)) if width else ()
