"""What guards have found, and closing it."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import Actor, TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.incident_types import IncidentClose, IncidentOut, IncidentPage, incident_out
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND

IncidentId = Annotated[
    str,
    PathParameter(description="The id of an incident.", examples=[Example(value="inc_01jd8qg4z5x3n0v7k2m9r6t1wy")]),
]
Unclosed = Annotated[
    bool, QueryParameter(description="true: only those that are not closed.", examples=[Example(value=True)])
]


@get(
    "/v1/incidents",
    opt=needs(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    summary="Incidents, the newest first",
    tags=["incidents"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None, unclosed: Unclosed = False) -> IncidentPage:
    """What guards have found: in numbers and words, without anything about a person."""
    found = desks.guards.page(cursor, limit, unclosed=unclosed)
    return IncidentPage([incident_out(incident) for incident in found.items], found.next)


@get(
    "/v1/incidents/{incident_id:str}",
    opt=needs(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    summary="An incident",
    tags=["incidents"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, incident_id: IncidentId) -> IncidentOut:
    """Also one that was closed."""
    return incident_out(desks.guards.incident(incident_id))


@post(
    "/v1/incidents/{incident_id:str}/close",
    opt=needs(Scope.INCIDENTS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Close an incident",
    tags=["incidents"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def close(desks: TheDesks, actor: Actor, incident_id: IncidentId, data: JSONBody[IncidentClose]) -> IncidentOut:
    """Lifts its pause within a second. Nothing else ever lifts one."""
    return incident_out(desks.guards.close(incident_id, data.reason, actor, renew=data.renew))


ROUTES = [page, one, close]
