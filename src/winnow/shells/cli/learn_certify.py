"""`winnow learn certify`: whether a model has earned the right to reject without a person, or what is missing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from winnow.bootstrap import certifying
from winnow.bootstrap.certifying import Examination
from winnow.core.learning.proof.certify import Abstained, Certified, Terms, assumptions
from winnow.shells.cards import card_html, card_text
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.options import AsJson, ConfigFile, settings
from winnow.shells.cli.stages import stages

INTERRUPTED = 130

_USUAL = Terms()

Model = Annotated[Path, typer.Argument(help="Model folder that `learn fit` wrote.")]
Data = Annotated[str, typer.Argument(help="The file it was fitted on, or one with later leads; - for stdin.")]


def certify(
    model: Model,
    data: Data,
    least_precision: Annotated[
        float, typer.Option(help="Lower bound of precision that is to be proven; 0.99 at least.")
    ] = _USUAL.least,
    least_labels: Annotated[int, typer.Option(help="Fewest labels above the threshold; 400 at least.")] = _USUAL.labels,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until the certificate lapses.")] = _USUAL.days,
    rehearse: Annotated[
        bool, typer.Option("--rehearse/--no-rehearse", help="See first whether an earlier certificate was kept.")
    ] = True,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the certificate into the model's draft ruleset.")
    ] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Find the lowest score from which rejecting without a person is proven right often enough.

    The proof is on the newest leads of the file, which the model was not fitted on. When it cannot be given, the answer
    says what is missing, and that is a good answer: the exit code is 0 either way, and `certified` in the JSON tells.
    Every scorecard that is held against the same leads uses them up a little, which is written down in the model.
    """
    terms = Terms(least=least_precision, labels=least_labels, days=days)
    try:
        with stages(output) as progress:
            found = certifying.examine(
                model, data, terms, rehearse=rehearse, config=settings(config), progress=progress
            )
    except KeyboardInterrupt:
        output.say("interrupted: nothing was certified")
        raise typer.Exit(INTERRUPTED) from None
    if isinstance(found.answer, Abstained):
        certifying.refused(model, found.answer, _drawn)
    elif apply:
        certifying.applied(model, found, found.answer, _drawn)
    if as_json:
        output.data(found.document)
    else:
        _report(found)
    _say_what_next(model, found, apply=apply)


def _drawn(card: Mapping[str, Any]) -> Mapping[str, str]:
    return {"card.html": card_html(card), "card.txt": card_text(card)}


def _report(found: Examination) -> None:
    answer = found.answer
    if isinstance(answer, Certified):
        _certified(answer)
    else:
        output.out.print(printable(answer.reason))
    for line in _copies(found):
        output.out.print(line)
    if answer.slices:
        output.out.print(_slices(answer), soft_wrap=False)
    if found.rehearsal is not None:
        output.out.print(f"rehearsal: {printable(found.rehearsal.note)}")
    output.out.print("This takes for granted:")
    for each in assumptions(answer.terms):
        output.out.print(f"  {each}")


def _certified(answer: Certified) -> None:
    output.out.print(f"certified: reject from {answer.threshold:+d} points up")
    output.out.print(
        f"  of the {answer.leads:,} leads set aside it would have rejected {answer.flagged:,} ({answer.coverage:.1%}), "
        f"{answer.wrong:,} of them wrongly"
    )
    output.out.print(
        f"  that proves at least {answer.terms.least:.2%} right on {answer.labels:,} labels "
        f"({answer.alone:.2%} if no other threshold had been tried)"
    )
    output.out.print(f"  {answer.caught:.1%} of all junk is rejected")
    for family, (old, new) in answer.lowered.items():
        output.out.print(f"  one kind of evidence alone never rejects: {family} adds {new} points at most, not {old}")


def _copies(found: Examination) -> Iterator[str]:
    """What was there more than once, and so proves less than its number."""
    if found.seen:
        yield f"left out: {found.seen:,} junk leads that repeat leads the scorecard was learned from"
    if found.answer.copies:
        yield f"{found.answer.copies:,} of the leads above this threshold repeat another one: each lead counts once"
    if found.seen or found.answer.copies:
        yield "  if they are different people, have the map name what tells them apart (email, phone, name, message)"


def _slices(answer: Certified | Abstained) -> Table:
    table = Table("slice of time", "leads", "rejected", "wrongly", "right", box=None)
    for place, each in enumerate(answer.slices, 1):
        name = {1: "oldest", len(answer.slices): "newest"}.get(place, str(place))
        right = "–" if each.precision is None else f"{each.precision:.2%}"
        table.add_row(name, f"{each.leads:,}", f"{each.flagged:,}", f"{each.wrong:,}", right)
    return table


def _say_what_next(model: Path, found: Examination, *, apply: bool) -> None:
    if found.changed:
        output.say("WARNING: the scorecard in the draft is not the one that was fitted: somebody changed it")
        output.say("  it is examined as another one, which asks more of it; its card still describes the fit")
    used = found.document["holdout_used"]
    output.say(f"these leads were used for a certificate {used} time{'' if used == 1 else 's'}")
    if isinstance(found.answer, Abstained):
        output.say("rejecting stays off: leads in doubt go to a person")
        return
    draft = model / "ruleset.toml"
    if apply:
        output.say(f"{draft} may reject once a second person has signed it off")
    else:
        output.say(f"nothing was changed; --apply writes this into {draft}")
