"""Plain text in columns: paragraphs, lists and tables that fit a terminal and a printed page."""

from collections.abc import Iterator, Sequence

from winnow.shells.cards.shown import cut, width

#: A line is never longer.
COLUMNS = 100
_GAP = "  "

Row = Sequence[str]


def wrapped(text: str, first: str = "") -> Iterator[str]:
    """A paragraph in lines; `first` begins the first one, and the others are set in as far."""
    start = cut(first, COLUMNS // 2)
    indent = width(start)
    room = COLUMNS - indent
    current, used = "", -1
    for word in (cut(each, room) for each in text.split()):
        if current and used + 1 + width(word) > room:
            yield start + current
            start, current, used = " " * indent, "", -1
        current = f"{current} {word}" if current else word
        used += 1 + width(word)
    yield (start + current).rstrip()


def heading(text: str) -> Iterator[str]:
    """A heading with an empty line before and after it."""
    yield from ("", text.upper(), "─" * COLUMNS)


def table(head: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> Iterator[str]:
    """Rows under a head; the columns named in `numbers` stand to the right, the widest text gives way first."""
    lines = [list(head), *map(list, rows)]
    widths = _widths(lines)
    for index, row in enumerate(lines):
        cells = [_placed(text, widths[i], right=i in numbers) for i, text in enumerate(row)]
        yield _GAP.join(cells).rstrip()
        if index == 0:
            yield _GAP.join("─" * each for each in widths)


def _widths(lines: Sequence[Row]) -> list[int]:
    """As wide as the contents are, until they have to share the line."""
    widths = [min(max(width(row[i]) for row in lines), COLUMNS) for i in range(len(lines[0]))]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > COLUMNS:
        widths[widths.index(max(widths))] -= 1
    return widths


def _placed(text: str, columns: int, *, right: bool) -> str:
    kept = cut(text, columns)
    room = " " * (columns - width(kept))
    return room + kept if right else kept + room
