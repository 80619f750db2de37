"""`winnow audit`: whether what is left of leads tells what nobody may use."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.shells.cli.console import output, printable
from winnow.shells.cli.options import AsJson, Kind
from winnow.shells.cli.stages import stages

if TYPE_CHECKING:
    from winnow.bootstrap.attribute_audit import AttributeAudit
    from winnow.core.learning.proof.attribute import Finding

app = typer.Typer(help="Audits (docs/off-limits.md).", no_args_is_help=True)

#: Nothing could be said · a finding is present.
_UNTESTABLE, _FOUND = 1, 3


@app.callback()
def _audits() -> None:
    """A group, also while there is one audit only."""


@app.command("offlimits")
def off_limits(
    data: Annotated[str, typer.Argument(help="File of leads with the attribute, as people gave it; - for stdin.")],
    attribute: Annotated[str, typer.Option("--attribute", help="The column that nobody may use.")],
    features: Annotated[
        str, typer.Option("--features", help="Columns that may tell it, with commas between; otherwise all others.")
    ] = "",
    permutations: Annotated[
        int, typer.Option("--permutations", min=100, max=10_000, help="How often the attribute is dealt anew.")
    ] = 400,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of everything that is drawn by lot.")] = 1,
    kind: Kind = None,
    as_json: AsJson = False,
) -> None:
    """Say whether columns, such as a score, tell an attribute better than chance; keeps nothing.

    Exits with 3 when they do and with 1 when that cannot be tested. That it was not shown does not mean that they do
    not: the answer says from which strength on it would have been found.
    """
    from winnow.bootstrap.attribute_audit import Asked, audited  # noqa: PLC0415  # a second others need not wait

    named = tuple(name.strip() for name in features.split(",") if name.strip())
    with stages(output) as progress:
        found = audited(data, Asked(attribute, named, permutations, seed), progress, kind)
    if as_json:
        output.data(_document(found))
    else:
        _report(found)
    if found.untestable or found.found:
        raise typer.Exit(_UNTESTABLE if found.untestable else _FOUND)


def _report(found: "AttributeAudit") -> None:
    if found.untestable:
        output.out.print(Text(printable(f"not testable: {found.untestable}")))
    for each in found.findings:
        output.out.print(Text(printable(each.said)))
        if each.found:
            told = ", ".join(f"{name} {area:.3f}" for name, area in each.trial.tellers)
            output.out.print(Text(printable(f"  alone tell most: {told}")))
    for name, why in found.left_out.items():
        output.say(f"not looked at: `{name}`, {why}")
    output.say(f"looked at {found.leads:,} of {found.of:,} leads with a known `{found.attribute}`, seed {found.seed}")


def _document(found: "AttributeAudit") -> dict[str, object]:
    verdict = "not testable" if found.untestable else "predictable" if found.found else "not shown"
    return {
        "attribute": found.attribute,
        "verdict": verdict,
        "because": found.untestable,
        "leads": found.leads,
        "of": found.of,
        "columns": list(found.columns),
        "left_out": dict(found.left_out),
        "seed": found.seed,
        "values": [_finding(each) for each in found.findings],
    }


def _finding(each: "Finding") -> dict[str, object]:
    trial = each.trial
    return {
        "value": trial.value,
        "leads": trial.leads,
        "found": each.found,
        "auc": round(trial.auc, 4),
        "interval": [round(end, 4) for end in trial.interval],
        "p": round(trial.chance, 5),
        "p_corrected": None if each.chance is None else round(each.chance, 5),
        "permutations": len(trial.null),
        "findable_auc": round(each.findable, 4),
        "tellers": [{"column": name, "auc": round(area, 4)} for name, area in trial.tellers],
    }
