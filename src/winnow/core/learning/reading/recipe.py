"""How a study was read from a file, so that it can be read again: as plain data in the manifest of a model."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass

from winnow.core.declared import DeclaredSignal
from winnow.core.govern.off_limits import why_forbidden
from winnow.core.learning.reading.columns import forbidden_columns
from winnow.core.learning.reading.labels import Labels, Verdict
from winnow.core.mapping import LeadMapping, off_limits_columns
from winnow.core.ruleset_read import signal_from
from winnow.core.tables import Table
from winnow.errors import RefusedByPolicyError

#: How leads are put in order: by their time, by a number, by their place in the file.
BY_TIME, BY_NUMBER, BY_FILE = "time", "number", "place in the file"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What it takes to make a study of a file.

    signals: names of those to measure; None is all that the map can make known
    weight: the column of how much a label counts
    author, batch: the columns of who gave a label and what it came with; nothing is learned from them
    order: the column that orders leads; None is received_at, or none
    """

    labels: Labels
    mapping: LeadMapping
    declared: tuple[DeclaredSignal, ...]
    off_limits: frozenset[str]
    signals: frozenset[str] | None = None
    weight: str | None = None
    order: str | None = None
    author: str | None = None
    batch: str | None = None

    @property
    def ordered_by(self) -> str:
        """What puts the leads in order."""
        if self.order is not None:
            return BY_NUMBER
        return BY_TIME if "received_at" in self.mapping.takes else BY_FILE

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that leads are read from, and those that say whose their labels are."""
        return (*self.mapping.columns, *(each for each in (self.author, self.batch) if each is not None))


def recipe_document(recipe: Recipe, used: Sequence[str]) -> dict[str, object]:
    """The recipe without its map, which is a file of its own; `used` are the signals that were fitted."""
    labels = recipe.labels
    signed = {"author": recipe.author, "batch": recipe.batch}
    return {
        "target": {
            "column": labels.column,
            "name": labels.target,
            "meaning": {cell: str(verdict) for cell, verdict in sorted(labels.meaning.items())},
        },
        "weight": recipe.weight,
        **({} if recipe.author is None else {"labels": signed}),
        "order": {"by": recipe.ordered_by, "column": recipe.order},
        "off_limits": sorted(recipe.off_limits),
        "declared": [{**asdict(each), "reading": str(each.reading)} for each in recipe.declared],
        "used": list(used),
    }


def recipe_from(document: Mapping[str, object], mapping: LeadMapping) -> Recipe:
    """The recipe of such a document; raises InvalidRulesetError, with the place, when it is none."""
    table = Table(document)
    target, order = table.table("target"), table.table("order")
    meaning = target.table("meaning")
    signed = table.table("labels")
    return Recipe(
        labels=Labels(
            target.text("column"),
            target.text("name"),
            {cell: meaning.word(cell, Verdict, tuple(Verdict)) for cell in meaning.content},
        ),
        mapping=mapping,
        declared=tuple(signal_from(each) for each in table.tables("declared")),
        off_limits=frozenset(table.texts("off_limits")),
        signals=frozenset(table.texts("used")),
        weight=table.text("weight", "") or None,
        order=order.text("column", "") or None,
        author=signed.text("author", "") or None,
        batch=signed.text("batch", "") or None,
    )


def need_allowed(recipe: Recipe, off_limits: Set[str]) -> None:
    """Raise RefusedByPolicyError when a model was learned from what a policy puts off limits."""
    mapping = recipe.mapping
    columns = recipe.columns
    named = [*off_limits_columns(mapping, columns, off_limits), *forbidden_columns(columns, off_limits)]
    named += [each.field for each in recipe.declared if why_forbidden(each.field, frozenset(off_limits))]
    if named:
        raise RefusedByPolicyError(
            f"the model was learned from `{named[0]}`, which the policy puts off limits",
            where=mapping.name,
            fix="fit it again without, or have the policy changed by whoever owns it",
        )
