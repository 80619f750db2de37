"""The review queue: cases that wait for a person, and what people decide about them."""

from typing import Annotated

from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.core.outcome import Outcome
from winnow.ports.review import Shelf, Wanted
from winnow.services.review import Spoken
from winnow.shells.http.access import Actor, TheDesks, TheKey, TheService, also_needs, needs
from winnow.shells.http.case_types import (
    AffectedOut,
    AgreementOut,
    AllowIn,
    BulkIn,
    BulkOut,
    CaseOut,
    CasePage,
    CasesIn,
    Decided,
    DispositionIn,
    OneCase,
    ReleaseIn,
    SharedIn,
    SnoozeIn,
    UndoneOut,
    affected_out,
    agreement_out,
    alike_out,
    bulk_out,
    case_out,
    said_out,
    undone_out,
    waiting_out,
)
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_ALLOWED, NOT_FOUND

_BIGGEST = 10**18 - 1

CaseId = Annotated[
    int,
    PathParameter(
        ge=0, le=_BIGGEST, description="The number of the decision that asked for it.", examples=[Example(value=12)]
    ),
]
BulkId = Annotated[
    str, PathParameter(description="The id of a bulk action.", examples=[Example(value="bulk_01jd8qg4z5x3n0v7k2m9r6")])
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
    actor: Actor,
    limit: Limit = 50,
    cursor: Cursor = None,
    shelf: In = Shelf.WAITING,
    source: OfSource = None,
    outcome: OfOutcome = None,
    reason: OfReason = None,
) -> CasePage:
    """Cases by what their waiting costs, and how much waits. Without anything about a person."""
    wanted = Wanted(shelf, source, None if outcome is None else Outcome.parse(outcome), reason)
    found = desks.review.page(wanted, actor, cursor, limit)
    cases = [case_out(case, actor, service.clock) for case in found.items]
    return CasePage(cases, waiting_out(desks.review.waiting()), found.next)


@post(
    "/v1/cases/next",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Claim the next case",
    tags=["cases"],
    responses=problems(INVALID_INPUT),
)
def next_case(desks: TheDesks, service: TheService, actor: Actor, source: OfSource = None) -> CaseOut | None:
    """The first in the queue that nobody else has, for an hour; null when the queue is clear."""
    found = desks.review.next(actor, source)
    return None if found is None else case_out(found, actor, service.clock)


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


@post(
    "/v1/cases/bulk/preview",
    opt=needs(Scope.CASES_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Whom a bulk action would be about",
    tags=["cases"],
    responses=problems(INVALID_INPUT),
)
def bulk_preview(desks: TheDesks, actor: Actor, data: JSONBody[CasesIn]) -> AffectedOut:
    """Does nothing."""
    return affected_out(desks.review.bulk_preview(list(map(int, data.cases)), actor))


@post(
    "/v1/cases/bulk",
    opt=needs(Scope.CASES_WRITE),
    sync_to_thread=True,
    summary="Decide many cases at once",
    tags=["cases"],
    responses=problems(INVALID_INPUT),
)
def bulk(desks: TheDesks, actor: Actor, data: JSONBody[BulkIn]) -> BulkOut:
    """In one transaction. What somebody else has, or has decided, is left and named."""
    numbers = list(map(int, data.cases))
    return bulk_out(desks.review.bulk(numbers, data.disposition.spoken, actor, actor))


@post(
    "/v1/cases/bulk/{bulk_id:str}/undo",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Undo a bulk action",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def undo_bulk(desks: TheDesks, actor: Actor, bulk_id: BulkId) -> UndoneOut:
    """All of it at once, its list entry too, and only once; the log keeps both."""
    return undone_out(desks.review.undo_bulk(bulk_id, actor, actor))


@post(
    "/v1/cases/shared/preview",
    opt=needs(Scope.CASES_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Whom allowing what they share would let through",
    tags=["cases"],
    responses=problems(INVALID_INPUT, NOT_ALLOWED),
)
def shared_preview(desks: TheDesks, key: TheKey, data: JSONBody[SharedIn]) -> AffectedOut:
    """Looks at the last decisions and does nothing. Needs the scope `decisions:read` besides."""
    also_needs(Scope.DECISIONS_READ, key)
    return affected_out(desks.review.shared_preview(data.kind, data.value, data.last, key.id))


@post(
    "/v1/cases/shared/allow",
    opt=needs(Scope.CASES_WRITE),
    sync_to_thread=True,
    summary="Allow what leads share",
    tags=["cases"],
    responses=problems(CONFLICT, INVALID_INPUT, NOT_FOUND, NOT_ALLOWED),
)
def allow_shared(desks: TheDesks, key: TheKey, data: JSONBody[AllowIn]) -> BulkOut:
    """Adds the entry and lets the named leads through, in one transaction. Needs the scope `lists:write` besides."""
    also_needs(Scope.LISTS_WRITE, key)
    numbers = list(map(int, data.cases))
    return bulk_out(desks.review.allow_shared(data.document, numbers, Spoken(Outcome.ACCEPT), key.id, key.id))


@get(
    "/v1/cases/{case_id:int}",
    opt=needs(Scope.CASES_READ),
    sync_to_thread=True,
    summary="A case",
    tags=["cases"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def one(desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId) -> OneCase:
    """With what was said about it, and what became of those with the same reasons."""
    case, review = desks.review.case(case_id, actor), desks.review
    said = [said_out(each) for each in review.said(case_id, actor)]
    return OneCase(case_out(case, actor, service.clock), said, alike_out(review.alike(case)))


@post(
    "/v1/cases/{case_id:int}/claim",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Claim a case",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def claim(desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId) -> CaseOut:
    """For an hour, anew with every call. Whoever else has it is named in the conflict."""
    return case_out(desks.review.claim(case_id, actor), actor, service.clock)


@delete(
    "/v1/cases/{case_id:int}/claim",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Give a case back",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def give_back(desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId) -> CaseOut:
    """Others may have it at once."""
    return case_out(desks.review.give_back(case_id, actor), actor, service.clock)


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
    desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId, data: JSONBody[DispositionIn]
) -> CaseOut:
    """A label, an override for later leads of the person, an entry of the log and an event, or nothing at all."""
    return case_out(desks.review.decide(case_id, data.spoken, actor, actor), actor, service.clock)


@post(
    "/v1/cases/{case_id:int}/release",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Release a lead",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def release(desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId, data: JSONBody[ReleaseIn]) -> CaseOut:
    """Let a lead through that waits, or that was rejected without a person; by the number of its decision."""
    return case_out(desks.review.release(case_id, data.spoken, actor, actor), actor, service.clock)


@post(
    "/v1/cases/{case_id:int}/snooze",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Put a case off",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def snooze(desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId, data: JSONBody[SnoozeIn]) -> CaseOut:
    """Out of the queue until then; it is as overdue as it was."""
    return case_out(desks.review.snooze(case_id, actor, data.until), actor, service.clock)


@post(
    "/v1/cases/{case_id:int}/undo",
    opt=needs(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Undo a disposition",
    tags=["cases"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def undo(desks: TheDesks, service: TheService, actor: Actor, case_id: CaseId) -> CaseOut:
    """Takes back label and override and opens the case again; the log keeps both."""
    return case_out(desks.review.undo(case_id, actor, actor), actor, service.clock)


ROUTES = [
    *(page, next_case, agreement, bulk_preview, bulk, undo_bulk, shared_preview, allow_shared),
    *(one, claim, give_back, decide, release, snooze, undo),
]
