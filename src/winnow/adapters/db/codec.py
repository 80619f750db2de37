"""A decision's record as bytes: the lead, the facts and the decision, from which the decision can be derived again.

The decision stands in it as the very bytes that were answered, so that "the same years later" means the same bytes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from winnow.core.decide import Decision
from winnow.core.document import decision_document, lead_document
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.ports import Arrival

#: The edition of this format; a reader refuses one it does not know.
EDITION = 1

_encoder = msgspec.json.Encoder(order="deterministic")
_TUPLES = ("emails", "phones")


class _Record(msgspec.Struct, frozen=True):
    v: int
    lead: Mapping[str, Any]
    facts: Facts
    decision: msgspec.Raw


_records = msgspec.json.Decoder(_Record)


def decision_bytes(decision: Decision) -> bytes:
    """The decision as JSON, always in the same order."""
    return msgspec.json.encode(decision_document(decision))


def record_bytes(lead: Lead, facts: Facts, decision: bytes) -> bytes:
    """The record of a decision."""
    return _encoder.encode(
        {"v": EDITION, "lead": lead_document(lead), "facts": facts, "decision": msgspec.Raw(decision)}
    )


def lead_from(document: Mapping[str, Any]) -> Lead:
    """The lead of such a document."""
    fields = dict(document)
    for name in _TUPLES:
        if name in fields:
            fields[name] = tuple(fields[name])
    for name in ("received_at", "occurred_at"):
        if name in fields:
            fields[name] = datetime.fromisoformat(fields[name])
    return Lead(**fields)


def read_record(record: bytes) -> tuple[Lead, Facts, bytes]:
    """Lead, facts and the bytes of the decision."""
    read = _records.decode(record)
    if read.v != EDITION:
        raise ValueError(f"a record of edition {read.v}")
    return lead_from(read.lead), read.facts, bytes(read.decision)


class _Arrival(msgspec.Struct, frozen=True):
    v: int
    leads: list[Mapping[str, Any]]
    key: bytes | None
    request: bytes


_arrivals = msgspec.json.Decoder(_Arrival)


def arrival_bytes(arrival: Arrival) -> bytes:
    """An arrival as it waits in the spool."""
    documents = [lead_document(lead) for lead in arrival.leads]
    return _encoder.encode({"v": EDITION, "leads": documents, "key": arrival.key, "request": arrival.request})


def arrival_from(content: bytes) -> Arrival:
    """An arrival out of the spool; every lead counts as named, since it may be in the database already."""
    read = _arrivals.decode(content)
    if read.v != EDITION:
        raise ValueError(f"an arrival of edition {read.v}")
    return Arrival([lead_from(each) for each in read.leads], [True] * len(read.leads), read.key, read.request)
