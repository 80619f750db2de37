"""What is on record already: the records of decisions, and the subjects, leads and requests that came before."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from winnow.adapters.db import codec
from winnow.adapters.db.moments import moment
from winnow.adapters.db.rows import rows_of
from winnow.adapters.db.vault import Vault, opened
from winnow.core.lead import Lead
from winnow.core.records import NONCE_BYTES
from winnow.errors import NotFoundError

#: A lead by the id its source gave it.
Name = tuple[str, str]

_NAMED = "SELECT id, lead_id, source FROM leads WHERE lead_id IN ({})"
_REQUESTS = "SELECT key, request, decisions FROM idempotency WHERE key IN ({})"
_KEYS = "SELECT subject, wrapped FROM subject_keys WHERE subject IN ({})"
_RECORDS = text(
    "SELECT d.id, d.decided_at, d.record, l.subject, k.wrapped FROM decisions d JOIN leads l ON l.id = d.lead"
    " LEFT JOIN subject_keys k ON k.subject = l.subject WHERE d.id IN :numbers"
).bindparams(bindparam("numbers", expanding=True))


def records_of(connection: Connection, vault: Vault, numbers: Iterable[int]) -> dict[int, tuple[bytes, datetime]]:
    """Nonce and record of decisions, with when they were made; raises NotFoundError when one is not there."""
    wanted = list(numbers)
    found = {}
    for number, record in opened_records(connection, vault, wanted).items():
        if record is None:
            raise NotFoundError(f"what decision {number} was about was erased", fix="its log entry still proves it")
        found[number] = record
    missing = [number for number in wanted if number not in found]
    if missing:
        raise NotFoundError(f"there is no decision {missing[0]}", fix="take the id from the answer to a lead")
    return found


def opened_records(
    connection: Connection, vault: Vault, numbers: Sequence[int]
) -> dict[int, tuple[bytes, datetime] | None]:
    """The same for those decisions that are there, None for what was erased."""
    rows = connection.execute(_RECORDS, {"numbers": numbers}) if numbers else ()
    return {
        number: wrapped and (opened(vault.unwrapped(subject, wrapped), record, number), moment(at))
        for number, at, record, subject, wrapped in rows
    }


def name_of(lead: Lead) -> Name:
    """The id of a lead, with its source."""
    return lead.id, lead.source or ""


def known_keys(vault: Vault, connection: Connection, subjects: Sequence[int]) -> dict[int, bytes]:
    """The keys of those subjects that have one."""
    if not subjects:
        return {}
    # Numbers of our own making, written out: a list of parameters takes longer to prepare than to answer.
    rows = rows_of(connection, _KEYS.format(",".join(map(str, set(subjects)))))
    return {subject: vault.unwrapped(subject, wrapped) for subject, wrapped in rows}


def known_leads(vault: Vault, connection: Connection, named: Sequence[Lead]) -> dict[Name, tuple[int, Lead]]:
    """Those of the leads that are there by the same name, each with the number of its decision."""
    if not named:
        return {}
    wanted = {name_of(lead) for lead in named}
    rows = rows_of(connection, _NAMED, tuple({name for name, _ in wanted}))
    numbers = {number: (name, source) for number, name, source in rows}
    found = [number for number, name in numbers.items() if name in wanted]
    records = records_of(connection, vault, found)
    return {
        numbers[number]: (number, codec.read_record(record[NONCE_BYTES:])[0]) for number, (record, _) in records.items()
    }


def known_requests(connection: Connection, keys: Sequence[bytes]) -> dict[bytes, tuple[bytes, list[int]]]:
    """What came with each of the keys that are there, and which decisions answered it."""
    if not keys:
        return {}
    return {
        bytes(key): (bytes(request), [int(number) for number in (written or "").split()])
        for key, request, written in rows_of(connection, _REQUESTS, tuple(set(keys)))
    }
