"""`winnow gate reconcile`: what a CRM or a mail server did, held against the permits that were given."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.govern.terms import Channel
from winnow.core.govern.workaround import Lack
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.services.reconcile import Report

#: A finding is present.
FOUND = 3
_SHOWN = 20


def reconcile(
    file: Annotated[Path, typer.Argument(help="Export of activities: CSV with a header, or JSONL.")],
    channel: Annotated[Channel | None, typer.Option("--channel", help="Of lines that do not name one.")] = None,
    as_json: AsJson = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Find contacts that took place without a permit: who went past the gate, when and how often.

    Exits with 3 when there are any, or when lines could not be read. Nobody's address is printed; the numbers of the
    lines say where in the file they are.
    """
    from winnow.bootstrap.reconciling import activities_in, make_reconcile  # noqa: PLC0415  # see installation.py

    report = make_reconcile(standing(config, data, store)).reconcile(activities_in(file), channel)
    if not report.contacts and not report.unread:
        raise InvalidInputError("there is no activity in it", where=str(file), fix="export it again")
    if as_json:
        output.data(report.document)
    else:
        output.out.print(Text(printable("\n".join(_lines(report)))), soft_wrap=True)
    if report.workarounds or report.unread:
        raise typer.Exit(FOUND)


def _lines(report: "Report") -> Iterator[str]:
    yield f"{report.contacts:,} contacts, {report.workarounds:,} without a permit"
    for title, counts in (("by user or tool", report.by_user), ("by channel", report.by_channel)):
        if counts:
            yield f"\n{title}:"
            yield from (f"  {count:>7,}  {name or '(not said)'}" for name, count in counts.most_common(_SHOWN))
    if report.by_lack:
        yield "\nwhat they lack:"
        yield from (f"  {count:>7,}  {Lack[name.upper()].value}" for name, count in report.by_lack.most_common())
    if report.found:
        yield "\nwhere in the file:"
    for each in report.found[:_SHOWN]:
        by = f" by {each.by}" if each.by else ""
        yield f"  line {each.place:,}: {each.channel} at {each.at.isoformat()}{by}: {each.lack.value}"
    if report.workarounds > _SHOWN:
        yield f"  and {report.workarounds - _SHOWN:,} more: --json lists them"
    if report.unread:
        yield f"\n{report.unread:,} lines could not be read:"
        yield from (f"  line {place:,}: {what}" for place, what in report.unreadable[:_SHOWN])
