"""`winnow learn authors`: who judges unlike the others, and how much anybody's labels may weigh."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from winnow.core.learning.feedback.caps import Caps, Held, capped
from winnow.core.learning.feedback.outliers import Examined, examined
from winnow.core.learning.feedback.safeguard import held_document, outlier_document
from winnow.core.learning.feedback.vouched import Vouched
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError
from winnow.shells.cli.author_lines import author_lines
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

FOUND = 3


def authors(
    labels: Annotated[
        Path | None, typer.Argument(help="CSV file of labels (docs/feedback.md); otherwise those of the service.")
    ] = None,
    target: Annotated[str, typer.Option("--as", help="What is learned: junk, conversion or a name.")] = JUNK,
    share: Annotated[float, typer.Option("--share", help="Most of a class's weight that one author carries.")] = 0.25,
    contrary: Annotated[
        float, typer.Option("--contrary", help="Labels' worth one author may turn against the others.")
    ] = 10.0,
    trusted: Annotated[
        list[str] | None, typer.Option("--trusted", help="Author who is not held to the share; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="CSV file to write: the weight of each lead's label.")
    ] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Compare every author with all others on leads of the same source; exits with 3 when somebody stands out.

    For whoever answers for the system: it says that somebody differs, not who is right. A fit holds labels to the caps
    by itself with --label-author; with -o the weights are written, for a fit elsewhere or for --weight.
    """
    from winnow.bootstrap import unlearning  # noqa: PLC0415  # a second that other commands need not wait

    if out is not None and out.exists():
        raise InvalidInputError("there is a file by that name", where=str(out), fix="name another with -o")
    if labels is None:
        said = unlearning.labels_of(standing(config, data, store).labels.standing(), target)
    else:
        said = unlearning.labels_in(labels, target)
    last = list({each.lead: each for each in said}.values())  # of several about a lead the last counts
    vouched = [Vouched(each.truth, each.author, each.source, each.source) for each in last]
    found = examined(vouched)
    caps = Caps(author_share=share, contrary=contrary, trusted=frozenset(trusted or ()))
    weights = capped(vouched, caps, found.names)
    if out is not None:
        unlearning.save_weights(out, [each.lead for each in last], weights.weights)
    if as_json:
        output.data(_document(found, weights.held, len(last), weights.counting))
    else:
        _print(found, weights.held, len(last), weights.counting)
    if found.outliers:
        raise typer.Exit(FOUND)


def _document(found: Examined, held: tuple[Held, ...], labels: int, counting: float) -> dict[str, object]:
    return {
        "labels": labels,
        "counting": round(counting, 3),
        "outliers": [outlier_document(each) for each in found.outliers],
        "untested": list(found.untested),
        "held": [held_document(each) for each in held],
    }


def _print(found: Examined, held: tuple[Held, ...], labels: int, counting: float) -> None:
    for line in (f"{labels:,} labels count as {counting:,.0f}", *author_lines(found, held)):
        output.out.print(Text(printable(line)))
