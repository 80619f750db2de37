"""`winnow gate`: what systems may do to people, asked and held against what they did."""

import typer

from winnow.shells.cli.reconcile import reconcile

app = typer.Typer(help="The gate: what may be done to whom, and what went past it.", no_args_is_help=True)
app.command("reconcile")(reconcile)
