"""Who is a customer already, from a text file."""

from pathlib import Path

from winnow.core.keys import email_key
from winnow.errors import InvalidInputError


def read_customers(path: Path) -> frozenset[str]:
    """The e-mail addresses and domains in a file, one a line; `#` begins a comment."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the file as UTF-8") from None
    entries = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    return frozenset(_entry(text, f"{path}:{number}") for number, text in entries if text)


def _entry(text: str, where: str) -> str:
    entry = email_key(text).removeprefix("@")
    if "." not in entry or " " in entry or "," in entry:
        raise InvalidInputError(
            f"`{text}` is neither an e-mail address nor a domain", where=where, fix="give one a line, without a header"
        )
    return entry
