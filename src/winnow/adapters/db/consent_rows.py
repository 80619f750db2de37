"""Makes the rows of what was told about contact, for whoever records it: the ledger itself, or leads that say it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from winnow.adapters.db import log
from winnow.adapters.db.consent_tables import consent_addresses, consent_events
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.rows import Row, insert_missing, insert_rows, rows_of
from winnow.adapters.db.tables import events, subject_keys
from winnow.adapters.db.vault import Vault, sealed
from winnow.core.govern.consent import DENIALS, Act, Capture, ConsentEvent
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told

#: What the log calls what was told.
KIND = "consent.recorded"

#: Either database takes a statement of so many numbers.
AT_ONCE = 5_000

_COLUMNS = "subject, id, act, channel, purpose, basis, wording, captured_by, how, occurred_at, received_at, expires_at"
_LINKS = "SELECT subject, other FROM identity_links WHERE subject IN ({})"
_ALL_LINKS = "SELECT subject FROM identity_links LIMIT {}"
#: Of how many addresses asked for one has to be linked, that asking for each is quicker than reading all links.
_FEW = 8
_KEYS = "SELECT subject, wrapped FROM subject_keys WHERE subject IN ({})"
_EVENTS = f"SELECT {_COLUMNS} FROM consent_events WHERE subject IN ({{}})"  # noqa: S608  # names of our own


#: By their values, which is three times as fast as asking each for its member.
_ACTS, _CHANNELS = {each.value: each for each in Act}, {each.value: each for each in Channel}
_CAPTURES = {each.value: each for each in Capture}


def subject_of_address(vault: Vault, address: Address) -> int:
    """The keyed hash that stands for an address."""
    kind = "consent e-mail" if address.kind is AddressKind.EMAIL else "consent phone"
    return vault.hashed(kind, address.text)


def written_out(subjects: Iterable[int]) -> str:
    """Numbers of our own making, in the order in which they lie in the tables."""
    return ",".join(map(str, sorted(set(subjects))))


def parts_of(subjects: Iterable[int]) -> Iterator[str]:
    """The same of very many, AT_ONCE at a time."""
    some = sorted(dict.fromkeys(subjects))  # what is in order already is not shuffled first
    for start in range(0, len(some), AT_ONCE):
        yield ",".join(map(str, some[start : start + AT_ONCE]))


def events_of(connection: Connection, subjects: Sequence[int]) -> dict[int, list[ConsentEvent]]:
    """What counts for some addresses, AT_ONCE at most; without evidence."""
    found: dict[int, list[ConsentEvent]] = {}
    if subjects:
        for row in rows_of(connection, _EVENTS.format(written_out(subjects))):
            found.setdefault(row[0], []).append(event_of(row))
    return found


def event_of(row: Sequence[Any], evidence: str | None = None) -> ConsentEvent:
    """An event from the columns that are read of it."""
    subject, number, act, channel, purpose, basis, wording, by, how, occurred, received, expires = row
    return ConsentEvent(
        number,
        subject,
        _ACTS[act],
        channel and _CHANNELS[channel],
        purpose,
        basis,
        wording,
        evidence,
        by,
        _CAPTURES[how],
        None if occurred is None else moment(occurred),
        moment(received),
        None if expires is None else moment(expires),
    )


def together(connection: Connection, subjects: Iterable[int]) -> dict[int, set[int]]:
    """All addresses that are the same person's, for each of some; itself among them."""
    known = set(subjects)
    edges: list[tuple[int, int]] = []
    new = set(known)
    while new:  # one question for each step of the longest chain, mostly one
        some, new = list(new), set()
        for start in range(0, len(some), AT_ONCE):
            edges += rows_of(connection, _LINKS.format(written_out(some[start : start + AT_ONCE])))
        new = {other for _, other in edges} - known
        known |= new
    return _joined(known, edges)


def linked(connection: Connection, subjects: Sequence[int]) -> dict[int, set[int]]:
    """Those of some addresses that are linked with others, each with all addresses that are the same person's."""
    most = len(subjects) // _FEW
    some = rows_of(connection, _ALL_LINKS.format(most + 1)) if most else []
    if not most or len(some) > most:
        some = [row for part in parts_of(subjects) for row in rows_of(connection, _LINKS.format(part))]
    found = {row[0] for row in some}.intersection(subjects)
    return {subject: group for subject, group in together(connection, found).items() if subject in found}


def _joined(known: Iterable[int], edges: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    groups = {subject: {subject} for subject in known}
    for one, other in edges:
        if groups[one] is not groups[other]:
            larger, smaller = sorted((groups[one], groups[other]), key=len, reverse=True)
            larger |= smaller
            groups.update(dict.fromkeys(smaller, larger))
    return groups


@dataclass(slots=True)
class ConsentRows:
    """What one transaction inserts about contact; `vault`, `connection`: of the transaction."""

    vault: Vault
    connection: Connection
    events: list[Row] = field(default_factory=list)
    noted: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    new_keys: list[Row] = field(default_factory=list)
    _keys: dict[int, bytes] = field(default_factory=dict)
    _groups: dict[int, set[int]] = field(default_factory=dict)

    def prepare(self, told: Sequence[Told]) -> None:
        """Read once what all of them need."""
        subjects = {self.subject(each) for each in told}
        self._groups |= together(self.connection, {self.subject(each) for each in told if each.act in DENIALS})
        for start in range(0, len(subjects), AT_ONCE):
            some = sorted(subjects)[start : start + AT_ONCE]
            for subject, wrapped in rows_of(self.connection, _KEYS.format(written_out(some))):
                self._keys[subject] = self.vault.unwrapped(subject, wrapped)

    def subject(self, told: Told) -> int:
        """The keyed hash of the address it is about."""
        return told.about if isinstance(told.about, int) else subject_of_address(self.vault, told.about)

    def add(self, journal: log.Journal, number: int, told: Told, actor: str, now: datetime) -> log.Entry:
        """The rows of one event under the number of its leaf, and the leaf."""
        subject = self.subject(told)
        if isinstance(told.about, Address):
            kept = sealed(self.key_of(subject), told.about.text.encode("utf-8", "surrogatepass"), subject)
            self.addresses.append((subject, told.about.kind.value, kept))
        evidence = None
        if told.evidence is not None:
            evidence = sealed(self.key_of(subject), told.evidence.encode("utf-8", "surrogatepass"), number)
        counts_for = sorted(self._groups.get(subject, {subject})) if told.act in DENIALS else [subject]
        self.events += [_row(each, number, subject, told, actor, now, evidence) for each in counts_for]
        said = {**_document(told, evidence), "subjects": [str(each) for each in counts_for]}
        leaf, row = journal.written(number, log.Change(KIND, actor, str(subject), said), now)
        self.noted.append(row)
        return leaf

    def key_of(self, subject: int) -> bytes:
        """The key that what is personal of an address is sealed with."""
        key = self._keys.get(subject)
        if key is None:
            key, wrapped = self.vault.new_key(subject)
            self._keys[subject] = key
            self.new_keys.append((subject, wrapped))
        return key

    def write(self) -> None:
        """Insert everything but the leaves."""
        insert_rows(self.connection, subject_keys, self.new_keys)
        insert_rows(self.connection, consent_events, self.events)
        insert_rows(self.connection, events, self.noted)
        insert_missing(self.connection, consent_addresses, list({row[0]: row for row in self.addresses}.values()))


def _row(  # noqa: PLR0913, PLR0917  # the parts of one row
    subject: int, number: int, told_of: int, told: Told, actor: str, now: datetime, evidence: bytes | None
) -> Row:
    how = told.how if subject == told_of else Capture.MERGE
    return (
        subject,
        number,
        told_of,
        told.act.value,
        None if told.channel is None else told.channel.value,
        told.purpose,
        told.basis,
        told.wording,
        how.value,
        actor,
        None if told.occurred_at is None else micros(told.occurred_at),
        micros(now),
        None if told.expires_at is None else micros(told.expires_at),
        told.lead,
        evidence,
    )


def _document(told: Told, evidence: bytes | None) -> dict[str, object]:
    """What the log says of it: the evidence, which can be erased, only by its hash."""
    return {
        "act": told.act.value,
        "how": told.how.value,
        "channel": told.channel and told.channel.value,
        "purpose": told.purpose,
        "basis": told.basis,
        "wording": told.wording,
        "occurred_at": told.occurred_at and told.occurred_at.isoformat(),
        "expires_at": told.expires_at and told.expires_at.isoformat(),
        "lead": told.lead,
        "evidence": evidence and hashlib.sha256(evidence).hexdigest(),
    }
