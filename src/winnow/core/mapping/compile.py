"""A map turned into Python once, because a row must become a lead in a few microseconds.

The generated text consists of field names, positions and the names of constants; nothing a user
wrote gets into it. Tests compare it with a plain reading of the same map.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from winnow.core.drafts import draft_of
from winnow.core.lead import FIELD_NAMES, Lead, name_of
from winnow.core.mapping.clean import LONGEST_MESSAGE, LONGEST_TEXT, Limits, checked, has_trouble
from winnow.core.mapping.model import GROUPS, Kind, LeadMapping, Take, check_columns, kind_of
from winnow.core.mapping.times import Zones
from winnow.core.mapping.values import Reading, no_zones, reading_of
from winnow.errors import InvalidInputError, UnreadableRowError

#: From the cells of a row and its line number to a lead. A row without an id is called after its line: `row-17`.
LeadReader: TypeAlias = Callable[[Sequence[str], int], Lead]

#: A lead in the making.
_Draft = draft_of(Lead)


def compile_mapping(mapping: LeadMapping, columns: Sequence[str], zones: Zones = no_zones) -> LeadReader:
    """Make the reader of rows whose cells stand in the order of `columns`.

    zones: gives the time zone of an IANA name
    Raises InvalidInputError when the file lacks a column or a constant cannot be read. The reader
    raises UnreadableRowError for a row of another length, or with a cell that cannot be read.
    """
    check_columns(mapping, columns)
    writer = _Writer(mapping, columns, zones)
    names: dict[str, object] = {}
    exec(compile(writer.text(), "<lead reader>", "exec"), writer.constants, names)  # noqa: S102  # see the module docstring
    return names["read"]  # type: ignore[return-value]  # the function just written


class _Writer:
    """Writes the text of one reader and collects its constants."""

    def __init__(self, mapping: LeadMapping, columns: Sequence[str], zones: Zones) -> None:
        self.mapping = mapping
        self.width = len(columns)
        self.places = {column: index for index, column in enumerate(columns)}
        self.zones = zones
        self.constants: dict[str, object] = {
            "Draft": _Draft,
            "Lead": Lead,
            "name_of": name_of,
            "has_trouble": has_trouble,
            "checked": checked,
            "wrong_width": _wrong_width,
            "joined": _joined,
            "listed": _listed,
            "limits": self._limits(),
        }

    def _limits(self) -> Limits:
        """How long each cell that is read may be."""
        limits = {}
        for target, take in self.mapping.takes.items():
            for column in take.columns:
                if column in self.places:
                    limit = LONGEST_MESSAGE if target == "message" else LONGEST_TEXT
                    limits[self.places[column]] = (column, limit)
        return limits

    def constant(self, value: object) -> str:
        """The name under which the text may use a value."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def text(self) -> str:
        fields = [line for name in FIELD_NAMES if name not in {"id", *GROUPS} for line in self._assignment(name)]
        groups = [line for group in GROUPS for line in self._group(group)]
        lines = [
            "def read(cells, line):",
            f"    if len(cells) != {self.width}: raise wrong_width(len(cells), {self.width})",
            "    if has_trouble(cells): cells = checked(cells, limits)",
            "    lead = Draft()",
            "    try:",
            *(f"        {line}" for line in fields),
            "    except (ValueError, OverflowError):",
            "        raise reading.complaint(t, where) from None",
            f"    lead.id = ({self._field('id')}) or f'row-{{line}}'",
            *(f"    {line}" for line in groups),
            "    lead.name = name_of(lead.full_name, lead.first_name, lead.last_name)",
            "    lead.__class__ = Lead",
            "    return lead",
        ]
        return "\n".join(lines)

    def _assignment(self, name: str) -> list[str]:
        """The lines that set a field; `reading` and `where` are for the complaint if they fail."""
        take = self.mapping.takes.get(name)
        reading = reading_of(kind_of(name), take, self.zones) if take else None
        setting = f"lead.{name} = {self._field(name)}"
        if take is None or reading is None:
            return [setting]
        where = take.columns[0] if len(take.columns) == 1 else name
        return [f"reading = {self.constant(reading)}; where = {self.constant(where)}", setting]

    def _group(self, group: str) -> list[str]:
        targets = [target for target in self.mapping.takes if target.startswith(f"{group}.")]
        if not targets:
            return [f"lead.{group} = {{}}"]
        lines = ["found = {}"]
        for target in targets:
            name = self.constant(target.partition(".")[2])
            lines.append(f"if (value := {self._field(target)}): found[{name}] = value")
        return [*lines, f"lead.{group} = found"]

    def _field(self, target: str) -> str:
        """The expression that makes a field."""
        kind = kind_of(target)
        take = self.mapping.takes.get(target)
        if take is None:
            return "()" if kind is Kind.TEXTS else "None"
        reading = reading_of(kind, take, self.zones)
        if take.value is not None:
            return self.constant(self._fixed(target, kind, take.value, reading))
        positions = [self.places[column] for column in take.columns if column in self.places]
        missing = self.constant(frozenset({"", *self.mapping.missing, *take.missing}))
        if kind is Kind.TEXTS:
            return self._list(take, positions, missing)
        return self._single(take, positions, missing, reading)

    def _fixed(self, target: str, kind: Kind, value: str, reading: Reading | None) -> object:
        try:
            fixed = reading.convert(value) if reading else value
        except (ValueError, OverflowError):
            what = f"`{value}` is not {reading.expected if reading else 'a text'}, and it is given for `{target}`"
            raise InvalidInputError(what, where=self.mapping.name, fix="give another value") from None
        return (fixed,) if kind is Kind.TEXTS else fixed

    def _list(self, take: Take, positions: list[int], missing: str) -> str:
        if len(positions) == 1 and take.separator is None and not take.values:
            return f"() if (t := cells[{positions[0]}].strip()) in {missing} else (t,)"
        separator, values = self.constant(take.separator), self.constant(take.values)
        return f"listed({_cells(positions)}, {missing}, {separator}, {values})"

    def _single(self, take: Take, positions: list[int], missing: str, reading: Reading | None) -> str:
        if not positions:
            return "None"
        cell = f"cells[{positions[0]}].strip()"
        if len(positions) > 1:
            cell = f"joined({_cells(positions)}, {missing}, {self.constant(take.join)})"
        if take.values:
            cell = f"{self.constant(_translation(take.values))}({cell})"
        if take.reading == "filled":
            return f"{cell} not in {missing}"
        value = "t" if reading is None else f"{self.constant(reading.convert)}(t)"
        return f"None if (t := {cell}) in {missing} else {value}"


def _cells(positions: list[int]) -> str:
    return f"({' '.join(f'cells[{each}],' for each in positions)})"


def _translation(values: Mapping[str, str]) -> Callable[[str], str]:
    """A cell's replacement, or the cell itself."""
    return lambda text: values.get(text, text)


def _wrong_width(found: int, expected: int) -> UnreadableRowError:
    return UnreadableRowError(
        f"{found} cells where the header has {expected}", fix="quote cells that hold the delimiter or a line break"
    )


def _joined(cells: Sequence[str], missing: frozenset[str], join: str) -> str:
    """The cells that say something, as one text."""
    return join.join(text for text in map(str.strip, cells) if text not in missing)


def _listed(
    cells: Sequence[str], missing: frozenset[str], separator: str | None, values: Mapping[str, str]
) -> tuple[str, ...]:
    """The items of all cells that say something, in order, each once."""
    items = (item.strip() for cell in cells for item in (cell.split(separator) if separator else (cell,)))
    return tuple(dict.fromkeys(text for each in items if (text := values.get(each, each)) not in missing))
