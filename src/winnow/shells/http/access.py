"""Who may ask what: each handler says which scope it needs, and one that says nothing does not get served at all."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from litestar import Litestar, Request
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import SkipValidation

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.apikeys import Caller, Denial, Scope
from winnow.core.people.accounts import SignedIn
from winnow.errors import NotAllowedError
from winnow.shells.http.asgi import AsgiScope, Receive, Send
from winnow.shells.http.state import State
from winnow.shells.http.watch import ADMITTED

#: In place of a scope: nobody needs a key.
PUBLIC: Final = "public"
#: In place of a scope: whoever has signed in, whatever their role; no key will do.
SIGNED_IN: Final = "signed in"

#: What a handler may ask for by the parameter names `service`, `state_of` and `actor`: the running service, what all
#: routes share, and the id of the key that was let in.
TheService: TypeAlias = NamedDependency[SkipValidation[Service]]
TheState: TypeAlias = NamedDependency[SkipValidation[State]]
Actor: TypeAlias = NamedDependency[str]

#: Likewise `desks` and `key`: where changes are made, and the key or person that was let in.
TheDesks: TypeAlias = NamedDependency[SkipValidation[Desks]]
TheKey: TypeAlias = NamedDependency[SkipValidation[Caller]]
#: And `signed_in`, for handlers that nobody but people may ask.
ThePerson: TypeAlias = NamedDependency[SkipValidation[SignedIn]]

AsgiApp: TypeAlias = Callable[[AsgiScope, Receive, Send], Awaitable[None]]

_ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Access:
    """What a handler declares.

    scope: a Scope, SIGNED_IN or PUBLIC · most_bytes: the largest body it takes
    confirmed: people have to have proved just now who they are · own_pages: browsers are sent here by our pages only
    page: a page of the web application: for people who have signed in, never for keys; problems are shown as pages
    person: for people who have signed in and have the scope, never for keys
    unasked: pages ask by themselves, which keeps no session alive
    instead: makes the plain ASGI application that answers in its place and lets nobody in by itself; the handler then
        only describes it
    """

    scope: Scope | str
    most_bytes: int | None = None
    confirmed: bool = False
    own_pages: bool = False
    page: bool = False
    instead: Callable[[State], AsgiApp] | None = None
    person: bool = False
    unasked: bool = False


def needs(scope: Scope, *, most_bytes: int | None = None, confirmed: bool = False) -> dict[str, Any]:
    """The `opt` of a handler that whoever has the scope may ask; see Access."""
    return {_ACCESS: Access(scope, most_bytes, confirmed)}


def needs_person(scope: Scope, *, confirmed: bool = False, most_bytes: int | None = None) -> dict[str, Any]:
    """The `opt` of a handler for people alone whose role has the scope: what no key may do in their place."""
    return {_ACCESS: Access(scope, most_bytes, confirmed, person=True)}


def needs_session(*, confirmed: bool = False) -> dict[str, Any]:
    """The `opt` of a handler that people may ask about themselves."""
    return {_ACCESS: Access(SIGNED_IN, confirmed=confirmed)}


def public(*, own_pages: bool = False) -> dict[str, Any]:
    """The `opt` of a handler that anybody may ask."""
    return {_ACCESS: Access(PUBLIC, own_pages=own_pages)}


def page(scope: Scope | None = None, *, confirmed: bool = False, most_bytes: int | None = None) -> dict[str, Any]:
    """The `opt` of a page that people may open whose role has the scope; None: whatever their role."""
    return {_ACCESS: Access(scope or SIGNED_IN, most_bytes, confirmed, page=True)}


def page_unasked() -> dict[str, Any]:
    """The `opt` of what open pages ask for again and again, though nobody may be there any more."""
    return {_ACCESS: Access(SIGNED_IN, page=True, unasked=True)}


def public_page(*, own_pages: bool = False) -> dict[str, Any]:
    """The `opt` of a page that anybody may open."""
    return {_ACCESS: Access(PUBLIC, own_pages=own_pages, page=True)}


def described(scope: Scope | str, instead: Callable[[State], AsgiApp]) -> dict[str, Any]:
    """The `opt` of a handler that only describes what a plain ASGI application answers."""
    return {_ACCESS: Access(scope, instead=instead)}


def access_of(handler: BaseRouteHandler) -> Access:
    """What a handler declares; the answer to OPTIONS, which Litestar makes by itself, tells only what is documented."""
    declared = handler.opt.get(_ACCESS)
    if isinstance(declared, Access):
        return declared
    if isinstance(handler, HTTPRouteHandler) and handler.http_methods == {"OPTIONS"}:
        return Access(PUBLIC)
    raise TypeError(f"{handler} does not say which scope it needs: give it opt=needs(…) or opt=public()")


def handlers_of(app: Litestar) -> Iterator[BaseRouteHandler]:
    """Every handler of an application, also those that Litestar added."""
    for route in app.routes:
        yield from getattr(route, "route_handlers", None) or [route.route_handler]  # type: ignore[union-attr]  # what is no HTTP route has one handler


def let_in(scope: dict[str, Any], key: Caller) -> None:
    """Note whose request it is."""
    scope[ADMITTED] = key


def also_needs(scope: Scope, key: Caller) -> None:
    """Raise NotAllowedError when a key lacks a scope that a handler needs besides the one it declares."""
    if scope not in key.scopes:
        raise NotAllowedError(Denial.OUT_OF_SCOPE.value, fix=f"ask for the scope `{scope}`")


def _key(request: Request[Any, Any, Any]) -> Caller:
    return request.scope[ADMITTED]  # type: ignore[literal-required,no-any-return]  # put there by `let_in`


def _person(request: Request[Any, Any, Any]) -> SignedIn:
    return request.scope[ADMITTED]  # type: ignore[literal-required,no-any-return]  # put there by `let_in`


def _actor(request: Request[Any, Any, Any]) -> str:
    return _key(request).id


def dependencies(state: State | None) -> dict[str, Provide]:
    """What handlers may ask for by name; without a state only good for describing them."""
    return {
        "service": Provide(lambda: state.service if state else None, sync_to_thread=False),
        "desks": Provide(lambda: state.desks if state else None, sync_to_thread=False),
        "state_of": Provide(lambda: state, sync_to_thread=False),
        "actor": Provide(_actor, sync_to_thread=False),
        "key": Provide(_key, sync_to_thread=False),
        "signed_in": Provide(_person, sync_to_thread=False),
    }
