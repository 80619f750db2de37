"""`winnow screen`: decide every lead of a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from winnow.errors import InvalidInputError
from winnow.shells.bulk.run import Opened, Request, Run, opened, sink_for
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.options import AsJson, ConfigFile, Customers, Kind, Lists, Map, Mmdb, RulesetFile, settings

INTERRUPTED = 130
MOST_WORKERS = 256

_FORMS = ("csv", "jsonl", "parquet")
_ALSO_JSONL = {"json": "jsonl", "ndjson": "jsonl"}
_MOST_LISTED = 30


def screen(
    file: Annotated[str, typer.Argument(help="CSV, JSONL or Parquet file of leads; - for standard input.")],
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where the decisions go; - for standard output. [FILE.decisions.csv here]"),
    ] = None,
    mapping: Map = None,
    ruleset: RulesetFile = None,
    form: Annotated[
        str | None, typer.Option("--format", help="csv, jsonl or parquet; otherwise by the name of OUT.")
    ] = None,
    kind: Kind = None,
    lists: Lists = None,
    customers: Customers = None,
    mmdb: Mmdb = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=MOST_WORKERS, help="Processes to use; the result is the same.")
    ] = None,
    shadow: Annotated[bool, typer.Option("--shadow", help="Mark the decisions as not to be acted on.")] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew instead of going on after an interruption.")
    ] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Decide every lead of a file: accept, tag, review or reject, with every reason.

    Nothing is sent anywhere. An interrupted run goes on where it was when the same command is given again.
    """
    loaded = settings(config, ruleset=ruleset, lists=lists, customers=customers, mmdb=mmdb, workers=workers)
    processes = loaded.count("screen.workers", most=MOST_WORKERS)
    target = out or default_output(file, form)
    request = Request(file, loaded, mapping, kind, form_of(target, form), shadow=shadow)
    opening = opened(request)
    with opening.source:
        explain_mapping(opening)
        sink = sink_for(opening, None if str(target) == "-" else target, restart=restart)
        if sink.resumed is not None:
            output.say(f"going on after {sink.resumed.counts.get('decided', 0):,} decided leads")
        try:
            summary = Run(opening, sink, processes, output.err, output.quiet).summary()
        except KeyboardInterrupt:
            kept = sink.output is not None
            output.say(
                "interrupted" + (": what is decided is kept; give the same command again to go on" if kept else "")
            )
            raise typer.Exit(INTERRUPTED) from None
        finally:
            sink.close()
    streamed = sink.output is None  # then stdout holds the decisions, and the summary goes beside it
    if as_json:
        output.data(summary.document(), beside=streamed)
    elif not output.quiet:
        (output.err if streamed else output.out).print(summary.render(bars=not output.plain), soft_wrap=False)


def default_output(file: str, form: str | None) -> Path:
    """Beside nothing: in the current folder, named after the input; standard output for standard input."""
    return Path("-") if file == "-" else Path(f"{Path(file).stem}.decisions.{form or 'csv'}")


def form_of(out: Path, form: str | None) -> str:
    """The format of the output."""
    named = out.suffix.removeprefix(".").lower()
    chosen = form or _ALSO_JSONL.get(named, named)
    if form is not None and form not in _FORMS:
        raise InvalidInputError(f"`{form}` is not a format", where="--format", fix=f"use {', '.join(_FORMS)}")
    return chosen if chosen in _FORMS else "csv"


def explain_mapping(opening: Opened) -> None:
    """Say what the file is and what was taken for what: a guess is never silent."""
    output.say(f"{opening.source.name}: {opening.source.description}, {len(opening.source.columns)} columns")
    if opening.guessed is not None:
        table = Table.grid(padding=(0, 2))
        for pair in opening.guessed.pairs:
            if pair.target in opening.mapping.takes:
                why = Text(printable(pair.why), style="dim")
                table.add_row(f"  {pair.target}", f"← {printable(pair.column)}", why)
        output.say("guessed what the columns are (write a map to change it, see docs/files.md):")
        if not output.quiet:
            output.err.print(table, soft_wrap=False)
    if opening.job.forbidden:
        output.say(f"off limits by policy, neither read nor shown: {_listed(opening.job.forbidden)}")
    if opening.unused:
        output.say(f"not used and not scored: {_listed(opening.unused)}")
    if "received_at" not in opening.mapping.takes:
        output.say("no column says when leads came: velocity and duplicates are unknown")


def _listed(columns: tuple[str, ...]) -> str:
    more = f" and {len(columns) - _MOST_LISTED:,} more" if len(columns) > _MOST_LISTED else ""
    return ", ".join(columns[:_MOST_LISTED]) + more
