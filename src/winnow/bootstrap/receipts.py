"""Wiring of receipts: what is on record of a decision, and the published log that proves it."""

from winnow.adapters.keys import verify_signature
from winnow.bootstrap.service import Service
from winnow.core.receipt import Receipt, verify_receipt
from winnow.core.tlog import checkpoint_from, parse_note, verifier_key
from winnow.errors import BrokenLogError, NotFoundError, UnavailableError


def receipt(service: Service, number: int) -> Receipt:
    """The proof that a decision is in the log; raises NotFoundError, and UnavailableError until it is published."""
    content, nonce, record = service.ledger.evidence(number)
    note, size = service.published.note(), published_size(service)
    if note is None or size <= number:
        raise UnavailableError("no signed checkpoint covers this decision yet", fix="ask again in a second")
    return Receipt(number, content, service.published.inclusion_proof(number, size), note, record, nonce)


def bare_receipt(service: Service, number: int) -> Receipt:
    """The proof that an entry is in the log, without what was recorded, so that it tells about nobody.

    Raises NotFoundError, and UnavailableError until the entry is published.
    """
    note, size = service.published.note(), published_size(service)
    entry = next(service.log.entries(number, number + 1), None)
    if entry is None:
        raise NotFoundError(f"the log has no entry {number}", fix="take a smaller number")
    if note is None or size <= number:
        raise UnavailableError("no signed checkpoint covers this entry yet", fix="ask again in a second")
    return Receipt(number, entry, service.published.inclusion_proof(number, size), note)


def proven(service: Service, receipt: Receipt) -> bool:
    """Whether the receipt proves what it says, by the key of this log."""
    try:
        verify_receipt(receipt, verifier_key(service.log_key), verify_signature)
    except BrokenLogError:
        return False
    return True


def published_size(service: Service) -> int:
    """For how many entries of the log, from the first on, a receipt can be had."""
    note = service.published.note()
    return checkpoint_from(parse_note(note).text).head.size if note is not None else 0
