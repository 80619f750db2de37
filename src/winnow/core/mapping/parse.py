"""Reading a map file: TOML in which every line names a field of a lead and the column it comes from."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import TypeVar

from winnow.core.mapping.model import (
    ALIASES,
    FIELD_KINDS,
    GROUPS,
    READINGS,
    CsvOptions,
    Kind,
    LeadMapping,
    Take,
    did_you_mean,
    kind_of,
)
from winnow.errors import InvalidInputError, Place

T = TypeVar("T")

_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)

#: Keys of a map that are no fields.
_SETTINGS = ("missing", "optional", "csv")

#: Keys of a field's table → the kinds of field it is for; None for all.
_OPTIONS: Mapping[str, tuple[Kind, ...] | None] = {
    "column": None,
    "columns": None,
    "value": None,
    "as": None,
    "values": None,
    "missing": None,
    "join": (Kind.TEXT, Kind.WORD, Kind.COUNTRY, Kind.TIME),
    "separator": (Kind.TEXTS,),
    "format": (Kind.TIME,),
    "timezone": (Kind.TIME,),
    "scale": (Kind.NUMBER,),
    "decimal": (Kind.NUMBER,),
}
_CSV_OPTIONS = ("delimiter", "encoding", "quote")


def parse_mapping(text: str, name: str = "map") -> LeadMapping:
    """Read a map from TOML; raises InvalidInputError with file and line for whatever is wrong.

    name: of the file, for messages
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _broken(problem, text, name) from None
    return _Parser(text, name).mapping(document)


def _broken(problem: tomllib.TOMLDecodeError, text: str, name: str) -> InvalidInputError:
    found = _POSITION.search(str(problem))
    place = Place(name, int(found[1]), int(found[2])) if found else Place(name, text.rstrip().count("\n") + 1)
    what = str(problem).partition(" (at ")[0]
    return InvalidInputError(
        f"not valid TOML: {what[:1].lower()}{what[1:]}", where=place, fix='write it like email = "E-mail"'
    )


class _Parser:
    """Turns a document into a map; keeps the text to say on which line something is wrong."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def mapping(self, document: Mapping[str, object]) -> LeadMapping:
        takes: dict[str, Take] = {}
        for path, target, written in self._entries(document):
            if target in takes:
                raise self._wrong(f"`{target}` is given twice", path, "keep one of them; several columns go in a list")
            takes[target] = self._take(path, target, written)
        if not takes:
            raise InvalidInputError("the map names no field", where=Place(self.name), fix='begin with email = "E-mail"')
        return LeadMapping(
            takes=takes,
            missing=self._texts("missing", document.get("missing", [])),
            optional=self._texts("optional", document.get("optional", [])),
            csv=self._csv(document.get("csv", {})),
            name=self.name,
        )

    def _entries(self, document: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
        """Every (path in the file, field, what is written there)."""
        for key, written in document.items():
            if key in GROUPS:
                for name, inner in self._table(key, written).items():
                    yield f"{key}.{name}", self._named(f"{key}.{name}", f"{key}.{name}"), inner
            elif key not in _SETTINGS:
                yield key, self._target(key), written

    def _target(self, key: str) -> str:
        target = ALIASES.get(key, key)
        if target in FIELD_KINDS:
            return target
        group, _, name = key.partition("_")
        if group == "utm" and name:
            return self._named(key, f"utm.{name}")
        known = (*FIELD_KINDS, *ALIASES, "utm_source", "utm_medium", "utm_campaign", *_SETTINGS)
        fix = did_you_mean(key, known, "a field is one of")
        raise self._wrong(f"`{key}` is not a field of a lead", key, f"{fix}; other columns go under [custom]")

    def _named(self, path: str, target: str) -> str:
        if _NAME.fullmatch(target.partition(".")[2]) is None:
            raise self._wrong(
                f"`{target}` is not a name", path, "use small letters, digits and _, beginning with a letter"
            )
        return target

    def _take(self, path: str, target: str, written: object) -> Take:
        if isinstance(written, str):
            return Take(columns=(self._filled(path, written),))
        if isinstance(written, list):
            return Take(columns=self._columns(path, written))
        table = self._table(path, written)
        self._check_options(path, target, table)
        given = [key for key in ("column", "columns", "value") if key in table]
        if len(given) != 1:
            raise self._wrong(
                f"`{path}` needs exactly one of column, columns, value", path, 'write { column = "NAME" }'
            )
        return self._from_table(path, target, table)

    def _from_table(self, path: str, target: str, table: Mapping[str, object]) -> Take:
        columns: tuple[str, ...] = ()
        if "column" in table:
            columns = (self._filled(path, table["column"]),)
        elif "columns" in table:
            columns = self._columns(path, table["columns"])
        return Take(
            columns=columns,
            value=self._filled(path, table["value"]) if "value" in table else None,
            join=self._typed(path, table.get("join", " "), str, "a text in quotes"),
            separator=self._filled(path, table["separator"]) if "separator" in table else None,
            reading=self._reading(path, target, table["as"]) if "as" in table else None,
            format=self._filled(path, table["format"]) if "format" in table else None,
            timezone=self._filled(path, table.get("timezone", "UTC")),
            scale=self._number(path, table.get("scale", 1.0)),
            decimal=self._one_of(path, table["decimal"], (".", ",")) if "decimal" in table else None,
            values=self._values(path, table.get("values", {})),
            missing=self._texts(path, table.get("missing", [])),
        )

    def _check_options(self, path: str, target: str, table: Mapping[str, object]) -> None:
        kind = kind_of(target)
        for key in table:
            if key not in _OPTIONS:
                raise self._wrong(f"`{key}` is not known in `{path}`", path, did_you_mean(key, _OPTIONS, "use one of"))
            kinds = _OPTIONS[key]
            if kinds is not None and kind not in kinds and not (key == "decimal" and target.startswith("custom.")):
                fields = ", ".join(name for name, each in FIELD_KINDS.items() if each in kinds)
                raise self._wrong(f"`{key}` means nothing for `{target}`", path, f"take it out; it is for {fields}")

    def _reading(self, path: str, target: str, written: object) -> str:
        fitting = tuple(name for name, targets in READINGS.items() if target in targets)
        if not fitting:
            raise self._wrong(f"`as` means nothing for `{target}`", path, "take it out")
        return self._one_of(path, written, fitting)

    def _columns(self, path: str, written: object) -> tuple[str, ...]:
        columns = self._texts(path, written)
        if not columns:
            raise self._wrong(f"`{path}` names no column", path, 'write ["Column 1", "Column 2"]')
        return columns

    def _values(self, path: str, written: object) -> dict[str, str]:
        table = self._table(path, written)
        return {key: self._typed(path, value, str, "a text in quotes") for key, value in table.items()}

    def _csv(self, written: object) -> CsvOptions:
        table = self._table("csv", written)
        options = {key: self._typed(f"csv.{key}", value, str, "a text in quotes") for key, value in table.items()}
        for key, value in options.items():
            if key not in _CSV_OPTIONS:
                raise self._wrong(
                    f"`{key}` is not known in `csv`", f"csv.{key}", did_you_mean(key, _CSV_OPTIONS, "use")
                )
            if (key == "delimiter" and not _single(value)) or (key == "quote" and value and not _single(value)):
                raise self._wrong(f"`{value}` is not one plain character", f"csv.{key}", 'write it like ";" or "\\t"')
        if options.get("delimiter") == options.get("quote", '"'):
            raise self._wrong("delimiter and quote are the same", "csv.delimiter", "give different ones")
        return CsvOptions(**options)

    def _table(self, path: str, written: object) -> Mapping[str, object]:
        return self._typed(path, written, dict, "a column in quotes, or a table in braces")

    def _texts(self, path: str, written: object) -> tuple[str, ...]:
        items = self._typed(path, written, list, "a list of texts")
        return tuple(self._typed(path, item, str, "a text in quotes") for item in items)

    def _filled(self, path: str, written: object) -> str:
        text = self._typed(path, written, str, "a text in quotes")
        if not text.strip():
            raise self._wrong(f"`{path}` is empty", path, "fill it in, or take the line out")
        return text

    def _number(self, path: str, written: object) -> float:
        if isinstance(written, bool) or not isinstance(written, (int, float)) or not 0 < written < float("inf"):
            raise self._wrong(f"`{written}` in `{path}` is not a number above 0", path, "write it like 0.001")
        return float(written)

    def _one_of(self, path: str, written: object, words: tuple[str, ...]) -> str:
        if not isinstance(written, str) or written not in words:
            raise self._wrong(
                f"`{written}` is not known in `{path}`", path, f"use {' or '.join(f'`{each}`' for each in words)}"
            )
        return written

    def _typed(self, path: str, written: object, kind: type[T], expected: str) -> T:
        if not isinstance(written, kind):
            raise self._wrong(f"`{written}` in `{path}` is not {expected}", path, f"give {expected}")
        return written

    def _wrong(self, what: str, path: str, fix: str) -> InvalidInputError:
        return InvalidInputError(what, where=Place(self.name, line_of(self.text, path)), fix=fix)


def _single(text: str) -> bool:
    """Whether it is one character that can stand between cells."""
    return len(text) == 1 and text.isascii() and text not in "\r\n\0"


def line_of(text: str, path: str) -> int | None:
    """The line on which `key` or `table.key` is written; None when it cannot be told."""
    table, _, key = path.rpartition(".")
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            inside = bare.strip("[] \t")
            if inside == path:
                return number
        written = bare.partition("=")[0].strip().replace('"', "").replace("'", "")
        if (inside, written) in {(table, key), ("", path)}:
            return number
    return None
