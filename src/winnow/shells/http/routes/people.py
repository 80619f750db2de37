"""People's accounts, for administrators."""

from typing import Annotated

from litestar import get, post, put
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import TheDesks, TheKey, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.people_types import (
    InviteIn,
    LinkOut,
    PersonOut,
    PersonPage,
    RolesIn,
    link_out,
    person_out,
)
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND

PersonId = Annotated[
    str, PathParameter(description="The id of a person.", examples=[Example(value="us_01jd8qg4z5x3n0v7k2m9r6t1wy")])
]


@get(
    "/v1/people",
    opt=needs(Scope.PEOPLE_READ),
    sync_to_thread=True,
    summary="People, those who came first at the front",
    tags=["people"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None) -> PersonPage:
    """Everybody who ever had an account, also whose is disabled."""
    found = desks.people.desk.page(cursor, limit)
    return PersonPage([person_out(person) for person in found.items], found.next)


@post(
    "/v1/people",
    opt=needs(Scope.PEOPLE_WRITE, confirmed=True),
    sync_to_thread=True,
    summary="Invite somebody",
    tags=["people"],
    responses=problems(INVALID_INPUT, CONFLICT),
)
def invite(desks: TheDesks, key: TheKey, data: JSONBody[InviteIn]) -> LinkOut:
    """The answer shows what they choose a password with, this once. The same again replaces a link that was lost.

    Where a mail server is set, they are sent it, too.
    """
    link = desks.people.desk.invite(data.email, data.name, data.roles, key.id, key)
    if desks.mail is not None:
        desks.mail.room.invite(link.person, link.token, link.until)
    return link_out(link, mailed=desks.mail is not None)


@get(
    "/v1/people/{person_id:str}",
    opt=needs(Scope.PEOPLE_READ),
    sync_to_thread=True,
    summary="A person",
    tags=["people"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, person_id: PersonId) -> PersonOut:
    """Also one whose account is disabled."""
    return person_out(desks.people.desk.person(person_id))


@put(
    "/v1/people/{person_id:str}/roles",
    opt=needs(Scope.PEOPLE_WRITE, confirmed=True),
    sync_to_thread=True,
    summary="Give other roles",
    tags=["people"],
    responses=problems(NOT_FOUND, INVALID_INPUT, CONFLICT),
)
def set_roles(desks: TheDesks, key: TheKey, person_id: PersonId, data: JSONBody[RolesIn]) -> PersonOut:
    """In force at their next request. Nobody changes their own; there is always an administrator."""
    return person_out(desks.people.desk.set_roles(person_id, data.roles, key.id, key))


@post(
    "/v1/people/{person_id:str}/disable",
    opt=needs(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Shut somebody out",
    tags=["people"],
    responses=problems(NOT_FOUND, CONFLICT),
)
def disable(desks: TheDesks, key: TheKey, person_id: PersonId) -> PersonOut:
    """Ends their sessions at once, everywhere. Nobody shuts out themselves, or the last administrator."""
    return person_out(desks.people.desk.disable(person_id, key.id, key))


@post(
    "/v1/people/{person_id:str}/enable",
    opt=needs(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Let somebody in again",
    tags=["people"],
    responses=problems(NOT_FOUND),
)
def enable(desks: TheDesks, key: TheKey, person_id: PersonId) -> PersonOut:
    """With the password and roles they had."""
    return person_out(desks.people.desk.enable(person_id, key.id, key))


ROUTES = [page, invite, one, set_roles, disable, enable]
