"""What no lead may hold: characters that cannot be stored or sent on, and texts too long to be a field."""

import re
from collections.abc import Mapping, Sequence

from winnow.core.mapping.values import shown
from winnow.errors import UnreadableRowError

#: Longest message, and longest text of any other field, in characters: far beyond what forms let through.
LONGEST_MESSAGE = 100_000
LONGEST_TEXT = 10_000

#: NUL, which databases refuse, and halves of surrogate pairs, which no encoding can write.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
REPLACEMENT = "\ufffd"

#: Position of a cell that is read → its column and how long it may be.
Limits = Mapping[int, tuple[str, int]]


def has_trouble(cells: Sequence[str]) -> bool:
    """Whether `checked` may have anything to do; quick for ordinary rows."""
    text = "".join(cells)
    return len(text) > LONGEST_TEXT or "\0" in text or not (text.isascii() or _encodable(text))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked(cells: Sequence[str], limits: Limits) -> Sequence[str]:
    """The cells with U+FFFD for every character that cannot be stored.

    Raises UnreadableRowError when a cell that is read is too long.
    """
    for position, (column, limit) in limits.items():
        if len(cells[position]) > limit:
            raise UnreadableRowError(
                f"`{shown(cells[position])}` in column `{column}` has {len(cells[position]):,} characters",
                fix=f"shorten it to {limit:,}, or leave the column out of the map",
            )
    return [storable(cell) for cell in cells]


def storable(text: str) -> str:
    """The text with U+FFFD for every character that cannot be stored."""
    return _UNSTORABLE.sub(REPLACEMENT, text)
