"""Decisions: reading them, why they came out so, the proof that they are on record, and deriving them again."""

import hashlib
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from msgspec.structs import replace

from winnow.bootstrap.receipts import receipt
from winnow.core.apikeys import Scope
from winnow.core.decide import Decision
from winnow.core.document import decision_from
from winnow.core.explain import Counterfactual, Step, counterfactuals, deciding_reasons, plain_words, waterfall
from winnow.core.reasons import Reason
from winnow.core.receipt import receipt_document
from winnow.core.review.shown import strengths, towards
from winnow.errors import NotFoundError
from winnow.shells.http.access import TheDesks, TheKey, TheService, needs
from winnow.shells.http.decision_types import (
    AlternativeOut,
    ChangeOut,
    ExplanationOut,
    ReceiptOut,
    ReplayOut,
    StepOut,
)
from winnow.shells.http.described import problems
from winnow.shells.http.discretion import is_withheld, need_everything, seen
from winnow.shells.http.problem import CONFLICT, NOT_FOUND
from winnow.shells.http.seen_types import DecisionSeen, ReasonSeen

#: Longer numbers stand for nothing: there are no 10 ** 18 decisions.
_MOST_DIGITS = 18

DecisionId = Annotated[str, PathParameter(description="The number of a decision.", examples=[Example(value="12")])]


@get(
    "/v1/decisions/{decision_id:str}",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="A decision",
    tags=["decisions"],
    responses=problems(NOT_FOUND),
)
def one(service: TheService, desks: TheDesks, key: TheKey, decision_id: DecisionId) -> DecisionSeen:
    """A decision as it was answered and recorded; while its case waits, perhaps without numbers (docs/queue.md)."""
    return seen([service.ledger.decided(number_of(decision_id))[2]], desks, key)[0]


@get(
    "/v1/decisions/{decision_id:str}/explanation",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="Why a decision came out as it did",
    tags=["decisions"],
    responses=problems(NOT_FOUND),
)
def explanation(service: TheService, desks: TheDesks, key: TheKey, decision_id: DecisionId) -> ExplanationOut:
    """The way from the starting point to the score, what decided, and what would have changed it."""
    lead, facts, recorded = service.ledger.decided(number_of(decision_id))
    decision = decision_from(msgspec.json.decode(recorded.decision))
    ruleset = service.replay.ruleset(decision.ruleset_hash)
    withheld = is_withheld(recorded.id, desks, key)
    return ExplanationOut(
        id=str(recorded.id),
        lead_id=decision.lead_id,
        outcome=decision.outcome.word,  # type: ignore[arg-type]  # one of the four words
        probability=None if withheld else decision.probability,
        score=None if withheld else decision.score,
        base=None if withheld else decision.base,
        decided_by=decision.decided_by,
        reasons=_reasons(decision, withheld=withheld),
        steps=[] if withheld else [_step(each) for each in waterfall(decision)],
        would_be=[] if withheld else [_alternative(each) for each in counterfactuals(lead, facts, ruleset)],
        unknown=list(decision.unknown),
        plain=list(plain_words(decision, ruleset)),
    )


@get(
    "/v1/decisions/{decision_id:str}/receipt",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="The proof that a decision is on record",
    tags=["decisions"],
    responses=problems(NOT_FOUND, CONFLICT),
)
def proof(service: TheService, desks: TheDesks, key: TheKey, decision_id: DecisionId) -> ReceiptOut:
    """Proves one decision, years later, without the log and without a network. It tells about a person: keep it so.

    Just after a decision no signed checkpoint covers it yet: 503, and `Retry-After` says when to ask again. While its
    case waits it is kept from those who may decide it, where leads are rejected without a person: 409.
    """
    number = number_of(decision_id)
    need_everything(number, desks, key)
    return msgspec.convert(receipt_document(receipt(service, number)), ReceiptOut)


@post(
    "/v1/decisions/{decision_id:str}/replay",
    opt=needs(Scope.DECISIONS_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Derive a decision again",
    tags=["decisions"],
    responses=problems(NOT_FOUND, CONFLICT),
)
def replay(service: TheService, desks: TheDesks, key: TheKey, decision_id: DecisionId) -> ReplayOut:
    """Decides once more from the stored lead, facts and ruleset, and compares the bytes. Nothing is recorded.

    409 as for the receipt: a hash tells the score to whoever tries all scores.
    """
    number = number_of(decision_id)
    need_everything(number, desks, key)
    found = service.replay.again(number)
    return ReplayOut(str(number), found.same, _hash(found.stored), _hash(found.derived))


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


def _reasons(decision: Decision, *, withheld: bool) -> list[ReasonSeen]:
    """What decided, the weightiest first."""
    deciding = deciding_reasons(decision)
    if not withheld:
        return [_reason(each, each.points) for each in deciding]
    steps = dict(zip(decision.reasons, strengths([each.points for each in decision.reasons]), strict=True))
    return [replace(_reason(each, None), strength=steps[each], towards=towards(each.points)) for each in deciding]


def _reason(reason: Reason, points: int | None) -> ReasonSeen:
    return ReasonSeen(code=reason.code, family=reason.family, points=points, text=reason.text, source=reason.source)


def _step(step: Step) -> StepOut:
    return StepOut(step.reason.code, step.reason.text, step.reason.points, step.before, step.after)


def _alternative(each: Counterfactual) -> AlternativeOut:
    changes = [
        ChangeOut(change.signal.name, change.signal.label, change.was, change.would_be) for change in each.changes
    ]
    return AlternativeOut(each.outcome.word, changes)  # type: ignore[arg-type]  # one of the four words


ROUTES = [one, explanation, proof, replay]
