"""Leads as rows that a fit reads back: one column a field, named as the field, and a map that says so."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from winnow.core.document import lead_document
from winnow.core.lead import Lead
from winnow.core.mapping import LeadMapping, Take
from winnow.core.mapping.model import FIELD_KINDS, GROUPS, Kind

#: The columns of what a lead turned out to be, who says so, and what that came with; no map makes anything of them.
VERDICT, AUTHOR, BATCH = LABEL_COLUMNS = ("verdict", "label_author", "label_batch")

#: What stands between several addresses in one cell.
_SEPARATOR = "|"

#: Names of own fields that a map can give.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)


def lead_cells(lead: Lead) -> dict[str, str]:
    """Field → cell, of all that the lead says; own fields are `custom.NAME` and `utm.NAME`."""
    cells: dict[str, str] = {}
    for name, value in lead_document(lead).items():
        if isinstance(value, Mapping):
            cells |= {f"{name}.{inner}": text for inner, text in value.items()}
        else:
            cells[name] = _cell(value)
    return cells


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return _SEPARATOR.join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def nameable(field: str) -> bool:
    """Whether a map can name a field; of those an organisation sends along, some are called too strangely."""
    group, dot, name = field.partition(".")
    return not dot or (group in GROUPS and _NAME.fullmatch(name) is not None)


def in_order(fields: Iterable[str]) -> list[str]:
    """Fields in the order in which columns are written: the canonical ones, then own ones by name."""
    known = list(FIELD_KINDS)
    return sorted(fields, key=lambda field: (known.index(field) if field in FIELD_KINDS else len(known), field))


def map_of(fields: Iterable[str]) -> LeadMapping:
    """The map that makes the same leads of such rows."""
    takes = {
        field: Take(columns=(field,), separator=_SEPARATOR if FIELD_KINDS.get(field) is Kind.TEXTS else None)
        for field in fields
    }
    return LeadMapping(takes)
