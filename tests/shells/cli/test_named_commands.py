"""Every command that an error, a page or a document tells people to use is there, with the options it is told with."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from winnow.shells.cli.app import app

ROOT = Path(__file__).parents[3]
#: A command in backquotes or on a line of its own: its words, then arguments and options.
_NAMED = re.compile(
    r"(?:`|^(?:\$ )?)(?:\.venv/bin/)?winnow((?: [a-z][a-z-]+)+)((?: (?:[A-Z_]+|--[a-z-]+|[a-z0-9._/@=:-]+))*)",
    re.MULTILINE,
)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inside in getattr(command, "commands", {}).items():
        yield from commands(inside, (*path, name))


def texts() -> Iterator[tuple[Path, str]]:
    kinds = (("src", "*.py"), ("src", "*.html"), ("docs", "*.md"))
    for file in (*[file for folder, kind in kinds for file in (ROOT / folder).rglob(kind)], ROOT / "README.md"):
        yield file, file.read_text("utf-8")


def test_commands_that_are_named_are_there():
    there = dict(commands(get_command(app)))
    wrong, seen = [], 0
    for file, text in texts():
        for named in _NAMED.finditer(text):
            words = named[1].split()
            path = tuple(words[: max(n for n in range(len(words) + 1) if tuple(words[:n]) in there)])
            missing = not path or (hasattr(there[path], "commands") and len(words) > len(path))
            options = {option for each in there[path].params for option in each.opts} | {"--help"}
            if missing or not options.issuperset(re.findall(r"--[a-z-]+", named[0])):
                wrong.append(f"{file.relative_to(ROOT)}: {named[0]}")
            seen += 1
    assert wrong == []
    assert seen > 200  # else the pattern finds nothing any more
