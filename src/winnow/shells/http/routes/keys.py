"""Keys of programs."""

from typing import Annotated

from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import Actor, TheKey, TheService, needs
from winnow.shells.http.described import problems
from winnow.shells.http.key_types import KeyIn, KeyMade, KeyPage, key_out
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import INVALID_INPUT, NOT_ALLOWED, NOT_FOUND

KeyId = Annotated[
    str, PathParameter(description="The id of a key.", examples=[Example(value="wk_01jd8qg4z5x3n0v7k2m9r6t1wy")])
]


@get(
    "/v1/keys",
    opt=needs(Scope.KEYS_READ),
    sync_to_thread=True,
    summary="Keys, the eldest first",
    tags=["keys"],
    responses=problems(INVALID_INPUT),
)
def page(service: TheService, limit: Limit = 50, cursor: Cursor = None) -> KeyPage:
    """All there ever were, also revoked ones, without their secrets."""
    found = service.key_desk.page(cursor, limit)
    return KeyPage([key_out(key) for key in found.items], found.next)


@post(
    "/v1/keys",
    opt=needs(Scope.KEYS_WRITE, confirmed=True),
    sync_to_thread=True,
    summary="Make a key",
    tags=["keys"],
    responses=problems(INVALID_INPUT, NOT_ALLOWED),
)
def add(service: TheService, key: TheKey, data: JSONBody[KeyIn]) -> KeyMade:
    """The answer shows the key, this once. A key gives only what it has itself, unless it has `admin`."""
    made = service.key_desk.create(
        data.name, data.scopes, key.id, networks=data.networks, expires_at=data.expires_at, of=key
    )
    return KeyMade(key_out(made.key), made.token)


@delete(
    "/v1/keys/{key_id:str}",
    opt=needs(Scope.KEYS_WRITE),
    sync_to_thread=True,
    summary="Revoke a key",
    tags=["keys"],
    responses=problems(NOT_FOUND),
)
def revoke(service: TheService, actor: Actor, key_id: KeyId) -> None:
    """For good, and everywhere within a second."""
    service.key_desk.revoke(key_id, actor)


ROUTES = [page, add, revoke]
