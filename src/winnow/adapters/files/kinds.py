"""What kind of file it is, by its content first and its name second; what cannot be read is refused with a way out."""

import re
from pathlib import PurePath

from winnow.errors import InvalidInputError

KINDS = ("csv", "jsonl", "parquet")

_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}

#: How other files begin → what they are, and what to do.
_REFUSED = (
    (b"\x1f\x8b", "compressed with gzip", "run gunzip -c FILE | winnow screen -"),
    (b"BZh", "compressed with bzip2", "run bunzip2 -c FILE | winnow screen -"),
    (b"\xfd7zXZ", "compressed with xz", "run xz -dc FILE | winnow screen -"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "run zstd -dc FILE | winnow screen -"),
    (b"PK\x03\x04", "a workbook or a zip archive", "save the sheet as CSV UTF-8, or unpack the archive"),
    (b"\xd0\xcf\x11\xe0", "an old workbook", "save the sheet as CSV UTF-8"),
    (b"%PDF", "a PDF", "export the table as CSV"),
)


_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:\{|\[\s*+[{\]])")
_JSON_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*+\[")


def file_kind(name: str, head: bytes, wanted: str | None, *, marked: bool) -> str:
    """One of KINDS; raises InvalidInputError for what cannot be read.

    marked: the encoding of text is known
    """
    if wanted is not None and wanted not in KINDS:
        raise InvalidInputError(f"`{wanted}` is not a format", fix=f"use {', '.join(KINDS)}")
    for beginning, what, fix in _REFUSED:
        if head.startswith(beginning):
            raise InvalidInputError(f"this file is {what}", where=name, fix=fix)
    kind = wanted or _by_content(name, head)
    if kind != "parquet" and not marked:
        _check_text(name, head)
    if kind == "jsonl" and _JSON_LIST.match(head):
        raise InvalidInputError("this is one JSON list", where=name, fix="run jq -c '.[]' FILE | winnow screen -")
    return kind


def _by_content(name: str, head: bytes) -> str:
    if head.startswith(b"PAR1"):
        return "parquet"
    by_name = _SUFFIXES.get(PurePath(name).suffix.lower())
    return by_name or ("jsonl" if _JSON.match(head) else "csv")


def _check_text(name: str, head: bytes) -> None:
    """Refuse what has NUL in every other place: text in wide characters without a mark, or no text at all."""
    if head.count(0) > len(head) * 0.2:
        raise InvalidInputError(
            "this is not plain text, or it is UTF-16 without a mark",
            where=name,
            fix='save it as UTF-8, or give encoding = "utf-16-le" under [csv] in the map',
        )
