"""Signing in, staying so, signing out; the first account, and accounts that were invited."""

import asyncio
from functools import partial
from time import monotonic
from typing import Any

from litestar import Request, Response, delete, get, post, put
from litestar.params import JSONBody

from winnow.core.people import totp
from winnow.errors import NotFoundError
from winnow.services.sign_in import NewSession
from winnow.shells.http.access import ThePerson, TheState, needs_session, public
from winnow.shells.http.asgi import AsgiScope, client_of
from winnow.shells.http.browser import ended_cookie, new_cookie, session_token
from winnow.shells.http.described import problems
from winnow.shells.http.limits import origin_of
from winnow.shells.http.people_types import (
    AuthenticatorOut,
    CodeIn,
    ConfirmIn,
    JoinIn,
    PasswordIn,
    PersonOut,
    SessionOut,
    SetUpIn,
    SignInIn,
    person_out,
    session_out,
)
from winnow.shells.http.problem import (
    CODE_NEEDED,
    CONFLICT,
    INVALID_INPUT,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_JSON,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNSAFE_JSON,
)
from winnow.shells.http.state import State

Asked = Request[Any, Any, Any]

#: What may be wrong with any body.
_BODY = (NOT_JSON, UNSAFE_JSON, TOO_LARGE, INVALID_INPUT)


@post(
    "/v1/session",
    opt=public(own_pages=True),
    status_code=200,
    summary="Sign in",
    tags=["session"],
    responses=problems(*_BODY, UNAUTHENTICATED, CODE_NEEDED, NOT_ALLOWED),
)
async def sign_in(request: Asked, state_of: TheState, data: JSONBody[SignInIn]) -> Response[SessionOut]:
    """The answer sets a cookie and ends the session there was. What was wrong is not told, nor does the time tell."""
    scope = _scope(request)
    new_cookie(scope, "")  # where nobody can sign in, no password should have been sent; nothing is made of it
    state_of.reception.tried(scope, monotonic())
    before = session_token(scope) or ""
    attempt = partial(
        state_of.desks.people.sign_ins.sign_in, data.email, data.password, data.code, _origin(scope), before=before
    )
    return _begun(scope, await state_of.reception.in_turn(attempt))


@get("/v1/session", opt=needs_session(), sync_to_thread=False, summary="Who is signed in?", tags=["session"])
def who(signed_in: ThePerson) -> SessionOut:
    """Who asks, what their roles allow, and until when."""
    return session_out(signed_in)


@delete("/v1/session", opt=needs_session(), status_code=204, sync_to_thread=True, summary="Sign out", tags=["session"])
def sign_out(request: Asked, state_of: TheState, signed_in: ThePerson) -> Response[None]:
    """Ends the session, at once and everywhere, and takes the cookie away."""
    state_of.desks.people.sign_ins.sign_out(signed_in)
    return Response(None, headers={"set-cookie": ended_cookie(_scope(request))})


@post(
    "/v1/session/confirm",
    opt=needs_session(),
    status_code=200,
    summary="Prove anew who you are",
    tags=["session"],
    responses=problems(*_BODY, CODE_NEEDED),
)
async def confirm(
    request: Asked, state_of: TheState, signed_in: ThePerson, data: JSONBody[ConfirmIn]
) -> Response[SessionOut]:
    """Needed before what weighs heavily, such as putting a ruleset in force; holds for ten minutes."""
    scope = _scope(request)
    attempt = partial(state_of.desks.people.sign_ins.confirm, signed_in, data.password, data.code, _origin(scope))
    return _begun(scope, await state_of.reception.in_turn(attempt))


@put(
    "/v1/session/password",
    opt=needs_session(),
    summary="Choose another password",
    tags=["session"],
    responses=problems(*_BODY, CODE_NEEDED),
)
async def change_password(
    request: Asked, state_of: TheState, signed_in: ThePerson, data: JSONBody[PasswordIn]
) -> Response[SessionOut]:
    """Ends all other sessions of the account."""
    scope, sign_ins = _scope(request), state_of.desks.people.sign_ins
    attempt = partial(sign_ins.change_password, signed_in, data.password, data.new_password, data.code, _origin(scope))
    return _begun(scope, await state_of.reception.in_turn(attempt))


@post(
    "/v1/session/authenticator",
    opt=needs_session(confirmed=True),
    sync_to_thread=True,
    summary="Begin to use an authenticator",
    tags=["session"],
    responses=problems(CONFLICT),
)
def new_authenticator(state_of: TheState, signed_in: ThePerson) -> AuthenticatorOut:
    """A secret for it. No code is asked for before one was given."""
    secret = state_of.desks.people.sign_ins.new_authenticator(signed_in)
    return AuthenticatorOut(totp.shown(secret), totp.address(secret, signed_in.person.email))


@put(
    "/v1/session/authenticator",
    opt=needs_session(confirmed=True),
    status_code=204,
    sync_to_thread=True,
    summary="Try the authenticator",
    tags=["session"],
    responses=problems(*_BODY),
)
def try_authenticator(request: Asked, state_of: TheState, signed_in: ThePerson, data: JSONBody[CodeIn]) -> None:
    """From the first right code on, codes are asked for; each is good for once."""
    state_of.desks.people.sign_ins.try_authenticator(signed_in, data.code, _origin(_scope(request)))


@delete(
    "/v1/session/authenticator",
    opt=needs_session(confirmed=True),
    sync_to_thread=True,
    summary="Use the authenticator no more",
    tags=["session"],
)
def drop_authenticator(state_of: TheState, signed_in: ThePerson) -> None:
    """The password alone signs in again."""
    state_of.desks.people.sign_ins.drop_authenticator(signed_in)


@post(
    "/v1/setup",
    opt=public(own_pages=True),
    summary="Make the first account",
    tags=["session"],
    responses=problems(*_BODY, NOT_ALLOWED, NOT_FOUND, CONFLICT),
)
async def set_up(request: Asked, state_of: TheState, data: JSONBody[SetUpIn]) -> PersonOut:
    """An administrator's, with the link that the first start printed. Sign in with it afterwards."""
    _check_in_private(request, state_of)
    if not await asyncio.to_thread(state_of.service.first_run.opens, data.token):
        raise NotFoundError("this link has expired or was used", fix="make an account with `winnow user create`")
    attempt = partial(state_of.desks.people.desk.first, data.email, data.name, data.password)
    return person_out(await state_of.reception.in_turn(attempt))


@post(
    "/v1/session/join",
    opt=public(own_pages=True),
    status_code=200,
    summary="Choose a password with a link",
    tags=["session"],
    responses=problems(*_BODY, NOT_ALLOWED, NOT_FOUND),
)
async def join(request: Asked, state_of: TheState, data: JSONBody[JoinIn]) -> PersonOut:
    """With an invitation, or after somebody reset the account. The link is good for once; sign in afterwards."""
    _check_in_private(request, state_of)
    attempt = partial(state_of.desks.people.desk.join, data.token, data.password)
    return person_out(await state_of.reception.in_turn(attempt))


def _check_in_private(request: Asked, state: State) -> None:
    scope = _scope(request)
    new_cookie(scope, "")
    state.reception.tried(scope, monotonic())


def _begun(scope: AsgiScope, new: NewSession) -> Response[SessionOut]:
    return Response(session_out(new.signed_in), headers={"set-cookie": new_cookie(scope, new.token)}, status_code=200)


def _origin(scope: AsgiScope) -> str:
    return origin_of(client_of(scope))


def _scope(request: Asked) -> AsgiScope:
    return request.scope  # type: ignore[return-value]  # the framework's own name for the same


ROUTES = [
    *(sign_in, who, sign_out, confirm, change_password),
    *(new_authenticator, try_authenticator, drop_authenticator, set_up, join),
]
