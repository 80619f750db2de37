"""The text of a TOML file as somebody wrote it: what it says, and on which line a path in it stands."""

import re
import tomllib
from collections.abc import Iterator

from winnow.errors import InvalidRulesetError, Place

#: `[name]` or `[[name]]` alone on its line; a name in quotes with a bracket or dot inside is not recognised.
_HEADER = re.compile(r"\s*(?P<open>\[\[?)(?P<name>[\w\s.\"'-]+)\]\]?\s*(?:#.*)?")
_SYNTAX = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)

#: Length of a text that strangers may send, and dots in one line of it: parsing takes a second at worst.
MOST_CHARACTERS = 300_000
_MOST_DOTS = 250


def need_tame(text: str, source: str) -> None:
    """Refuse what would take the parser long, for texts that strangers send: its time grows with the square of a key.

    Raises InvalidRulesetError for a text that is too long, or a line with more dots than any but a hostile one has.
    """
    if len(text) > MOST_CHARACTERS:
        what = f"the text has more than {MOST_CHARACTERS:,} characters"
        raise InvalidRulesetError(what, where=source, fix="keep long rows of values in allow and block lists")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            what = f"the line has more than {_MOST_DOTS} dots"
            raise InvalidRulesetError(what, where=Place(source, number), fix="break it into several")


def parsed(text: str, source: str) -> dict[str, object]:
    """The tables of a TOML file; `source` names the file in errors."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX.fullmatch(str(error))
        what = found["what"] if found else str(error)
        where = Place(source, int(found["line"]), int(found["column"])) if found else Place(source)
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets in brackets without end
        what, where = "a number too long or tables nested too deeply", Place(source)
    raise InvalidRulesetError(f"not valid TOML: {what[:1].lower()}{what[1:]}", where=where, fix="mend the syntax there")


def located(text: str, source: str, path: Place | str | None) -> str:
    """`file:line: path` for a path such as `rules[2].when`; without the line when it cannot be told."""
    if not path:
        return source
    line = _line_of(text, str(path))
    return f"{source}:{line}: {path}" if line else f"{source}: {path}"


def _line_of(text: str, path: str) -> int:
    """The line of the key a path names, or of the header of the table it is in; 0 when neither is found."""
    headers = dict(_headers(text))
    home = max((each for each in headers if path == each or path.startswith(f"{each}.")), key=len, default="")
    first = headers.get(home, 0)
    key = re.match(r"\w*", path.removeprefix(home).lstrip("."))
    assignment = re.compile(rf"""\s*["']?{key[0] if key else ""}["']?\s*[.=]""")
    for number, line in enumerate(text.splitlines()[first:], first + 1):
        if _HEADER.fullmatch(line):
            break
        if assignment.match(line):
            return number
    return first


def _headers(text: str) -> Iterator[tuple[str, int]]:
    """The path of every table that has a header, and its line."""
    sizes: dict[str, int] = {}  # tables so far in each list of tables, by its path
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.fullmatch(line)
        if header:
            *parents, name = (each.strip(" \t\"'") for each in header["name"].split("."))
            path = _inside(parents, sizes) + name
            if header["open"] == "[[":
                sizes[path] = sizes.get(path, 0) + 1
                path = f"{path}[{sizes[path] - 1}]"
            yield path, number


def _inside(parents: list[str], sizes: dict[str, int]) -> str:
    """The path of the table that `parents` name here, the newest of each list, with a dot behind it."""
    path = ""
    for name in parents:
        path += name
        path += f"[{sizes[path] - 1}]." if path in sizes else "."
    return path
