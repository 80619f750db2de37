"""Who is a customer already, from a text file."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from winnow.core.keys import email_key
from winnow.errors import InvalidInputError, Place

#: An address or a domain and nothing around it: a table, a list or a quoted name would never match a lead.
_ENTRY = re.compile(r"[^\s,;|<>\"'@]+@[^\s,;|<>\"'@]+\.[^\s,;|<>\"'@.]+|[^\s,;|<>\"'@]+\.[^\s,;|<>\"'@.]+")


def read_customers(path: Path) -> frozenset[str]:
    """The e-mail addresses and domains in a file, one a line; `#` begins a comment.

    Names of domains are there in both spellings, `bücher.example` and `xn--bcher-kva.example`.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        what = f"cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the file as UTF-8") from None
    entries = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    return frozenset(each for number, text in entries if text for each in _entry(text, Place(str(path), number)))


def _entry(text: str, where: Place) -> Iterator[str]:
    entry = email_key(text).removeprefix("@")
    if _ENTRY.fullmatch(entry) is None:
        shown = text if len(text) <= len("an address of usual length@example.com") else f"{text[:35]}…"
        what = f"`{shown}` is neither an e-mail address nor a domain"
        raise InvalidInputError(what, where=where, fix="give one a line, without a header and other columns")
    yield entry
    local, at, domain = entry.rpartition("@")
    with suppress(UnicodeError):  # no such name can be registered, so it matches no other spelling
        ascii_name = domain.encode("idna")
        yield f"{local}{at}{ascii_name.decode()}"
        yield f"{local}{at}{ascii_name.decode('idna')}"
