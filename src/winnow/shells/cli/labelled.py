"""A labelled file as the leads of a what-if: read and looked up as `winnow screen` does, with what became of each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from winnow import bootstrap
from winnow.config import Config, Sourced
from winnow.core.learning.reading.labels import Labels, Verdict, labels_for
from winnow.core.mapping.model import Take
from winnow.core.mapping.rows import RawRow
from winnow.core.ruleset import Ruleset
from winnow.core.whatif.past import ANSWERS, PastLead, Truth
from winnow.errors import InvalidInputError
from winnow.shells.bulk.pool import local_screener
from winnow.shells.bulk.run import Opened, Request, history_of, opened
from winnow.shells.cli.console import output
from winnow.shells.cli.learn_show import say_if_edited

if TYPE_CHECKING:
    from winnow.bootstrap.histories import Progress
    from winnow.bootstrap.looking_back import PastTable
    from winnow.core.facts import Facts
    from winnow.core.lead import Lead

_READING = "reading leads"

#: The label travels with its lead as a field of the organisation's own, under a name no map can give.
_LABEL = "custom. label"

_TRUTHS = {each.word: each for each in Truth}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file and how it is read: by a map and a target column, or as a model's fit reads it."""

    file: str
    mapping: Path | None = None
    model: Path | None = None
    target: str | None = None
    truth: str | None = None
    counts: str | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """The leads, what is tried on them, and what it is compared with; None is what was decided then."""

    past: "PastTable"
    draft: Ruleset
    against: Ruleset | None


def labelled_sides(
    file: Labelled,
    rulesets: tuple[Path | None, Path | None],
    groups: tuple[str, ...],
    config: Config,
    progress: "Progress",
) -> Sides:
    """The leads of a labelled file, the draft, and the starter ruleset to compare with unless another is given."""
    if file.model is not None:
        return _as_model(file, file.model, rulesets, groups, config, progress)
    if file.target is None:
        raise InvalidInputError("nothing says what the leads turned out to be", fix="name the column with --target")
    from winnow.bootstrap.looking_back import leads_given  # noqa: PLC0415  # needs the extra `learn`

    with_draft = _trying(config, rulesets[0])
    opening = _with_label(opened(Request(file.file, with_draft, file.mapping)), file.target)
    _say_if_timeless(opening)
    against = _compared(config, rulesets[1])
    with opening.source:
        labels = _labels(opening, file, file.target)
        past = leads_given(_leads(opening, labels, progress), [opening.ruleset, against], groups)
    return Sides(past, opening.ruleset, against)


def _trying(config: Config, draft: Path | None) -> Config:
    """The settings with the draft as the ruleset in use."""
    named = {} if draft is None else {"screen.ruleset": Sourced(str(draft), "flag")}
    return Config({**config.values, **named})


def _compared(config: Config, against: Path | None) -> Ruleset:
    """The ruleset a draft is compared with: the one in use unless another is named."""
    return bootstrap.load_ruleset(against or config.path("screen.ruleset"), config)


def _as_model(
    file: Labelled,
    model: Path,
    rulesets: tuple[Path | None, Path | None],
    groups: tuple[str, ...],
    config: Config,
    progress: "Progress",
) -> Sides:
    """Leads that the model has not learned from, labelled as its fit reads them; its own draft unless another is named.

    The file is read once for its labels and once as `winnow screen` reads it, since a draft may read more than the
    model does.
    """
    from winnow.bootstrap.looking_back import draft_of, leads_given, unseen  # noqa: PLC0415  # needs the extra `learn`

    draft = rulesets[0] or draft_of(model)
    if rulesets[0] is None:
        say_if_edited(model)
    answers = dict(unseen(model, file.file, config, progress))
    opening = opened(Request(file.file, _trying(config, draft), model / "map.toml"))
    _say_if_timeless(opening)
    against = _compared(config, rulesets[1])
    with opening.source:
        told = (
            PastLead(lead.id, lead, facts, truth=answers[lead.id])
            for lead, facts in _read(opening, progress)
            if lead.id in answers
        )
        past = leads_given(told, [opening.ruleset, against], groups)
    return Sides(past, opening.ruleset, against)


def _say_if_timeless(opening: Opened) -> None:
    if "received_at" not in opening.mapping.takes:
        output.say("no column says when leads came, so all of them count as leads of today; --map can name one")


def _with_label(opening: Opened, target: str) -> Opened:
    if target not in opening.source.columns:
        opening.source.close()
        what = f"the file has no column `{target}`"
        raise InvalidInputError(what, where="--target", fix=f"it has {', '.join(opening.source.columns[:12])}")
    takes = {name: take for name, take in opening.mapping.takes.items() if target not in take.columns}
    mapping = replace(opening.mapping, takes={**takes, _LABEL: Take(columns=(target,))})
    return replace(opening, mapping=mapping, job=replace(opening.job, mapping=mapping))


def _labels(opening: Opened, file: Labelled, target: str) -> Labels:
    """What the cells of the target column mean, after a look at all of them."""
    place = opening.source.columns.index(target)
    cells: dict[str, int] = {}
    for row in opening.source.rows():
        if isinstance(row, RawRow) and row.cells[place].strip():
            cells[row.cells[place]] = cells.get(row.cells[place], 0) + 1
    return labels_for(target, cells, file.counts, file.truth)


def _leads(opening: Opened, labels: Labels, progress: "Progress") -> Iterator[PastLead]:
    for lead, facts in _read(opening, progress):
        said = lead.custom.get(_LABEL.partition(".")[2], "")
        custom = {name: text for name, text in lead.custom.items() if f"custom.{name}" != _LABEL}
        yield PastLead(lead.id, replace(lead, custom=custom), facts, truth=_truth(labels, said))


def _read(opening: Opened, progress: "Progress") -> "Iterator[tuple[Lead, Facts]]":
    """Every lead that can be read, with what was known when it came."""
    screener = local_screener(opening.job, history_of(opening, output.err, quiet=output.quiet))
    unreadable = 0
    for chunk in opening.chunks():
        leads = screener.leads(chunk)
        unreadable += len(screener.bad)
        yield from screener.screener.looked_up(leads)
        progress(_READING, chunk.end.offset / opening.source.size if opening.source.size else 1.0)
    if unreadable:
        output.say(f"{unreadable:,} rows cannot be read and are left out")


def _truth(labels: Labels, cell: str) -> Truth:
    verdict = labels.meaning.get(" ".join(cell.split()).lower())
    if verdict in {Verdict.YES, Verdict.NO}:
        return ANSWERS[labels.target][verdict is Verdict.NO] if labels.target in ANSWERS else Truth.UNKNOWN
    return _TRUTHS.get(verdict or "", Truth.UNKNOWN)
