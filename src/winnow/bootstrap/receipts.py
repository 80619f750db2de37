"""Wiring of receipts: what is on record of a decision, and the published log that proves it."""

from winnow.bootstrap.service import Service
from winnow.core.receipt import Receipt
from winnow.core.tlog import checkpoint_from, parse_note
from winnow.errors import UnavailableError


def receipt(service: Service, number: int) -> Receipt:
    """The proof that a decision is in the log; raises NotFoundError, and UnavailableError until it is published."""
    content, nonce, record = service.ledger.evidence(number)
    note = service.published.note()
    size = checkpoint_from(parse_note(note).text).head.size if note is not None else 0
    if note is None or size <= number:
        raise UnavailableError("no signed checkpoint covers this decision yet", fix="ask again in a second")
    return Receipt(number, content, service.published.inclusion_proof(number, size), note, record, nonce)
