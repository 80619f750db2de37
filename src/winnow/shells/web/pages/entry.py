"""The way in: the first account, a link that was sent, signing in and out, and proving anew who one is."""

import asyncio
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.errors import CodeNeededError, InvalidInputError, NotFoundError, WinnowError
from winnow.shells.http.access import TheDesks, ThePerson, TheState, page, public_page
from winnow.shells.http.asgi import AsgiScope, client_of
from winnow.shells.http.browser import cookie_name, ended_cookie, new_cookie, session_token
from winnow.shells.http.limits import origin_of
from winnow.shells.http.state import State
from winnow.shells.web.pages.looks import own_path
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_WRONG = 422


@get("/sign-in", opt=public_page(), sync_to_thread=True, include_in_schema=False)
def sign_in_page(request: Asked, state_of: TheState, view: TheView) -> Response[bytes]:
    """Who has signed in already goes on."""
    there = own_path(request.query_params.get("next", "/"))
    token = session_token(_scope(request))
    if token and state_of.desks.people.sign_ins.who(token) is not None:
        return view.go(there)
    return _sign_in(view, request, state_of.desks, there)


@post("/sign-in", opt=public_page(own_pages=True), status_code=303, include_in_schema=False)
async def sign_in(request: Asked, state_of: TheState, view: TheView, form: TheForm) -> Response[bytes]:
    """Begin a session in place of the one there was; asks for the code where one is needed."""
    scope, there = _scope(request), own_path(form.text("next") or "/")
    new_cookie(scope, "")
    state_of.reception.tried(scope, monotonic())
    attempt = partial(
        state_of.desks.people.sign_ins.sign_in,
        form.text("email", most=400),
        form.secret("password"),
        form.text("code", most=40) or None,
        _origin(request),
        before=session_token(scope) or "",
    )
    try:
        new = await state_of.reception.in_turn(attempt)
    except WinnowError as error:
        return _sign_in(view, request, state_of.desks, there, form, error)
    return view.go(there, headers={"set-cookie": new_cookie(scope, new.token)})


@post("/sign-out", opt=page(), status_code=303, sync_to_thread=True, include_in_schema=False)
def sign_out(request: Asked, state_of: TheState, view: TheView, signed_in: ThePerson) -> Response[bytes]:
    """End the session, at once and everywhere."""
    state_of.desks.people.sign_ins.sign_out(signed_in)
    return view.go("/sign-in", "signed-out", {"set-cookie": ended_cookie(_scope(request))})


@post("/confirm", opt=page(), status_code=303, include_in_schema=False)
async def confirm(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson
) -> Response[bytes]:
    """Prove anew who one is, then go back and do it again; with scripts, a dialog over the page does both."""
    scope, there = _scope(request), own_path(form.text("next") or "/")
    attempt = partial(
        state_of.desks.people.sign_ins.confirm,
        signed_in,
        form.secret("password"),
        form.text("code", most=40) or None,
        _origin(request),
    )
    try:
        new = await state_of.reception.in_turn(attempt)
    except WinnowError as error:
        return view.page("entry/confirm.html", status=_WRONG, there=there, failure=error)
    return view.go(there, "confirmed", {"set-cookie": new_cookie(scope, new.token)})


@get("/setup/{token:str}", opt=public_page(), sync_to_thread=True, include_in_schema=False)
def set_up_page(state_of: TheState, view: TheView, token: FromPath[str]) -> Response[bytes]:
    """The first page of a new installation."""
    opens = state_of.service.first_run.opens(token)
    return view.page("entry/set_up.html", status=200 if opens else 404, token=token, opens=opens)


@post("/setup/{token:str}", opt=public_page(own_pages=True), status_code=303, include_in_schema=False)
async def set_up(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, token: FromPath[str]
) -> Response[bytes]:
    """Make the first account, an administrator's, and sign in with it."""
    _check_in_private(request, state_of)
    if not await asyncio.to_thread(state_of.service.first_run.opens, token):
        raise NotFoundError("this link has expired or was used", fix="make an account with `winnow user create`")
    email, password = form.text("email", most=400), form.secret("password")
    attempt = partial(state_of.desks.people.desk.first, email, form.text("name", most=400), password)
    try:
        await state_of.reception.in_turn(attempt)
    except WinnowError as error:
        return view.page("entry/set_up.html", status=_WRONG, token=token, opens=True, form=form, failure=error)
    return await _straight_in(request, state_of, view, (email, password))


@get("/forgotten", opt=public_page(), sync_to_thread=False, include_in_schema=False)
def forgotten_page(view: TheView, desks: TheDesks) -> Response[bytes]:
    """Where a letter with a link is asked for."""
    return view.page("entry/forgotten.html", letters=desks.mail is not None, asked=False)


@post("/forgotten", opt=public_page(own_pages=True), status_code=200, include_in_schema=False)
async def forgotten(request: Asked, state_of: TheState, view: TheView, form: TheForm) -> Response[bytes]:
    """Says the same, and as fast, whether or not anybody has the address."""
    mail = state_of.desks.mail
    if mail is None:
        raise NotFoundError("this installation sends no letters", fix="ask an administrator for a link")
    state_of.reception.tried(_scope(request), monotonic())
    try:
        await asyncio.to_thread(mail.room.reset_wanted, form.text("email", most=400), _origin(request))
    except InvalidInputError as error:
        return view.page("entry/forgotten.html", status=_WRONG, letters=True, asked=False, form=form, failure=error)
    return view.page("entry/forgotten.html", letters=True, asked=True)


@get("/join/{token:str}", opt=public_page(), sync_to_thread=False, include_in_schema=False)
def join_page(view: TheView, token: FromPath[str]) -> Response[bytes]:
    """Where an invitation or a reset leads; whether the link is good is said when it is used."""
    return view.page("entry/join.html", token=token)


@post("/join/{token:str}", opt=public_page(own_pages=True), status_code=303, include_in_schema=False)
async def join(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, token: FromPath[str]
) -> Response[bytes]:
    """Choose a password, then sign in with it."""
    _check_in_private(request, state_of)
    attempt = partial(state_of.desks.people.desk.join, token, form.secret("password"))
    try:
        person = await state_of.reception.in_turn(attempt)
    except NotFoundError:
        raise
    except WinnowError as error:
        return view.page("entry/join.html", status=_WRONG, token=token, form=form, failure=error)
    return await _straight_in(request, state_of, view, (person.email, form.secret("password")))


async def _straight_in(request: Asked, state: State, view: View, known: tuple[str, str]) -> Response[bytes]:
    """Sign in with what was chosen just now; who has an authenticator is asked for its code."""
    scope = _scope(request)
    attempt = partial(state.desks.people.sign_ins.sign_in, *known, None, _origin(request))
    try:
        new = await state.reception.in_turn(attempt)
    except CodeNeededError:
        return view.go("/sign-in", "account-made")
    return view.go("/", headers={"set-cookie": new_cookie(scope, new.token)})


def _sign_in(
    view: View, request: Asked, desks: Desks, there: str, form: Form | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    return view.page(
        "entry/sign_in.html",
        status=_WRONG if failure else 200,
        there=there,
        form=form or Form({}),
        failure=None if isinstance(failure, CodeNeededError) else failure,
        code_asked=isinstance(failure, CodeNeededError) or bool(form and form.text("code")),
        in_the_clear=cookie_name(_scope(request)) is None,
        provider=f"/sign-in/oidc?{urlencode({'next': there})}" if desks.oidc else None,
        letters=desks.mail is not None,
    )


def _check_in_private(request: Asked, state: State) -> None:
    new_cookie(_scope(request), "")
    state.reception.tried(_scope(request), monotonic())


def _origin(request: Asked) -> str:
    return origin_of(client_of(_scope(request)))


def _scope(request: Asked) -> AsgiScope:
    return request.scope  # type: ignore[return-value]  # the framework's own name for the same


PAGES = [
    *(sign_in_page, sign_in, sign_out, confirm),
    *(set_up_page, set_up, join_page, join, forgotten_page, forgotten),
]
