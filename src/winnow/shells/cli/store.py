"""`winnow db`, `winnow backup` and `winnow restore`: the store as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.options import AsJson, ConfigFile

db = typer.Typer(help="The tables of the database.", no_args_is_help=True)
backup = typer.Typer(help="Everything in one file, taken while the service runs.", no_args_is_help=True)

#: A migration is pending, or a backup is damaged.
_FOUND = 3

Backup = Annotated[Path, typer.Argument(help="The backup.")]


@db.command("status")
def status(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Say which edition the tables have; exits with 3 when they have to be brought up to date."""
    from winnow.bootstrap.stores import edition  # noqa: PLC0415  # see installation.py

    found = edition(installed(config, data, store))
    pending = found.current != found.newest
    if as_json:
        output.data({"current": found.current, "newest": found.newest, "pending": pending})
    else:
        output.say(f"tables: {found.current or 'none yet'} · this version works with {found.newest}")
    if pending:
        output.say("next: winnow db upgrade")
        raise typer.Exit(_FOUND)


@db.command("upgrade")
def upgrade(data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Bring the tables up to date, all at once or not at all; make a backup first."""
    from winnow.bootstrap.stores import upgrade_store  # noqa: PLC0415  # see installation.py

    before = upgrade_store(installed(config, data, store))
    changed = before.current != before.newest
    output.say(f"tables: {before.current or 'none'} → {before.newest}" if changed else "nothing to do")


@backup.command("create")
def create(
    target: Annotated[Path, typer.Argument(help="File to make.")],
    with_keys: Annotated[bool, typer.Option("--with-keys", help="Put the keys in as well: see operations.md.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Write everything into one file, as it is at one moment; the service may run."""
    from winnow.bootstrap.stores import back_up  # noqa: PLC0415  # see installation.py

    made = back_up(installed(config, data, store), target, with_keys=with_keys, progress=_progress)
    rows = sum(table.rows for table in made.tables.values())
    output.say(f"{rows:,} rows, {made.log.size:,} entries of the log: {target}")
    if not with_keys:
        output.say("the keys are not in it: keep a copy of the folder `keys` somewhere else, or it cannot be read")


@backup.command("verify")
def verify(file: Backup, as_json: AsJson = False) -> None:
    """Read all of a backup, restore it into a scratch file, and say what is wrong with it; exits with 3 if anything."""
    from winnow.bootstrap.stores import check_backup  # noqa: PLC0415  # see installation.py

    checked = check_backup(file)
    if as_json:
        output.data({"ok": not checked.problems, "problems": list(checked.problems)})
    for problem in checked.problems:
        output.say(problem)
    if checked.problems:
        raise typer.Exit(_FOUND)
    made = checked.manifest
    output.say(f"in order: made {made.created_at:%Y-%m-%d %H:%M} UTC, {made.log.size:,} entries of the log")


def restore(
    file: Backup,
    replace: Annotated[bool, typer.Option("--replace", help="Give up what the store holds now.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Put a backup back into a store, all of it or nothing; stop the service first."""
    from winnow.bootstrap.stores import put_back  # noqa: PLC0415  # see installation.py

    put_back(installed(config, data, store), file, replace=replace, progress=_progress)
    output.say("restored; next: winnow log verify --records, then winnow serve")


def _progress(table: str, rows: int) -> None:
    if rows:
        output.say(f"{table}: {rows:,}")
