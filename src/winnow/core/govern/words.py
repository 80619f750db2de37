"""What people say for the record, which is never erased, so that nobody's address may be in it."""

import re

from winnow.errors import InvalidInputError

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def checked_text(text: str, most: int, where: str, fix: str) -> str:
    """A text without blanks around it.

    Raises InvalidInputError for an empty one, one of over `most` characters and one with a mail address in it.
    """
    said = text.strip()
    if not said or len(said) > most:
        what = "nothing but blanks" if not said else f"longer than {most:,} characters"
        raise InvalidInputError(what, where=where, fix=fix)
    if _ADDRESS.search(said):
        raise InvalidInputError("a mail address is in it", where=where, fix="name leads by their numbers")
    return said
