"""Header fields of a message as bytes: what is meant for the gate taken out, the way to unsubscribe put in.

All other fields stay as they are, byte by byte and in their order.
"""

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

#: What every field begins with that is meant for the gate alone.
OWN = "x-winnow-"
SYSTEM, PURPOSE, PERMIT, REASON = "x-winnow-system", "x-winnow-purpose", "x-winnow-permit", "x-winnow-reason"
#: As many servers as no message passes that is not sent in a circle (RFC 5321 section 6.3).
MOST_HOPS = 50

_LIST = frozenset({"list-unsubscribe", "list-unsubscribe-post"})
_RECEIVED = "received"
#: A word as mail libraries write what is not ASCII or too long for a line (RFC 2047), with the blanks before the next.
_ENCODED = re.compile(r"=\?([^?\s]{1,40})\?([bq])\?([^?\s]*)\?=(?:\s+(?==\?[^?\s]{1,40}\?[bq]\?))?", re.IGNORECASE)


class Existing(StrEnum):
    """What becomes of a way to unsubscribe that the message has already."""

    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Field:
    """One field with its line ends. `name` is in small letters, empty for a line that is no field."""

    name: str
    raw: bytes

    @property
    def value(self) -> str:
        """What it says, on one line and whichever way a mail library wrote it; bytes that are no text are replaced."""
        text = self.raw.partition(b":")[2].decode("utf-8", "replace")
        return " ".join(_ENCODED.sub(_decoded, text).split())


def _decoded(word: re.Match[str]) -> str:
    """What an encoded word says, without what nobody can see; one that cannot be read stays as it is."""
    charset, how, text = word.groups()
    try:
        raw = a2b_base64(text) if how in "bB" else a2b_qp(text, header=True)
        said = raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return word[0]
    return "".join(sign if sign.isprintable() or sign.isspace() else "\ufffd" for sign in said)


def fields_of(head: bytes) -> list[Field]:
    """The fields of a header; a line that begins with a blank goes on with the field before it."""
    found: list[Field] = []
    for line in head.removesuffix(b"\r\n").split(b"\r\n") if head else ():
        raw = line + b"\r\n"
        if line[:1] in {b" ", b"\t"} and found:
            found[-1] = Field(found[-1].name, found[-1].raw + raw)
        else:
            found.append(Field(_name(line), raw))
    return found


_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")


def _name(line: bytes) -> str:
    found = _NAME.match(line)
    return found[1].decode("ascii").lower() if found else ""


def said(fields: Iterable[Field], name: str) -> str | None:
    """What the only field of a name says; None where there is none. Raises ValueError for several."""
    values = [field.value for field in fields if field.name == name]
    if len(values) > 1:
        raise ValueError(name)
    return values[0] if values else None


def hops(fields: Iterable[Field]) -> int:
    """How many servers a message has passed."""
    return sum(field.name == _RECEIVED for field in fields)


def outgoing(fields: Iterable[Field], trace: str, link: str | None, existing: Existing) -> bytes:
    """The header a message leaves with.

    trace: what the gate says of itself (RFC 5321 section 4.4)
    link: the address one click on "unsubscribe" is posted to; None: the message gets none
    """
    kept = [field for field in fields if not field.name.startswith(OWN)]
    has_one = any(field.name in _LIST for field in kept)
    put = link is not None and not (has_one and existing is Existing.KEEP)
    if put:
        kept = [field for field in kept if field.name not in _LIST]
    lines = [f"Received: {trace}"]
    if put:
        lines += [f"List-Unsubscribe: <{link}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    first = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    return first + b"".join(field.raw for field in kept)
