"""A message as it arrives: told from what follows it, checked line by line, and kept in a file rather than in memory.

A message ends with a dot alone between two CRLF and with nothing else. One that holds a CR or LF of its own is refused
as a whole: some server further on might take it for the end of a line, and what follows for another message, which no
gate has looked at (SMTP smuggling, CVE-2023-51764 and its like).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Self

#: Messages up to so many bytes stay in memory; most do.
IN_MEMORY = 256 * 1024
#: The longest line with its CRLF and one dot more (RFC 5321 section 4.5.3.1.6).
LONGEST_LINE = 1001
#: The most bytes that header fields may take; others refuse more than that too.
LONGEST_HEAD = 256 * 1024

_PART = 64 * 1024
_END, _LINE_END = b".\r\n", b"\r\n"


class Fault(Enum):
    """Why a message is not taken; the value is the answer to its sender."""

    TOO_MUCH = "552 5.3.4 the message is larger than this server takes"
    LONG_LINE = "500 5.5.2 a line of the message is longer than 998 bytes; fold it in the header, encode it in the text"
    BARE = "554 5.6.0 the message has a CR, LF or NUL of its own; lines end with CRLF and nothing else"
    LONG_HEAD = "552 5.3.4 the header of the message is too long"


@dataclass(slots=True)
class Incoming:
    """A message under way; to be closed. `feed` it, until it says that the message has ended."""

    most: int
    folder: Path | None = None
    fault: Fault | None = None
    size: int = 0
    eight_bit: bool = False
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256, repr=False)
    _file: IO[bytes] = field(init=False, repr=False)
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(self.folder) if self.folder else None)  # noqa: SIM115  # see `close`

    def feed(self, received: bytes) -> bytes | None:
        """Take what was received; None when more has to come, else what was received after the message."""
        block = self._rest + received
        cut = block.rfind(_LINE_END) + 2
        if cut < 2:  # noqa: PLR2004  # no end of a line was found
            self._unfinished(block)
            return None
        at = 0 if block.startswith(_END) else block.find(b"\r\n" + _END, 0, cut) + 2
        if at >= 2 or block.startswith(_END):  # noqa: PLR2004  # as above
            self._take(block[:at])
            return block[at + len(_END) :]
        self._take(block[:cut])
        self._unfinished(block[cut:])
        return None

    def _unfinished(self, rest: bytes) -> None:
        """Keep the beginning of a line until its end comes, of one that is too long only what could be its end."""
        if len(rest) > LONGEST_LINE:
            self._spoilt(Fault.LONG_LINE)
            rest = b"-" + rest[-1:]
        self._rest = rest

    def _take(self, lines: bytes) -> None:
        self._rest = b""
        self.size += len(lines)
        if self.size > self.most:
            self._spoilt(Fault.TOO_MUCH)
        elif _bare(lines):
            self._spoilt(Fault.BARE)
        elif len(lines) > LONGEST_LINE and max(map(len, lines.split(_LINE_END))) > LONGEST_LINE - 2:
            self._spoilt(Fault.LONG_LINE)
        if self.fault is not None or not lines:
            return
        plain = lines.removeprefix(b".").replace(b"\r\n.", _LINE_END)
        self.eight_bit = self.eight_bit or not plain.isascii()
        self._digest.update(plain)
        self._file.write(plain)

    def _spoilt(self, fault: Fault) -> None:
        """Nothing more of it is kept, though the rest has to be read until its end."""
        self.fault = self.fault or fault
        self._file.seek(0)
        self._file.truncate()

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was taken."""
        return self._digest.digest()

    def head(self) -> tuple[bytes, int] | None:
        """The header fields, and how many bytes of the message they and the empty line after them take.

        A message that ends with its header has no empty line. None when the header is too long.
        """
        self._file.seek(0)
        start = self._file.read(LONGEST_HEAD + 4)
        if start.startswith(_LINE_END):
            return b"", 2
        end = start.find(b"\r\n\r\n")
        if end >= 0:
            return start[: end + 2], end + 4
        return None if len(start) > LONGEST_HEAD else (start, len(start))

    def parts(self, head: bytes, body_from: int) -> Iterator[bytes]:
        """The message with another header, in parts that each end with a line."""
        yield head + _LINE_END
        self._file.seek(body_from)
        rest = b""
        while part := self._file.read(_PART):
            part = rest + part
            cut = part.rfind(_LINE_END) + 2
            if cut >= 2:  # noqa: PLR2004  # an end of a line was found
                yield part[:cut]
            rest = part[cut:] if cut >= 2 else part  # noqa: PLR2004  # as above
        if rest:
            yield rest + _LINE_END

    def close(self) -> None:
        """Forget it; the file has no name, so that nothing is left of it however this process ends."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _bare(lines: bytes) -> bool:
    """Whether there is a CR or LF that is not half of a CRLF, or a NUL."""
    ends = lines.count(_LINE_END)
    return lines.count(b"\n") != ends or lines.count(b"\r") != ends or b"\0" in lines
