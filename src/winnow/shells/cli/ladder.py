"""`winnow ruleset ladder|promote|demote`: what a learned scorecard or a rule may do at most."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.learning.ladder import Rung
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.shadow import Digest

if TYPE_CHECKING:
    from winnow.services.ladder import LadderDesk, Step

_ACTOR = "command line"
Rule = Annotated[str | None, typer.Option("--rule", help="One of its rules, by id; otherwise its scorecard.")]
By = Annotated[str, typer.Option("--by", help="Who does it.")]


def ladder(
    digest: Annotated[str | None, typer.Argument(help="Hash of a ruleset; otherwise all that stands anywhere.")] = None,
    rule: Rule = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show where scorecards and rules stand, and what one of them lacks for the next rung."""
    desk = _desk(config, data, store)
    if digest is not None:
        _show(desk.step(digest, rule), as_json=as_json)
        return
    standings = desk.standings()
    if as_json:
        output.data(
            [
                {
                    "subject": each.subject,
                    "rung": each.rung,
                    "since": each.at.isoformat(),
                    "by": each.actor,
                    "why": each.reason,
                }
                for each in standings
            ]
        )
        return
    for each in standings:
        text = f"{each.rung:7} {each.subject[:24]} since {each.at:%Y-%m-%d} by {each.actor}: {each.reason}"
        output.out.print(Text(printable(text)))
    if not standings:
        output.say("nothing has climbed or fallen yet")


def _show(step: "Step", *, as_json: bool) -> None:
    lacking = list(step.lacking or ())
    if as_json:
        output.data({"subject": step.subject, "rung": step.rung, "next": step.next, "lacking": lacking})
        return
    output.out.print(f"{step.subject[:24]} stands on the rung `{step.rung}`")
    if step.next is not None:
        output.out.print(f"for `{step.next}` it lacks:" if lacking else f"nothing keeps it from `{step.next}`")
    for each in lacking:
        output.out.print(Text(f"  {each}"))


def promote(
    digest: Digest,
    by: By = _ACTOR,
    rule: Rule = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Let a scorecard or rule do one thing more; exits with 4, saying what is lacking, when it may not."""
    standing = _desk(config, data, store).promote(digest, by, rule)
    output.say(f"now on the rung `{standing.rung}`")


def demote(
    digest: Digest,
    reason: Annotated[str, typer.Option("--reason", help="Why it must do less.")],
    to: Annotated[
        Rung | None, typer.Option("--to", help="How far down; otherwise as far as a guard would put it.")
    ] = None,
    by: By = _ACTOR,
    rule: Rule = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Have a scorecard or rule do less at once."""
    standing = _desk(config, data, store).demote(digest, reason, by, to=to, rule=rule)
    output.say(f"now on the rung `{standing.rung}`")


def _desk(config: Path | None, data: Path | None, store: str | None) -> "LadderDesk":
    from winnow.bootstrap.laddering import make_ladder  # noqa: PLC0415  # a second other commands need not wait

    return make_ladder(standing(config, data, store))
