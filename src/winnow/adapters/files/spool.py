"""Bringing what cannot be read piecemeal into a temporary file: standard input, pipes, encodings of wide characters."""

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from winnow.errors import InvalidInputError, WinnowError

_BLOCK = 1 << 20

#: Encodings that need no rewriting: a line break, a quote and the usual delimiters are single ASCII bytes in them.
_PLAIN = ("utf-8", "ascii", "cp125", "iso8859", "latin", "koi8", "cp437", "cp850", "cp858", "mac-")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_by_mark(head: bytes) -> str | None:
    """The encoding a byte order mark at the beginning names."""
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)


def canonical_encoding(name: str, where: str) -> str:
    """Python's name of an encoding; raises InvalidInputError for an unknown one."""
    try:
        found = codecs.lookup(name)
        found.decode(b"")
    except (LookupError, ValueError, TypeError):
        raise InvalidInputError(
            f"`{name}` is not an encoding",
            where=where,
            fix="use utf-8, cp1252, iso-8859-1 or another name Python knows",
        ) from None
    return found.name


def needs_rewriting(encoding: str) -> bool:
    """Whether line breaks and delimiters cannot be looked for in the bytes as they are."""
    return encoding != "utf-8-sig" and not encoding.startswith(_PLAIN)


def spooled(blocks: Iterator[bytes]) -> Path:
    """A temporary file with this content; whoever asked for it removes it."""
    with tempfile.NamedTemporaryFile(prefix="winnow-", suffix=".spool", delete=False) as file:
        path = Path(file.name)
        try:
            for block in blocks:
                file.write(block)
        except BaseException as problem:
            with suppress(OSError):
                path.unlink()
            if isinstance(problem, OSError):
                raise WinnowError(f"cannot keep the input for reading: {problem.strerror}", where=str(path)) from None
            raise
    return path


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    """What a stream holds, piece by piece."""
    while block := file.read(_BLOCK):
        yield block


def rewritten(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """What a stream of some encoding holds, as UTF-8; what cannot be decoded becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in blocks_of(file):
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
