"""The rows that could not be read, in a file beside the decisions: none is lost, none is silently skipped."""

from collections.abc import Iterable
from pathlib import Path

from winnow.adapters.files.cells import csv_cell
from winnow.adapters.files.output import OutputFile, partial_path
from winnow.core.mapping.clean import storable
from winnow.core.mapping.rows import BadRow

_HEADER = b"line,reason,raw\n"


def rejected_path(output: Path) -> Path:
    """Where the unreadable rows of an output go."""
    return output.with_name(f"{output.name}.rejected-rows.csv")


def format_rejected(rows: Iterable[BadRow]) -> bytes:
    """Lines of CSV for unreadable rows; may run in any process."""
    lines = (f"{row.line},{csv_cell(storable(row.reason))},{csv_cell(storable(row.raw))}\n" for row in rows)
    return "".join(lines).encode()


class RejectedRows:
    """The file of unreadable rows, which exists only if there are any."""

    def __init__(self, output: Path, position: int = 0) -> None:
        """`position`: bytes to go on after, as a checkpoint says; 0 to begin anew."""
        self.path = rejected_path(output)
        self._file = OutputFile.resume(self.path, position) if position else None
        if not position:
            partial_path(self.path).unlink(missing_ok=True)

    @property
    def position(self) -> int:
        """Bytes written so far."""
        return self._file.position if self._file else 0

    def write(self, data: bytes) -> None:
        """Append what `format_rejected` gave."""
        if data:
            self._file = self._file or OutputFile.start(self.path, _HEADER)
            self._file.write(data)

    def sync(self) -> int:
        """Make sure that everything is on the disk, then tell the position."""
        return self._file.sync() if self._file else 0

    def commit(self) -> None:
        """Make the file appear; without any unreadable row, remove the one an earlier run left."""
        if self._file:
            self._file.commit()
        else:
            self.path.unlink(missing_ok=True)

    def abort(self) -> None:
        """Remove what was written."""
        if self._file:
            self._file.abort()

    def close(self) -> None:
        """Keep what was written, to be continued."""
        if self._file:
            self._file.close()
