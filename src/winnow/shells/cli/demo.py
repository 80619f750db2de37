"""`winnow demo`: made-up leads to try things on."""

from pathlib import Path
from typing import Annotated

import typer

from winnow import demo
from winnow.shells.bulk.progress import meter
from winnow.shells.cli.console import output

app = typer.Typer(help="Made-up leads with every story of the trade; they belong to nobody.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `demo make` a verb of its own."""


@app.command()
def make(
    out: Annotated[Path, typer.Option("--output", "-o", help="File to write, .csv or .jsonl.")] = Path(
        "demo-leads.csv"
    ),
    leads: Annotated[int, typer.Option(min=1, max=100_000_000, help="How many leads.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed gives other leads; the same seed always the same.")] = 7,
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
