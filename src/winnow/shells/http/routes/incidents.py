"""Incidents: what guards and people have found, what was done about it, and closing it."""

from typing import Annotated, Any

from litestar import MediaType, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError
from winnow.shells.http.access import Actor, TheDesks, TheKey, ThePerson, needs, needs_person
from winnow.shells.http.described import problems
from winnow.shells.http.incident_types import (
    ConcernedOut,
    ConcernedPage,
    IncidentClose,
    IncidentIn,
    IncidentOut,
    IncidentPage,
    LeadCount,
    LeadsIn,
    LinkIn,
    NoteIn,
    StepIn,
    incident_out,
)
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND

IncidentId = Annotated[
    str,
    PathParameter(description="The id of an incident.", examples=[Example(value="inc_01jd8qg4z5x3n0v7k2m9r6t1wy")]),
]
Unclosed = Annotated[
    bool, QueryParameter(description="true: only those that are not closed.", examples=[Example(value=True)])
]


_MOST_DIGITS = 18


@get(
    "/v1/incidents",
    opt=needs(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    summary="Incidents, the newest first",
    tags=["incidents"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None, unclosed: Unclosed = False) -> IncidentPage:
    """What guards and people have found: in numbers and words, without anything about a person."""
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
    opt=needs_person(Scope.INCIDENTS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Close an incident",
    tags=["incidents"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def close(desks: TheDesks, signed_in: ThePerson, incident_id: IncidentId, data: JSONBody[IncidentClose]) -> IncidentOut:
    """Lifts its pause within a second. Nothing else ever lifts one, so it takes a person; keys cannot."""
    by = signed_in.id
    return incident_out(desks.guards.close(incident_id, data.reason, by, renew=data.renew, lessons=data.lessons))


@post(
    "/v1/incidents",
    opt=needs(Scope.INCIDENTS_WRITE),
    sync_to_thread=True,
    summary="Open an incident",
    tags=["incidents"],
    responses=problems(INVALID_INPUT),
)
def opened(desks: TheDesks, actor: Actor, data: JSONBody[IncidentIn]) -> IncidentOut:
    """For what a person has seen. It stops nothing: for that there is `POST /v1/stop`."""
    incident = desks.incidents.open(data.kind, data.what, data.severity, actor, source=data.source, since=data.since)
    return incident_out(incident)


@post(
    "/v1/incidents/{incident_id:str}/steps",
    opt=needs(Scope.INCIDENTS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Say that an incident is contained or fixed",
    tags=["incidents"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def step(desks: TheDesks, actor: Actor, incident_id: IncidentId, data: JSONBody[StepIn]) -> IncidentOut:
    """With who said so and when; what is fixed is contained, too."""
    return incident_out(desks.incidents.step(incident_id, data.step, actor))


@post(
    "/v1/incidents/{incident_id:str}/notes",
    opt=needs(Scope.INCIDENTS_WRITE),
    status_code=204,
    sync_to_thread=True,
    summary="Write down what was done",
    tags=["incidents"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def note(desks: TheDesks, actor: Actor, incident_id: IncidentId, data: JSONBody[NoteIn]) -> None:
    """It stays: nothing is ever taken out of the file again. Also of what is closed."""
    desks.incidents.note(incident_id, data.text, actor)


@post(
    "/v1/incidents/{incident_id:str}/links",
    opt=needs(Scope.INCIDENTS_WRITE),
    status_code=204,
    sync_to_thread=True,
    summary="Link a stop, a roll-back or an unlearning",
    tags=["incidents"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def link(desks: TheDesks, actor: Actor, incident_id: IncidentId, data: JSONBody[LinkIn]) -> None:
    """So that the report says what was done about it."""
    desks.incidents.link(incident_id, data.kind, data.id, actor)


@post(
    "/v1/incidents/{incident_id:str}/leads",
    opt=needs(Scope.INCIDENTS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Name leads of people concerned",
    tags=["incidents"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def add_leads(desks: TheDesks, actor: Actor, incident_id: IncidentId, data: JSONBody[LeadsIn]) -> LeadCount:
    """By number; one that is there already counts once."""
    return LeadCount(desks.incidents.add_leads(incident_id, data.leads, actor))


@get(
    "/v1/incidents/{incident_id:str}/leads",
    opt=needs(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    summary="Whom an incident concerns",
    tags=["incidents"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def concerned(
    desks: TheDesks, key: TheKey, incident_id: IncidentId, limit: Limit = 50, cursor: Cursor = None
) -> ConcernedPage:
    """Leads by number, and addresses for those who have `decisions:read`."""
    after = _number(cursor)
    found = desks.incidents.leads(incident_id, after, limit, addresses=Scope.DECISIONS_READ in key.scopes)
    shown = [ConcernedOut(each.lead, None if each.addresses is None else list(each.addresses)) for each in found.items]
    return ConcernedPage(shown, found.next)


@get(
    "/v1/incidents/{incident_id:str}/report",
    opt=needs(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    summary="The report of an incident",
    tags=["incidents"],
    responses=problems(NOT_FOUND),
)
def report(desks: TheDesks, incident_id: IncidentId) -> dict[str, Any]:
    """What happened, the clock, how many it concerns, what was done and learnt; nobody concerned is named."""
    return desks.incidents.report(incident_id)


@get(
    "/v1/incidents/{incident_id:str}/report.txt",
    opt=needs(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    media_type=MediaType.TEXT,
    summary="The same as text",
    tags=["incidents"],
    responses=problems(NOT_FOUND),
)
def report_text(desks: TheDesks, incident_id: IncidentId) -> str:
    """For people who read."""
    return desks.incidents.report_text(incident_id)


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _MOST_DIGITS):
        raise InvalidInputError("this is no cursor of this list", where="cursor", fix="take `next` of the page before")
    return int(cursor)


ROUTES = [page, one, close, opened, step, note, link, add_leads, concerned, report, report_text]
