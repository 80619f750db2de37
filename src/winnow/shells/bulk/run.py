"""One run over one file: open it, settle what the columns mean, put leads in order, decide, write, sum up."""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from winnow import bootstrap
from winnow.bootstrap import FileJob, Source
from winnow.config import Config
from winnow.core.mapping import Guess, LeadMapping, check_columns, guess, unused_columns
from winnow.core.ruleset import Ruleset
from winnow.errors import InvalidInputError
from winnow.ports import Chunk, Position
from winnow.shells.bulk.pool import Counting, make_screener, pieces
from winnow.shells.bulk.progress import Meter, meter
from winnow.shells.bulk.sinks import FileSink, StreamSink
from winnow.shells.bulk.summary import Summary
from winnow.shells.bulk.tally import Tally


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be screened; `guessed` is None when a map said what the columns are."""

    source: Source
    mapping: LeadMapping
    guessed: Guess | None
    ruleset: Ruleset
    job: FileJob

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns nothing is made from."""
        return unused_columns(self.mapping, self.source.columns)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked to be screened; `file` may be `-`."""

    file: str
    config: Config
    mapping: Path | None = None
    kind: str | None = None
    form: str = "csv"
    shadow: bool = False


def opened(request: Request) -> Opened:
    """Open the file and settle what its columns mean; raises InvalidInputError when nothing can be made of it."""
    written = bootstrap.load_mapping(request.mapping) if request.mapping else None
    source = bootstrap.open_source(
        request.file,
        written.csv if written else None,
        kind=request.kind,
        optional=written.optional if written else (),
    )
    try:
        guessed = None if written else guess(source.columns, source.sample())
        mapping = written or (guessed.mapping if guessed else LeadMapping({}))
        check_columns(mapping, source.columns)
        if not mapping.takes:
            raise InvalidInputError(
                "no column was recognised",
                where=source.name,
                fix=f"write a map, see docs/maps.md; the columns are {', '.join(source.columns[:12])}",
            )
        ruleset = bootstrap.load_ruleset(request.config.path("screen.ruleset"), request.config)
    except BaseException:
        source.close()
        raise
    job = FileJob(
        ruleset=ruleset.document,
        config=request.config,
        mapping=mapping,
        columns=source.columns,
        parser=source.parser,
        now=bootstrap.clock().now(),
        form=request.form,
        shadow=request.shadow,
    )
    return Opened(source, mapping, guessed, ruleset, job)


def history_of(file: Opened, console: Console, *, quiet: bool) -> Counting:
    """Counts for the leads in file order; a file that is not in time order is sorted by time first, on disk."""
    if "received_at" not in file.mapping.takes or _in_time_order(file, console, quiet=quiet):
        return bootstrap.SlidingHistory()
    screener = make_screener(file.job, bootstrap.SlidingHistory())
    with meter(console, file.source.size, "sorting by time", quiet=quiet) as progress:
        seen = (each for chunk in _metered(file.source.chunks(), progress.at) for each in screener.seen(chunk))
        return bootstrap.OrderedHistory(seen)


def _in_time_order(file: Opened, console: Console, *, quiet: bool) -> bool:
    latest = None
    with meter(console, None, "checking the order of leads", quiet=quiet):
        for moment in bootstrap.times_of(file.source, file.mapping):
            if moment is not None and latest is not None and moment < latest:
                return False
            latest = moment or latest
    return True


def _metered(chunks: Iterable[Chunk], progress: Meter) -> Iterator[Chunk]:
    for chunk in chunks:
        yield chunk
        progress.at(chunk.end.offset, 0)


def sink_for(file: Opened, path: Path | None, *, restart: bool) -> FileSink | StreamSink:
    """Where the decisions go; `path` None is standard output."""
    if path is None:
        if file.job.form == "parquet":
            raise InvalidInputError("Parquet cannot be written to standard output", fix="name a file with -o")
        return StreamSink(file.job, Path("stdin"))
    return FileSink(path, file.job, file.source, file.ruleset.hash, restart=restart)


def screened(file: Opened, sink: FileSink | StreamSink, workers: int, console: Console, *, quiet: bool) -> Summary:
    """Decide everything the sink does not hold yet, and sum up the whole."""
    history = history_of(file, console, quiet=quiet)
    tally = Tally.from_flat(sink.resumed.counts) if sink.resumed else Tally()
    start = _caught_up(file, sink, history, console, quiet=quiet)
    before, began = tally.decided, time.perf_counter()
    with meter(console, file.source.size, "screening", quiet=quiet) as progress:
        results = pieces(file.job, file.source.chunks(start), history, workers)
        with closing(results):
            for chunk, piece in results:
                tally.merge(piece.tally)
                sink.take(chunk, piece, tally)
                progress.at(chunk.end.offset, tally.decided - before)
    sink.commit()
    return Summary(
        tally=tally,
        ruleset_id=file.ruleset.id,
        ruleset_hash=file.ruleset.hash,
        output=sink.output,
        rejected=sink.rejected,
        seconds=time.perf_counter() - began,
        leads=tally.decided - before,
    )


def _caught_up(
    file: Opened, sink: FileSink | StreamSink, history: Counting, console: Console, *, quiet: bool
) -> Position | None:
    """Where to go on; history is told of everything before, which is decided already."""
    if sink.resumed is None:
        return None
    position = sink.resumed.position
    screener = make_screener(file.job, bootstrap.SlidingHistory())
    with meter(console, position.offset, "going on where it was interrupted: reading up to there", quiet=quiet) as progress:
        for chunk in file.source.chunks():
            if chunk.start.offset >= position.offset:
                break
            history.packed(screener.seen(chunk))
            progress.at(chunk.end.offset, 0)
    return position
