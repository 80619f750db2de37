"""Where a run puts its decisions: files that appear whole and can be continued, or standard output."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from winnow import __version__, bootstrap
from winnow.bootstrap import Checkpoint, Chunk, FileJob, Source
from winnow.core.canonical import content_hash
from winnow.shells.bulk.piece import Piece
from winnow.shells.bulk.tally import Tally


class Sink(Protocol):
    """Takes what became of each chunk, in order; `job` is what is done to them."""

    job: FileJob
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
        self.output: str | None = str(path)
        self.rejected: str | None = None
        self._begin(job, None if restart else self._earlier())

    def _begin(self, job: FileJob, resumed: Checkpoint | None) -> None:
        path, self.resumed = self._path, resumed
        self.job = replace(job, now=datetime.fromisoformat(resumed.now)) if resumed and resumed.now else job
        form, finish = bootstrap.FORMATS[job.form], bootstrap.finisher(job.form)
        if resumed is None:
            self._file = bootstrap.OutputFile.start(path, form.header, finish)
        else:
            self._file = bootstrap.OutputFile.resume(path, resumed.output, finish)
        try:
            if resumed is None:
                bootstrap.remove_checkpoint(path)
            self._bad = bootstrap.RejectedRows(path, resumed.rejected if resumed else 0)
        except BaseException:
            self._file.close()
            raise

    def begin_again(self) -> None:
        """Forget what was written."""
        self._bad.abort()
        self._file.abort()
        self._begin(self.job, None)

    def _earlier(self) -> Checkpoint | None:
        found = bootstrap.load_checkpoint(self._path)
        if found is None or not found.continues(*self._identity):
            return None
        rejected = bootstrap.rejected_path(self._path)
        whole = _holds(self._path, found.output) and (not found.rejected or _holds(rejected, found.rejected))
        return found if whole else None

    def take(self, chunk: Chunk, piece: Piece, tally: Tally) -> None:
        """Append, then note how far input and output have come."""
        self._file.write(piece.output)
        self._bad.write(bootstrap.format_rejected(piece.bad))
        written = self._file.sync(), self._bad.sync()
        checkpoint = Checkpoint(*self._identity, chunk.end, *written, tally.flat(), self.job.now.isoformat())
        bootstrap.save_checkpoint(self._path, checkpoint)

    def commit(self) -> None:
        """Give the files their names."""
        self._file.finish()
        self.rejected = str(self._bad.path) if self._bad.position else None
        self._bad.commit()
        self._file.commit()
        bootstrap.remove_checkpoint(self._path)

    def close(self) -> None:
        """Keep the partial files, to be continued."""
        self._bad.close()
        self._file.close()


def _holds(path: Path, size: int) -> bool:
    """Whether the unfinished file is still there, with all that a checkpoint vouches for."""
    partial = bootstrap.partial_path(path)
    return partial.is_file() and partial.stat().st_size >= size


def _settings(job: FileJob) -> str:
    """Whatever else must be the same for a run to be continued."""
    told = {name: sourced.value for name, sourced in job.config.values.items() if name != "screen.workers"}
    files = [bootstrap.fingerprint(path) for path in job.config.files]
    return content_hash([__version__, repr(job.mapping), list(job.columns), job.form, job.shadow, told, files])


class StreamSink:
    """Decisions on standard output; unreadable rows still go to a file."""

    resumed = None

    def __init__(self, job: FileJob, rejected: Path) -> None:
        self.job = job
        self._bad = bootstrap.RejectedRows(rejected)
        self.output: str | None = None
        self.rejected: str | None = None
        _print(bootstrap.FORMATS[job.form].header)

    def take(self, _chunk: Chunk, piece: Piece, _tally: Tally) -> None:
        """Pass it on."""
        _print(piece.output)
        self._bad.write(bootstrap.format_rejected(piece.bad))

    def commit(self) -> None:
        """Finish."""
        sys.stdout.buffer.flush()
        self.rejected = str(self._bad.path) if self._bad.position else None
        self._bad.commit()

    def close(self) -> None:
        """Keep the unreadable rows."""
        self._bad.close()


def _print(data: bytes) -> None:
    """Write all of it: standard output without a buffer (PYTHONUNBUFFERED) may take only a part at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]
