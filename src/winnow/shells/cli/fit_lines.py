"""What `winnow learn fit` says: what was taken for what, what speaks against columns, and what came out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from winnow.bootstrap.fitting import Prepared
from winnow.core.learning.card.authors import MUCH
from winnow.core.learning.card.repeated import TELLING
from winnow.core.learning.feedback.safeguard import Safeguard
from winnow.core.learning.fitting.examined import Examined, sources
from winnow.core.learning.made import Made
from winnow.core.learning.reading.authorship import author_like
from winnow.core.learning.reading.cells import FREE_TEXT
from winnow.core.learning.reading.columns import message_line
from winnow.core.learning.reading.copies import Copies
from winnow.core.scorecard import JUNK
from winnow.shells.cli.author_lines import author_lines
from winnow.shells.cli.console import output, printable


def explain(ready: Prepared) -> None:
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
        many = ":" if ready.timing.others else " with --time COLUMN; none was recognised by its cells"
        output.say(f"  if that is wrong, say which column is the time of the lead{many}")
        for each in ready.timing.others:
            output.say(f"  `{each.column}` holds times ({each.why}): {each.say}")
    _tell_columns(ready)
    for ids in ready.ids:
        output.say(
            f"WARNING: {ids.ids:,} ids in `{ids.column}` stand in {ids.rows:,} rows, such as "
            f"`{ids.of[:40]}` in {ids.most:,}: is a lead there more than once?"
        )
    _hint_texts(ready)
    if ready.request.label_author is None:
        _hint([column.name for column in ready.settled.columns])


def _hint_texts(ready: Prepared) -> None:
    """How a column of texts is learned from, where no other is the message."""
    if "message" not in ready.before.takes:
        for column in ready.settled.columns:
            if column.kind == FREE_TEXT and not column.field:
                line = message_line(column.name)
                output.say(f"HINT: the text signals read `{column.name}` when a map (--map FILE) has the line {line}")


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


def tell_examined(made: Made) -> None:
    """What speaks against columns, and which of them the law may protect."""
    for each in made.examined:
        _tell(each, ", ".join(sources(each.signal, made.columns)) or "measured")
    if made.copies is not None:
        _tell_copies(made.copies, len(made.study) - made.split)
    if made.safeguard is not None:
        _tell_authors(made.safeguard, len(made.study) - made.split)
    protected = made.protected
    if protected:
        output.say(f"WARNING: it was learned from {', '.join(protected)}, which the law may protect")
        output.say("  put them off limits in the policy, or leave them out with --leave-out")


def _tell_copies(found: Copies, holdout: int) -> None:
    """How much of what was learned from is there more than once."""
    if not found.repeats:
        return
    warning = "WARNING: " if found.share >= TELLING or found.seen else ""
    output.say(
        f"{warning}{found.repeats:,} of {found.leads:,} leads ({found.share:.1%}) repeat another one in every column "
        f"that is used but id and time; the most frequent, `{found.of[:40]}`, is there {found.most:,} times"
    )
    if found.seen:
        output.say(f"  {found.seen:,} of the {holdout:,} leads set aside repeat one that is learned from")
    output.say("  they are learned from as they are, and `learn certify` counts each lead once; take copies out,")
    output.say("  or have a map name what tells people apart (email, phone, name, message) if they are no copies")


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


def report(made: Made, card: Mapping[str, Any], folder: Path) -> None:
    """Print the summary of the card, and say where the model is and what to do with it."""
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
