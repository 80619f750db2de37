"""Leads: sending them in, and reading one as it is kept."""

from typing import Annotated, Any
from urllib.parse import unquote

from litestar import Request, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.core.document import lead_document
from winnow.errors import InvalidInputError
from winnow.shells.http.access import TheDesks, TheKey, TheService, described, needs
from winnow.shells.http.decision_types import EXAMPLE_DECISION, StoredLead
from winnow.shells.http.described import answers, problems
from winnow.shells.http.discretion import seen
from winnow.shells.http.hot import PATH, LeadsRoute
from winnow.shells.http.problem import (
    CONFLICT,
    IDEMPOTENCY_MISMATCH,
    INVALID_IDEMPOTENCY_KEY,
    INVALID_INPUT,
    NOT_FOUND,
    NOT_JSON,
    TOO_LARGE,
    UNSAFE_JSON,
)
from winnow.shells.http.types import DecisionOut, DecisionsOut, LeadsIn, SpooledBatchOut, SpooledOut

_LONGEST = 200
_SPOOLED = {"lead_id": "4711", "status": "spooled"}

LeadId = Annotated[
    str, PathParameter(description="The id of a lead within its source.", examples=[Example(value="4711")])
]
Source = Annotated[
    str | None,
    QueryParameter(
        max_length=_LONGEST,
        description="Where it came from; needed where several sources have a lead of this id.",
        examples=[Example(value="website")],
    ),
]


@post(
    PATH,
    opt=described(Scope.LEADS_WRITE, LeadsRoute),
    status_code=200,
    summary="Decide a lead, or up to a thousand",
    tags=["leads"],
    responses={
        200: answers(
            DecisionOut | DecisionsOut,
            "What was decided: of one lead a decision, of a batch its decisions in the order of the leads.",
            {"one lead": EXAMPLE_DECISION, "a batch": {"decisions": [EXAMPLE_DECISION]}},
        ),
        202: answers(
            SpooledOut | SpooledBatchOut,
            "The database is away: the leads are safe on disk, and are decided as soon as it answers again.",
            {"one lead": _SPOOLED, "a batch": {"decisions": [_SPOOLED]}},
        ),
        **problems(
            *(NOT_JSON, INVALID_IDEMPOTENCY_KEY, CONFLICT, IDEMPOTENCY_MISMATCH),
            *(TOO_LARGE, UNSAFE_JSON, INVALID_INPUT),
        ),
    },
)
async def take(data: JSONBody[LeadsIn]) -> DecisionOut | DecisionsOut:
    """Decides and records leads; when the answer is there, the decision is on disk.

    A lead with an `id` is decided once: sent again, it gets the same answer; another lead under the same id of the same
    source is a conflict. The leads of a batch are recorded together or not at all.
    """
    raise NotImplementedError  # answered by LeadsRoute, which is described here


@get(
    "/v1/leads/{lead_id:str}",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="A lead as it is kept",
    tags=["leads"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def kept(  # one for each thing that it is told
    request: Request[Any, Any, Any],
    service: TheService,
    desks: TheDesks,
    key: TheKey,
    lead_id: LeadId,
    source: Source = None,
) -> StoredLead:
    """The lead as received, without what is off limits, and every decision about it as it may be seen.

    An id that holds `/` is written with `%2F`.
    """
    number = service.ledger.number_of(_whole(request, lead_id), source)
    lead, _, _ = service.ledger.decided(number)
    decisions = seen(service.ledger.decisions_of(number), desks, key)
    return StoredLead(lead.id, lead.source, lead_document(lead), decisions)


def _whole(request: Request[Any, Any, Any], lead_id: str) -> str:
    """The id as it was sent, also with slashes in it; raises InvalidInputError for one that no lead can have."""
    raw: bytes | None = request.scope.get("raw_path")
    wanted = lead_id if raw is None else unquote(raw.rpartition(b"/")[2].decode("ascii", "replace"))
    if not 1 <= len(wanted) <= _LONGEST or "\0" in wanted:
        raise InvalidInputError("this cannot be the id of a lead", where="lead_id", fix="take it from an answer")
    return wanted


ROUTES = [take, kept]
