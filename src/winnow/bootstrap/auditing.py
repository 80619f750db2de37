"""Wiring of whoever checks the log: everything on record held against everything that was ever signed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from winnow.adapters.db.audit import check_records
from winnow.adapters.db.checkpoints import Checkpoints
from winnow.adapters.keys import verify_signature
from winnow.adapters.tiles import TileFolder
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import Service
from winnow.core.tlog import (
    Frontier,
    Head,
    first_bad_entry,
    frontier_at,
    node_reader,
    open_checkpoint,
    verifier_key,
    verify_entries,
)
from winnow.errors import BrokenLogError, InvalidInputError, WinnowError

#: Told what is looked at and how many entries of it are done.
Progress = Callable[[str, int], None]

_TELL_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in order: from which entry to before which, signed heads, published entries, records.

    root: of all entries, in hexadecimal digits
    """

    start: int
    size: int
    heads: int
    published: int
    records: int | None
    root: str


def verify_log(
    service: Service, since: str | None = None, *, records: bool = False, progress: Progress = lambda _what, _done: None
) -> Verified:
    """Recompute the log from the entries in the database and hold it against every signed head and published file.

    Args:
        service: whose log it is.
        since: a signed checkpoint up to which somebody has verified it before; what came before it is not read again.
        records: also hold every sealed record against its entry.
        progress: told what is going on.

    Raises BrokenLogError at the first thing that does not fit.
    """
    heads = _signed_heads(service)
    start = _start(service, since)
    end = service.log.frontier()
    if end.size < start.size:
        what = f"the log has {end.size} entries, and the checkpoint counts {start.size}"
        raise BrokenLogError(what, fix="it was cut off or restored from an old backup")
    entries = _told(service.log.entries(start.size, end.size), progress, "entries")
    ahead = [head for head in heads if head.size >= start.size]
    reached = verify_entries(entries, ahead, start)
    if reached.head != end.head:
        raise BrokenLogError("the entries are not those that the head of the log counts", fix="restore a backup")
    published = _check_published(service, start.size, progress)
    checked = None
    if records:
        for checked in check_records(service.engine, service.vault, start.size, end.size):
            progress("records", checked)
    return Verified(start.size, end.size, len(ahead), published, checked, reached.head.root.hex())


def first_changed(service: Service) -> int | None:
    """The first entry that is not the one that was published; None when all are, or the files are no help.

    Raises WinnowError when the files cannot be read.
    """
    note = service.published.note()
    if note is None:
        return None
    head = _opened(service, note)
    if frontier_at(head.size, node_reader(head.size, service.published.tile)).head != head:
        return None
    return first_bad_entry(service.log.entries(0, head.size), service.published.leaf_hashes(0, head.size))


def export_log(service: Service, folder: Path) -> Head:
    """Publish the log as it is into another folder, which may hold an earlier export; returns what it has then."""
    publisher = Publisher(service)
    publisher.publish_now()
    note = service.published.note()
    if note is None:
        raise WinnowError("the log is empty", fix="decide a lead first")
    TileFolder(folder).publish(note, service.log.entries)
    return _opened(service, note)


def _signed_heads(service: Service) -> list[Head]:
    """Those of this log. One of an earlier name says nothing about it, but its signature must be good all the same."""
    kept = Checkpoints(service.engine, service.origin)
    notes = kept.all_notes()
    for note in kept.of_other_names():
        open_checkpoint(note, service.keys.signer(note.partition("\n")[0]).key, verify_signature)
    published = service.published.note()
    return [_opened(service, note) for note in (*notes, *([published] if published else []))]


def _opened(service: Service, note: str) -> Head:
    return open_checkpoint(note, verifier_key(service.log_key), verify_signature).head


def _start(service: Service, since: str | None) -> Frontier:
    """Where reading begins; the published files lead from a checkpoint to what is needed to go on."""
    if since is None:
        return Frontier()
    head = _opened(service, since)
    published = service.published.checkpoint()
    if published is None or published.head.size < head.size:
        raise InvalidInputError("the published log does not reach that checkpoint", fix="leave out --since")
    start = frontier_at(head.size, node_reader(published.head.size, service.published.tile))
    if start.head != head:
        raise BrokenLogError(
            f"the published log contradicts the checkpoint of {head.size} entries", fix="compare it with a copy"
        )
    return start


def _check_published(service: Service, start: int, progress: Progress) -> int:
    """How many entries the published files hold, each of them shown to be that of the database."""
    checkpoint = service.published.checkpoint()
    size = checkpoint.head.size if checkpoint else 0
    if checkpoint is None or size <= start:
        return size
    if frontier_at(size, node_reader(size, service.published.tile)).head != checkpoint.head:
        what = "the published hashes do not lead to the published checkpoint"
        raise BrokenLogError(what, fix="remove the files and publish the log again")
    hashes = _told(service.published.leaf_hashes(start, size), progress, "published files")
    bad = first_bad_entry(service.log.entries(start, size), hashes, start)
    if bad is None:
        for stored, shown in zip(service.log.entries(start, size), service.published.entries(start, size), strict=True):
            if stored != shown:
                bad = start
                break
            start += 1
    if bad is not None:
        raise BrokenLogError("this entry is not the one that was published", where=f"entry {bad}", fix="restore it")
    return size


def _told(items: Iterable[bytes], progress: Progress, what: str) -> Iterator[bytes]:
    for done, item in enumerate(items, 1):
        yield item
        if done % _TELL_EVERY == 0:
            progress(what, done)
