"""The register of AI systems."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post, put
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.services.systems import Registered
from winnow.shells.http.access import Actor, TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit, check_edition
from winnow.shells.http.problem import (
    CONFLICT,
    INVALID_INPUT,
    NOT_FOUND,
    PRECONDITION_FAILED,
    PRECONDITION_REQUIRED,
    REFUSED_BY_POLICY,
)
from winnow.shells.http.routes.rules import IfMatch
from winnow.shells.http.system_types import (
    ClassifyIn,
    ClassifyOut,
    SystemDescription,
    SystemDetail,
    SystemIn,
    SystemOut,
    SystemPage,
    SystemRetire,
    SystemReview,
    classified_out,
    detail_out,
    system_out,
)

SystemId = Annotated[
    str, PathParameter(description="The id of an AI system.", examples=[Example(value="winnow-screening")])
]


@get(
    "/v1/ai-systems",
    opt=needs(Scope.SYSTEMS_READ),
    sync_to_thread=True,
    summary="The register of AI systems",
    tags=["ai-systems"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None) -> SystemPage:
    """Whatever influences what happens to people, ours or a vendor's; Winnow's own screening is always in it."""
    found = desks.systems.page(cursor, limit)
    return SystemPage([system_out(each) for each in found.items], found.next)


@post(
    "/v1/ai-systems",
    opt=needs(Scope.SYSTEMS_WRITE),
    sync_to_thread=True,
    summary="Enter an AI system",
    tags=["ai-systems"],
    responses=problems(CONFLICT, INVALID_INPUT, REFUSED_BY_POLICY),
)
def add(desks: TheDesks, actor: Actor, data: JSONBody[SystemIn]) -> Response[SystemOut]:
    """As a draft or in shadow. One of high risk is refused unless the policy names the pack for it."""
    return _answer(desks.systems.add(_document(data), actor), status=201)


@post(
    "/v1/ai-systems/classify",
    opt=needs(Scope.SYSTEMS_READ),
    status_code=200,
    sync_to_thread=True,
    summary="How much an AI system can harm",
    tags=["ai-systems"],
    responses=problems(INVALID_INPUT),
)
def classify(desks: TheDesks, data: JSONBody[ClassifyIn]) -> ClassifyOut:
    """The wizard: a few questions, and what follows from the answers. Nothing is kept."""
    return classified_out(desks.systems.classify(data.answers))


@get(
    "/v1/ai-systems/{system_id:str}",
    opt=needs(Scope.SYSTEMS_READ),
    sync_to_thread=True,
    summary="An AI system",
    tags=["ai-systems"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, system_id: SystemId) -> Response[SystemDetail]:
    """With what it may do just now, why not more, all that it ever was, and its `ETag`, which a change must name."""
    found = desks.systems.registered(system_id)
    answer = detail_out(found, list(desks.systems.history(system_id)))
    return Response(answer, headers={"ETag": _etag(found)})


@put(
    "/v1/ai-systems/{system_id:str}",
    opt=needs(Scope.SYSTEMS_WRITE),
    sync_to_thread=True,
    summary="Describe an AI system anew",
    tags=["ai-systems"],
    responses=problems(
        *(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, PRECONDITION_REQUIRED, INVALID_INPUT, REFUSED_BY_POLICY)
    ),
)
def change(
    desks: TheDesks, actor: Actor, system_id: SystemId, data: JSONBody[SystemDescription], if_match: IfMatch = None
) -> Response[SystemOut]:
    """Only from the edition that `If-Match` names. What it is needs another sign-off; until then it is in shadow."""
    before = desks.systems.registered(system_id)
    check_edition(if_match, _etag(before))
    return _answer(desks.systems.change(system_id, _document(data), before.system.revision, actor))


@post(
    "/v1/ai-systems/{system_id:str}/review",
    opt=needs(Scope.SYSTEMS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Say that an AI system still is what the register says",
    tags=["ai-systems"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def review(desks: TheDesks, actor: Actor, system_id: SystemId, data: JSONBody[SystemReview]) -> Response[SystemOut]:
    """Sets the day by which it has to be looked at again."""
    return _answer(desks.systems.review(system_id, data.note, actor, data.next_review))


@post(
    "/v1/ai-systems/{system_id:str}/retire",
    opt=needs(Scope.SYSTEMS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="End an AI system",
    tags=["ai-systems"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def retire(desks: TheDesks, actor: Actor, system_id: SystemId, data: JSONBody[SystemRetire]) -> Response[SystemOut]:
    """For good: it may do nothing more, and its id is not given again. The entry stays."""
    return _answer(desks.systems.retire(system_id, data.note, actor))


def _document(data: SystemDescription) -> dict[str, Any]:
    """What was sent, as entries of the register are written."""
    sent: dict[str, Any] = msgspec.to_builtins(data)
    return sent


def _etag(found: Registered) -> str:
    return f'"{found.system.revision}"'


def _answer(found: Registered, status: int = 200) -> Response[SystemOut]:
    return Response(system_out(found), status_code=status, headers={"ETag": _etag(found)})


ROUTES = [page, add, classify, one, change, review, retire]
