"""`winnow learn authors`: who judges unlike the others, and how much anybody's labels may weigh."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from winnow.core.learning.feedback.caps import Caps, Held, capped
from winnow.core.learning.feedback.outliers import Examined, Outlier, examined
from winnow.core.learning.feedback.vouched import Vouched
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
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

    For whoever answers for the system: it says that somebody differs, not who is right. With -o the weights under the
    caps are written, to be added to the leads as the column that `learn fit --weight` names.
    """
    from winnow.bootstrap import unlearning  # noqa: PLC0415  # a second that other commands need not wait

    if out is not None and out.exists():
        raise InvalidInputError("there is a file by that name", where=str(out), fix="name another with -o")
    if labels is None:
        said = unlearning.labels_of(opened(config, data, store).labels.standing(), target)
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
        "outliers": [_outlier(each) for each in found.outliers],
        "untested": list(found.untested),
        "held": [
            {"kind": each.kind, "name": each.name, "truth": each.truth, "why": each.why, "labels": each.labels,
             "before": round(each.before, 3), "after": round(each.after, 3)}
            for each in held
        ],
    }  # fmt: skip


def _outlier(each: Outlier) -> dict[str, object]:
    return {
        "author": each.author,
        "segment": each.segment,
        "labels": each.labels,
        "junk": each.junk,
        "expected": round(each.expected, 1),
        "chance": each.chance,
    }


def _print(found: Examined, held: tuple[Held, ...], labels: int, counting: float) -> None:
    lines = [f"{labels:,} labels count as {counting:,.0f}"]
    for each in found.outliers:
        where = f"on source {each.segment}" if each.segment else "over all sources"
        if each.segment == "":
            where = "on leads without a source"
        lines.append(
            f"{each.author} calls {each.junk:,} of {each.labels:,} so {where}; at the others' rate it would be "
            f"{each.expected:,.0f} (by chance: {each.chance:.1g})"
        )
    lines += [
        f"{each.kind} {each.name}: {each.labels:,} labels of one class count as {each.after:,.0f} ({each.why})"
        for each in held
    ]
    if found.untested:
        lines.append(f"nobody to compare with: {', '.join(found.untested)}")
    for line in lines:
        output.out.print(Text(printable(line)))
