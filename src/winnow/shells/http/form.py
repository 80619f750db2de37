"""Any HTML form or beacon as texts by name: people's forms come in every encoding, and none may be lost for that.

So what can be repaired is repaired (bytes that are no UTF-8, characters that cannot be stored, names that occur
twice), and only what cannot be read at all, or is too much, is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote_to_bytes

import msgspec
from multipart import MultipartError, PushMultipartParser, parse_options_header

from winnow.core.mapping.clean import storable
from winnow.shells.http.problem import NOT_A_FORM, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
from winnow.shells.http.strict import RefusedBodyError, check_json, too_large

#: A long message and some fields; files are not taken.
MOST_BYTES = 131_072
MOST_FIELDS = 200
_MOST_DEPTH = 4

#: A line of `enctype="text/plain"`: a name of an ordinary field, and what was filled in.
_LINE = re.compile(r"([\w.\[\]:-]{1,200})=(.*)")
_SHOWN = 60

Pair = tuple[str, str]


def form_texts(content_type: str | None, body: bytes, *, most_bytes: int = MOST_BYTES) -> dict[str, str]:
    """What was filled in, by name; several values of one name are joined with commas.

    content_type: the header; without one, `text/plain` is assumed, which is what beacons say
    Of JSON, the members of one object and of the objects in it (`outer[inner]`). Files are left out.
    Raises RefusedBodyError for a body that is too large, of an unknown kind or cannot be read.
    """
    if len(body) > most_bytes:
        raise too_large(len(body), most_bytes)
    kind, options = parse_options_header(content_type or "text/plain")
    if kind == "application/x-www-form-urlencoded":
        return _texts(_urlencoded(body))
    if kind == "multipart/form-data":
        return _texts(_multipart(options.get("boundary", ""), body))
    if kind == "application/json":
        return _texts(_json(body))
    if kind == "text/plain":
        return _texts(_plain(body))
    raise RefusedBodyError(
        UNSUPPORTED_MEDIA_TYPE,
        f"`{kind[:_SHOWN]}` is not a kind of form",
        where="Content-Type",
        fix="send application/x-www-form-urlencoded, multipart/form-data, application/json or text/plain",
    )


def _texts(pairs: Iterable[Pair]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for count, (name, value) in enumerate(pairs):
        if count == MOST_FIELDS:
            raise RefusedBodyError(TOO_LARGE, f"the form has more than {MOST_FIELDS} fields", fix="send fewer")
        found.setdefault(storable(name), []).append(storable(value))
    return {name: values[0] if len(values) == 1 else _joined(values) for name, values in found.items()}


def _joined(values: Sequence[str]) -> str:
    return ", ".join(value for value in values if value)


def _urlencoded(body: bytes) -> Iterator[Pair]:
    """The pairs as the URL Standard says (section 5.1), but for texts that are no UTF-8."""
    for pair in filter(None, body.split(b"&")):
        name, _, value = pair.replace(b"+", b" ").partition(b"=")
        yield _decoded(unquote_to_bytes(name)), _decoded(unquote_to_bytes(value))


def _decoded(raw: bytes) -> str:
    """UTF-8; where it is not, the form stood on a page in some old encoding, most likely this one."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _multipart(boundary: str, body: bytes) -> Iterator[Pair]:
    try:
        with PushMultipartParser(boundary, max_segment_count=MOST_FIELDS) as parser:
            yield from _segments(parser.parse(body))
    except (MultipartError, UnicodeError) as error:
        raise _unreadable(f"the body is not multipart/form-data: {str(error)[:_SHOWN].lower()}") from None


def _segments(events: Iterable[object]) -> Iterator[Pair]:
    """The fields that are not files; of a field come its head, pieces of its value, and None at its end."""
    name: str | None = None
    pieces: list[bytes] = []
    for event in events:
        if isinstance(event, bytes | bytearray):
            pieces.append(bytes(event))
        elif event is not None:
            is_file = getattr(event, "filename", None) is not None
            name, pieces = (None if is_file else getattr(event, "name", None)), []
        elif name:
            yield name, _decoded(b"".join(pieces))


def _json(body: bytes) -> Iterator[Pair]:
    check_json(body, most_bytes=len(body), most_depth=_MOST_DEPTH)
    document = msgspec.json.decode(body)
    if not isinstance(document, dict):
        raise _unreadable("the JSON document is not an object")
    for name, value in document.items():
        if isinstance(value, dict):
            yield from ((f"{name}[{inner}]", text) for inner, each in value.items() for text in _said(each))
        else:
            yield from ((name, text) for text in _said(value))


def _said(value: object) -> Iterator[str]:
    """The texts a JSON value stands for; null and objects say nothing."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, list):
        yield from (text for each in value if not isinstance(each, list) for text in _said(each))


def _plain(body: bytes) -> Iterator[Pair]:
    """What a beacon or `enctype="text/plain"` sends: a JSON document, `name=value` lines, or a query string."""
    text = body.strip()
    if text.startswith(b"{"):
        return _json(text)
    return _lines(_decoded(text)) if b"\n" in text else _urlencoded(text)


def _lines(text: str) -> Iterator[Pair]:
    """Lines that begin with a name open a field; others go on with the one before (HTML standard, 4.10.21.8)."""
    name, lines = "", list[str]()
    for line in text.split("\n"):
        opened = _LINE.fullmatch(line.rstrip("\r"))
        if opened is None:
            lines.append(line.rstrip("\r"))
            continue
        if name:
            yield name, "\n".join(lines)
        name, lines = opened[1], [opened[2]]
    if name:
        yield name, "\n".join(lines)


def _unreadable(what: str) -> RefusedBodyError:
    return RefusedBodyError(NOT_A_FORM, what, fix="send what the Content-Type says")
