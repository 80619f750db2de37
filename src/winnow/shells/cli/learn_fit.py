"""`winnow learn fit`: from a labelled file to a model folder with a draft ruleset, a manifest and a card."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace as replaced
from pathlib import Path
from typing import Annotated

import typer

from winnow.bootstrap import fitting
from winnow.bootstrap.fit_request import Request
from winnow.core.declared import worded
from winnow.core.learning.card.document import card_document
from winnow.core.learning.card.filled import card_facts
from winnow.core.learning.feedback.caps import Caps
from winnow.core.learning.fitting.examined import Override
from winnow.core.learning.manifest import manifest_document
from winnow.core.numerals import SIGNS
from winnow.errors import InvalidInputError
from winnow.shells.cards import card_html, card_text
from winnow.shells.cli.console import output
from winnow.shells.cli.fit_lines import explain, report, tell_examined
from winnow.shells.cli.installation import Data as InstalledData
from winnow.shells.cli.installation import Store, installed
from winnow.shells.cli.options import AsJson, ConfigFile, Kind, Map, RulesetFile, settings
from winnow.shells.cli.stages import stages

INTERRUPTED = 130
_QUOTED = re.compile(r'\s*"((?:[^"]|"")+)"\s*(=)')
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
NotFor = Annotated[
    list[str] | None, typer.Option("--not-for", help="A further use the card rules out; may be repeated.")
]
Decimal = Annotated[
    str | None,
    typer.Option(help='"," or ".": what 1.234 and 1,234 mean in columns of your own that show it nowhere.'),
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
    not_for: NotFor = None,
    kind: Kind = None,
    decimal: Decimal = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model that is in the folder.")] = False,
    service: InstalledData = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Learn a scorecard from leads whose outcome is known.

    Older leads are learned from, the newest are set aside to show what that is worth. Columns that know the future are
    refused. What is written is a draft: nothing uses it before it is signed off. While learning is stopped in the
    installation (docs/stop.md), nothing is learned.
    """
    from winnow.bootstrap.training import allowed_trainer  # noqa: PLC0415  # a second other commands need not wait

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
        decimal=_sign(decimal),
    )
    trainer = allowed_trainer(installed(config, service, store))
    try:
        with stages(output) as progress:
            ready = fitting.prepared(request, progress)
        explain(ready)
        with stages(output) as progress:
            made = fitting.fit(ready, trainer, progress)
    except KeyboardInterrupt:
        output.say("interrupted: nothing was written")
        raise typer.Exit(INTERRUPTED) from None
    tell_examined(made)
    card = card_document(replaced(card_facts(made), not_for=tuple(not_for or ())))
    files = {**fitting.model_files(ready, made), "card.json": fitting.json_text(card)}
    fitting.save_model(folder, {**files, "card.html": card_html(card), "card.txt": card_text(card)})
    if as_json:
        output.data({"model": str(folder), "manifest": manifest_document(made), "quality": card["quality"]})
    else:
        report(made, card, folder)


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


def _sign(text: str | None) -> str | None:
    """A decimal sign somebody gave."""
    if text is not None and text not in SIGNS:
        raise InvalidInputError(f"`{text}` is no decimal sign", where="--decimal", fix='write "," or "."')
    return text


def _overrides(given: Sequence[str], by: str | None) -> tuple[Override, ...]:
    if given and not (by or "").strip():
        raise InvalidInputError("somebody must answer for using a refused column", where="--by", fix="name who")
    found = []
    for text in given:
        column, equals, reason = _parted(text)
        if not equals or not column.strip() or not reason.strip():
            raise InvalidInputError(
                f"`{text}` names no column and reason",
                where="--allow-leak",
                fix="write it like 'COLUMN=reason', or '\"A=B\"=reason' for a column called A=B",
            )
        found.append(Override(column.strip(), reason.strip(), (by or "").strip()))
    return tuple(found)


def _parted(text: str) -> tuple[str, str, str]:
    """Column, `=` and reason; a column whose name holds `=` stands in quotes, as in CSV."""
    quoted = _QUOTED.match(text)
    if quoted is None:
        return text.partition("=")
    return quoted[1].replace('""', '"'), quoted[2], text[quoted.end() :]
