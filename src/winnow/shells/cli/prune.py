"""`winnow rule prune` and `winnow list prune`: what may go, with the evidence; proposals, and never a change."""

from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from winnow.core.learning.figures.plain import counted
from winnow.core.whatif.document import weed_document
from winnow.core.whatif.garden import Weed
from winnow.core.whatif.use import Uses
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.past_source import existing
from winnow.shells.cli.simulate import Since, moment_of
from winnow.shells.cli.watching import Watch

#: Exit code when something was found.
FOUND = 3


def rules(
    since: Since = None, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Propose rules to take out: never hit, contradicted, shadowed, duplicate or expired; exits with 3 for any.

    Looks at what was decided and at what the leads turned out to be. Changes nothing.
    """
    _proposed("rule:", since, (data, store, config), as_json=as_json)


def entries(
    since: Since = None, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Propose list entries to take out: never hit, contradicted, shadowed, duplicate or expired; exits with 3 for any.

    Looks at what was decided and at what the leads turned out to be. Changes nothing.
    """
    _proposed("list:", since, (data, store, config), as_json=as_json)


def _proposed(
    kind: str, since: str | None, place: tuple[Path | None, str | None, Path | None], *, as_json: bool
) -> None:
    from winnow.bootstrap.looking_back import leads_on_record, proposals  # noqa: PLC0415  # needs the extra `learn`

    data, store, config = place
    with existing(installed(config, data, store)) as service, Watch(output.err, quiet=output.quiet) as watch:
        live = service.live.ruleset()
        past = leads_on_record(service, [live], (), moment_of(since), watch)
        uses = past.uses(live, lambda share: watch("leaving out one by one", share))
        found = proposals(service, uses, kind)
    if as_json:
        output.data({"leads": uses.leads, "days": uses.days, "proposals": [weed_document(each) for each in found]})
    else:
        _show(found, uses)
    if found:
        raise typer.Exit(FOUND)


def _show(found: tuple[Weed, ...], uses: Uses) -> None:
    if found:
        table = Table("what", "is", "because", "leads that change", "owner", box=None, padding=(0, 2, 0, 0))
        for each in found:
            words = (each.name, each.reproach.replace("_", " "), each.evidence, f"{each.gone:,}", each.owner)
            table.add_row(*(Text(printable(word)) for word in words))
        output.out.print(table, soft_wrap=False)
    told = f"{counted(uses.leads, 'lead')} in {counted(uses.days, 'day')}; {counted(len(found), 'proposal')}"
    output.say(f"looked at {told}, nothing is changed")
