"""The decision log made public: its head signed, its entries put into files, its checkpoints handed to others.

Before a head is signed it is shown to continue everything that was signed before. If it does not, because somebody
changed the database or put an old backup in its place, nothing is signed any more until a person has looked at it:
two signed heads that contradict each other could never be taken back. And everything automatic is stopped, since nobody
knows which opt-outs, rules and stops are among what is missing.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from winnow.adapters.checkpoint_push import FileTarget, FolderTarget, Target, WebhookTarget, push
from winnow.adapters.db.checkpoints import Checkpoints, Signed
from winnow.adapters.keys import verify_signature
from winnow.adapters.outbound.client import Client
from winnow.bootstrap.delivering import outbound
from winnow.bootstrap.service import Service
from winnow.bootstrap.stopping import stop_for_broken_log
from winnow.core.tlog import EMPTY, Frontier, Head, frontier_at, node_reader, open_checkpoint, verify_entries
from winnow.errors import BrokenLogError, WinnowError

_log = logging.getLogger(__name__)

_PUSH_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a place has that checkpoints are pushed to: how many entries its last one counts, or why nobody knows.

    place: without what only this installation should know of an address
    """

    place: str
    size: int | None = None
    trouble: str | None = None


class Publisher:
    """Publishes the log of a service; its threads may share it.

    trouble: why nothing is signed any more; None while all is well
    push_trouble: place → why its last push failed
    """

    def __init__(self, service: Service) -> None:
        self.trouble: str | None = None
        self.push_trouble: dict[str, str] = {}
        self.folder = service.published
        self._service = service
        self._signer = service.keys.signer(service.origin)
        self._checkpoints = Checkpoints(service.engine, service.origin)
        self._verified: Frontier | None = None
        self._published = EMPTY
        self._pushed = -1
        self._guard = Lock()

    @property
    def newest(self) -> Signed | None:
        """The newest signed head; raises StoreAwayError."""
        return self._checkpoints.newest()

    def publish_now(self) -> Head:
        """Sign and publish the log as it is; returns the published head, which everything committed before is in.

        Raises:
            BrokenLogError: the log is not what was signed before; nothing is signed.
            StoreAwayError: the database cannot be read.
            WinnowError: the files cannot be written.
        """
        with self._guard, self._noting_trouble():
            if self._verified is None:
                self._verified = self._compared()
            grown = self._grown(self._verified)
            if grown.size > self._published.size:
                note = self._checkpoints.sign(grown.head, self._signer.sign_head, self._service.clock.now()).note
                self._published = self._opened(note)
                self.folder.publish(note, self._service.log.entries)
            self._verified = grown
            return self._published

    def look(self) -> None:
        """Hold the log against the longest head that was signed, wherever a copy is kept; for each start.

        Reads notes, and of a log that was published what came since. If the log is behind, or goes on from somewhere
        else, everything automatic is stopped before anything is decided; what cannot be read now is found by
        `publish_now`.
        """
        try:
            with self._guard, self._noting_trouble():
                there, longest = self._service.log.frontier(), self._longest()
                self._must_reach(longest.size, there)
                if there.size == longest.size and there.root != longest.root:
                    raise BrokenLogError(f"the log of {there.size} entries is not the one that was signed")
                if there.size > longest.size and self.folder.note() is not None:
                    self._grown(self._compared())
        except WinnowError as error:
            _log.warning("the log was not held against what was signed: %s", error)

    def push_now(self) -> int:
        """Hand the published checkpoint to every place it is to be copied to; how many took it.

        A place that fails does not keep others from theirs; what is wrong with it is in `push_trouble`, and raised as
        WinnowError once all were tried.
        """
        note = self.folder.note()
        head = EMPTY if note is None else self._opened(note)
        if note is None or head.size == self._pushed:
            return 0
        taken = 0
        self.push_trouble = {}
        for place, target in self._targets().items():
            try:
                taken += push(note, target, self._signer.key, verify_signature, self.folder.consistency_proof)
            except WinnowError as error:
                self.push_trouble[place] = str(error)
        if self.push_trouble:
            raise WinnowError("the checkpoint was not pushed", where="; ".join(self.push_trouble.values()))
        self._pushed = head.size
        return taken

    def pushed(self) -> list[Pushed]:
        """What every place of `log.push` accepted last, whichever process pushed it, and what failed in this one."""
        return [self._pushed_to(place, target) for place, target in self._targets().items()]

    def _pushed_to(self, place: str, target: Target) -> Pushed:
        shown, trouble = _without_secrets(place), self.push_trouble.get(place)
        try:
            note = target.last()
            size = None if note is None else self._opened(note).size
        except WinnowError as error:
            size, trouble = None, trouble or str(error)
        return Pushed(
            shown, size, None if trouble is None else trouble.removeprefix(f"{place}: ").replace(place, shown)
        )

    @contextmanager
    def _noting_trouble(self) -> Iterator[None]:
        """What a BrokenLogError says holds until a later try finds everything in order again."""
        try:
            yield
        except BrokenLogError as error:
            self._verified, self._published = None, EMPTY
            if self.trouble is None:
                _log.critical("the decision log is broken, and nothing is signed any more: %s", error)
            self.trouble = str(error)
            stop_for_broken_log(self._service, self._size_signed(), error.what)
            raise
        if self.trouble is not None:
            _log.warning("the decision log is in order again")
        self.trouble = None

    def _compared(self) -> Frontier:
        """The log up to the longest head that was ever signed, with every known one of them shown to lead there."""
        published = self.folder.checkpoint()
        base = published.head.size if published else 0
        reader = node_reader(base, self.folder.tile)
        heads = self._known_heads()
        for head in (each for each in heads if each.size <= base):
            if frontier_at(head.size, reader).root != head.root:
                raise BrokenLogError(f"the published files contradict the signed head of {head.size} entries")
        start = frontier_at(base, reader)
        longest = max((head.size for head in heads), default=base)
        entries = self._service.log.entries(base, longest)
        self._must_reach(longest)
        return verify_entries(entries, [head for head in heads if head.size > base], start)

    def _longest(self) -> Head:
        return max(self._known_heads(), key=lambda head: head.size, default=EMPTY)

    def _size_signed(self) -> int | None:
        """How many entries the longest head counts; None when even that cannot be told."""
        try:
            return self._longest().size
        except WinnowError:
            return None

    def _known_heads(self) -> list[Head]:
        """What was signed in this log's name, wherever a copy is kept that can be read."""
        notes = [self.folder.note()]
        newest = self._checkpoints.newest()
        notes.append(None if newest is None else newest.note)
        for place, target in self._targets().items():
            try:
                notes.append(target.last())
            except WinnowError as error:
                self.push_trouble[place] = str(error)
        return [self._opened(note) for note in notes if note is not None]

    def _opened(self, note: str) -> Head:
        return open_checkpoint(note, self._signer.key, verify_signature).head

    def _grown(self, verified: Frontier) -> Frontier:
        """The log as it is now, shown to continue what is verified."""
        there = self._service.log.frontier()
        self._must_reach(verified.size, there)
        grown = verified.extended(self._service.log.entries(verified.size, there.size))
        if grown.head != there.head:
            raise BrokenLogError(
                f"the entries from {verified.size} to {there.size} are not those that the head of the log counts",
                fix="run `winnow log verify`",
            )
        return grown

    def _must_reach(self, size: int, there: Frontier | None = None) -> None:
        found = (there or self._service.log.frontier()).size
        if found < size:
            raise BrokenLogError(
                f"the database has {found} entries, and {size} were signed: it was put back to an earlier state",
                fix="restore a newer backup; if there is none, see `Restored too old` in docs/log.md",
            )

    def _targets(self) -> Mapping[str, Target]:
        config, memory = self._service.config, self._service.folder / "pushed"
        places = config.texts("log.push")
        client = outbound(config) if any("://" in place for place in places) else None
        return {place: _target(place, client, memory) for place in places}


def _target(place: str, client: Client | None, memory: Path) -> Target:
    if client is not None and "://" in place:
        memory.mkdir(mode=0o700, exist_ok=True)
        return WebhookTarget(place, _Post(client), memory / sha256(place.encode()).hexdigest()[:32])
    path = Path(place)
    return FolderTarget(path) if place.endswith("/") or path.is_dir() else FileTarget(path)


def _without_secrets(place: str) -> str:
    """A folder or file as it is; of an address, whose path may be a secret, scheme and host."""
    if "://" not in place:
        return place
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.hostname}/…"


class _Post:
    """Posts a note by the same guarded way as webhooks; raises WinnowError unless it was accepted."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, url: str, body: bytes) -> None:
        answer = self._client.post(url, {"Content-Type": "text/plain; charset=utf-8"}, body, _PUSH_SECONDS)
        if not answer.accepted:
            what = f"the checkpoint was not accepted: {answer.problem}"
            raise WinnowError(what, where=url, fix="check log.push, and the other side")
