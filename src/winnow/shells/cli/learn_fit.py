"""`winnow learn fit`: from a labelled file to a model folder with a draft ruleset, a manifest and a card."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from winnow.bootstrap import fitting
from winnow.bootstrap.fit_request import Request
from winnow.bootstrap.fitting import Prepared
from winnow.core.declared import worded
from winnow.core.learning.card.authors import MUCH
from winnow.core.learning.card.document import card_document
from winnow.core.learning.feedback.caps import Caps
from winnow.core.learning.feedback.safeguard import Safeguard
from winnow.core.learning.fitting.examined import Examined, Override, sources
from winnow.core.learning.manifest import Made, card_facts, manifest_document, protected_columns
from winnow.core.learning.reading.authorship import author_like
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError
from winnow.shells.cards import card_html, card_text
from winnow.shells.cli.author_lines import author_lines
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.options import AsJson, ConfigFile, Kind, Map, RulesetFile, settings
from winnow.shells.cli.stages import stages

INTERRUPTED = 130
_NAME = re.compile(r"[^A-Za-z0-9_.-]+")

Data = Annotated[str, typer.Argument(help="CSV, JSONL or Parquet file of leads whose outcome is known; - for stdin.")]
Target = Annotated[str, typer.Option("--target", help="Column that tells what became of each lead.")]
TargetAs = Annotated[
    str | None,
    typer.Option("--as", help="What is learned: junk, conversion or a name. [by the name of the column, or junk]"),
]
Truth = Annotated[
    str | None,
    typer.Option(
        "--truth", help='What its values mean: "spam=junk,won=converted"; junk, genuine, converted, lost, yes or no.'
    ),
]
Time = Annotated[str | None, typer.Option("--time", help="Column that says when leads came, or a number that grows.")]
Columns = Annotated[str | None, typer.Option("--columns", help="Learn from these columns only, by commas.")]
LeaveOut = Annotated[str | None, typer.Option("--leave-out", help="Columns not to learn from, by commas.")]
Weight = Annotated[str | None, typer.Option("--weight", help="Column of how much each label counts; blank is 1.")]
LabelAuthor = Annotated[
    str | None,
    typer.Option("--label-author", help="Column of who gave the label: nobody teaches more than the caps allow."),
]
LabelBatch = Annotated[
    str | None, typer.Option("--label-batch", help="Column of what the label came with, for taking a batch back later.")
]
Trusted = Annotated[
    list[str] | None, typer.Option("--trusted", help="Author who is not held to the share; may be repeated.")
]
AllowLeak = Annotated[
    list[str] | None,
    typer.Option("--allow-leak", help='COLUMN="reason": use a refused column; needs --by, and is on the card.'),
]
Directed = Annotated[str | None, typer.Option(help="Columns that may only add points the greater they are, by commas.")]


def fit(
    data: Data,
    target: Target,
    out: Annotated[Path | None, typer.Option("--output", "-o", help="Model folder to write. [NAME.model here]")] = None,
    mapping: Map = None,
    target_as: TargetAs = None,
    truth: Truth = None,
    time: Time = None,
    columns: Columns = None,
    leave_out: LeaveOut = None,
    weight: Weight = None,
    label_author: LabelAuthor = None,
    label_batch: LabelBatch = None,
    trusted: Trusted = None,
    ruleset: RulesetFile = None,
    author: Annotated[str, typer.Option(help="Who fits it.")] = "nobody named",
    owner: Annotated[str, typer.Option(help="Who answers for what it does.")] = "nobody yet",
    holdout: Annotated[
        float, typer.Option(min=0.05, max=0.5, help="Share of the leads, the newest, that is set aside.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="The same seed and data give the same model.")] = 1,
    pairs: Annotated[int, typer.Option(min=0, max=50, help="Most tables of two signals together.")] = 0,
    allow_leak: AllowLeak = None,
    by: Annotated[str | None, typer.Option(help="Who allows it.")] = None,
    rising: Directed = None,
    falling: Annotated[
        str | None, typer.Option(help="Columns that may only take points away the greater they are, by commas.")
    ] = None,
    kind: Kind = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model that is in the folder.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Learn a scorecard from leads whose outcome is known.

    Older leads are learned from, the newest are set aside to show what that is worth. Columns that know the future are
    refused. What is written is a draft: nothing uses it before it is signed off.
    """
    name = _NAME.sub("-", (out.name.removesuffix(".model") if out else Path(data).stem)).strip("-.") or "stdin"
    folder = out or Path(f"{name}.model")
    fitting.check_target(folder, replacing=replace)
    request = Request(
        data=data,
        target=target,
        name=name,
        author=author,
        owner=owner,
        config=settings(config, ruleset=ruleset),
        mapping=mapping,
        kind=kind,
        target_as=target_as,
        truth=truth,
        time=time,
        weight=weight,
        label_author=label_author,
        label_batch=label_batch,
        caps=_caps(label_author, label_batch, trusted or []),
        only=_listed(columns),
        left_out=_listed(leave_out),
        rising=_listed(rising),
        falling=_listed(falling),
        overrides=_overrides(allow_leak or [], by),
        holdout=holdout,
        seed=seed,
        pairs=pairs,
    )
    trainer = fitting.trainer()
    try:
        with stages(output) as progress:
            ready = fitting.prepared(request, progress)
        _explain(ready)
        with stages(output) as progress:
            made = fitting.fit(ready, trainer, progress)
    except KeyboardInterrupt:
        output.say("interrupted: nothing was written")
        raise typer.Exit(INTERRUPTED) from None
    _tell_examined(made)
    card = card_document(card_facts(made))
    files = {**fitting.model_files(ready, made), "card.json": fitting.json_text(card)}
    fitting.save_model(folder, {**files, "card.html": card_html(card), "card.txt": card_text(card)})
    if as_json:
        output.data({"model": str(folder), "manifest": manifest_document(made), "quality": card["quality"]})
    else:
        _report(made, card, folder)


def _listed(text: str | None) -> tuple[str, ...]:
    """Names between commas, as in a line of CSV: one that holds a comma stands in quotes."""
    parts = next(csv.reader([text or ""], skipinitialspace=True), [])
    return tuple(part.strip() for part in parts if part.strip())


def _caps(author: str | None, batch: str | None, trusted: Sequence[str]) -> Caps | None:
    """The usual caps when somebody says whose the labels are; spellings of one name are one."""
    if author is not None:
        return Caps(trusted=frozenset(worded(each) or "" for each in trusted))
    if batch is not None or trusted:
        fix = "name the column of their authors with --label-author"
        raise InvalidInputError("nothing says who gave the labels", where="--label-author", fix=fix)
    return None


def _overrides(given: Sequence[str], by: str | None) -> tuple[Override, ...]:
    if given and not (by or "").strip():
        raise InvalidInputError("somebody must answer for using a refused column", where="--by", fix="name who")
    found = []
    for text in given:
        column, equals, reason = text.partition("=")
        if not equals or not column.strip() or not reason.strip():
            raise InvalidInputError(
                f"`{text}` names no column and reason", where="--allow-leak", fix='write it like "COLUMN=reason"'
            )
        found.append(Override(column.strip(), reason.strip(), (by or "").strip()))
    return tuple(found)


def _explain(ready: Prepared) -> None:
    """Say what was taken for what: a guess is never silent."""
    labels, counts = ready.labels, ready.file.counts
    output.say(f"{ready.file.name}: {counts.rows:,} rows, {counts.labelled:,} with an outcome that counts")
    for cell, leads in sorted(ready.cells.items(), key=lambda each: -each[1])[:12]:
        output.say(f"  {labels.column} = {cell[:40]}: {leads:,} leads, {labels.counts_as(cell)}")
    if labels.assumed:
        output.say(f"WARNING: nothing says that yes in `{labels.column}` means junk; it is taken for that")
        output.say("  say --as conversion, or another name, if it means something else; --as junk if it is right")
    left = {
        "no outcome that counts": counts.unlabelled,
        "no time": counts.unordered,
        "not readable": counts.unreadable,
    }
    output.say("left out: " + (", ".join(f"{count:,} {why}" for why, count in left.items() if count) or "no row"))
    for complaint in counts.complaints:
        output.say(f"  {complaint}")
    output.say(f"order: {ready.timing.why}")
    if not ready.timing.real and ready.timing.number is None:
        output.say("WARNING: the order of the file is taken as the order of time, and the newest are set aside by it")
        choice = ", ".join(ready.timing.others) or "none was recognised"
        output.say(f"  say --time COLUMN if that is wrong; columns that hold times: {choice}")
    _tell_columns(ready)
    if ready.request.label_author is None:
        _hint([column.name for column in ready.settled.columns])


def _hint(columns: Sequence[str]) -> None:
    for column in author_like(columns):
        output.say(f"HINT: `{column}` looks like who gave the labels, and is treated like any other column")
        output.say(f'  with --label-author "{column}" nothing is learned from it, and nobody teaches the model alone')


def _tell_columns(ready: Prepared) -> None:
    """The columns that may be learned from one by one, the others by what is in the way."""
    table = Table.grid(padding=(0, 2))
    others: dict[str, list[str]] = {}
    for column in ready.settled.columns:
        if column.used:
            table.add_row(f"  {printable(column.name)}", column.kind, Text(printable(column.why), style="dim"))
        else:
            others.setdefault(_IN_THE_WAY.get(column.kind, column.why), []).append(column.name)
    output.say("columns (a map changes what they are taken for, see docs/files.md):")
    if not output.quiet:
        output.err.print(table, soft_wrap=False)
    for why, names in others.items():
        output.say(f"not learned from, {why}: {', '.join(names)}")


_IN_THE_WAY = {
    "constant": "the same for nearly every lead",
    "empty": "it says nothing",
    "id": "it names leads",
    "free text": "it is written freely",
}


def _tell_examined(made: Made) -> None:
    """What speaks against columns, and which of them the law may protect."""
    for each in made.examined:
        _tell(each, ", ".join(sources(each.signal, made.columns)) or "measured")
    if made.safeguard is not None:
        _tell_authors(made.safeguard, len(made.study) - made.split)
    protected = protected_columns(made.columns, made.used)
    if protected:
        output.say(f"WARNING: it was learned from {', '.join(protected)}, which the law may protect")
        output.say("  put them off limits in the policy, or leave them out with --leave-out")


def _tell_authors(found: Safeguard, holdout: int) -> None:
    """Whom the caps held, by name: this is for whoever answers for the system, and the card names nobody."""
    compared = " and ".join(["source", *found.by])
    output.say(
        f"labels of {found.authors:,} authors, compared on leads of the same {compared}: "
        f"{found.labels:,} labels to learn from count as {sum(found.weights):,.0f}"
    )
    for line in author_lines(found.examined, found.held, "segment"):
        output.say(f"  {line}")
    if found.unsigned:
        output.say(f"  {found.unsigned:,} labels name no author, are taken for a system's record and held to no cap")
    odd = found.holdout_by_outliers
    if odd >= max(1, MUCH * holdout):
        output.say(f"WARNING: {odd:,} of {holdout:,} labels set aside are by authors who judge unlike the others")
        output.say("  they are left as they are: look at them before you rely on what is measured with them")


def _report(made: Made, card: Mapping[str, Any], folder: Path) -> None:
    if not output.quiet:
        for paragraph in card["summary"]:
            output.out.print(Text(printable(paragraph["heading"]), style="bold"))
            for sentence in paragraph["sentences"]:
                output.out.print(Text(f"  {printable(sentence)}"))
    output.say(f"model: {folder}")
    output.say(f"look at {folder / 'card.html'} before anybody signs it off")
    if made.card.target == JUNK:
        draft = f"--map {folder / 'map.toml'} --ruleset {folder / 'ruleset.toml'}"
        output.say(f"next: winnow screen NEW.csv {draft} --shadow")


def _tell(each: Examined, column: str) -> None:
    """What the leak detector said of a signal, and what came of it."""
    if each.suspicion is None:
        return
    what = f"ALLOWED although it knows the future, {each.why}" if each.override else each.why
    output.say(f"{'' if each.used else 'REFUSED '}{column} ({each.signal}): {what}")
    for evidence in each.suspicion.evidence:
        output.say(f"  {evidence}")
