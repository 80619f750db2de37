"""What people ask for who are not signed in: a letter with a link, and no more letters."""

import asyncio
from time import monotonic
from typing import Annotated, Any

from litestar import Request, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.errors import ConflictError
from winnow.shells.http.access import TheDesks, TheState, public
from winnow.shells.http.asgi import client_of
from winnow.shells.http.described import problems
from winnow.shells.http.limits import origin_of
from winnow.shells.http.people_types import ResetIn, ResetOut
from winnow.shells.http.problem import (
    CONFLICT,
    INVALID_INPUT,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_JSON,
    TOO_LARGE,
    UNSAFE_JSON,
)

_SAID = "if somebody has an account with this address, a letter with a link is on its way"
_EXAMPLE = "us_01jd8qg4z5x3n0v7k2m9r6t1wy.8c1f0d8c5b3e4a6f9d2b7e1a0c4f6e8d9b5a3c7e"

Asked = Request[Any, Any, Any]
Token = Annotated[str, PathParameter(description="What the letter holds.", examples=[Example(value=_EXAMPLE)])]


@post(
    "/v1/session/reset",
    opt=public(own_pages=True),
    status_code=202,
    summary="Ask for a letter with which to choose another password",
    tags=["session"],
    responses=problems(NOT_JSON, UNSAFE_JSON, TOO_LARGE, INVALID_INPUT, NOT_ALLOWED, CONFLICT),
)
async def reset(request: Asked, state_of: TheState, data: JSONBody[ResetIn]) -> ResetOut:
    """Answers the same, and as fast, whether or not anybody has the address. 409 where no mail server is set."""
    scope: Any = request.scope
    state_of.reception.tried(scope, monotonic())
    mail = state_of.desks.mail
    if mail is None:
        raise ConflictError("this installation sends no letters", fix="ask an administrator for a link")
    await asyncio.to_thread(mail.room.reset_wanted, data.email, origin_of(client_of(scope)))
    return ResetOut(_SAID)


@post(
    "/v1/digest/off/{token:str}",
    opt=public(),
    status_code=204,
    sync_to_thread=True,
    summary="Get the daily letter no more",
    tags=["session"],
    responses=problems(NOT_FOUND),
)
def digest_off(desks: TheDesks, token: Token) -> None:
    """Where "unsubscribe" in a mail program leads (RFC 8058); `winnow user digest EMAIL on` takes it back."""
    desks.digest.unsubscribe(token)


ROUTES = [reset, digest_off]
