"""A table kept as a file, so that the next question about the same leads need not read and measure them again.

One column a signal, called after the signal and what its values mean, so that a file of an older edition is noticed.
It holds no field of a lead but its id; yet a signal over a field of an organisation's own is that field's content.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from winnow.adapters.whatif.table import Column, Numbers, Table, narrow
from winnow.core.facts import Facts
from winnow.errors import InvalidInputError, WinnowError

#: The first column; a reader refuses an edition it does not know.
_EDITION = "winnow past leads 1"
_SIGNAL, _GROUP, _MEANS = "signal ", "group ", " = "

_bearings = msgspec.json.Decoder(Facts)
_encoder = msgspec.json.Encoder(order="deterministic")

_TYPES: Mapping[str, type[pl.DataType]] = {
    "bool": pl.Boolean,
    "int": pl.Int64,
    "float": pl.Float64,
    "str": pl.String,
}


def keep_table(table: Table, path: Path) -> int:
    """Write a table as Parquet, or as Arrow IPC when the name ends in `.arrow`.

    Returns how many leads were left out: those that do not fit into columns, see `Table.whole`.
    """
    kept = table.having(np.setdiff1d(np.arange(len(table)), list(table.whole)))
    bearings = Column(tuple(_encoder.encode(each).decode() for each in kept.bearings), kept.bearing)
    columns = [
        pl.Series(_EDITION, kept.refs, pl.String),
        pl.Series("lead_id", kept.ids, pl.String),
        pl.Series("now", kept.now),
        pl.Series("outcome", kept.outcome),
        pl.Series("score", kept.score),
        pl.Series("truth", kept.truth),
        _series("source", kept.source, "str"),
        _series("decided_by", kept.decided_by, "str"),
        _series("bearing", bearings, "str"),
        *(_series(f"{_GROUP}{name}", column, "str") for name, column in kept.groups.items()),
        *(
            _series(f"{_SIGNAL}{name}{_MEANS}{kept.signals[name]}", column, kept.signals[name].split()[1])
            for name, column in kept.columns.items()
        ),
    ]
    frame = pl.DataFrame(columns)
    unfinished = path.with_name(f"{path.name}.partial")
    if path.suffix == ".arrow":
        frame.write_ipc(unfinished)
    else:
        frame.write_parquet(unfinished)
    unfinished.replace(path)
    return len(table.whole)


def _series(name: str, column: Column, kind: str) -> pl.Series:
    distinct = pl.Series(name, column.values, _TYPES[kind])
    return distinct.gather(column.codes.astype(np.uint32))


def load_table(path: Path) -> Table:
    """A table from a file; raises InvalidInputError when it is not one."""
    try:
        frame = pl.read_ipc(path) if path.suffix == ".arrow" else pl.read_parquet(path)
    except pl.exceptions.PolarsError as problem:
        raise WinnowError("this file cannot be read", where=str(path), fix="make it again with --keep") from problem
    if not frame.columns or frame.columns[0] != _EDITION:
        raise InvalidInputError("this is no file of past leads", where=str(path), fix="make one with --keep")
    named = {name: frame[name] for name in frame.columns}
    signals = dict(name.removeprefix(_SIGNAL).split(_MEANS, 1) for name in frame.columns if name.startswith(_SIGNAL))
    bearings = _column(named["bearing"])
    return Table(
        refs=named[_EDITION].to_list(),
        ids=named["lead_id"].to_list(),
        signals=signals,
        columns={name: _column(named[f"{_SIGNAL}{name}{_MEANS}{means}"]) for name, means in signals.items()},
        source=_column(named["source"]),
        groups={name.removeprefix(_GROUP): _column(named[name]) for name in named if name.startswith(_GROUP)},
        decided_by=_column(named["decided_by"]),
        bearings=tuple(_bearings.decode(str(each)) for each in bearings.distinct),
        bearing=bearings.codes,
        now=named["now"].to_numpy(),
        outcome=named["outcome"].to_numpy(),
        score=named["score"].to_numpy(),
        truth=named["truth"].to_numpy(),
        whole={},
    )


def _column(values: pl.Series) -> Column:
    if values.dtype == pl.Boolean:
        return Column((False, True), values.cast(pl.UInt8).fill_null(2).to_numpy())
    distinct = values.drop_nulls().unique().sort()
    if values.dtype == pl.String:
        codes = values.cast(pl.Enum(distinct)).to_physical().fill_null(len(distinct)).to_numpy()
        return Column(tuple(distinct.to_list()), narrow(codes, len(distinct) + 1))
    return Column(distinct.to_numpy(), _codes(values, distinct.to_numpy()))


def _codes(values: pl.Series, distinct: Numbers) -> Numbers:
    unknown = values.is_null().to_numpy()
    found = np.searchsorted(distinct, values.fill_null(0).to_numpy())
    return narrow(np.where(unknown, len(distinct), found), len(distinct) + 1)
