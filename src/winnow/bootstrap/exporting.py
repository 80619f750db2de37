"""Wiring of an export: an installation's leads with their labels become a file, and a map, that a fit reads."""

from dataclasses import dataclass
from pathlib import Path

from winnow.adapters.db.labelled_leads import LabelledLead, LabelledLeads
from winnow.adapters.db.looking_back import DecisionsOnRecord
from winnow.adapters.files.private import need_new, need_table_name, rows_beside, write_private
from winnow.bootstrap.histories import Progress
from winnow.bootstrap.service import Service
from winnow.core.govern.off_limits import masked
from winnow.core.learning.reading.exported import (
    AUTHOR,
    BATCH,
    LABEL_COLUMNS,
    VERDICT,
    in_order,
    lead_cells,
    map_of,
    nameable,
)
from winnow.core.mapping import render_mapping


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    leads, labelled: how many, and how many of them have a label · forgotten: leads whose persons were forgotten
    off_limits: fields the policy keeps back · unnameable: own fields no map can name, which were left out
    defused: cells that have an apostrophe in front now, so that no spreadsheet runs them
    """

    mapping: Path
    leads: int
    labelled: int
    forgotten: int
    off_limits: tuple[str, ...]
    unnameable: tuple[str, ...]
    defused: int


def map_beside(path: Path) -> Path:
    """Where the map of an exported file is."""
    return path.with_name(f"{path.stem}.map.toml")


def check_export(path: Path) -> None:
    """Raise InvalidInputError when nothing can be written there, before anything that takes long."""
    need_table_name(path)
    need_new(path)
    need_new(map_beside(path))


def export(service: Service, path: Path, actor: str, progress: Progress) -> Exported:
    """Write all leads with what they turned out to be, without what the policy puts off limits; the log says so.

    Leads without a label are written too: they count as earlier leads when a fit measures velocity.
    """
    record = LabelledLeads(service.engine, service.vault, service.journal)
    off_limits = service.live.ruleset().policy.forbidden
    fields: set[str] = set()
    leads = labelled = forgotten = 0
    total = max(1, DecisionsOnRecord(service.engine, service.vault).count(None))
    with rows_beside(path) as rows:
        for gone, page in record.pages():
            for each in page:
                cells = _cells(each, off_limits)
                fields |= cells.keys()
                rows.add(cells)
            leads, forgotten = leads + len(page), forgotten + gone
            labelled += sum(bool(each.verdict) for each in page)
            progress("reading leads", min((leads + forgotten) / total, 1.0))
        own = fields - set(LABEL_COLUMNS)
        columns = in_order(each for each in own if nameable(each))
        record.note(leads, labelled, actor, service.clock.now())
        write_private(path, rows.lines([*columns, *LABEL_COLUMNS], path.suffix.lower()))
        write_private(map_beside(path), iter([render_mapping(map_of(columns))]))
        strange = tuple(sorted(each for each in own if not nameable(each)))
        return Exported(map_beside(path), leads, labelled, forgotten, tuple(sorted(off_limits)), strange, rows.defused)


def _cells(each: LabelledLead, off_limits: frozenset[str]) -> dict[str, str]:
    told = {VERDICT: each.verdict, AUTHOR: each.author, BATCH: each.batch}
    return {**lead_cells(masked(each.lead, off_limits)), **told}
