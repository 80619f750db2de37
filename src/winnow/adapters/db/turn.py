"""One group commit: answers what is on record already, and makes the rows of what is new."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Connection

from winnow.adapters.db import codec, filing, log
from winnow.adapters.db.consent_rows import ConsentRows
from winnow.adapters.db.finding_tables import unfiled
from winnow.adapters.db.history import Keys, StoredHistory, packed
from winnow.adapters.db.learning_tables import shadow_decisions
from winnow.adapters.db.moments import micros
from winnow.adapters.db.on_record import known_keys, known_leads, known_requests, name_of, records_of
from winnow.adapters.db.outbox import enqueue, has_receivers
from winnow.adapters.db.program_tables import idempotency
from winnow.adapters.db.review_tables import cases
from winnow.adapters.db.rows import FEW, Row, at_once, insert_rows
from winnow.adapters.db.tables import decisions, leads, subject_keys
from winnow.adapters.db.vault import Vault, sealed
from winnow.core.deliveries import Event, EventType, event
from winnow.core.facts import Facts, Seen
from winnow.core.govern.told import Told
from winnow.core.keys import email_key
from winnow.core.lead import Lead
from winnow.core.learning.shadow import Beside
from winnow.core.outcome import Outcome
from winnow.core.reasons import Reason
from winnow.core.records import NONCE_BYTES, commitment, entry, sealed_hash
from winnow.core.review.case import Kept, between_blanks, codes_of, pattern_of
from winnow.core.review.findable import keys_of
from winnow.errors import ConflictError, KeyReusedError
from winnow.ports import Assessed, Recorded, Submitted

#: Whom the log names for what leads tell about contact.
_ACTOR = "leads"
#: What the log calls a decision.
KIND = "decision"
#: Hours within which a case should be looked at.
_DUE_HOURS = 24
_HOUR = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)
#: Of a score in shadow; what the column holds.
_MOST_POINTS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Means:
    """What a turn works with.

    seen: what is counted of a lead · installation: the id of this one, for the ids of events
    """

    vault: Vault
    history: StoredHistory
    seen: Callable[[Lead, Facts], Seen]
    installation: str


@dataclass(slots=True)
class _Rows:
    """What one transaction inserts, in the order of the tables' columns."""

    leads: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    entries: list[log.Entry] = field(default_factory=list)
    keys: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    beside: list[Row] = field(default_factory=list)
    unfiled: list[Row] = field(default_factory=list)


class Turn:
    """One transaction's work; the log's head is locked before it begins, so nothing changes under it.

    counted: number, time and values of each new lead, for the history
    """

    def __init__(self, means: Means, connection: Connection, group: Sequence[Submitted], first: int) -> None:
        self.counted: list[tuple[int, int, Keys]] = []
        self._means = means
        self._connection = connection
        self._group = group
        self._first = first
        self._journal = log.Journal(means.vault)
        self._rows = _Rows()
        self._new: dict[int, Recorded] = {}
        every = [assessed for submitted in group for assessed in submitted.leads]
        self._subjects = [subject_of(means.vault, assessed.lead) for assessed in every]
        self._keys = known_keys(means.vault, connection, self._subjects)
        self._leads = known_leads(means.vault, connection, [each.lead for each in every if each.named])
        self._requests = known_requests(connection, [each.key for each in group if each.key])
        self._consent = _consent_rows(means.vault, connection, every)

    @property
    def size(self) -> int:
        """How long the log is after this turn."""
        return self._first + len(self._rows.entries)

    @property
    def _consent_count(self) -> int:
        return 0 if self._consent is None else len(self._consent.events)

    # ── answers ──────────────────────────────────────────────────────────────────────────────────

    def answers(self, now: datetime) -> list[Sequence[Recorded] | ConflictError]:
        """What each submission of the group is answered, in order."""
        subjects = iter(self._subjects)
        return [self._answer(each, [next(subjects) for _ in each.leads], now) for each in self._group]

    def _answer(
        self, submitted: Submitted, subjects: Sequence[int], now: datetime
    ) -> Sequence[Recorded] | ConflictError:
        earlier = self._requests.get(submitted.key) if submitted.key else None
        if earlier is not None:
            request, numbers = earlier
            return [self._on_record(number) for number in numbers] if request == submitted.request else _reused()
        for assessed in submitted.leads:  # before anything of the submission is written
            if assessed.named and not self._agrees(assessed.lead):
                return _conflict(assessed.lead)
        answer = [self._recorded(each, who, now) for each, who in zip(submitted.leads, subjects, strict=True)]
        if submitted.key:
            self._keep_request(submitted, [recorded.id for recorded in answer], now)
        return answer

    def _agrees(self, lead: Lead) -> bool:
        """Whether the lead is new, or the same as the one on record; when it arrived does not matter."""
        known = self._leads.get(name_of(lead))
        return known is None or replace(known[1], received_at=None) == replace(lead, received_at=None)

    def _on_record(self, number: int) -> Recorded:
        if number in self._new:
            return replace(self._new[number], again=True)
        record, at = records_of(self._connection, self._means.vault, [number])[number]
        lead, _, decision = codec.read_record(record[NONCE_BYTES:])
        return Recorded(number, lead.id, decision, at, again=True)

    def _keep_request(self, submitted: Submitted, numbers: list[int], now: datetime) -> None:
        key = submitted.key or b""
        self._requests[key] = submitted.request, numbers
        written = " ".join(map(str, numbers))
        self._rows.requests.append((key, submitted.request, micros(now), written, None, None))

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────

    def _recorded(self, assessed: Assessed, subject: int, now: datetime) -> Recorded:
        lead, decision = assessed.lead, assessed.decision
        if assessed.named and (known := self._leads.get(name_of(lead))):
            return self._on_record(known[0])
        number, at = self.size, micros(now)
        answer = codec.decision_bytes(decision)
        self._log(number, at, subject, codec.record_bytes(lead, assessed.facts, answer), assessed)
        came = at if lead.received_at is None else micros(lead.received_at)
        keys = self._means.history.keys(self._means.seen(lead, assessed.facts))
        self.counted.append((number, came, keys))
        self._rows.leads.append((number, *name_of(lead), subject, came, packed(keys)))
        self._rows.unfiled.append((number, filing.packed(self._means.vault, keys_of(lead, assessed.facts, decision))))
        if decision.outcome is Outcome.REVIEW and not decision.shadow:
            ahead = assessed.head_start
            row = opened_case_row(number, number, lead.source or "", now, decision.reasons, ahead)
            self._rows.cases.append(row)
        if assessed.beside:
            self._rows.beside += [_beside_row(number, each) for each in assessed.beside]
        if assessed.told and self._consent is not None:
            self._tell(self._consent, assessed.told, number, now)
        recorded = self._new[number] = Recorded(number, lead.id, answer, now)
        if assessed.named:
            self._leads[name_of(lead)] = number, lead
        return recorded

    def _tell(self, consent: ConsentRows, told: Sequence[Told], lead: int, now: datetime) -> None:
        """What a lead tells about contact follows its decision in the log."""
        for each in told:
            entry_of = consent.add(self._journal, self.size, replace(each, lead=lead), _ACTOR, now)
            self._rows.entries.append(entry_of)

    def _log(self, number: int, at: int, subject: int, record: bytes, assessed: Assessed) -> None:
        decision, nonce = assessed.decision, os.urandom(NONCE_BYTES)
        stored = sealed(self._key_of(subject), nonce + record, number)
        self._rows.entries.append((KIND, entry(KIND, at, commitment(nonce, record), sealed_hash(stored))))
        self._rows.decisions.append(
            (
                number,
                number,
                at,
                int(decision.outcome),
                decision.score,
                decision.decided_by,
                decision.ruleset_hash,
                decision.shadow,
                decision.codes,
                stored,
            )
        )

    def _key_of(self, subject: int) -> bytes:
        key = self._keys.get(subject)
        if key is None:
            key, wrapped = self._means.vault.new_key(subject)
            self._keys[subject] = key
            self._rows.keys.append((subject, wrapped))
        return key

    def write(self, head: log.HeadRow, now: datetime) -> int | None:
        """Insert everything; the number up to which a sweep of the history got, when it ended one."""
        rows, connection = self._rows, self._connection
        if rows.entries and has_receivers(connection):
            enqueue(connection, self._events(now), now)
        with (
            at_once(connection)
            if max(len(rows.entries), len(rows.requests), len(rows.beside), self._consent_count) <= FEW
            else nullcontext()
        ):
            insert_rows(connection, subject_keys, rows.keys)
            insert_rows(connection, leads, rows.leads)
            insert_rows(connection, decisions, rows.decisions)
            insert_rows(connection, cases, rows.cases)
            insert_rows(connection, idempotency, rows.requests)
            insert_rows(connection, shadow_decisions, rows.beside)
            insert_rows(connection, unfiled, rows.unfiled)
            if self._consent is not None:
                self._consent.write()
            swept = self._means.history.sweep(connection, len(rows.leads))
            log.append(connection, head, rows.entries, swept)
        return swept

    def _events(self, now: datetime) -> Iterator[Event]:
        made = (
            event(
                EventType.DECISION_MADE,
                now,
                {"decision": number, "lead": number},
                installation=self._means.installation,
            )
            for number in self._new
        )
        opened_cases = (
            event(EventType.CASE_OPENED, now, {"case": row[0], "lead": row[1]}, installation=self._means.installation)  # type: ignore[dict-item]  # both are numbers
            for row in self._rows.cases
        )
        return chain(made, opened_cases)


def opened_case_row(
    number: int, lead: int, source: str, now: datetime, reasons: Iterable[Reason], ahead: timedelta = timedelta()
) -> Row:
    """The row of a case that nobody has looked at; see Assessed for `ahead`."""
    codes, at = codes_of(reasons), micros(now)
    place = at - ahead // _MICROSECOND, between_blanks(codes), pattern_of(codes)
    return number, lead, source, at, Kept.OPEN.value, at + _DUE_HOURS * _HOUR, None, None, None, *place, None, None


def _beside_row(number: int, beside: Beside) -> Row:
    """A score is kept within its column, whatever points a draft gives: a shadow never harms the live decision."""
    outcome = None if beside.outcome is None else int(beside.outcome)
    return beside.shadow, number, outcome, max(-_MOST_POINTS, min(_MOST_POINTS, beside.score)), beside.codes


def subject_of(vault: Vault, lead: Lead) -> int:
    """Who the lead is about: the first e-mail address, else the first phone number, else nobody known."""
    if lead.emails:
        return vault.hashed("subject e-mail", email_key(lead.emails[0]))
    if lead.phones:
        return vault.hashed("subject phone", "".join(lead.phones[0].split()))
    return vault.hashed("subject lead", f"{lead.source or ''}\0{lead.id}")


def _consent_rows(vault: Vault, connection: Connection, every: Sequence[Assessed]) -> ConsentRows | None:
    """None where no lead tells anything about contact, as most do not."""
    told = [each for assessed in every if assessed.told for each in assessed.told]
    if not told:
        return None
    rows = ConsentRows(vault, connection)
    rows.prepare(told)
    return rows


def _reused() -> KeyReusedError:
    return KeyReusedError(
        "this Idempotency-Key came with another request before", fix="use a new key for a new request"
    )


def _conflict(lead: Lead) -> ConflictError:
    of_source = f" of source `{lead.source}`" if lead.source else ""
    return ConflictError(
        f"another lead{of_source} has the id `{lead.id}`", fix="send the same lead again, or give this one its own id"
    )
