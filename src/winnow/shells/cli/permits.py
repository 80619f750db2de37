"""`winnow gate check` and `winnow gate key`: may this be done to these people now?"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.core.govern.terms import Action, Channel
from winnow.errors import RefusedByPolicyError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.services.gatekeep import Given

#: Whom the decision log names for what is done here.
_ACTOR = "command line"


def check(  # one option each
    file: Annotated[Path, typer.Argument(help="CSV or JSONL with the columns email or phone, place and timezone.")],
    system: Annotated[str, typer.Option("--system", help="Which AI system wants to, by its id in the register.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What for: a purpose of the policy.")],
    explanation: Annotated[str, typer.Option("--because", help="Why, in a sentence.")],
    action: Annotated[Action, typer.Option("--action", help="What it wants to do.")] = Action.CONTACT,
    channel: Annotated[Channel | None, typer.Option("--channel", help="What a contact goes through.")] = None,
    used: Annotated[list[str] | None, typer.Option("--data-used", help="Category of data used; repeatable.")] = None,
    inferences: Annotated[list[str] | None, typer.Option("--inference", help="What it concluded; repeatable.")] = None,
    grant: Annotated[bool, typer.Option("--grant", help="Give permits and record the answer.")] = False,
    lasts: Annotated[int, typer.Option("--lasts", help="Seconds for which permits hold.")] = 600,
    target: Annotated[Path | None, typer.Option("-o", "--output", help="CSV file for the answers.")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask the gate about everybody in a file; exit code 4 when anybody is refused.

    Without --grant it is a rehearsal: nothing is permitted and nothing recorded.
    """
    from winnow.bootstrap.gatekeeping import make_gatekeeper  # noqa: PLC0415  # a second other commands need not wait
    from winnow.bootstrap.publishing import Publisher  # noqa: PLC0415  # as above
    from winnow.bootstrap.recipient_files import answered_csv, answered_rows, recipients_in  # noqa: PLC0415
    from winnow.core.govern.ask import Ask  # noqa: PLC0415
    from winnow.services.gatekeep import Asking  # noqa: PLC0415

    people = recipients_in(file)
    asked = Ask(system, action, purpose, channel, tuple(used or ()), tuple(inferences or ()), explanation)
    asking = Asking(_ACTOR, lasts=timedelta(seconds=lasts), rehearsal=not grant)
    service = standing(config, data, store)
    if grant:
        Publisher(service).look()  # after an old backup nobody knows who said no
    given = make_gatekeeper(service).ask(asked, people, asking)
    rows = list(answered_rows(given, people))
    if target is not None:
        target.write_text("".join(answered_csv(rows)), encoding="utf-8", newline="")
    if as_json:
        output.data({"asked": len(rows), "granted": given.kept.granted, "rehearsal": not grant, "results": rows})
    else:
        _print(given, rows)
    if given.kept.refused:
        refused = len(given.kept.refused)
        raise RefusedByPolicyError(
            f"{refused:,} of {len(rows):,} are refused", fix="correct the facts with evidence, or change the policy"
        )


def key(data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Print the key that permits are checked with, offline (docs/verify_permit.py)."""
    from winnow.bootstrap.gatekeeping import permit_signer  # noqa: PLC0415  # a second other commands need not wait

    output.out.print(str(permit_signer(standing(config, data, store)).key))


def _print(given: "Given", rows: list[dict[str, str]]) -> None:
    """How many, and each reason once with how many it keeps back."""
    rehearsal = " would be" if given.number is None else ""
    output.out.print(f"{given.kept.granted:,} of {len(rows):,}{rehearsal} permitted")
    reasons = Counter(
        (check.question.value, check.what, check.fix) for each in given.kept.refused.values() for check in each
    )
    for (name, what, fix), count in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
        output.out.print(printable(f"{count:>8,}  {name}: {what}"))
        output.out.print(printable(f"          {fix}"))
