"""The text of a policy as somebody typed it: where in it something is wrong, told by the line."""

import re

from winnow.core.toml_text import located
from winnow.errors import InvalidInputError, WinnowError

#: What errors call the text.
SOURCE = "toml"

#: Where something is wrong, behind the name of the text: a line, perhaps a column, perhaps a path.
_WHERE = re.compile(r"(?P<line>\d+)?(?::\d+)?(?::\s*)?(?P<path>.*)")


def mistake_in(text: str, error: WinnowError) -> InvalidInputError:
    """The error as the field of the text shows it: with the line, and the path where there is one."""
    where = str(error.where or "")
    if not where.startswith(SOURCE):
        where = located(text, SOURCE, where)
    found = _WHERE.fullmatch(where.removeprefix(SOURCE).lstrip(": "))
    line, path = (found["line"], found["path"]) if found else (None, "")
    placed = ", ".join(each for each in (f"line {line}" if line else "", f"`{path}`" if path else "") if each)
    return InvalidInputError(f"{placed}: {error.what}" if placed else error.what, where=SOURCE, fix=error.fix)
