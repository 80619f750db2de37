import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.logs import entries, mth
from winnow.core.tlog import ENTRIES, Frontier, RightEdge, Tile, bundle, entries_of, leaf_hash, node_reader, tile_at
from winnow.errors import BrokenLogError, InvalidInputError

# The examples of c2sp.org/tlog-tiles, and their neighbours.
PATHS = [
    (Tile(0, 0), "tile/0/000"),
    (Tile(0, 0, 1), "tile/0/000.p/1"),
    (Tile(0, 1234067), "tile/0/x001/x234/067"),
    (Tile(1, 1, 17), "tile/1/001.p/17"),
    (Tile(63, 999), "tile/63/999"),
    (Tile(2, 1000, 255), "tile/2/x001/000.p/255"),
    (Tile(0, 999_999), "tile/0/x999/999"),
    (Tile(0, 1_000_000), "tile/0/x001/x000/000"),
    (Tile(ENTRIES, 0), "tile/entries/000"),
    (Tile(ENTRIES, 273, 112), "tile/entries/273.p/112"),
    (Tile(ENTRIES, 1234067), "tile/entries/x001/x234/067"),
]

NO_PATHS = [
    "",
    "checkpoint",
    "tile/0/0",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/0/000.p/0",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p/999",
    "tile/0/x000/000",
    "tile/0/x000/x001/000",
    "tile/0/1234067",
    "tile/0/x1/000",
    "tile/0/../../secret",
    "tile/0/000\n",
    "tile/0/٠٠٠",
    "/tile/0/000",
    "tile/data/000",
    "tile/0/000.p/",
    "tile/8/0/000",
]


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_where_a_tile_is(tile, path):
    assert tile.path == path
    assert tile_at(path) == tile


@pytest.mark.parametrize("path", NO_PATHS)
def test_what_is_no_path_of_a_tile(path):
    assert tile_at(path) is None


@given(st.integers(-1, 63), st.integers(0, 1 << 55), st.integers(1, 256))
def test_every_tile_has_its_own_path(level, index, width):
    tile = Tile(level, index, width)
    assert tile_at(tile.path) == tile


class Folder(dict[str, bytes]):
    """A published log in memory."""

    def read(self, tile: Tile) -> bytes:
        return self[tile.path]

    def grow(self, old: int, log: tuple[bytes, ...]) -> RightEdge:
        edge = RightEdge(old, self.read)
        self.update((tile.path, content) for tile, content in edge.grow(log[edge.size :]))
        self.update((tile.path, content) for tile, content in edge.unfinished())
        return edge


def paths_of(size: int) -> set[str]:
    """The files of a log, as the specification counts them."""
    found = set()
    for level in range(9):
        below = size >> 8 * level
        found |= {Tile(level, index).path for index in range(below >> 8)}
        found |= {Tile(level, below >> 8, below % 256).path} if below % 256 else set()
    found |= {path.replace("tile/0/", "tile/entries/") for path in found if path.startswith("tile/0/")}
    return found


def test_the_files_of_the_specifications_example():
    folder = Folder()
    edge = folder.grow(0, tuple(b"%d" % number for number in range(70_000)))
    assert set(folder) == paths_of(70_000)
    by_level = [sum(path.startswith(f"tile/{level}/") for path in folder) for level in range(4)]
    assert by_level == [274, 2, 1, 0]
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(folder)
    assert edge.frontier == Frontier().extended(b"%d" % number for number in range(70_000))
    assert node_reader(70_000, folder.read)(16, 0) == mth([b"%d" % number for number in range(65_536)])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 700])
def test_the_files_of_small_logs(size):
    folder = Folder()
    assert folder.grow(0, entries(700)[:size]).size == size
    assert set(folder) == paths_of(size)
    content = b"".join(folder.get(Tile(0, index).path, b"") for index in range(size // 256))
    assert content == b"".join(leaf_hash(entry) for entry in entries(700)[: size - size % 256])


@given(st.lists(st.integers(0, 300), max_size=8))
def test_a_log_grown_in_steps_has_the_files_of_one_grown_at_once(steps):
    stepwise, size = Folder(), 0
    log = entries(2400)
    for step in steps:
        edge = stepwise.grow(size, log[: size + step])
        size += step
        assert edge.frontier == Frontier().extended(log[:size])
    at_once = Folder()
    at_once.grow(0, log[:size])
    assert {path: stepwise[path] for path in at_once} == at_once


@given(st.integers(1, 700), st.integers(0, 9), st.data())
def test_any_complete_subtree_is_read_from_the_tiles(size, level, data):
    if size >> level == 0:
        level = 0
    index = data.draw(st.integers(0, (size >> level) - 1))
    folder, log = Folder(), entries(700)[:size]
    folder.grow(0, log)
    assert node_reader(size, folder.read)(level, index) == mth(log[index << level : (index + 1) << level])


def test_each_tile_is_read_once():
    folder, read = Folder(), []
    folder.grow(0, entries(700))

    def noted(tile: Tile) -> bytes:
        read.append(tile.path)
        return folder.read(tile)

    node = node_reader(700, noted)
    for index in range(300):
        node(0, index)
    assert read == ["tile/0/000", "tile/0/001"]


def test_a_tile_of_the_wrong_size_is_refused():
    with pytest.raises(BrokenLogError, match="31 bytes are not 3 hashes") as caught:
        node_reader(3, lambda _: bytes(31))(0, 0)
    assert caught.value.where == "tile/0/000.p/3"


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_a_bundle_gives_its_entries_back(log):
    assert entries_of(bundle(log), Tile(ENTRIES, 0, len(log))) == tuple(log)


def test_a_bundle_is_lengths_and_entries():
    assert bundle([b"ab", b"", b"c" * 258]) == b"\x00\x02ab\x00\x00\x01\x02" + b"c" * 258


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\x00\x01a", bytes(6)])
def test_a_bundle_that_does_not_hold_what_it_should(content):
    with pytest.raises(BrokenLogError, match="does not hold 2 whole entries"):
        entries_of(content, Tile(ENTRIES, 0, 2))


def test_an_entry_too_long_for_a_bundle():
    assert len(bundle([bytes(65_535)])) == 65_537
    with pytest.raises(InvalidInputError, match="65536 bytes"):
        bundle([bytes(65_536)])
