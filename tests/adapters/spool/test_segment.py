"""Whatever happens to the bytes of a segment: every whole record is read, nothing else is, and nothing raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.spool.segment import Segment, framed

PAYLOADS = [b"first", b"", b"WSP1 looks like a mark", bytes(300), b"last"]
FRAMES = [framed(payload) for payload in PAYLOADS]
WHOLE = b"".join(FRAMES)


def segment(folder, data):
    path = folder / "00000007.spool"
    path.write_bytes(data)
    return Segment.found(path)


def payloads(found):
    return [payload for _, payload in found.read(0)]


def test_a_whole_segment(tmp_path):
    found = segment(tmp_path, WHOLE)
    assert payloads(found) == PAYLOADS
    assert (found.number, found.size, found.damaged_bytes, found.waiting(0)) == (7, len(WHOLE), 0, len(PAYLOADS))


def test_torn_anywhere(tmp_path):
    for length in range(len(WHOLE)):
        found = segment(tmp_path, WHOLE[:length])
        whole = [i for i in range(len(FRAMES)) if len(b"".join(FRAMES[: i + 1])) <= length]
        assert payloads(found) == [PAYLOADS[i] for i in whole]
        assert found.damaged_bytes == length - sum(len(FRAMES[i]) for i in whole)


def test_one_byte_damaged_costs_one_record(tmp_path):
    for at in range(len(WHOLE)):
        data = bytearray(WHOLE)
        data[at] ^= 0xFF
        hit = next(i for i in range(len(FRAMES)) if at < len(b"".join(FRAMES[: i + 1])))
        found = segment(tmp_path, bytes(data))
        assert payloads(found) == PAYLOADS[:hit] + PAYLOADS[hit + 1 :]
        assert found.damaged_bytes == len(FRAMES[hit])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(5000),
        b"\xff" * 5000,
        b"WSP1",
        b"WSP1" + b"\xff" * 8,
        b"WSP1" + bytes(7),
        b"WSP1" + bytes(8),
        b"WSP1" * 1000,
    ],
)
def test_rubbish_is_no_record(tmp_path, data):
    found = segment(tmp_path, data)
    assert (payloads(found), found.damaged_bytes) == ([], len(data))


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(FRAMES)), max_size=12))
def test_whole_records_are_found_among_anything(tmp_path_factory, pieces):
    """Unless what goes before happens to claim them: then it would have to carry the right checksum."""
    found = segment(tmp_path_factory.mktemp("s"), b"".join(pieces))
    assert payloads(found) == [PAYLOADS[FRAMES.index(piece)] for piece in pieces if piece in FRAMES]


def test_reading_goes_on_after_a_position(tmp_path):
    found = segment(tmp_path, WHOLE[: len(FRAMES[0])] + b"torn" + WHOLE[len(FRAMES[0]) :])
    positions = [position for position, _ in found.read(0)]
    for taken, position in enumerate(positions, 1):
        assert [payload for _, payload in found.read(position)] == PAYLOADS[taken:]
        assert found.waiting(position) == len(PAYLOADS) - taken
    assert found.waiting(6 << 32 | 99) == len(PAYLOADS)  # an earlier segment's end
    assert found.waiting(8 << 32) == 0  # a later segment's beginning
