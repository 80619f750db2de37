"""A message as it arrives: however it is cut into pieces on the way, it is the same message, and ends where it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.shells.smtp.incoming import IN_MEMORY, Fault, Incoming

LINES = st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a", b"x" * 998, "ž".encode(), b"a.", b". ."]), max_size=12)
HEAD = b"Subject: x\r\n\r\n"


def stuffed(content: bytes) -> bytes:
    return b"".join(b"." + line if line.startswith(b".") else line for line in content.splitlines(keepends=True))


def fed(incoming, raw, cuts):
    """What was received after the message, fed piece by piece; None when it did not end."""
    ends = sorted({min(cut, len(raw)) for cut in cuts} | {len(raw)})
    for start, end in zip([0, *ends], ends, strict=False):
        after = incoming.feed(raw[start:end])
        if after is not None:
            return after + raw[end:]
    return None


@given(LINES, st.lists(st.integers(1, 200), max_size=20), st.sampled_from([b"", b"MAIL FROM:<>\r\n", b".\r\n"]))
def test_pieces_make_the_same_message_and_what_follows_is_given_back(lines, cuts, after):
    content = HEAD + b"".join(line + b"\r\n" for line in lines)
    with Incoming(10_000_000) as incoming:
        assert fed(incoming, stuffed(content) + b".\r\n" + after, cuts) == after
        assert incoming.fault is None
        head, body_from = incoming.head() or (b"", -1)
        assert b"".join(incoming.parts(head, body_from)) == content
        assert all(part.endswith(b"\r\n") for part in incoming.parts(head, body_from))
        assert incoming.eight_bit == (not content.isascii())


@pytest.mark.parametrize("cut", [1, 2, 11, 12, 13, 14, 15, 16, 17, 18, 19])
@pytest.mark.parametrize(
    ("trick", "fault"),
    [
        (b"a\n.\r\nb", Fault.BARE),
        (b"a\r.\r\nb", Fault.BARE),
        (b"a\r\n.\nb", Fault.BARE),
        (b"a\r\n.\rb", Fault.BARE),
        (b"a\0b", Fault.BARE),
        (b"x" * 1100 + b"\r\n.\n", Fault.BARE),
        (b"x" * 1001, Fault.LONG_LINE),
    ],
)
def test_no_trick_ends_a_message_early_however_it_is_cut(trick, fault, cut):
    with Incoming(10_000_000) as incoming:
        raw = HEAD + trick + b"\r\n.\r\n"
        assert fed(incoming, raw + b"QUIT\r\n", [cut, cut + 1, cut + 5]) == b"QUIT\r\n"
        assert incoming.fault is fault


def test_a_message_that_is_refused_leaves_nothing_behind():
    with Incoming(1_000) as incoming:
        assert incoming.feed((b"x" * 60 + b"\r\n") * 100) is None
        assert incoming.fault is Fault.TOO_MUCH
        assert incoming.feed(b"more\r\n.\r\n") == b""
        assert incoming.head() == (b"", 0)


def test_a_large_message_is_not_kept_in_memory(tmp_path):
    with Incoming(10_000_000, tmp_path) as incoming:
        for _ in range(10):
            incoming.feed(b"x" * 98 + b"\r\n" + (b"y" * 998 + b"\r\n") * (IN_MEMORY // 5000))
        assert vars(incoming._file)["_rolled"]
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("raw", "head", "body"),
    [
        (b"\r\nbody\r\n", b"", b"body\r\n"),
        (b"A: 1\r\n\r\nbody\r\n", b"A: 1\r\n", b"body\r\n"),
        (b"A: 1\r\n", b"A: 1\r\n", b""),
        (b"", b"", b""),
    ],
)
def test_the_header_ends_at_the_first_empty_line(raw, head, body):
    with Incoming(1_000) as incoming:
        assert incoming.feed(raw + b".\r\n") == b""
        found, body_from = incoming.head() or (b"", -1)
        assert found == head
        assert b"".join(incoming.parts(b"B: 2\r\n", body_from)) == b"B: 2\r\n\r\n" + body
