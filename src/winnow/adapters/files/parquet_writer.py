"""Decisions as Parquet: finished JSON lines are turned into columns batch by batch, so memory stays constant.

Such a file cannot be appended to; keeping JSON lines until the end is what lets an interrupted run go on.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from winnow.adapters.files.parquet_reader import arrow_io
from winnow.core.outcome import Scope

if TYPE_CHECKING:
    from arro3.core import Schema

_BATCH = 8192
_ROW_GROUP = 65_536


def parquet_from_jsonl(lines: Path, target: Path) -> None:
    """Write what `format_jsonl` wrote as Parquet; raises MissingExtraError without the library."""
    arrow = arrow_io()
    reader = arrow.read_json(lines, decision_schema(), batch_size=_BATCH)
    arrow.write_parquet(reader, target, compression="zstd(3)", max_row_group_size=_ROW_GROUP)


def decision_schema() -> "Schema":
    """The columns of a decision, as in `document.decision_document`."""
    core = import_module("arro3.core")
    kind, column = core.DataType, core.Field
    text, texts = kind.string(), kind.list(column("item", kind.string(), nullable=True))
    reason = kind.struct(
        [
            column(name, kind.int64() if name == "points" else text)
            for name in ("code", "family", "points", "text", "source")
        ]
    )
    return core.Schema(  # type: ignore[no-any-return]  # imported by name, which mypy cannot follow
        [
            column("lead_id", text),
            column("outcome", text),
            column("probability", kind.float64()),
            column("score", kind.int64()),
            column("base", kind.int64()),
            column("threshold_band", text),
            column("decided_by", text),
            column("reasons", kind.list(column("item", reason, nullable=True))),
            column("scopes", kind.struct([column(scope.value, text) for scope in Scope])),
            column("unknown", texts),
            column("skipped_rules", texts),
            column("ruleset", kind.struct([column("id", text), column("hash", text)])),
            column("shadow", kind.bool()),
        ]
    )
