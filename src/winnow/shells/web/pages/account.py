"""One's own account: name and roles, password, authenticator, the daily mail, looks."""

from functools import partial
from typing import Any

from litestar import Request, Response, get, post

from winnow.bootstrap.desks import Desks
from winnow.core.people import totp
from winnow.errors import WinnowError
from winnow.shells.http.access import TheDesks, ThePerson, TheState, page
from winnow.shells.http.asgi import AsgiScope, client_of
from winnow.shells.http.browser import new_cookie
from winnow.shells.http.limits import origin_of
from winnow.shells.web.rights import ROLES_IN_WORDS
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_WRONG = 422


@get("/account", opt=page(), sync_to_thread=True, include_in_schema=False)
def account(view: TheView, desks: TheDesks) -> Response[bytes]:
    """Who one is here, and what one may do."""
    return _account(view, desks)


@post("/account/digest", opt=page(), status_code=303, sync_to_thread=True, include_in_schema=False)
def digest(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Have the queue of the day sent by mail, or no more."""
    wanted = form.text("wanted") == "on"
    desks.digest.set_wanted(signed_in.id, wanted=wanted)
    return view.go("/account", "digest-on" if wanted else "digest-off")


@post("/account/password", opt=page(), status_code=303, include_in_schema=False)
async def password(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson
) -> Response[bytes]:
    """Choose another password; all other sessions end."""
    scope = _scope(request)
    attempt = partial(
        state_of.desks.people.sign_ins.change_password,
        signed_in,
        form.secret("password"),
        form.secret("new_password"),
        form.text("code", most=40) or None,
        origin_of(client_of(scope)),
    )
    try:
        new = await state_of.reception.in_turn(attempt)
    except WinnowError as error:
        return _account(view, state_of.desks, error)
    return view.go("/account", "password-changed", {"set-cookie": new_cookie(scope, new.token)})


@post(
    "/account/authenticator",
    opt=page(confirmed=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def new_authenticator(state_of: TheState, view: TheView, signed_in: ThePerson) -> Response[bytes]:
    """Show a secret to put into an authenticator; nothing changes before a code of it was given."""
    secret = state_of.desks.people.sign_ins.new_authenticator(signed_in)
    return view.page(
        "account/authenticator.html", secret=totp.shown(secret), link=totp.address(secret, signed_in.person.email)
    )


@post(
    "/account/authenticator/try",
    opt=page(confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def try_authenticator(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson
) -> Response[bytes]:
    """From the first right code on, codes are asked for."""
    code, origin = form.text("code", most=40), origin_of(client_of(_scope(request)))
    try:
        state_of.desks.people.sign_ins.try_authenticator(signed_in, code, origin)
    except WinnowError as error:
        secret, link = form.text("secret", most=200), form.text("link", most=500)
        kept = link if link.startswith("otpauth:") else ""  # never another kind of link, whoever made the form
        return view.page("account/authenticator.html", status=_WRONG, failure=error, secret=secret, link=kept)
    return view.go("/account", "authenticator-on")


@post(
    "/account/authenticator/drop",
    opt=page(confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def drop_authenticator(state_of: TheState, view: TheView, signed_in: ThePerson) -> Response[bytes]:
    """Ask for codes no more."""
    state_of.desks.people.sign_ins.drop_authenticator(signed_in)
    return view.go("/account", "authenticator-off")


def _account(view: View, desks: Desks, failure: WinnowError | None = None) -> Response[bytes]:
    return view.page(
        "account/page.html",
        status=_WRONG if failure else 200,
        failure=failure,
        roles=ROLES_IN_WORDS,
        letters=desks.mail is not None,
    )


def _scope(request: Asked) -> AsgiScope:
    return request.scope  # type: ignore[return-value]  # the framework's own name for the same


PAGES = [account, digest, password, new_authenticator, try_authenticator, drop_authenticator]
