"""A what-if for people: what changes, whom it would have hit, what it costs, and what the days look like."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from winnow.core.outcome import Outcome
from winnow.core.whatif.cost import Cost, Estimate
from winnow.core.whatif.document import (
    bucket_document,
    cost_document,
    group_document,
    load_document,
    tally_document,
    uses_document,
)
from winnow.core.whatif.tally import GroupLine, Load
from winnow.services.simulate import Report
from winnow.shells.cli.console import printable

_MOST_LINES = 12
_MOST_REFS = 5


def document(report: Report) -> dict[str, object]:
    """The report as JSON."""
    against = report.against
    return {
        "draft": {"id": report.draft.id, "hash": report.draft.hash},
        "against": None if against is None else {"id": against.id, "hash": against.hash},
        **tally_document(report.tally),
        "buckets": [bucket_document(each) for each in report.buckets],
        "cost": cost_document(report.cost),
        "queue": {"before": load_document(report.load_before), "after": load_document(report.load_after)},
        "groups": {name: group_document(lines) for name, lines in report.groups.items()},
        "rules_and_lists": uses_document(report.uses),
        "notes": list(report.notes),
    }


def rendered(report: Report) -> Iterator[RenderableType]:
    """The report part by part, the summary first."""
    tally = report.tally
    draft = printable(report.draft.id)
    yield Text(f"{draft}: {tally.changed:,} of {tally.total:,} leads would come out differently", style="bold")
    yield _matrix(report)
    yield _headed("who is hit", _buckets(report))
    yield _headed("what it costs", _cost(report.cost))
    yield _headed("leads for review a day", _loads(report.load_before, report.load_after))
    for name, lines in report.groups.items():
        if lines:
            yield _headed(f"by {printable(name)}", _groups(lines))
    if any(use.hits for use in report.uses.each):
        yield _headed("rules and lists", _uses(report))
    if tally.movers:
        yield _headed("greatest changes", _movers(report))
    for note in report.notes:
        yield Text(f"note: {note}", style="dim")


def _headed(title: str, table: Table) -> Table:
    table.title, table.title_justify, table.title_style = f"\n{title}", "left", "bold"
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for index, name in enumerate(columns):
        table.add_column(name, justify="right" if index else "left", overflow="fold")
    return table


def _matrix(report: Report) -> Table:
    table = _table("before ↓  now →", *(outcome.word for outcome in Outcome))
    for before in Outcome:
        cells = (report.tally.matrix[before, after] for after in Outcome)
        table.add_row(before.word, *(f"{count:,}" for count in cells))
    return table


def _buckets(report: Report) -> Table:
    table = _table("", "leads", "converted", "such as")
    for bucket in report.buckets:
        refs = ", ".join(bucket.refs[:_MOST_REFS])
        more = bucket.count - len(bucket.refs[:_MOST_REFS])
        such = f"{refs} and {more:,} more" if refs and more else refs
        table.add_row(bucket.text, f"{bucket.count:,}", f"{bucket.converted:,}", printable(such))
    return table


def _cost(cost: Cost) -> Table:
    table = _table("", "about", "95 % interval")
    table.add_row("hours of reps saved", *_estimated(cost.hours_saved))
    table.add_row("hours of reviewers, more or less", f"{cost.review_hours:+,.1f}", "")
    table.add_row("conversions lost", *_estimated(cost.conversions_lost))
    table.add_row("conversions won", *_estimated(cost.conversions_won))
    if cost.value_lost is not None and cost.value_won is not None:
        table.add_row("value lost", *_estimated(cost.value_lost))
        table.add_row("value won", *_estimated(cost.value_won))
    return table


def _estimated(estimate: Estimate) -> tuple[str, str]:
    about = "not known" if estimate.value is None else f"{estimate.value:,.1f}"
    return about, f"{estimate.low:,.1f} to {estimate.high:,.1f}"


def _loads(before: Load, after: Load) -> Table:
    table = _table("", "on average", "19 days of 20 at most", "at most")
    for name, each in (("before", before), ("now", after)):
        table.add_row(name, f"{each.mean:,.1f}", f"{each.p95:,}", f"{each.most:,}")
    return table


def _groups(lines: tuple[GroupLine, ...]) -> Table:
    table = _table("", "leads", "stopped before", "stopped now", "real", "real stopped before", "real stopped now")
    for line in lines[:_MOST_LINES]:
        name = "not said" if line.name is None else printable(line.name)
        stopped = (line.stopped_before, line.stopped_after)
        real = (line.real, line.real_stopped_before, line.real_stopped_after)
        table.add_row(name, *(f"{number:,}" for number in (line.leads, *stopped, *real)))
    if len(lines) > _MOST_LINES:
        table.add_row(f"and {len(lines) - _MOST_LINES:,} more", *[""] * 6)
    return table


def _uses(report: Report) -> Table:
    uses = report.uses
    table = _table("", "applied to", "decided", "change if it goes")
    hit = sorted((use for use in uses.each if use.hits), key=lambda use: (-use.gone, -use.hits, use.name))
    for use in hit[:_MOST_LINES]:
        table.add_row(printable(use.name), f"{use.hits:,}", f"{use.decided:,}", f"{use.gone:,}")
    table.add_row("all rules together", "", "", f"{uses.rules_gone:,}")
    table.add_row("all list entries together", "", "", f"{uses.lists_gone:,}")
    return table


def _movers(report: Report) -> Table:
    table = _table("lead", "before", "now", "points before", "points now", "decided by")
    for each in report.tally.movers:
        before = "–" if each.score_before is None else f"{each.score_before:+,}"
        words = (each.before.word, each.after.word, before, f"{each.score:+,}", printable(each.decided_by))
        table.add_row(printable(each.ref), *words)
    return table
