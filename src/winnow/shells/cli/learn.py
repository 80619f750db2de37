"""`winnow learn`: scorecards out of leads whose outcome is known; each verb is a module `learn_VERB.py`."""

import typer

from winnow.shells.cli import (
    learn_authors,
    learn_blind,
    learn_certify,
    learn_export,
    learn_fit,
    learn_show,
    learn_unlearn,
)

app = typer.Typer(help="Learn scorecards from leads whose outcome is known.", no_args_is_help=True)
app.command("fit")(learn_fit.fit)
app.command("certify")(learn_certify.certify)
app.command("show")(learn_show.show)
app.command("unlearn")(learn_unlearn.unlearn)
app.command("authors")(learn_authors.authors)
app.command("blind")(learn_blind.blind)
app.command("export")(learn_export.export)
