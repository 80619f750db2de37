"""`winnow learn export`: an installation's leads with what they turned out to be, as a file that a fit reads."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.stages import stages

if TYPE_CHECKING:
    from winnow.bootstrap.exporting import Exported

INTERRUPTED = 130
_ACTOR = "command line"


def export(
    out: Annotated[Path, typer.Option("--output", "-o", help="File to write, .jsonl or .csv.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the leads of an installation with their last label that stands, and a map, for `learn fit`.

    What the policy puts off limits is left out. The file holds personal data: only its owner may read it, the log says
    that it was made, and whoever made it must delete it. JSON lines are exact; in CSV, cells that a spreadsheet might
    run get an apostrophe in front.
    """
    from winnow.bootstrap import exporting  # noqa: PLC0415  # a second that other commands need not wait

    exporting.check_export(out)
    service = opened(config, data, store)
    try:
        with stages(output) as progress:
            found = exporting.export(service, out, _ACTOR, progress)
    except KeyboardInterrupt:
        output.say("interrupted: nothing was written")
        raise typer.Exit(INTERRUPTED) from None
    finally:
        service.close()
    _report(out, found)
    if as_json:
        output.data(
            {"file": str(out), "map": str(found.mapping), "leads": found.leads, "labelled": found.labelled,
             "forgotten": found.forgotten, "off_limits": list(found.off_limits), "left_out": list(found.unnameable),
             "defused": found.defused}
        )  # fmt: skip


def _report(out: Path, found: "Exported") -> None:
    output.say(f"{out}: {found.leads:,} leads, {found.labelled:,} of them with a label; the log says so")
    output.say("WARNING: it holds personal data, unsealed: only you may read it, and you must delete it after the fit")
    notes = {
        "kept back, off limits by the policy": ", ".join(found.off_limits),
        "left out, since their names are not small letters, digits and _": ", ".join(found.unnameable),
        "leads not there any more, their persons were forgotten": f"{found.forgotten:,}" if found.forgotten else "",
        "cells with an apostrophe in front now (.jsonl is exact)": f"{found.defused:,}" if found.defused else "",
    }
    for what, which in notes.items():
        if which:
            output.say(f"{what}: {which}")
    output.say(
        f"next: winnow learn fit {out} --map {found.mapping} --target verdict"
        " --label-author label_author --label-batch label_batch"
    )
