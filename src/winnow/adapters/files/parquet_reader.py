"""Reading Parquet batch by batch. Its positions count rows, since bytes of such a file mean nothing by themselves."""

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from winnow.adapters.files.chunks import Chunk, Position
from winnow.adapters.files.jsonl_reader import flattened
from winnow.core.mapping.clean import storable
from winnow.core.mapping.rows import BadRow, RawRow
from winnow.errors import InvalidInputError, MissingExtraError

if TYPE_CHECKING:
    from arro3.core import RecordBatch, RecordBatchReader

_BATCH = 4096
_MAGIC = b"PAR1"
#: Magic, length of the footer, magic: less cannot be a Parquet file.
_LEAST = 12


def arrow_io() -> ModuleType:
    """The library that reads and writes Parquet; raises MissingExtraError when it is not installed."""
    try:
        return import_module("arro3.io")
    except ImportError:
        raise MissingExtraError(
            "reading and writing Parquet needs an extra", fix="run pip install 'winnow-crm[parquet]'"
        ) from None


class ParquetParser:
    """Parses chunks of one file; can be sent to another process."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns

    def rows(self, chunk: Chunk) -> Iterator[RawRow | BadRow]:
        """Every row of the chunk, in order; the line of a row is its number, from 1."""
        line = chunk.start.line
        for batch in arrow_io().read_ipc_stream(BytesIO(chunk.data)):
            for found in _objects(batch):
                cells = dict(flattened(found))
                yield RawRow(line, [storable(cells.get(column, "")) for column in self.columns])
                line += 1


def parquet_columns(path: Path) -> tuple[str, ...]:
    """The columns of a file: those of its schema, and one level of what its first rows nest."""
    columns: dict[str, None] = {}
    for batch in _batches(path):
        nested = {name for name in batch.column_names if _is_nested(batch, name)}
        found = [key for row in _objects(batch) for key, _ in flattened(row)]
        columns = dict.fromkeys(key for key in [*batch.column_names, *found] if key not in nested)
        break
    return tuple(columns)


def _is_nested(batch: "RecordBatch", name: str) -> bool:
    kind = batch.schema.field(name).type
    return import_module("arro3.core").DataType.is_nested(kind)  # type: ignore[no-any-return]  # imported by name, which mypy cannot follow


def parquet_chunks(path: Path, start: Position) -> Iterator[Chunk]:
    """The batches that follow `start`, each as an Arrow stream."""
    arrow, at = arrow_io(), 0
    for batch in _batches(path):
        end = at + batch.num_rows
        if end > start.offset:
            fresh = batch.slice(max(start.offset - at, 0))
            begin = Position(end - fresh.num_rows, end - fresh.num_rows + 1)
            stream = BytesIO()
            arrow.write_ipc_stream(fresh, stream)
            yield Chunk(begin, Position(end, end + 1), stream.getvalue())
        at = end


def _objects(batch: "RecordBatch") -> Iterator[dict[str, object]]:
    names = batch.column_names
    for values in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def _batches(path: Path) -> Iterator["RecordBatch"]:
    _check_ends(path)
    try:
        reader: RecordBatchReader = arrow_io().read_parquet(path, batch_size=_BATCH)
        yield from reader
    except BaseException as problem:
        # The library panics on broken files, and its panics are no ordinary exceptions.
        if isinstance(problem, MissingExtraError) or type(problem).__name__ not in _LIBRARY_FAULTS:
            raise
        raise _broken(path) from None


_LIBRARY_FAULTS = (
    "PanicException",
    "ArrowException",
    "Arro3IoError",
    "ParquetError",
    "ValueError",
    "OSError",
    "Exception",
)


def _check_ends(path: Path) -> None:
    """Refuse a file that was cut off, before the library stumbles over it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
        file.seek(max(size - 8, 0))
        footer = int.from_bytes(file.read(4), "little")
        tail = file.read(len(_MAGIC))
    if head != _MAGIC or tail != _MAGIC or not 0 < footer <= size - _LEAST:
        raise _broken(path)


def _broken(path: Path) -> InvalidInputError:
    return InvalidInputError("not a whole Parquet file", where=str(path), fix="write or copy it again")
