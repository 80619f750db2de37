"""The kill switch: one person stops, two start again."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import Actor, TheDesks, ThePerson, needs, needs_person
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND
from winnow.shells.http.stop_types import (
    DrillIn,
    EngagedOut,
    LiftIn,
    StatusOut,
    StopIn,
    StopOut,
    StopPage,
    engaged_out,
    status_out,
    stop_out,
)

StopId = Annotated[
    str, PathParameter(description="The id of a stop.", examples=[Example(value="stop_01jd8qg4z5x3n0v7k2m9r6t1wy")])
]
DrillsOnly = Annotated[bool, QueryParameter(description="true: only drills.", examples=[Example(value=True)])]


@get(
    "/v1/stop",
    opt=needs(Scope.STOP_READ),
    sync_to_thread=True,
    summary="What is stopped",
    tags=["stop"],
    responses=problems(),
)
def status(desks: TheDesks) -> StatusOut:
    """As it is at this moment, with the processes that run and whether each knows."""
    return status_out(desks.stop.status())


@post(
    "/v1/stop",
    opt=needs(Scope.STOP_WRITE),
    sync_to_thread=True,
    summary="Stop",
    tags=["stop"],
    responses=problems(INVALID_INPUT),
)
def engage(desks: TheDesks, actor: Actor, data: JSONBody[StopIn]) -> EngagedOut:
    """With the answer nothing automatic that it covers is recorded any more, in any process.

    Leads are still accepted; they wait for a person.
    """
    return engaged_out(desks.stop.engage(data.scope, data.target, data.reason, actor))


@post(
    "/v1/stop/{stop_id:str}/lift",
    opt=needs_person(Scope.STOP_LIFT, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Agree to lift a stop",
    tags=["stop"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def lift(desks: TheDesks, signed_in: ThePerson, stop_id: StopId, data: JSONBody[LiftIn]) -> StopOut:
    """The first person agrees, and a second, another one, lifts it; keys cannot."""
    return stop_out(desks.stop.lift(stop_id, data.reason, signed_in.person))


@post(
    "/v1/stop/drills",
    opt=needs(Scope.STOP_WRITE),
    sync_to_thread=True,
    summary="Practise",
    tags=["stop"],
    responses=problems(INVALID_INPUT),
)
def drill(desks: TheDesks, actor: Actor, data: JSONBody[DrillIn]) -> StopOut:
    """Stop everything for some seconds, or act as if, and say when every process knew; ends by itself."""
    return stop_out(desks.stop.drill(actor, seconds=data.seconds, dry=data.dry))


@get(
    "/v1/stop/past",
    opt=needs(Scope.STOP_READ),
    sync_to_thread=True,
    summary="All stops, the newest first",
    tags=["stop"],
    responses=problems(INVALID_INPUT),
)
def past(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None, drills: DrillsOnly = False) -> StopPage:
    """Also those that were lifted, and drills with their reports."""
    found = desks.stop.page(cursor, limit, drills=drills)
    return StopPage([stop_out(each) for each in found.items], found.next)


ROUTES = [status, engage, lift, drill, past]
