"""Where a run puts its decisions: files that appear whole and can be continued, or standard output."""

import sys
from pathlib import Path
from typing import Protocol

from winnow import bootstrap
from winnow.bootstrap import Checkpoint, FileJob, Source
from winnow.core.canonical import content_hash
from winnow.ports import Chunk
from winnow.shells.bulk.piece import Piece
from winnow.shells.bulk.tally import Tally


class Sink(Protocol):
    """Takes what became of each chunk, in order."""

    output: str | None
    rejected: str | None

    def take(self, chunk: Chunk, piece: Piece, tally: Tally) -> None:
        """Keep one piece; `tally` counts everything up to it."""
        ...

    def commit(self) -> None:
        """The run is complete."""
        ...

    def close(self) -> None:
        """Keep what is there, complete or not."""
        ...


class FileSink:
    """Decisions in a file, unreadable rows beside it, and a checkpoint after every piece."""

    def __init__(self, path: Path, job: FileJob, source: Source, ruleset_hash: str, *, restart: bool) -> None:
        self._path = path
        self._identity = (source.fingerprint, ruleset_hash, _settings(job))
        self.resumed = None if restart else self._earlier()
        form, finish = bootstrap.FORMATS[job.form], bootstrap.finisher(job.form)
        if self.resumed is None:
            self._file = bootstrap.OutputFile.start(path, form.header, finish)
        else:
            self._file = bootstrap.OutputFile.resume(path, self.resumed.output, finish)
        self._bad = bootstrap.RejectedRows(path, self.resumed.rejected if self.resumed else 0)
        self.output: str | None = str(path)
        self.rejected: str | None = None

    def _earlier(self) -> Checkpoint | None:
        found = bootstrap.load_checkpoint(self._path)
        return found if found is not None and found.continues(*self._identity) else None

    def take(self, chunk: Chunk, piece: Piece, tally: Tally) -> None:
        """Append, then note how far input and output have come."""
        self._file.write(piece.output)
        self._bad.write(bootstrap.format_rejected(piece.bad))
        position = bootstrap.Position(chunk.end.offset, chunk.end.line)
        checkpoint = Checkpoint(*self._identity, position, self._file.sync(), self._bad.sync(), tally.flat())
        bootstrap.save_checkpoint(self._path, checkpoint)

    def commit(self) -> None:
        """Give the files their names."""
        self.rejected = str(self._bad.path) if self._bad.position else None
        self._bad.commit()
        self._file.commit()
        bootstrap.remove_checkpoint(self._path)

    def close(self) -> None:
        """Keep the partial files, to be continued."""
        self._bad.close()
        self._file.close()


def _settings(job: FileJob) -> str:
    """Whatever else must be the same for a run to be continued."""
    told = {name: sourced.value for name, sourced in job.config.values.items() if name != "screen.workers"}
    return content_hash([repr(job.mapping), list(job.columns), job.form, job.shadow, told])


class StreamSink:
    """Decisions on standard output; unreadable rows still go to a file."""

    resumed = None

    def __init__(self, job: FileJob, rejected: Path) -> None:
        self._bad = bootstrap.RejectedRows(rejected)
        self.output: str | None = None
        self.rejected: str | None = None
        sys.stdout.buffer.write(bootstrap.FORMATS[job.form].header)

    def take(self, _chunk: Chunk, piece: Piece, _tally: Tally) -> None:
        """Pass it on."""
        sys.stdout.buffer.write(piece.output)
        self._bad.write(bootstrap.format_rejected(piece.bad))

    def commit(self) -> None:
        """Finish."""
        sys.stdout.buffer.flush()
        self.rejected = str(self._bad.path) if self._bad.position else None
        self._bad.commit()

    def close(self) -> None:
        """Keep the unreadable rows."""
        self._bad.close()
