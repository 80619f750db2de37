"""`winnow demo`: made-up leads to try things on, as a file or as an installation with three months of life in it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow import demo
from winnow.config import Config
from winnow.demo.season import SEASON_LEADS
from winnow.errors import InvalidInputError
from winnow.shells.bulk.progress import meter
from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.options import ConfigFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from winnow.bootstrap.demo.company import Account

_SEED = 7
_MOST_LEADS = 100_000

Seed = Annotated[int, typer.Option(help="Another seed gives other leads; the same seed always the same.")]

app = typer.Typer(help="Made-up leads with every story of the trade; they belong to nobody.", no_args_is_help=True)


@app.command()
def make(
    out: Annotated[Path, typer.Option("--output", "-o", help="File to write, .csv or .jsonl.")] = Path(
        "demo-leads.csv"
    ),
    leads: Annotated[int, typer.Option(min=1, max=100_000_000, help="How many leads.")] = 20_000,
    seed: Seed = _SEED,
    customers: Annotated[
        Path | None, typer.Option(help="Also write the made-up customers here, one a line, for --customers.")
    ] = None,
) -> None:
    """Write three months of made-up, labelled leads."""
    with meter(output.err, leads, "making leads", quiet=output.quiet) as progress:
        demo.write(out, leads=leads, seed=seed, progress=lambda count: progress.at(count, count))
    if customers is not None:
        customers.write_text(
            "".join(f"{entry}\n" for entry in demo.customers(leads=leads, seed=seed)), encoding="utf-8"
        )
    output.say(f"{leads:,} made-up leads: {out}")
    output.say(f"next: winnow screen {out}" + (f" --customers {customers}" if customers else ""))


@app.command()
def load(
    leads: Annotated[int, typer.Option(min=0, max=_MOST_LEADS, help="About how many leads.")] = SEASON_LEADS,
    seed: Seed = _SEED,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Make a demo installation in the folder `demo` of the data folder: three months of life up to now."""
    settings = demo_settings(installed(config, data, None), store)
    show_accounts(loaded(settings, leads=leads, seed=seed))
    output.say(f"next: {_again('winnow serve --demo', data, store)}")


@app.command()
def clear(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Remove a demo installation and every trace of it."""
    from winnow.bootstrap.demo import place  # noqa: PLC0415  # see installation.py

    settings = demo_settings(installed(config, data, None), store)
    there = place.need_made(settings)
    what = f"the demo of {there.at:%Y-%m-%d %H:%M} UTC in {settings.text('data.folder')}"
    _need_consent(f"Remove {what}, with everything that was tried in it?", yes=yes)
    place.clear(settings)
    output.say(f"removed: {what}")


def demo_settings(settings: Config, store: str | None) -> Config:
    """The settings of the demo beside an installation."""
    from winnow.bootstrap.demo.place import demo_config  # noqa: PLC0415  # see installation.py

    return demo_config(settings, store or "")


def loaded(settings: Config, *, leads: int = SEASON_LEADS, seed: int = _SEED) -> "list[Account]":
    """Make a demo installation; returns who can sign in."""
    from winnow.bootstrap.demo.loading import load  # noqa: PLC0415  # see installation.py

    with meter(output.err, leads, "three months pass", quiet=output.quiet) as progress:
        return load(
            settings, leads=leads, seed=seed, progress=lambda done: progress.at(min(done, leads), done)
        ).accounts


def there_or_loaded(settings: Config) -> "list[Account]":
    """Who can sign in to the demo, which is made if there is none; nobody knows the passwords of an earlier time."""
    from winnow.bootstrap.demo.loading import renewed  # noqa: PLC0415  # see installation.py
    from winnow.bootstrap.demo.place import made  # noqa: PLC0415  # as above

    there = made(settings)
    if there is None or not there.whole:
        return loaded(settings)
    output.say(f"made-up data up to {there.at:%Y-%m-%d %H:%M} UTC; for data up to now: winnow demo clear, then again")
    return renewed(settings)


def show_accounts(accounts: "Iterable[Account]") -> None:
    """Print who can sign in; their passwords are kept nowhere else."""
    output.say("made-up data only. Sign in as")
    for account in accounts:
        who = account.colleague
        output.say(f"  {who.role:<15}  {who.email:<25}  {account.password}")


def _need_consent(question: str, *, yes: bool) -> None:
    if not yes and not sys.stdin.isatty():
        raise InvalidInputError("nobody is there to be asked", fix="say --yes to go on without being asked")
    if not yes:
        typer.confirm(question, abort=True, err=True)


def _again(command: str, data: Path | None, store: str | None) -> str:
    """The command for the same place."""
    return command + (f" --data {data}" if data else "") + (f" --store {store}" if store else "")
