"""Wiring of what-ifs: past leads out of an installation, a labelled file, a model's history or a kept file.

Imports what needs the extra `learn`, and raises MissingExtraError without it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from winnow.adapters.db.looking_back import DecisionsOnRecord
from winnow.adapters.files.models import RULESET, read_part
from winnow.adapters.whatif.build import TableBuilder, measured_by
from winnow.adapters.whatif.files import load_table
from winnow.adapters.whatif.past_table import PastTable
from winnow.bootstrap.histories import Progress
from winnow.bootstrap.learning import study_again
from winnow.bootstrap.service import Service
from winnow.config import Config
from winnow.core.ruleset import Ruleset
from winnow.core.whatif.garden import Weed, weeds
from winnow.core.whatif.past import ANSWERS, PastLead, Truth, check_groupings, grouped
from winnow.core.whatif.use import Planted, Uses, planted_entry, planted_rule
from winnow.errors import InvalidInputError

__all__ = [
    "PastTable",
    "Tidied",
    "draft_of",
    "leads_given",
    "leads_kept",
    "leads_on_record",
    "planted",
    "proposals",
    "tidied",
    "unseen",
]

_READING = "reading decisions"


@dataclass(frozen=True, slots=True)
class Tidied:
    """What is proposed for pruning, and how many leads of how many days say so."""

    weeds: tuple[Weed, ...]
    leads: int
    days: int


def leads_on_record(
    service: Service, rulesets: Sequence[Ruleset], groups: Sequence[str], since: datetime | None, progress: Progress
) -> PastTable:
    """The decided leads of an installation, measured with all that the rulesets read."""
    record = DecisionsOnRecord(service.engine, service.vault)
    total, done = record.count(since), 0
    builder = _builder(rulesets, groups)
    for read, page in record.pages(since):
        for past in page:
            builder.add(replace(past, groups=grouped(past.lead, groups)))
        done += read
        progress(_READING, min(done / total, 1.0) if total else 1.0)
    return PastTable(builder.table())


def tidied(service: Service, kind: str, decisions: int) -> Tidied:
    """What the last decisions propose for pruning; `kind` as in `proposals`."""
    since = DecisionsOnRecord(service.engine, service.vault).since_last(decisions)
    live = service.live.ruleset()
    past = leads_on_record(service, [live], (), since, lambda _what, _share: None)
    uses = past.uses(live, lambda _share: None)
    return Tidied(proposals(service, uses, kind), uses.leads, uses.days)


def leads_given(leads: Iterable[PastLead], rulesets: Sequence[Ruleset], groups: Sequence[str]) -> PastTable:
    """Leads that were read elsewhere."""
    builder = _builder(rulesets, groups)
    for past in leads:
        builder.add(replace(past, groups=grouped(past.lead, groups)))
    return PastTable(builder.table())


def _builder(rulesets: Sequence[Ruleset], groups: Sequence[str]) -> TableBuilder:
    check_groupings(groups)
    measured_by(rulesets)
    return TableBuilder(rulesets, groups)


def leads_kept(path: Path) -> PastTable:
    """Leads from a file that was kept."""
    if not path.is_file():
        raise InvalidInputError("there is no such file", where=str(path), fix="make one with --keep")
    return PastTable(load_table(path))


def draft_of(model: Path) -> Path:
    """A model's own draft; raises InvalidInputError when it counts no junk and so has none."""
    if read_part(model, RULESET) is None:
        raise InvalidInputError("the model has no draft of a ruleset", where=str(model), fix="name one with --draft")
    return model / RULESET


def unseen(model: Path, data: str, config: Config, progress: Progress) -> Iterator[tuple[str, Truth]]:
    """The ids of labelled leads a model has not learned from, each with what it turned out to be.

    Raises InvalidInputError for labels that say neither which leads are junk nor which convert.
    """
    again = study_again(model, data, config=config, progress=progress)
    study = again.study
    if study.target not in ANSWERS:
        what = f"labels of `{study.target}` do not say which leads are junk and which convert"
        raise InvalidInputError(what, where=str(model), fix="use a model for junk or conversion")
    yes, no = ANSWERS[study.target]
    for lead_id, answer in zip(study.ids[again.split :], study.truth[again.split :], strict=True):
        yield lead_id, yes if answer else no


def planted(service: Service) -> tuple[Planted, ...]:
    """Every rule of the live ruleset, and every list entry in force."""
    ruleset = service.live.ruleset()
    entries = {entry.id: entry for entry in (*ruleset.lists, *service.lists.all())}
    return (*map(planted_rule, ruleset.rules), *map(planted_entry, entries.values()))


def proposals(service: Service, found: Uses, kind: str) -> tuple[Weed, ...]:
    """What is proposed for pruning among the rules (`rule:`) or the list entries (`list:`)."""
    chosen = [each for each in planted(service) if each.name.startswith(kind)]
    return weeds(chosen, found, service.clock.now())
