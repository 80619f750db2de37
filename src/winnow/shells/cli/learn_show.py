"""`winnow learn show`: the card of a model, as text or as data."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.bootstrap import fitting
from winnow.bootstrap.learning import edited
from winnow.shells.cards import card_text
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.options import AsJson


def show(
    model: Annotated[Path, typer.Argument(help="Model folder that `learn fit` wrote.")], as_json: AsJson = False
) -> None:
    """Show what a model is: what it looks at, how good it is, what it must not be used for."""
    manifest, card = fitting.saved_documents(model)
    if as_json:
        output.data({"manifest": manifest, "card": card, "edited": edited(model)})
    else:
        output.out.print(printable(card_text(card)), soft_wrap=True)
    say_if_edited(model)


def say_if_edited(model: Path) -> None:
    """A card speaks of the scorecard that was fitted, not of one that was changed since."""
    if edited(model):
        output.say(
            f"WARNING: the scorecard in {printable(str(model))} was changed by hand: its card is about another one"
        )
