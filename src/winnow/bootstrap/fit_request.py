"""What somebody asked to be learned, before anything was looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from winnow.config import Config
from winnow.core.learning.feedback.caps import Caps
from winnow.core.learning.fitting.examined import Override
from winnow.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked to be learned.

    target_as: `junk`, `conversion` or a name; None leaves it to the column's name · truth: what its values mean
    label_author, label_batch: columns of who gave a label and what it came with · caps: how much anybody may weigh
    decimal: sign of numbers that do not show it themselves
    only, left_out: columns · rising, falling: columns or signals
    """

    data: str
    target: str
    name: str
    author: str
    owner: str
    config: Config
    mapping: Path | None = None
    kind: str | None = None
    target_as: str | None = None
    truth: str | None = None
    time: str | None = None
    weight: str | None = None
    label_author: str | None = None
    label_batch: str | None = None
    caps: Caps | None = None
    only: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    holdout: float = 0.2
    seed: int = 1
    decimal: str | None = None
    pairs: int = 0

    @property
    def roles(self) -> dict[str, str]:
        """What the columns are that are no part of a lead; nothing is learned from them.

        Raises InvalidInputError when a column is asked to say who labelled and something else.
        """
        found = {self.target: "target"}
        for column, role in (
            (self.weight, "weight"),
            (self.label_author, "author of the label"),
            (self.label_batch, "batch of the label"),
        ):
            if column is None:
                continue
            if column in found and role != "weight":
                what = f"`{column}` cannot be the {role}: it is the {found[column]}"
                raise InvalidInputError(what, fix="name another column, or leave the option out")
            found.setdefault(column, role)
        return found

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Every column somebody named, with the option that names it."""
        for where, column in (
            ("--target", self.target),
            ("--time", self.time),
            ("--weight", self.weight),
            ("--label-author", self.label_author),
            ("--label-batch", self.label_batch),
        ):
            if column is not None:
                yield where, column
        yield from (("--columns", column) for column in self.only)
        yield from (("--leave-out", column) for column in self.left_out)
