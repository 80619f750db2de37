"""`winnow ruleset`: look at a ruleset, compare two, take its hash; its shadow and ladder are modules of their own."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from winnow import bootstrap
from winnow.core.canonical import differences
from winnow.core.ruleset import Ruleset
from winnow.shells.cli import activation, ladder, shadow
from winnow.shells.cli.console import output, printable

app = typer.Typer(help="Rulesets: everything a decision follows, in one file.", no_args_is_help=True)
app.add_typer(shadow.app, name="shadow")
app.command("ladder")(ladder.ladder)
app.command("promote")(ladder.promote)
app.command("demote")(ladder.demote)
app.command("propose")(activation.propose)
app.command("sign")(activation.sign)
app.command("sign-offs")(activation.sign_offs)
app.command("activate")(activation.activate)
app.command("rollback")(activation.rollback)
File = Annotated[Path | None, typer.Argument(help="Ruleset file (TOML); the starter ruleset when left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

#: Exit code of a comparison that found something.
FOUND = 3


@app.command()
def show(
    file: File = None,
    as_json: AsJson = False,
    as_toml: Annotated[bool, typer.Option("--toml", help="Print the file itself, as a start for your own.")] = False,
) -> None:
    """Show what a ruleset contains."""
    ruleset = bootstrap.load_ruleset(file)
    if as_toml:
        typer.echo(bootstrap.ruleset_toml(ruleset), nl=False)
    elif as_json:
        output.data({**ruleset.document, "hash": ruleset.hash})
    else:
        _print(ruleset)


def _print(ruleset: Ruleset) -> None:
    card, bands = ruleset.scorecard, ruleset.thresholds.bands
    reject = "never by score" if bands.reject is None else f"from {bands.reject:+d}"
    output.out.print(f"ruleset {printable(ruleset.id)} · hash {ruleset.hash}")
    output.out.print(Text(printable(ruleset.note)))
    output.out.print(f"bands: tag from {bands.tag:+d} · review from {bands.review:+d} · reject {reject}")
    output.out.print(
        f"starting point {card.base:+d} · {len(card.features)} features · {len(ruleset.rules)} rules · "
        f"{len(ruleset.lists)} list entries"
    )
    table = Table("signal", "points", "when", box=None)
    for feature in card.features:
        for each in feature.all_bins:
            if each.points:
                table.add_row(feature.signal, f"{each.points:+d}", Text(printable(each.text)))
    output.out.print(table, soft_wrap=False)
    for rule in ruleset.rules:
        effect = rule.outcome.word if rule.outcome is not None else f"{rule.points:+d}"
        output.out.print(Text(printable(f"rule {rule.id}: {rule.when} → {effect} ({rule.owner})")))


@app.command(name="hash")
def show_hash(
    file: File = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Of the file alone, as a service answers when a ruleset is put in.")
    ] = False,
) -> None:
    """Print the hash decisions name: equal ones decide alike, since lists and reference data in use are part of it."""
    ruleset = bootstrap.load_ruleset(file)
    typer.echo((ruleset.unbound if alone else ruleset).hash)


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="Ruleset file.")],
    after: Annotated[Path, typer.Argument(help="Ruleset file to compare with.")],
    as_json: AsJson = False,
) -> None:
    """Show every place where two rulesets differ; exits with 3 when they do."""
    found = differences(bootstrap.load_ruleset(before).document, bootstrap.load_ruleset(after).document)
    if as_json:
        output.data([{"path": path, "before": old, "after": new} for path, old, new in found])
    else:
        for path, old, new in found:
            output.out.print(Text(printable(f"{path}: {_short(old)} → {_short(new)}")))
        output.say(f"{len(found)} differences" if found else "no difference: they decide alike")
    if found:
        raise typer.Exit(FOUND)


def _short(value: object) -> str:
    return "–" if value is None else str(value)
