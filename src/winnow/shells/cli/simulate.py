"""`winnow simulate`: what a draft would have done to leads that were decided already."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.core.whatif.cost import Prices
from winnow.errors import InvalidInputError
from winnow.services.simulate import Question, Report, simulated
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.curve_files import write_curve, write_drawing
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.labelled import Labelled
from winnow.shells.cli.options import AsJson, ConfigFile, Map
from winnow.shells.cli.past_source import Asked, sides
from winnow.shells.cli.simulate_view import document, rendered
from winnow.shells.cli.watching import Watch

if TYPE_CHECKING:
    from winnow.bootstrap.looking_back import PastTable

INTERRUPTED = 130

Since = Annotated[
    str | None, typer.Option("--since", help="Only decisions from this moment on, like 2026-11-01 (UTC).")
]


def simulate(
    draft: Annotated[
        Path | None, typer.Option("--draft", help="Ruleset file (TOML) to try; the live ruleset when left out.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Ruleset file to compare with, instead of what was decided then.")
    ] = None,
    since: Since = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Leave out rule:ID or list:ID; may be repeated.")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", help="Count by this field too, like country; may be repeated.")
    ] = None,
    labelled: Annotated[
        str | None, typer.Option("--labelled", help="File of leads and what they turned out to be, instead of --data.")
    ] = None,
    mapping: Map = None,
    model: Annotated[
        Path | None, typer.Option("--model", help="Model folder that says how to read --labelled, instead of --map.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="Column of --labelled that says what the leads turned out to be.")
    ] = None,
    truth: Annotated[
        str | None, typer.Option("--truth", help="What its values mean: VALUE=junk,VALUE=genuine and so on.")
    ] = None,
    counts: Annotated[
        str | None, typer.Option("--as", help="What yes means in that column: junk or conversion.")
    ] = None,
    kept: Annotated[
        Path | None, typer.Option("--kept", help="Leads that were kept with --keep, instead of reading them again.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep the leads as measured, as Parquet or .arrow, for next time.")
    ] = None,
    curves: Annotated[
        Path | None, typer.Option("--curves", help="JSON file for what every threshold would do.")
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="SVG file with the same as a drawing.")] = None,
    junk_minutes: Annotated[
        float, typer.Option("--junk-minutes", help="Minutes a rep loses on a junk lead that goes through.")
    ] = Prices().junk_minutes,
    review_minutes: Annotated[
        float, typer.Option("--review-minutes", help="Minutes a reviewer needs for a lead.")
    ] = Prices().review_minutes,
    value: Annotated[
        float | None, typer.Option("--value", help="What a lead that converts is worth, in any currency.")
    ] = None,
    refs: Annotated[int, typer.Option("--refs", min=0, help="Leads named behind each number, at most.")] = 1_000,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what a ruleset would have done to past leads: which change, whom that hits, what it costs.

    Every lead is decided from what was known about it then. Nothing is recorded and nothing is sent anywhere.
    """
    prices = Prices(junk_minutes, review_minutes, value)
    groups = tuple(dict.fromkeys(("source", *(by or ()))))
    asked = Asked(draft, against, moment_of(since), groups, kept)
    if labelled is None and any(each is not None for each in (mapping, model, target, truth, counts)):
        what = "--map, --model, --target, --truth and --as say how a labelled file is read"
        raise InvalidInputError(what, fix="name the file with --labelled, or leave them away")
    file = None if labelled is None else Labelled(labelled, mapping, model, target, truth, counts)
    try:
        with Watch(output.err, quiet=output.quiet) as watch, ExitStack() as stack:
            found = sides(asked, file, installed(config, data, store), stack, watch)
            question = Question(found.draft, found.against, tuple(without or ()), prices, refs)
            report = simulated(found.past, question, watch)
    except KeyboardInterrupt:
        output.say("interrupted: nothing is kept, give the same command again")
        raise typer.Exit(INTERRUPTED) from None
    _write(report, found.past, keep=keep, curves=curves, svg=svg)
    if as_json:
        output.data(document(report))
    else:
        for part in rendered(report):
            output.out.print(part, soft_wrap=False)


def moment_of(text: str | None) -> datetime | None:
    """The moment a text says, UTC unless it says otherwise; raises InvalidInputError for another text."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInputError(f"`{text}` is no time", where="--since", fix="write it like 2026-11-01") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _write(report: Report, past: "PastTable", *, keep: Path | None, curves: Path | None, svg: Path | None) -> None:
    if curves is not None:
        write_curve(curves, report)
    if svg is not None:
        write_drawing(svg, report)
    if keep is not None:
        left = past.keep(keep)
        more = f"; {left:,} were left out, since they do not fit into columns" if left else ""
        output.say(f"kept {len(past) - left:,} leads in {printable(str(keep))}{more}")
