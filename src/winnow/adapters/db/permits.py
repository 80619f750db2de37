"""Permits and refusals in the database: an answer of the gate, its leaf and the contacts it allows, at one stroke."""

import os
from collections.abc import Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Connection, Engine, insert, select

from winnow.adapters.db import log
from winnow.adapters.db.connections import answered_by, reading, writing
from winnow.adapters.db.consent_rows import AT_ONCE, linked, parts_of, together, written_out
from winnow.adapters.db.lists import VERSION_NAME as LISTS
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.permit_codec import answer_bytes, read_answer
from winnow.adapters.db.permit_tables import contacts, permit_answers, redeemed
from winnow.adapters.db.rows import Row, insert_rows, rows_of
from winnow.adapters.db.rulesets import VERSION_NAME as RULESETS
from winnow.adapters.db.signing import VERSION_NAME as SIGN_OFFS
from winnow.adapters.db.systems import VERSION_NAME as SYSTEMS
from winnow.adapters.db.tables import subject_keys
from winnow.adapters.db.vault import Vault, opened, sealed
from winnow.core.canonical import canonical_bytes
from winnow.core.govern.permit import split_id
from winnow.core.govern.terms import Action, Channel
from winnow.core.records import NONCE_BYTES, commitment, entry, sealed_hash
from winnow.errors import ConflictError, NotFoundError
from winnow.ports.gate import Contacted, GateAnswer, Moved, Position, Wanted

#: What the log calls an answer of the gate.
KIND = "permit.answered"
#: What an answer rests on and every process keeps in memory.
RESTS_ON = (LISTS, RULESETS, SIGN_OFFS, SYSTEMS)

#: Microseconds of a period: a little over a month, so that few caps reach into more than two.
PERIOD = int(timedelta(days=32) / timedelta(microseconds=1))
_VERSIONS = "SELECT name, number FROM versions WHERE name IN ({})"
_HEAD = "SELECT size, stops FROM log_head WHERE id = 1"
_TOLD = "SELECT subject FROM consent_events WHERE id >= {}"
_LINKED = "SELECT subject FROM identity_links WHERE id >= {}"
#: What people with accounts become without a version being counted; one of them may answer for a system.
_PEOPLE = "SELECT id FROM events WHERE id >= {} AND kind IN ('person.disabled', 'person.roles') LIMIT 1"
_ANSWERS = "SELECT id FROM permit_answers WHERE id >= {} AND granted > 0 LIMIT 1"
_CONTACTED = "SELECT subject FROM contacts WHERE period IN ({}) AND answer >= {} AND subject IN ({})"
_COUNTED = "SELECT subject, at, channel, purpose FROM contacts WHERE period IN ({}) AND subject IN ({})"


class StoredPermits:
    """What the gate answered, behind an engine; see the port PermitStore."""

    def __init__(self, engine: Engine, vault: Vault, journal: Journal) -> None:
        self._engine = engine
        self._vault = vault
        self._journal = journal

    def answered_by(self, until: float) -> AbstractContextManager[None]:
        """Have whatever this thread asks of the database within the block end in time."""
        return answered_by(until)

    def position(self) -> Position:
        """How the record stands now."""
        with reading(self._engine) as connection:
            ((size, stops),) = rows_of(connection, _HEAD)
            return Position(size, stops, _versions(connection))

    def contacts(self, subjects: Sequence[int], wanted: Sequence[Wanted]) -> Contacted:
        """What was permitted of some addresses and of all that are linked with them."""
        found: dict[str, dict[int, int]] = {each.cap.id: {} for each in wanted}
        if not wanted:
            return Contacted(found, {})
        first = min(micros(each.since) for each in wanted) // PERIOD
        with reading(self._engine, patient=len(subjects) > AT_ONCE) as connection:
            last = connection.execute(_last_period).scalar()
            periods = written_out(range(first, max(first, last or first) + 1))  # one at least: they take no empty list
            groups = linked(connection, subjects)
            for part in parts_of(chain(subjects, *groups.values())):
                _count(found, rows_of(connection, _COUNTED.format(periods, part)), wanted)
        for counts in found.values():
            counts |= {each: sum(counts.get(other, 0) for other in group) for each, group in groups.items()}
        return Contacted(found, {subject: min(group) for subject, group in groups.items()})

    def record(self, answer: GateAnswer, since: Position, now: datetime) -> Moved | int:
        """Put an answer on record, if what it rests on is still as it was at `since`."""
        content, nonce = answer_bytes(answer), os.urandom(NONCE_BYTES)
        with writing(self._engine, patient=len(answer.subjects) > AT_ONCE) as connection:
            head = log.locked_head(connection)
            moved = _moved(connection, head, set(answer.subjects), since, answer)
            if moved is not None:
                return moved
            number, alone = head.size, answer.subjects[0] if len(answer.subjects) == 1 else None
            kept = self._sealed(connection, nonce + content, number, alone)
            leaf = entry(KIND, micros(now), commitment(nonce, content), sealed_hash(kept))
            insert_rows(connection, permit_answers, [_row(answer, number, now, alone, kept)])
            insert_rows(connection, contacts, _contacts(answer, number, now))
            log.append(connection, head, [(KIND, leaf)])
        return number

    def answered(self, answer: str) -> GateAnswer:
        """An answer by its id; raises NotFoundError."""
        query = select(permit_answers, subject_keys.c.wrapped)
        query = query.outerjoin(subject_keys, subject_keys.c.subject == permit_answers.c.subject)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(permit_answers.c.answer == answer)).one_or_none()
        if row is None:
            raise _missing(answer)
        if row.subject is None:
            return read_answer(self._vault.open_own(row.record, f"permits {row.id}")[NONCE_BYTES:])
        if row.wrapped is None:
            raise NotFoundError("whom this was about was erased", fix="the log still proves that there was an answer")
        key = self._vault.unwrapped(row.subject, row.wrapped)
        return read_answer(opened(key, row.record, row.id)[NONCE_BYTES:])

    def used(self, permit: str) -> bool:
        """Whether the one use of a permit was noted."""
        answer, place = split_id(permit)
        query = select(redeemed.c.at).join(permit_answers, permit_answers.c.id == redeemed.c.answer)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(permit_answers.c.answer == answer, redeemed.c.place == place)).first()
        return row is not None

    def redeem(self, permit: str, subject: int, since: Position, actor: str, now: datetime) -> bool:
        """Note the one use of a permit, if what it rests on is still as it was at `since`."""
        answer, place = split_id(permit)
        with writing(self._engine) as connection:
            query = select(permit_answers.c.id).where(permit_answers.c.answer == answer)
            number = connection.execute(query).scalar_one_or_none()
            if number is None:
                raise _missing(answer)
            head = log.locked_head(connection)  # of two who come at the same moment, the second sees the first
            used = select(redeemed.c.at).where(redeemed.c.answer == number, redeemed.c.place == place)
            before = connection.execute(used).scalar_one_or_none()
            if before is not None:
                at = moment(before).isoformat(timespec="seconds")
                raise ConflictError(f"this permit was used at {at}, and it is for one use", fix="ask for another one")
            if _moved(connection, head, {subject}, since) is not None:
                return False
            row = {"answer": number, "place": place, "at": micros(now), "actor": actor}
            connection.execute(insert(redeemed), row)
            self._journal.note(connection, Change("permit.redeemed", actor, permit, None), now)
        return True

    def _sealed(self, connection: Connection, content: bytes, number: int, alone: int | None) -> bytes:
        """What is about one person is erased with that person; what is about many holds nobody's address."""
        if alone is None:
            return self._vault.seal_own(content, f"permits {number}")
        return sealed(key_of(connection, self._vault, alone), content, number)


def key_of(connection: Connection, vault: Vault, subject: int) -> bytes:
    """The key of a person, made where there is none yet; the log's head has to be locked."""
    query = select(subject_keys.c.wrapped).where(subject_keys.c.subject == subject)
    wrapped = connection.execute(query).scalar_one_or_none()
    if wrapped is not None:
        return vault.unwrapped(subject, wrapped)
    key, fresh = vault.new_key(subject)
    insert_rows(connection, subject_keys, [(subject, fresh)])
    return key


_last_period = select(contacts.c.period).order_by(contacts.c.period.desc()).limit(1)


def _versions(connection: Connection) -> dict[str, int]:
    return dict(rows_of(connection, _VERSIONS, RESTS_ON))


def _moved(
    connection: Connection, head: log.HeadRow, mine: Set[int], since: Position, answer: GateAnswer | None = None
) -> Moved | None:
    """What changed since facts were begun to be read, of all that an answer about some people rests on; None: nothing.

    answer: one that is not recorded yet, for which other contacts count as well
    """
    if head.stops != since.stops or _versions(connection) != dict(since.versions):
        return Moved(everything=True)
    if head.size == since.size:
        return None
    if rows_of(connection, _PEOPLE.format(since.size)):
        return Moved(everything=True)
    changed = {subject for (subject,) in rows_of(connection, _TOLD.format(since.size))} & mine
    newly = [subject for (subject,) in rows_of(connection, _LINKED.format(since.size))]
    if newly:  # what denies contact by one counts for all that they are linked with
        changed |= set(together(connection, newly)) & mine
    if answer is not None and answer.ask.action is Action.CONTACT and rows_of(connection, _ANSWERS.format(since.size)):
        changed |= _contacted(connection, answer.subjects, since.size, answer.terms.issued_at) & mine
    return Moved(subjects=frozenset(changed)) if changed else None


def _contacted(connection: Connection, mine: Sequence[int], since: int, at: datetime) -> set[int]:
    """Who was permitted to be contacted, by one address or another, by answers that came since."""
    found = set[int]()
    period, groups = micros(at) // PERIOD, linked(connection, mine)
    periods = written_out((period, period + 1))  # the other answer may have come in the next one already
    for part in parts_of(chain(mine, *groups.values())):
        found |= {subject for (subject,) in rows_of(connection, _CONTACTED.format(periods, since, part))}
    return found | {subject for subject, group in groups.items() if not found.isdisjoint(group)}


def _count(
    found: dict[str, dict[int, int]], rows: Sequence[tuple[int, int, str, str]], wanted: Sequence[Wanted]
) -> None:
    ways = {(channel, purpose) for _, _, channel, purpose in rows}
    for cap, moment_since in wanted:
        since, counts = micros(moment_since), found[cap.id]
        counted = {(channel, purpose) for channel, purpose in ways if cap.counts(Channel(channel), purpose)}
        for subject, at, channel, purpose in rows:
            if at > since and (channel, purpose) in counted:
                counts[subject] = counts.get(subject, 0) + 1


def _row(answer: GateAnswer, number: int, now: datetime, alone: int | None, kept: bytes) -> Row:
    terms = answer.terms
    return (
        number,
        terms.answer,
        micros(now),
        micros(terms.expires_at),
        answer.actor,
        terms.system,
        terms.action.value,
        terms.channel and terms.channel.value,
        terms.purpose,
        terms.policy,
        terms.once,
        len(answer.subjects),
        answer.granted,
        alone,
        kept,
        None if alone is not None else canonical_bytes(answer.stood_in_the_way).decode(),
    )


def _contacts(answer: GateAnswer, number: int, now: datetime) -> list[Row]:
    """A row for each contact that was permitted, in the order in which the table keeps them."""
    terms, at = answer.terms, micros(now)
    if terms.action is not Action.CONTACT or terms.channel is None:
        return []
    period, channel, purpose, refused = at // PERIOD, terms.channel.value, terms.purpose, answer.refused
    rows = [
        (period, subject, number, place, at, channel, purpose)
        for place, subject in enumerate(answer.subjects)
        if place not in refused
    ]
    return sorted(rows, key=_second)  # type: ignore[arg-type]  # numbers, all of them


def _second(row: tuple[int, ...]) -> int:
    return row[1]


def _missing(answer: str) -> NotFoundError:
    return NotFoundError(
        f"there is no answer `{answer[:80]}` of the gate, or it is forgotten", fix="take the id that it gave"
    )
