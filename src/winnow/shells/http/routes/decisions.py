"""Decisions: reading them, why they came out so, the proof that they are on record, and deriving them again."""

import hashlib
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter

from winnow.bootstrap.receipts import receipt
from winnow.core.apikeys import Scope
from winnow.core.document import decision_from
from winnow.core.explain import Counterfactual, Step, counterfactuals, deciding_reasons, plain_words, waterfall
from winnow.core.outcome import Outcome as CoreOutcome
from winnow.core.reasons import Reason
from winnow.core.receipt import receipt_document
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports import Recorded
from winnow.shells.http.access import TheService, needs
from winnow.shells.http.decision_types import (
    AlternativeOut,
    ChangeOut,
    DecisionPage,
    ExplanationOut,
    Outcome,
    ReceiptOut,
    ReplayOut,
    StepOut,
)
from winnow.shells.http.described import problems
from winnow.shells.http.leads import decision_answer
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import INVALID_INPUT, NOT_FOUND
from winnow.shells.http.types import DecisionOut, ReasonOut

#: Longer numbers stand for nothing: there are no 10 ** 18 decisions.
_MOST_DIGITS = 18

DecisionId = Annotated[str, PathParameter(description="The number of a decision.", examples=[Example(value="12")])]
OutcomeFilter = Annotated[
    Outcome | None, QueryParameter(description="Only those with this outcome.", examples=[Example(value="review")])
]


@get(
    "/v1/decisions",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="Decisions, the newest first",
    tags=["decisions"],
    responses=problems(INVALID_INPUT),
)
def page(service: TheService, limit: Limit = 50, cursor: Cursor = None, outcome: OutcomeFilter = None) -> DecisionPage:
    """Goes back in time page by page. What was erased is left out."""
    before = None if cursor is None else _number(cursor)
    if cursor is not None and before is None:
        raise InvalidInputError("this is no cursor", where="cursor", fix="take `next` of the page before")
    found = service.ledger.page(before, limit, None if outcome is None else CoreOutcome.parse(outcome))
    return DecisionPage([shown(each) for each in found.items], found.next)


@get(
    "/v1/decisions/{decision_id:str}",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="A decision",
    tags=["decisions"],
    responses=problems(NOT_FOUND),
)
def one(service: TheService, decision_id: DecisionId) -> DecisionOut:
    """A decision as it was answered and recorded."""
    return shown(service.ledger.decided(number_of(decision_id))[2])


@get(
    "/v1/decisions/{decision_id:str}/explanation",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="Why a decision came out as it did",
    tags=["decisions"],
    responses=problems(NOT_FOUND),
)
def explanation(service: TheService, decision_id: DecisionId) -> ExplanationOut:
    """The way from the starting point to the score, what decided, and what would have changed it."""
    lead, facts, recorded = service.ledger.decided(number_of(decision_id))
    decision = decision_from(msgspec.json.decode(recorded.decision))
    ruleset = service.replay.ruleset(decision.ruleset_hash)
    return ExplanationOut(
        id=str(recorded.id),
        lead_id=decision.lead_id,
        outcome=decision.outcome.word,  # type: ignore[arg-type]  # one of the four words
        probability=decision.probability,
        score=decision.score,
        base=decision.base,
        decided_by=decision.decided_by,
        reasons=[_reason(each) for each in deciding_reasons(decision)],
        steps=[_step(each) for each in waterfall(decision)],
        would_be=[_alternative(each) for each in counterfactuals(lead, facts, ruleset)],
        unknown=list(decision.unknown),
        plain=list(plain_words(decision, ruleset)),
    )


@get(
    "/v1/decisions/{decision_id:str}/receipt",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="The proof that a decision is on record",
    tags=["decisions"],
    responses=problems(NOT_FOUND),
)
def proof(service: TheService, decision_id: DecisionId) -> ReceiptOut:
    """Proves one decision, years later, without the log and without a network. It tells about a person: keep it so.

    Just after a decision no signed checkpoint covers it yet: 503, and `Retry-After` says when to ask again.
    """
    return msgspec.convert(receipt_document(receipt(service, number_of(decision_id))), ReceiptOut)


@post(
    "/v1/decisions/{decision_id:str}/replay",
    opt=needs(Scope.DECISIONS_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Derive a decision again",
    tags=["decisions"],
    responses=problems(NOT_FOUND),
)
def replay(service: TheService, decision_id: DecisionId) -> ReplayOut:
    """Decides once more from the stored lead, facts and ruleset, and compares the bytes. Nothing is recorded."""
    number = number_of(decision_id)
    found = service.replay.again(number)
    return ReplayOut(str(number), found.same, _hash(found.stored), _hash(found.derived))


def shown(recorded: Recorded) -> DecisionOut:
    """A decision on record as it is answered."""
    return msgspec.json.decode(decision_answer(recorded), type=DecisionOut)


def number_of(text: str) -> int:
    """The number that an id says; raises NotFoundError for one that no decision can have."""
    number = _number(text)
    if number is None:
        raise NotFoundError(
            f"there is no decision `{text[:_MOST_DIGITS]}`", fix="take the id from the answer to a lead"
        )
    return number


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _reason(reason: Reason) -> ReasonOut:
    return ReasonOut(reason.code, reason.family, reason.points, reason.text, reason.source)


def _step(step: Step) -> StepOut:
    return StepOut(step.reason.code, step.reason.text, step.reason.points, step.before, step.after)


def _alternative(each: Counterfactual) -> AlternativeOut:
    changes = [
        ChangeOut(change.signal.name, change.signal.label, change.was, change.would_be) for change in each.changes
    ]
    return AlternativeOut(each.outcome.word, changes)  # type: ignore[arg-type]  # one of the four words


ROUTES = [page, one, explanation, proof, replay]
