"""`winnow ruleset shadow`: a ruleset on live traffic without effect."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.core.learning.shadow import ShadowReport
    from winnow.services.shadows import ShadowDesk

app = typer.Typer(help="Rulesets that decide live leads without effect.", no_args_is_help=True)
Digest = Annotated[str, typer.Argument(help="Hash of a ruleset of the service, or at least 8 digits of its beginning.")]

_ACTOR = "command line"
_SHOWN = 20


@app.command()
def on(
    digest: Digest,
    share: Annotated[float, typer.Option("--share", help="Share of the leads it decides, over 0 to 1.")] = 1.0,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Put a ruleset in shadow: it decides live leads beside the live one, and nothing comes of it."""
    shadow = _desk(config, data, store).start(digest, share, _ACTOR)
    output.say(f"in shadow: {shadow.ruleset}")


@app.command()
def off(digest: Digest, data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Take a ruleset out of shadow; its report stays."""
    _desk(config, data, store).stop(digest, _ACTOR)
    output.say("out of shadow")


@app.command()
def read(
    digest: Digest,
    leads: Annotated[int, typer.Option("--leads", help="How many leads the report was over when you read it.")],
    by: Annotated[str, typer.Option("--by", help="Who has read it.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Say that somebody has read the report; a step up the ladder takes it."""
    _desk(config, data, store).read(digest, leads, by)
    output.say("noted")


@app.command()
def report(
    digest: Digest, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Show how a ruleset in shadow differs from the live one."""
    found = _desk(config, data, store).report(digest)
    if as_json:
        output.data(_document(found))
    else:
        _print(found)


def _document(found: "ShadowReport") -> dict[str, object]:
    return {
        "ruleset": found.ruleset,
        "running": found.running,
        "share": found.share,
        "leads": found.leads,
        "failed": found.failed,
        "days": round(found.days, 3),
        "stricter": found.stricter,
        "milder": found.milder,
        "counts": _counts(found),
        "by_source": {
            source: sum(count for (live, shadow), count in counts.items() if shadow is not None and shadow != live)
            for source, counts in found.by_source.items()
        },
        "changed": [
            {
                "decision": each.decision,
                "lead": each.lead,
                "source": each.source,
                "live": each.live.word,
                "shadow": each.shadow.word,
            }
            for each in found.changed
        ],
        "read_by": found.read_by,
        "read_leads": found.read_leads,
    }


def _counts(found: "ShadowReport") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for (live, shadow), count in sorted(found.counts.items(), key=lambda each: (each[0][0], each[0][1] or 0)):
        judged = found.judged.get((live, shadow))
        known = {"labels": judged.labels, "junk": judged.junk} if judged else {"labels": 0, "junk": 0}
        rows.append({"live": live.word, "shadow": shadow.word if shadow is not None else None, "leads": count, **known})
    return rows


def _print(found: "ShadowReport") -> None:
    state = f"in shadow for {100 * found.share:.3g} % of the leads" if found.running else "not in shadow any more"
    output.out.print(f"ruleset {found.ruleset[:12]} · {state}")
    output.out.print(
        f"{found.leads:,} leads over {found.days:.1f} days · {found.stricter:,} stricter · {found.milder:,} milder · "
        f"{found.failed:,} failed"
    )
    table = Table("live", "in shadow", "leads", "of known truth", "junk", box=None)
    for row in _counts(found):
        table.add_row(*("failed" if cell is None else str(cell) for cell in row.values()))
    if found.counts:
        output.out.print(table, soft_wrap=False)
    for each in found.changed[:_SHOWN]:
        source = f" ({each.source})" if each.source else ""
        output.out.print(Text(printable(f"{each.lead}{source}: {each.live.word} → {each.shadow.word}")))
    if len(found.changed) > _SHOWN:
        output.out.print("more with --json")


def _desk(config: Path | None, data: Path | None, store: str | None) -> "ShadowDesk":
    from winnow.bootstrap.laddering import make_shadows  # noqa: PLC0415  # a second other commands need not wait

    return make_shadows(standing(config, data, store))
