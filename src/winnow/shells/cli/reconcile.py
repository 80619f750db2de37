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
    from winnow.services.reconcile import Report, Workaround

#: A finding is present.
FOUND = 3
_SHOWN = 20


def reconcile(
    file: Annotated[Path, typer.Argument(help="Export of activities: CSV with a header, or JSONL.")],
    channel: Annotated[Channel | None, typer.Option("--channel", help="Of lines that do not name one.")] = None,
    by: Annotated[str, typer.Option("--by", help="Column that says who did it, if it is called otherwise.")] = "",
    names: Annotated[bool, typer.Option("--names", help="Tell whom each went to, and what they had said.")] = False,
    as_json: AsJson = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Find contacts that took place without a permit: who went past the gate, when and how often.

    Exits with 3 when there are any, or when lines could not be read. Without --names nobody's address is printed, and
    the numbers of the lines say where in the file they are.
    """
    from winnow.bootstrap.reconciling import activities_in, make_reconcile  # noqa: PLC0415  # see installation.py
    from winnow.services.reconcile import Sight  # noqa: PLC0415  # as above

    desk = make_reconcile(standing(config, data, store))
    report = desk.reconcile(activities_in(file), channel, by, Sight(names, names))
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
    if report.after_a_no:
        yield f"{report.after_a_no:,} of these to people who had said no"
    yield from _users(report)
    if report.by_channel:
        yield "\nby channel:"
        yield from (f"  {count:>7,}  {name}" for name, count in report.by_channel.most_common())
    if report.by_lack:
        yield "\nwhat they lack:"
        yield from (f"  {count:>7,}  {Lack[name.upper()].value}" for name, count in report.by_lack.most_common())
    if report.found:
        yield "\nwhere in the file:"
        yield from map(_line, report.found[:_SHOWN])
    if report.workarounds > _SHOWN:
        yield f"  and {report.workarounds - _SHOWN:,} more: --json lists them"
    if report.unread:
        yield f"\n{report.unread:,} lines could not be read:"
        yield from (f"  line {place:,}: {what}" for place, what in report.unreadable[:_SHOWN])


def _users(report: "Report") -> Iterator[str]:
    """Who did it, of how many of theirs; and where the file says so, that somebody can ask for more."""
    if not report.workarounds:
        return
    columns = [name for name, _ in report.by_column.most_common() if name]
    if not columns:
        yield "\nno column says who did it; name it with --by, or export it too"
        return
    yield f"\nby user or tool (column {', '.join(columns)}):"
    for name, count in report.by_user.most_common(_SHOWN):
        user = report.users[name]
        after = f", {user.after_a_no:,} after a no" if user.after_a_no else ""
        yield f"  {count:>7,}  {name or '(not said)'}: of {user.contacts:,} contacts{after}"


def _line(each: "Workaround") -> str:
    by, who = (f" by {each.by}" if each.by else ""), (f" to {each.who}" if each.who else "")
    return f"  line {each.place:,}: {each.channel} at {each.at.isoformat()}{who}{by}: {each.because}"
