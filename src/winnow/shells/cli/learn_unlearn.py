"""`winnow learn unlearn`: take labels back, fit again without them, and say whom that concerns."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from winnow.core.learning.feedback.unlearn import Said, Withdrawal
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, installed, standing
from winnow.shells.cli.options import AsJson, ConfigFile, settings
from winnow.shells.cli.stages import stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from winnow.bootstrap.service import Service
    from winnow.services.unlearn import Unlearned

INTERRUPTED = 130
_ACTOR = "command line"
_SHOWN = 20


def unlearn(
    model: Annotated[Path, typer.Argument(help="Model folder, as `learn fit` writes it.")],
    leads: Annotated[str, typer.Argument(help="The file it was fitted on; - for stdin.")],
    author: Annotated[str | None, typer.Option("--author", help="Labels of this author.")] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="Labels that came with this batch.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Labels about leads of this source.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Labels given then or later: 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Labels given before then.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="CSV file of labels (docs/feedback.md). [those the file of the fit names]"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--output", "-o", help="Folder to write. [NAME.unlearned]")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write and withdraw nothing.")
    ] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take labels back and fit the model again without them, with the same settings and seed.

    What must fit together is what is named: an author and a batch mean that author's labels of that batch. The labels
    are those of the file of the fit, if that was told who gave them (--label-author); otherwise, and with --data or
    --store, those of the service, where they are withdrawn, which the log says. Those of a file stay in it. Written are
    a draft ruleset, what changed, and the leads to screen again.
    """
    from winnow.bootstrap import unlearning  # noqa: PLC0415  # a second that other commands need not wait
    from winnow.bootstrap.training import allowed_trainer  # noqa: PLC0415  # as above
    from winnow.services.unlearn import unlearned  # noqa: PLC0415  # as above

    withdrawal = Withdrawal(author, batch, source, _moment(since, "--since"), _moment(until, "--until"))
    folder = out or model.with_name(f"{model.name.removesuffix('.model')}.unlearned")
    if folder.exists() and not dry_run:
        raise InvalidInputError(
            "there is something by that name already", where=str(folder), fix="name another with -o"
        )
    trainer = allowed_trainer(installed(config, data, store))
    if labels is not None and (data is not None or store is not None):
        fix = "give --labels, or --data or --store"
        raise InvalidInputError("labels come from a file or from the service, and these are both", fix=fix)
    own = labels is None and data is None and store is None and unlearning.signed(model)
    if own:
        _need_no_times(withdrawal)
    service = None if own or labels is not None else standing(config, data, store)
    try:
        with stages(output) as progress:
            again, manifest = unlearning.model_again(model, leads, settings(config), progress)
            said = None if own else _said(service, labels, again.study.target)
            refit = unlearning.refit(trainer, manifest, progress)
            found = unlearned(again, said, withdrawal, refit)
    except KeyboardInterrupt:
        output.say("interrupted: nothing was written or withdrawn")
        raise typer.Exit(INTERRUPTED) from None
    if not dry_run:
        unlearning.save_unlearned(folder, found)
        _withdraw(service, withdrawal)
    if as_json:
        output.data({**unlearning.unlearned_document(found), "written": None if dry_run else str(folder)})
    else:
        _report(found)
        output.say("nothing was written or withdrawn" if dry_run else f"wrote {folder}")


def _need_no_times(withdrawal: Withdrawal) -> None:
    if withdrawal.since is not None or withdrawal.until is not None:
        fix = "name an author, a batch or a source; or give the labels with --labels, or the service's with --data"
        raise InvalidInputError("the file of the fit does not say when labels were given", fix=fix)


def _said(service: "Service | None", labels: Path | None, target: str) -> "Sequence[Said]":
    from winnow.bootstrap import unlearning  # noqa: PLC0415  # as above

    if service is not None:
        return unlearning.labels_of(service.labels.standing(), target)
    return unlearning.labels_in(labels or Path(), target)


def _withdraw(service: "Service | None", withdrawal: Withdrawal) -> None:
    if service is not None:
        taken = service.labels.withdraw(withdrawal, _ACTOR, service.clock.now())
        output.say(f"withdrew {len(taken):,} labels; the log says so")


def _moment(text: str | None, where: str) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(
            f"`{text}` is no time", where=where, fix="write 2026-11-22 or 2026-11-22T08:30:00Z"
        ) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _report(found: "Unlearned") -> None:
    left = found.remaining
    lines = [
        f"taken back: {left.labels:,} {found.withdrawal.words}",
        f"leads whose truth nobody knows any more: {len(left.withdrawn):,} · that turned: {len(left.turned):,}",
        f"scorecard {found.hashes[0][:12]} → {found.hashes[1][:12]}"
        + ("" if found.hashes[0] != found.hashes[1] else ": the same, bit for bit"),
        "AUC on the hold-out " + " → ".join("–" if each is None else f"{each:.4f}" for each in found.aucs),
    ]
    for line in lines:
        output.out.print(Text(printable(line)))
    table = Table("signal", "values", "points before", "after", box=None)
    for change in found.changes[:_SHOWN]:
        table.add_row(change.signal, Text(printable(change.values)), f"{change.before:+d}", f"{change.after:+d}")
    if found.changes:
        output.out.print(table, soft_wrap=False)
    if len(found.changes) > _SHOWN:
        output.out.print(f"and {len(found.changes) - _SHOWN:,} more")
    output.out.print(f"leads whose outcome by score changes: {len(found.affected):,}")
