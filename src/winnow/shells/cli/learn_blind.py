"""`winnow learn blind`: how many rejected leads were genuine, by those that a lot gave to people instead."""

from typing import TYPE_CHECKING, Annotated

import typer

from winnow.core.learning.figures.plain import counted, per_hundred
from winnow.shells.cli.console import output
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.past_source import existing
from winnow.shells.cli.simulate import moment_of

if TYPE_CHECKING:
    from winnow.bootstrap.sampling import BlindReport


def blind(
    since: Annotated[str | None, typer.Option("--since", help="Only leads decided then or later: 2026-11-01.")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say how many of the leads that were rejected without a person were genuine.

    Nobody learns what became of a rejected lead; but of those that the score or a rule would reject, a lot gives a few
    in a hundred to people, who do not know. Their verdicts stand for all (docs/certify.md). With few verdicts it says
    how many are missing.
    """
    from winnow.bootstrap.sampling import blind_report  # noqa: PLC0415  # a second that other commands need not wait

    first = moment_of(since)
    with existing(installed(config, data, store)) as service:
        report = blind_report(service, first)
    if as_json:
        output.data(report.document)
        return
    for line in _lines(report):
        output.out.print(line)


def _lines(report: "BlindReport") -> list[str]:
    found = report.found
    lines = [
        f"rejected without a person: {counted(report.rejected, 'lead')}",
        f"given to people by lot instead: {counted(report.drawn, 'lead')}, {found.labelled:,} of them with a verdict",
    ]
    if report.erased:
        lines.append(f"erased since, so that nobody can tell: {counted(report.erased, 'lead')}")
    if found.rate is None or found.missing:
        return [
            *lines,
            f"too few to say how many of the rejected leads were genuine: {found.missing:,} more verdicts are needed",
        ]
    lines.append(
        f"of the rejected leads between {per_hundred(found.low)} and {per_hundred(found.high)} of 100 were genuine "
        f"(estimate {per_hundred(found.rate)})"
    )
    if found.unlabelled:
        lines.append(f"this takes for granted that the {found.unlabelled:,} without a verdict are like the others")
    return lines
