"""The review queue: cases that wait for a person, and what people decide about each; `bulk` has many at once."""

from typing import Annotated

from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.apikeys import Caller, Scope
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case
from winnow.ports.review import Shelf, Wanted
from winnow.shells.http.access import TheDesks, TheKey, TheService, needs
from winnow.shells.http.case_types import (
    AgreementOut,
    CaseOut,
    CasePage,
    Decided,
    DispositionIn,
    OneCase,
    ReleaseIn,
    SnoozeIn,
    agreement_out,
    alike_out,
    case_out,
    said_out,
    waiting_out,
)
from winnow.shells.http.described import problems
from winnow.shells.http.discretion import may_decide
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND

_BIGGEST = 10**18 - 1

CaseId = Annotated[
    int,
    PathParameter(
        ge=0, le=_BIGGEST, description="The number of the decision that asked for it.", examples=[Example(value=12)]
    ),
]
In = Annotated[
    Shelf,
    QueryParameter(description="`waiting`, `snoozed` (put off) or `decided`.", examples=[Example(value="waiting")]),
]
OfSource = Annotated[
    str | None,
    QueryParameter(max_length=200, description="Only those of this source.", examples=[Example(value="website")]),
]
OfOutcome = Annotated[
    Decided | None,
    QueryParameter(description="Only those that were decided this.", examples=[Example(value="reject")]),
]
OfReason = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=100,
        description="Only those with a reason code that contains this.",
        examples=[Example(value="fill_seconds")],
    ),
]
Days = Annotated[
    int, QueryParameter(ge=1, le=3_650, description="How many days to look back.", examples=[Example(value=90)])
]


@get(
    "/v1/cases",
    opt=needs(Scope.CASES_READ),
    sync_to_thread=True,
    summary="The review queue",
    tags=["cases"],
    responses=problems(INVALID_INPUT),
)
def page(
    desks: TheDesks,
    service: TheService,
    key: TheKey,
    limit: Limit = 50,
    cursor: Cursor = None,
    shelf: In = Shelf.WAITING,
    source: OfSource = None,
    outcome: OfOutcome = None,
    reason: OfReason = None,
) -> CasePage:
    """Cases by what their waiting costs, and how much waits. Without anything about a person."""
    outcomes = frozenset() if outcome is None else frozenset({Outcome.parse(outcome)})
    wanted = Wanted(shelf, source, outcomes, reason)
    found = desks.review.page(wanted, key.id, cursor, limit)
    cases = [_out(case, desks, service, key) for case in found.items]
    return CasePage(cases, waiting_out(desks.review.waiting(key.id)), found.next)


@post(
    "/v1/cases/next",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Claim the next case",
    tags=["cases"],
    responses=problems(INVALID_INPUT),
)
def next_case(desks: TheDesks, service: TheService, key: TheKey, source: OfSource = None) -> CaseOut | None:
    """The first in the queue that nobody else has, for an hour; null when the queue is clear."""
    found = desks.review.next(key.id, source)
    return None if found is None else _out(found, desks, service, key)


@get(
    "/v1/cases/agreement",
    opt=needs(Scope.CASES_READ),
    sync_to_thread=True,
    summary="How far reviewers agree",
    tags=["cases"],
    responses=problems(INVALID_INPUT),
)
def agreement(desks: TheDesks, days: Days = 90) -> AgreementOut:
    """From the sample that two people decided without knowing of each other; of no single reviewer."""
    return agreement_out(desks.review.agreement(days))


@get(
    "/v1/cases/{case_id:int}",
    opt=needs(Scope.CASES_READ),
    sync_to_thread=True,
    summary="A case",
    tags=["cases"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def one(desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId) -> OneCase:
    """With what was said about it, and what became of those with the same reasons."""
    case, review = desks.review.case(case_id, key.id), desks.review
    said = [said_out(each) for each in review.said(case_id, key.id)]
    return OneCase(_out(case, desks, service, key), said, alike_out(review.alike(case)))


@post(
    "/v1/cases/{case_id:int}/claim",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Claim a case",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def claim(desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId) -> CaseOut:
    """For an hour, anew with every call. Whoever else has it is named in the conflict."""
    return _out(desks.review.claim(case_id, key.id), desks, service, key)


@delete(
    "/v1/cases/{case_id:int}/claim",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Give a case back",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def give_back(desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId) -> CaseOut:
    """Others may have it at once."""
    return _out(desks.review.give_back(case_id, key.id), desks, service, key)


@post(
    "/v1/cases/{case_id:int}/disposition",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Decide a case",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def decide(
    desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId, data: JSONBody[DispositionIn]
) -> CaseOut:
    """A label, an override for later leads of the person, an entry of the log and an event, or nothing at all."""
    return _out(desks.review.decide(case_id, data.spoken, key.id, key.id), desks, service, key)


@post(
    "/v1/cases/{case_id:int}/release",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Release a lead",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def release(desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId, data: JSONBody[ReleaseIn]) -> CaseOut:
    """Let a lead through that waits, or that was rejected without a person; by the number of its decision."""
    return _out(desks.review.release(case_id, data.spoken, key.id, key.id), desks, service, key)


@post(
    "/v1/cases/{case_id:int}/snooze",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Put a case off",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def snooze(desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId, data: JSONBody[SnoozeIn]) -> CaseOut:
    """Out of the queue until then; it is as overdue as it was."""
    return _out(desks.review.snooze(case_id, key.id, data.until), desks, service, key)


@post(
    "/v1/cases/{case_id:int}/undo",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Undo a disposition",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def undo(desks: TheDesks, service: TheService, key: TheKey, case_id: CaseId) -> CaseOut:
    """Takes back label and override and opens the case again; the log keeps both."""
    return _out(desks.review.undo(case_id, key.id, key.id), desks, service, key)


def _out(case: Case, desks: Desks, service: Service, key: Caller) -> CaseOut:
    """A case as it is answered; without its numbers to whoever might decide it and may not know them."""
    withheld = may_decide(key) and desks.showing.withholds(case, key.id)
    return case_out(case, key.id, service.clock, withheld=withheld)


ROUTES = [page, next_case, agreement, one, claim, give_back, decide, release, snooze, undo]
