"""Several processes screen one file: chunks go out and come back in order, history stays in one place.

A worker asks and is answered, one message at a time, so nobody ever waits for somebody who waits for him:
it asks for a chunk, splits it into leads, asks how often their values were seen before, decides, and hands
over the result. The counts are given out strictly in the order of the chunks, whichever worker is faster:
that makes the result the same for any number of workers.
"""

import gc
import multiprocessing
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Protocol

from winnow import bootstrap
from winnow.bootstrap import Chunk, FileJob
from winnow.core.facts import History, Seen
from winnow.errors import WinnowError
from winnow.ports import HistorySource
from winnow.shells.bulk.piece import Piece, PieceScreener


class Counting(Protocol):
    """History kept by the run: counts in packed form, for leads given strictly in the order of the file."""

    def packed(self, batch: Sequence[Seen]) -> bytes:
        """The counts of the next leads."""
        ...


Done = tuple[Chunk, Piece]


def pieces(job: FileJob, chunks: Iterable[Chunk], history: Counting, workers: int) -> Generator[Done]:
    """Every chunk with what became of it, in the order of the chunks."""
    if workers == 1:
        return _here(job, chunks, history)
    return _Pool(job, chunks, history).results(workers)


def _here(job: FileJob, chunks: Iterable[Chunk], history: Counting) -> Generator[Done]:
    screener = local_screener(job, history)
    with _collector_spared():
        for chunk in chunks:
            yield chunk, screener.screened(chunk)
            gc.collect(0)


@contextmanager
def _collector_spared() -> Iterator[None]:
    """Leads, facts and decisions hold no cycles: looking for some every few leads costs a fifth and finds none.

    What little else is left over is collected between pieces, when these are gone.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def make_screener(job: FileJob, history: HistorySource) -> PieceScreener:
    """The screener of one process."""
    parts = bootstrap.file_parts(job, history)
    return PieceScreener(parts.rows, parts.read, parts.seen, parts.screener, parts.write, parts.excerpts)


def local_screener(job: FileJob, history: Counting) -> PieceScreener:
    """The screener of a run without further processes."""
    return make_screener(job, _Local(history))


@dataclass(slots=True)
class _Local:
    history: Counting

    def counts(self, batch: Sequence[Seen]) -> Sequence[History]:
        return bootstrap.unpacked(self.history.packed(batch))


# ── The worker's side ─────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Remote:
    """History that is asked for over the wire."""

    wire: Connection

    def counts(self, batch: Sequence[Seen]) -> Sequence[History]:
        self.wire.send(("seen", list(batch)))
        return bootstrap.unpacked(self.wire.recv_bytes())


def _work(job: FileJob, wire: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    try:
        screener = make_screener(job, _Remote(wire))
        wire.send(("ready", None))
        with _collector_spared():
            while (chunk := wire.recv()) is not None:
                wire.send(("done", screener.screened(chunk)))
                gc.collect(0)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone
    except Exception as problem:  # noqa: BLE001  # whatever it was, the parent must hear of it
        with suppress(OSError):
            wire.send(("failed", _as_expected(problem)))


def _as_expected(problem: Exception) -> WinnowError:
    """An error as the parent raises it: a defect is told apart from what a user can mend."""
    if isinstance(problem, WinnowError):
        return problem
    what = f"a worker process failed: {type(problem).__name__}: {problem}"
    return WinnowError(what, fix="please report this as a defect")


# ── The parent's side ─────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Pool:
    job: FileJob
    chunks: Iterable[Chunk]
    history: Counting
    waiting: dict[int, tuple[Connection, list[Seen]]] = field(default_factory=dict)
    finished: dict[int, Done] = field(default_factory=dict)
    at_work: dict[Connection, tuple[int, Chunk]] = field(default_factory=dict)
    counted: int = 0
    returned: int = 0

    def results(self, workers: int) -> Generator[Done]:
        numbered = enumerate(self.chunks)
        processes = [_start(self.job) for _ in range(workers)]
        wires = [wire for _, wire in processes]
        try:
            while wires:
                for wire in wait(wires):
                    if not self._served(wire, numbered):  # type: ignore[arg-type]  # we wait for connections only
                        wires.remove(wire)  # type: ignore[arg-type]  # as above
                yield from self._in_order()
        finally:
            for process, wire in processes:
                wire.close()
                process.terminate()
                process.join()

    def _served(self, wire: Connection, numbered: Iterator[tuple[int, Chunk]]) -> bool:
        """Answer one message; False when there is no more work for its sender."""
        try:
            kind, content = wire.recv()
        except (EOFError, ConnectionResetError):
            raise _died() from None
        if kind == "failed":
            raise content
        if kind == "seen":
            self.waiting[self.at_work[wire][0]] = (wire, content)
            self._count()
            return True
        if kind == "done":
            number, chunk = self.at_work.pop(wire)
            self.finished[number] = (chunk, content)
        return self._given(wire, numbered)

    def _given(self, wire: Connection, numbered: Iterator[tuple[int, Chunk]]) -> bool:
        following = next(numbered, None)
        with _lively():
            wire.send(following[1] if following else None)
        if following:
            self.at_work[wire] = following
        return following is not None

    def _count(self) -> None:
        """Answer the workers whose turn it is."""
        while self.counted in self.waiting:
            wire, batch = self.waiting.pop(self.counted)
            packed = self.history.packed(batch)
            with _lively():
                wire.send_bytes(packed)
            self.counted += 1

    def _in_order(self) -> Iterator[Done]:
        while self.returned in self.finished:
            yield self.finished.pop(self.returned)
            self.returned += 1


@contextmanager
def _lively() -> Iterator[None]:
    """Somebody listens at the other end, or the run stops."""
    try:
        yield
    except (BrokenPipeError, ConnectionResetError):
        raise _died() from None


def _died() -> WinnowError:
    fix = "run the same command again to resume, with fewer workers if memory is short"
    return WinnowError("a worker process died", fix=fix)


def _start(job: FileJob) -> tuple[SpawnProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(job, theirs), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    theirs.close()
    return process, ours


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process started in here ignores Ctrl-C from its first moment on."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
