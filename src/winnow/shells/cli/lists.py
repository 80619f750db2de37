"""`winnow list`: allow and block entries of an installation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.core.lists import SOURCES, ListAction, ListKind
from winnow.core.outcome import Scope
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from winnow.bootstrap.desks import Desks
    from winnow.core.lists import ListEntry
    from winnow.services.lists import ListDesk

app = typer.Typer(help="Allow and block entries that the service goes by.", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
_PAGE = 1_000


@app.command()
def add(
    action: Annotated[ListAction, typer.Argument(help="Whether it lets leads through or holds them.")],
    kind: Annotated[ListKind, typer.Argument(help="What it is matched by (docs/lists.md).")],
    value: Annotated[str, typer.Argument(help="What it matches, such as example.com.")],
    owner: Annotated[str, typer.Option("--owner", help="Who answers for it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it exists; shown with every decision.")],
    entry_id: Annotated[str | None, typer.Option("--id", help="Its name; otherwise one is made.")] = None,
    scope: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="Where it applies; may be repeated. Sales and marketing if not."),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help=f"Where it is from: {', '.join(sorted(SOURCES))}.")
    ] = "person",
    expires: Annotated[
        str | None, typer.Option("--expires", help="From when on it decides nothing, like 2027-03-31T00:00:00Z.")
    ] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Add an entry and print its id; it is in force within a second."""
    said: dict[str, object] = {"action": action.value, "kind": kind.value, "value": value, "owner": owner}
    said |= {"reason": reason, "source": source}
    optional = {"id": entry_id, "expires_at": expires, "scopes": [each.value for each in scope] if scope else None}
    said |= {name: each for name, each in optional.items() if each is not None}
    entry = _desks(config, data, store).lists.add(said, _ACTOR)
    if as_json:
        output.data({"id": entry.id})
    else:
        print(entry.id)


@app.command()
def remove(
    entry_id: Annotated[str, typer.Argument(help="The id of an entry.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Take an entry out of force; what it decided stays as it is."""
    _desks(config, data, store).lists.remove(entry_id, _ACTOR)
    output.say(f"removed {entry_id}")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV file of entries (docs/lists.md), at most 10,000.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Add the entries of a file, all or none."""
    from winnow.bootstrap.desks import entries_in  # noqa: PLC0415  # a second that other commands need not wait

    added = _desks(config, data, store).lists.add_all(entries_in(file), _ACTOR)
    if as_json:
        output.data({"added": len(added), "ids": [entry.id for entry in added]})
    else:
        output.say(f"added {len(added):,} entries")


@app.command()
def export(
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, instead of stdout.")
    ] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Write all entries that were not removed as CSV, which `import` reads."""
    from winnow.bootstrap.desks import entries_csv  # noqa: PLC0415  # see above

    entries = list(_all(_desks(config, data, store).lists))
    text = entries_csv(entries)
    if output_file is None:
        typer.echo(text, nl=False)
    else:
        output_file.write_text(text, encoding="utf-8", newline="")
        output.say(f"wrote {len(entries):,} entries to {printable(str(output_file))}")


def _all(desk: "ListDesk") -> "Iterator[ListEntry]":
    cursor = None
    while True:
        page = desk.page(cursor, _PAGE)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _desks(config: Path | None, data: Path | None, store: str | None) -> "Desks":
    from winnow.bootstrap.desks import make_desks  # noqa: PLC0415  # see above

    return make_desks(opened(config, data, store))
