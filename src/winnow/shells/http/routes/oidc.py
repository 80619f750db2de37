"""Signing in with an OpenID provider: a browser is sent there, and comes back with what proves who sits at it."""

import asyncio
import re
from time import monotonic
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from winnow.bootstrap.mailing import pages_of
from winnow.bootstrap.oidc import Oidc
from winnow.core.people.accounts import SignedIn
from winnow.core.people.oidc import ASKED_FOR
from winnow.errors import NotAuthenticatedError, NotFoundError
from winnow.services.oidc import Answered
from winnow.shells.http.access import TheState, public_page
from winnow.shells.http.asgi import AsgiScope
from winnow.shells.http.browser import SECURE_COOKIE, cookie_name, cookie_value, new_cookie, session_token
from winnow.shells.http.described import problems
from winnow.shells.http.problem import INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, UNAUTHENTICATED
from winnow.shells.http.state import State

BEGIN_PATH, BACK_PATH = "/sign-in/oidc", "/sign-in/oidc/back"

_SEE_OTHER = 303
#: A page of this installation: a path, and nothing that a browser could take for another host.
_OWN_PAGE = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")

Asked = Request[Any, Any, Any]
Next = Annotated[
    str, QueryParameter(name="next", description="The page to go on with.", examples=[Example(value="/queue")])
]
Again = Annotated[
    bool,
    QueryParameter(description="Prove anew who is signed in, in place of a password.", examples=[Example(value=True)]),
]
Code = Annotated[
    str, QueryParameter(description="What the provider changes for a token.", examples=[Example(value="SplxlOBeZQQY")])
]
StateText = Annotated[
    str,
    QueryParameter(name="state", description="What we sent the browser with.", examples=[Example(value="af0ifjs")]),
]
Error = Annotated[
    str, QueryParameter(description="Why nobody was signed in.", examples=[Example(value="access_denied")])
]
Issuer = Annotated[
    str, QueryParameter(description="Who answers (RFC 9207).", examples=[Example(value="https://login.example")])
]


@get(
    BEGIN_PATH,
    opt=public_page(),
    status_code=_SEE_OTHER,
    summary="Sign in with the OpenID provider",
    tags=["session"],
    responses=problems(INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, UNAUTHENTICATED),
)
async def begin(request: Asked, state_of: TheState, next_page: Next = "/", again: Again = False) -> Response[None]:
    """Sends the browser to the provider, with a cookie that lets it come back within ten minutes."""
    scope, oidc = _entered(request, state_of)
    signed_in = await _signed_in(scope, state_of) if again else None
    page = next_page if _OWN_PAGE.fullmatch(next_page) else "/"
    back = _back(scope, state_of)
    address, asked = await asyncio.to_thread(oidc.desk.begin, back, page, signed_in.id if signed_in else None)
    return _redirect(address, _cookie(scope, oidc.sealed.seal(asked), int(ASKED_FOR.total_seconds())))


@get(
    BACK_PATH,
    opt=public_page(),
    status_code=_SEE_OTHER,
    summary="Come back from the OpenID provider",
    tags=["session"],
    responses=problems(INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, UNAUTHENTICATED),
)
async def back(
    request: Asked,
    state_of: TheState,
    code: Code = "",
    state_text: StateText = "",
    error: Error = "",
    iss: Issuer = "",
) -> Response[None]:
    """Begins a session for whom the provider means, or goes on with theirs; only in the browser that was sent there."""
    scope, oidc = _entered(request, state_of)
    asked = oidc.sealed.open(cookie_value(scope, _name(scope)))
    answered = Answered(code, state_text, error, iss)
    person = await asyncio.to_thread(oidc.desk.end, answered, asked, _back(scope, state_of))
    again = await _signed_in(scope, state_of) if asked is not None and asked.again is not None else None
    sign_ins = state_of.desks.people.sign_ins
    before = session_token(scope) or ""
    new = await asyncio.to_thread(lambda: sign_ins.vouched(person.id, before=before, again=again))
    page = asked.page if asked is not None else "/"
    return _redirect(page, _cookie(scope, "", 0), session=new_cookie(scope, new.token))


def _entered(request: Asked, state: State) -> tuple[AsgiScope, Oidc]:
    """Who comes here without a session is counted; where no provider is set there is nothing."""
    scope: Any = request.scope
    new_cookie(scope, "")  # where nobody can sign in, nobody is sent away to
    state.reception.tried(scope, monotonic())
    if state.desks.oidc is None:
        raise NotFoundError("no OpenID provider is set", fix="sign in with a password")
    return scope, state.desks.oidc


async def _signed_in(scope: AsgiScope, state: State) -> SignedIn:
    token = session_token(scope)
    found = await asyncio.to_thread(state.desks.people.sign_ins.who, token) if token else None
    if found is None:
        raise NotAuthenticatedError("nobody is signed in", fix="sign in first")
    return found


def _back(scope: AsgiScope, state: State) -> str:
    """Where the provider sends the browser back to: as the settings say, else as it asked."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    asked_at = f"{scope.get('scheme')}://{hosts[0] if hosts else ''}"
    return f"{pages_of(state.service.config) or asked_at}{BACK_PATH}"


def _name(scope: AsgiScope) -> str:
    return f"{cookie_name(scope)}-oidc"


def _cookie(scope: AsgiScope, value: str, seconds: int) -> Cookie:
    secure = cookie_name(scope) == SECURE_COOKIE
    return Cookie(
        key=_name(scope), value=value, max_age=seconds, httponly=True, secure=secure, samesite="lax", path="/"
    )


def _redirect(address: str, cookie: Cookie, session: str | None = None) -> Response[None]:
    headers = {"location": address, **({} if session is None else {"set-cookie": session})}
    return Response(None, status_code=_SEE_OTHER, headers=headers, cookies=[cookie])


ROUTES = [begin, back]
