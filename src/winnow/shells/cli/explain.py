"""`winnow explain`: why one lead of a file was decided as it was, and what would have changed it."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from winnow import bootstrap
from winnow.core.decide import Decision, decide
from winnow.core.document import decision_document
from winnow.core.explain import Counterfactual, counterfactuals, deciding_reasons, waterfall
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListKind
from winnow.errors import InvalidInputError
from winnow.shells.bulk.pool import local_screener
from winnow.shells.bulk.run import Opened, Request, history_of, opened
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.options import AsJson, ConfigFile, Customers, Kind, Lists, Map, Mmdb, RulesetFile, settings

_BAR = 20


def explain(
    file: Annotated[str, typer.Argument(help="The file the lead is in.")],
    lead_id: Annotated[str, typer.Option("--id", help="The id of the lead, as in the decisions.")],
    mapping: Map = None,
    ruleset: RulesetFile = None,
    kind: Kind = None,
    lists: Lists = None,
    customers: Customers = None,
    mmdb: Mmdb = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show the way from the starting point to the score of one lead, what decided, and what would change it."""
    loaded = settings(config, ruleset=ruleset, lists=lists, customers=customers, mmdb=mmdb)
    opening = opened(Request(file, loaded, mapping, kind))
    with opening.source:
        lead, facts = _found(opening, lead_id)
    keys = bootstrap.file_parts(opening.job, bootstrap.SlidingHistory()).keys(lead)
    decision = decide(lead, facts, opening.ruleset)
    changes = counterfactuals(lead, facts, opening.ruleset)
    if as_json:
        more = {"would_be": [_document(each) for each in changes], "list_keys": [list(key) for key in keys]}
        output.data({**decision_document(decision), **more})
    else:
        parts = _parts(decision, changes, bars=not output.plain)
        output.out.print(Group(*parts, _listable(keys)), soft_wrap=False)


def _found(opening: Opened, lead_id: str) -> tuple[Lead, Facts]:
    """The lead and what was known when it came: everything before it is read for that."""
    screener = local_screener(opening.job, history_of(opening, output.err, quiet=output.quiet))
    for chunk in opening.source.chunks():
        for lead, facts in screener.screener.looked_up(screener.leads(chunk)):
            if lead.id == lead_id:
                return lead, facts
    what = f"there is no lead `{lead_id}`"
    raise InvalidInputError(what, where=opening.source.name, fix="take the id from the decisions")


def _parts(decision: Decision, changes: tuple[Counterfactual, ...], *, bars: bool) -> Iterator[RenderableType]:
    yield Text(printable(f"{decision.lead_id}: {decision.outcome.word}"), style="bold")
    by = printable(decision.decided_by)
    yield Text(f"likely junk {decision.probability:.0%} · score {decision.score:+d} · decided by {by}")
    for reason in deciding_reasons(decision):
        yield Text(f"  {printable(reason.text)}")
    yield Text("\nwhy (+ towards junk, - towards genuine)")
    yield _waterfall(decision, bars=bars)
    if decision.unknown:
        yield Text(f"\nnot known, so not counted: {', '.join(decision.unknown)}")
    yield Text("")
    yield from map(_sentence, changes)
    yield Text(f"ruleset: {decision.ruleset_id} · {decision.ruleset_hash[:12]}", style="dim")


def _listable(keys: Sequence[tuple[ListKind, str]]) -> Text:
    known = ", ".join(f"{kind} {value}" for kind, value in keys)
    return Text(printable(f"an allow or block entry can name it by: {known}" if keys else ""), style="dim")


def _waterfall(decision: Decision, *, bars: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("starting point", *[""] * bars, f"{decision.base:+d}", "", f"{decision.base:+d}")
    steps = waterfall(decision)
    most = max((abs(step.reason.points) for step in steps), default=1)
    for step in steps:
        reason = step.reason
        bar = [_bar(reason.points, most)] if bars else []
        table.add_row(printable(reason.text), *bar, f"{reason.points:+d}", printable(reason.code), f"{step.after:+d}")
    for reason in decision.reasons:
        if not reason.points:
            table.add_row(printable(reason.text), *[""] * bars, "", printable(reason.source), "")
    return table


def _bar(points: int, most: int) -> Text:
    length = max(1, round(abs(points) / most * _BAR))
    return Text("→" * length, style="red") if points > 0 else Text("←" * length, style="green")


def _sentence(each: Counterfactual) -> Text:
    changes = " and ".join(
        f"{change.signal.label} ({change.signal.name}) were {change.would_be} instead of {_said(change.was)}"
        for change in each.changes
    )
    return Text(printable(f"would be {each.outcome.word} if {changes}"))


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _document(each: Counterfactual) -> dict[str, object]:
    changes = [
        {"signal": change.signal.name, "was": change.was, "would_be": change.would_be} for change in each.changes
    ]
    return {"outcome": each.outcome.word, "changes": changes}
