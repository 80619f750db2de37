"""The review queue for many cases at once, and for what leads share."""

from typing import Annotated

from litestar import post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.core.outcome import Outcome
from winnow.core.review.disposition import Spoken
from winnow.shells.http.access import Actor, TheDesks, TheKey, also_needs, needs
from winnow.shells.http.bulk_types import (
    AffectedOut,
    AllowIn,
    BulkIn,
    BulkOut,
    CasesIn,
    SharedIn,
    UndoneOut,
    affected_out,
    bulk_out,
    undone_out,
)
from winnow.shells.http.described import problems
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_ALLOWED, NOT_FOUND

BulkId = Annotated[
    str, PathParameter(description="The id of a bulk action.", examples=[Example(value="bulk_01jd8qg4z5x3n0v7k2m9r6")])
]


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
    return affected_out(desks.bulk.preview(list(map(int, data.cases)), actor))


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
    return bulk_out(desks.bulk.close(numbers, data.disposition.spoken, actor, actor))


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
    return undone_out(desks.bulk.undo(bulk_id, actor, actor))


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
    return affected_out(desks.bulk.shared_preview(data.kind, data.value, data.last, key.id))


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
    return bulk_out(desks.bulk.allow_shared(data.document, numbers, Spoken(Outcome.ACCEPT), key.id, key.id))


ROUTES = [bulk_preview, bulk, undo_bulk, shared_preview, allow_shared]
