"""What people say for the record."""

from winnow.errors import InvalidInputError


def checked_text(text: str, most: int, where: str, fix: str) -> str:
    """A text without blanks around it; raises InvalidInputError for an empty one and one of over `most` characters."""
    said = text.strip()
    if not said or len(said) > most:
        what = "nothing but blanks" if not said else f"longer than {most:,} characters"
        raise InvalidInputError(what, where=where, fix=fix)
    return said
