"""One run over one file: open it, settle what the columns mean, put leads in order, decide, write, sum up."""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from winnow import bootstrap
from winnow.bootstrap import Chunk, FileJob, Position, Source
from winnow.config import Config
from winnow.core.mapping import Guess, LeadMapping, check_columns, guess, off_limits_columns, permitted, unused_columns
from winnow.core.ruleset import Ruleset
from winnow.errors import InvalidInputError, OutOfOrderError
from winnow.shells.bulk.pool import Counting, make_screener, pieces
from winnow.shells.bulk.progress import Meter, meter
from winnow.shells.bulk.sinks import FileSink, StreamSink
from winnow.shells.bulk.summary import Summary
from winnow.shells.bulk.tally import Tally
from winnow.shells.bulk.targets import check_target

#: A piece is held in memory, with all that is made of it, once for every worker.
_MOST_CHUNK_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be screened.

    mapping: without what is off limits · guessed: None when a map said what the columns are
    inputs: every file that is read · chunk_bytes: the size of the pieces it is screened in
    """

    source: Source
    mapping: LeadMapping
    guessed: Guess | None
    ruleset: Ruleset
    job: FileJob
    inputs: tuple[Path, ...]
    chunk_bytes: int

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns nothing is made from, besides those that are off limits."""
        unused = unused_columns(self.mapping, self.source.columns)
        return tuple(column for column in unused if column not in self.job.forbidden)

    def chunks(self, start: Position | None = None) -> Iterator[Chunk]:
        """Pieces of the file, from a position that was the end of another one."""
        return self.source.chunks(start, self.chunk_bytes)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked to be screened; `file` may be `-`."""

    file: str
    config: Config
    mapping: Path | None = None
    kind: str | None = None
    form: str = "csv"
    shadow: bool = False

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Every file that is read for it."""
        named = ["" if self.file == "-" else self.file, self.mapping]
        return (*[Path(path) for path in named if path], *self.config.files)


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
        return _settled(request, source, written)
    except BaseException:
        source.close()
        raise


def _settled(request: Request, source: Source, written: LeadMapping | None) -> Opened:
    ruleset = bootstrap.load_ruleset(request.config.path("screen.ruleset"), request.config)
    bootstrap.customers(request.config)  # what is wrong with the list is said before anything is begun
    guessed = None if written else guess(source.columns, source.sample())
    proposed = written or (guessed.mapping if guessed else LeadMapping({}))
    mapping = permitted(proposed, ruleset.policy.forbidden)
    check_columns(mapping, source.columns)
    if not mapping.takes:
        raise InvalidInputError(
            "no column was recognised, or all that were are off limits",
            where=source.name,
            fix=f"write a map, see docs/files.md; the columns are {', '.join(source.columns[:12])}",
        )
    job = FileJob(
        ruleset=ruleset.document,
        config=request.config,
        mapping=mapping,
        columns=source.columns,
        parser=source.parser,
        now=bootstrap.clock().now(),
        form=request.form,
        forbidden=off_limits_columns(proposed, source.columns, ruleset.policy.forbidden),
        shadow=request.shadow,
    )
    chunk_bytes = request.config.count("screen.chunk_bytes", most=_MOST_CHUNK_BYTES)
    return Opened(source, mapping, guessed, ruleset, job, request.inputs, chunk_bytes)


def history_of(file: Opened, console: Console, *, quiet: bool) -> Counting:
    """Counts for the leads in file order, whatever that order is; reads the times of all leads first."""
    if "received_at" not in file.mapping.takes or _in_time_order(file, console, quiet=quiet):
        return bootstrap.SlidingHistory()
    return _sorted_history(file, console, quiet=quiet)


def _sorted_history(file: Opened, console: Console, *, quiet: bool) -> Counting:
    """Counts for a file that is not in time order: its leads are sorted by time first, on disk."""
    screener = make_screener(file.job, bootstrap.SlidingHistory())
    with meter(console, file.source.size, "sorting by time", quiet=quiet) as progress:
        seen = (each for chunk in _metered(file.chunks(), progress) for each in screener.seen(chunk))
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
        name = "stdin" if file.source.name == "standard input" else Path(file.source.name).name
        return StreamSink(file.job, Path(name))
    check_target(path, file.inputs)
    return FileSink(path, file.job, file.source, file.ruleset.hash, restart=restart)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what is screened, where decisions go, how many processes, where progress is shown."""

    file: Opened
    sink: FileSink | StreamSink
    workers: int
    console: Console
    quiet: bool

    def summary(self) -> Summary:
        """Decide everything the sink does not hold yet, and sum up the whole.

        A file is taken to be in time order, as most are, until a lead proves otherwise; then it is sorted
        and the run begins again. What went to standard output cannot be taken back, so there it is known first.
        """
        began = time.perf_counter()
        if isinstance(self.sink, StreamSink):
            return self._screened(history_of(self.file, self.console, quiet=self.quiet), began)
        try:
            return self._screened(self._history_so_far(), began)
        except OutOfOrderError:
            self.sink.begin_again()
            return self._screened(self._sorted(), began)

    def _sorted(self) -> Counting:
        return _sorted_history(self.file, self.console, quiet=self.quiet)

    def _history_so_far(self) -> Counting:
        """A history that knows all leads that are decided already."""
        resumed = self.sink.resumed
        history: Counting = bootstrap.SlidingHistory()
        if resumed is None:
            return history
        try:
            self._tell(history, resumed.position)
        except OutOfOrderError:  # then the interrupted run had sorted them too
            history = self._sorted()
            self._tell(history, resumed.position)
        return history

    def _tell(self, history: Counting, until: Position) -> None:
        screener = make_screener(self.file.job, bootstrap.SlidingHistory())
        what = "going on where it was interrupted: reading up to there"
        with meter(self.console, until.offset, what, quiet=self.quiet) as progress:
            for chunk in self.file.chunks():
                if chunk.start.offset >= until.offset:
                    break
                history.packed(screener.seen(chunk))
                progress.at(chunk.end.offset, 0)

    def _screened(self, history: Counting, began: float) -> Summary:
        sink, source = self.sink, self.file.source
        tally = Tally.from_flat(sink.resumed.counts) if sink.resumed else Tally()
        start = sink.resumed.position if sink.resumed else None
        before = tally.decided
        with meter(
            self.console, source.size, "screening", begun=start.offset if start else 0, quiet=self.quiet
        ) as progress:
            results = pieces(sink.job, self.file.chunks(start), history, self.workers)
            with closing(results):
                for chunk, piece in results:
                    tally.merge(piece.tally)
                    sink.take(chunk, piece, tally)
                    progress.at(chunk.end.offset, tally.decided - before)
        sink.commit()
        return Summary(
            tally=tally,
            ruleset_id=self.file.ruleset.id,
            ruleset_hash=self.file.ruleset.hash,
            signals=len(self.file.ruleset.plan.signals),
            output=sink.output,
            rejected=sink.rejected,
            seconds=time.perf_counter() - began,
            leads=tally.decided - before,
        )
