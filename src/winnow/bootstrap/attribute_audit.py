"""Wiring of the audit of an attribute nobody may use: leads of a file are drawn, and columns held against it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winnow.adapters.files.source import Source, open_source
from winnow.bootstrap.histories import Progress, need_column
from winnow.core.learning.proof.attribute import FEWEST, Finding, findings, values_to_test
from winnow.core.mapping.rows import RawRow
from winnow.errors import InvalidInputError

#: More leads make the answer slower and hardly sharper.
MOST_LEADS = 5_000


@dataclass(frozen=True, slots=True)
class AttributeAudit:
    """What came of it.

    findings: one for each value that could be tested; none when `untestable` says why not
    leads: with a known attribute, that were looked at · of: those there are · columns: that were held against it
    left_out: other columns, and why
    """

    attribute: str
    findings: tuple[Finding, ...]
    untestable: str | None
    leads: int
    of: int
    columns: tuple[str, ...]
    left_out: Mapping[str, str]
    seed: int

    @property
    def found(self) -> bool:
        """Whether the attribute can be told."""
        return any(each.found for each in self.findings)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be audited; no `columns` are all others."""

    attribute: str
    columns: tuple[str, ...] = ()
    deals: int = 400
    seed: int = 1


def audited(data: str, asked: Asked, progress: Progress, kind: str | None = None) -> AttributeAudit:
    """Hold the columns of a file against an attribute; raises InvalidInputError and MissingExtraError.

    Nothing is kept and nothing of a cell is told but the values of the attribute.
    """
    from winnow.adapters.trainer.attribute import sampled, trials, useless  # noqa: PLC0415  # needs the extra `learn`

    with open_source(data, None, kind=kind) as source:
        names = _columns(source, asked)
        rows = _rows(source, (asked.attribute, *names), progress) if asked.attribute in source.columns else []
    known = [row for row in rows if row[0]]
    drawn = [known[place] for place in sampled(len(known), MOST_LEADS, asked.seed)]
    told = [row[0] for row in drawn]
    columns = {name: [row[place] for row in drawn] for place, name in enumerate(names, 1)}
    left_out = {name: why for name, cells in columns.items() if (why := useless(cells))}
    used = {name: cells for name, cells in columns.items() if name not in left_out}
    values = values_to_test(Counter(told))
    why = _untestable(asked.attribute, told, values, used)
    tried = () if why else trials(used, told, values, asked.deals, asked.seed, progress)
    return AttributeAudit(
        asked.attribute, findings(tried), why, len(drawn), len(known), tuple(used), left_out, asked.seed
    )


def _columns(source: Source, asked: Asked) -> tuple[str, ...]:
    for name in asked.columns:
        need_column(source, name, "--features")
    if asked.attribute in asked.columns:
        what = f"`{asked.attribute}` would be held against itself"
        raise InvalidInputError(what, where="--features", fix="leave it out there")
    return asked.columns or tuple(name for name in source.columns if name != asked.attribute)


def _rows(source: Source, columns: Sequence[str], progress: Progress) -> list[list[str]]:
    places = [source.columns.index(column) for column in columns]
    found: list[list[str]] = []
    for chunk in source.chunks():
        progress("reading leads", chunk.start.offset / max(source.size or 1, 1))
        cells = (row.cells for row in source.parser.rows(chunk) if isinstance(row, RawRow))
        found += [[row[place].strip() for place in places] for row in cells]
    return found


def _untestable(
    attribute: str, told: Sequence[str], values: Sequence[str], columns: Mapping[str, Sequence[str]]
) -> str | None:
    if not told:
        return f"nothing is known of `{attribute}`: the file has no such column, or it is empty"
    if not columns:
        return "no column is left that could tell it"
    if not values:
        return f"no value of `{attribute}` has {FEWEST} leads with it and {FEWEST} without"
    return None
