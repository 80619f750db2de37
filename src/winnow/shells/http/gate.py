"""In front of every handler but the hot ones: who asks, whether the body can be relied on, whether it came before."""

import asyncio
from collections.abc import Iterable, MutableMapping
from time import monotonic
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from winnow.core.apikeys import Caller
from winnow.core.apikeys import Scope as KeyScope
from winnow.errors import InvalidInputError, NotAllowedError
from winnow.ports import Answered
from winnow.shells.http.access import PUBLIC, SIGNED_IN, Access, AsgiApp, access_of, handlers_of, let_in
from winnow.shells.http.asgi import client_of
from winnow.shells.http.browser import need_own_page, session_token
from winnow.shells.http.hot import read_body
from winnow.shells.http.idempotency import fingerprint, idempotency_key, need_current, slot
from winnow.shells.http.state import State
from winnow.shells.http.strict import MOST_BYTES, check_json

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: The first statuses that say: nothing was done; and: nobody knows whether anything was.
_REFUSED, _FAILED = 400, 500

Headers = list[tuple[bytes, bytes]]


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded at once into what its handler takes, with every rule of that type."""

    async def json(self) -> Any:  # noqa: ANN401  # whatever the handler's `data` is
        """The body as the type of the handler's `data`; raises msgspec.ValidationError."""
        field = self.route_handler.parsed_data_field
        return msgspec.json.decode(await self.body(), type=field.annotation if field else object)


class Gate(ASGIMiddleware):
    """Lets a request through to its handler, or refuses it; for a key that came before, gives the same answer."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, state: State) -> None:
        self._state = state
        self._instead: dict[str, AsgiApp] = {}

    def prepare(self, app: Litestar) -> None:
        """Make what answers in the place of handlers; raises TypeError for a handler that does not say who may ask."""
        for handler in handlers_of(app):
            instead = access_of(handler).instead
            if instead is not None:
                self._instead[str(handler)] = instead(self._state)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Called by Litestar for each request that has a handler."""
        access = access_of(scope["route_handler"])
        if access.instead is not None:
            await self._instead[str(scope["route_handler"])](scope, receive, send)  # type: ignore[arg-type]  # Litestar's own names for the same
            return
        key = await self._admitted(scope, access)
        _check_address(scope)
        if _method(scope) not in _WRITES:
            await next_app(scope, receive, _uncached(send))
            return
        body = await read_body(receive, access.most_bytes or MOST_BYTES)  # type: ignore[arg-type]  # as above
        if scope["route_handler"].parsed_data_field is not None:
            check_json(body, most_bytes=access.most_bytes or MOST_BYTES)
        chosen = idempotency_key(_header(scope["headers"], b"idempotency-key"))
        if chosen is None or key is None:
            await next_app(scope, _receiving(body), _uncached(send))
            return
        await self._once(slot(key.id, chosen), _fingerprint(scope, body, key), body, (scope, send, next_app))

    async def _admitted(self, scope: Scope, access: Access) -> Caller | None:
        """Let in who asks; returns the key or person if what they write is to be done once."""
        if access.scope == PUBLIC:
            if access.own_pages:
                need_own_page(scope)  # type: ignore[arg-type]  # as above
            return None
        authorization = _header(scope["headers"], b"authorization")
        caller: Caller
        if access.person and authorization is not None:
            raise NotAllowedError("only people do this, and no key in their place", fix="sign in, as yourself")
        by_session = access.page or access.person or access.scope == SIGNED_IN
        if by_session or (authorization is None and session_token(scope) is not None):  # type: ignore[arg-type]  # as above
            needed = None if access.scope == SIGNED_IN else KeyScope(access.scope)
            caller = await self._state.reception.admit(
                scope,  # type: ignore[arg-type]  # as above
                needed,
                monotonic(),
                confirmed=access.confirmed,
                unasked=access.unasked,
            )
        else:
            caller = self._state.door.admit(authorization, KeyScope(access.scope), client_of(scope), monotonic())  # type: ignore[arg-type]  # as above
        let_in(scope, caller)  # type: ignore[arg-type]  # as above
        return None if access.scope == SIGNED_IN else caller

    async def _once(self, place: bytes, request: bytes, body: bytes, call: tuple[Scope, Send, ASGIApp]) -> None:
        """Carry a request out unless it was before; what it was answered is kept before it is sent."""
        scope, send, next_app = call
        answers, now = self._state.service.answers, self._state.clock.now()
        before = await asyncio.to_thread(answers.claim, place, request, now)
        if before is not None:
            need_current(before.headers, now)
            await _send(send, before.status, [*before.headers, (b"idempotency-replayed", b"true")], before.body)
            return
        heard = _Heard()
        try:
            with answers.marking(place, now):
                await next_app(scope, _receiving(body), _uncached(heard))
        except BaseException:
            await asyncio.to_thread(answers.release, place, unless_done=True)
            raise
        if heard.status < _REFUSED:
            await asyncio.to_thread(answers.keep, place, Answered(heard.status, heard.headers, heard.body))
        else:
            await asyncio.to_thread(answers.release, place, unless_done=heard.status >= _FAILED)
        await _send(send, heard.status, heard.headers, heard.body)


def with_slashes(scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The request with its path still encoded, if a part of it holds a slash, so that the part stays one part."""
    raw: bytes = scope.get("raw_path") or b""
    return {**scope, "path": raw.decode("latin-1")} if b"%2f" in raw.lower() else scope


class _Heard:
    """Takes an answer in, in place of the one who asked."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = []
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(bytes(name), bytes(value)) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _uncached(send: Send) -> Send:
    """Nothing the API says may be kept on the way, unless its handler says so."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and _header(message["headers"], b"cache-control") is None:
            message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]
        await send(message)

    return sending


def _receiving(body: bytes) -> Receive:
    """What hands out a body that was read already."""

    async def receive() -> Any:  # noqa: ANN401  # a message of ASGI
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _check_address(scope: Scope) -> None:
    """No database takes a NUL, so no address may hold one; raises InvalidInputError."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise InvalidInputError("the address holds a NUL", fix="leave it out")


def _fingerprint(scope: Scope, body: bytes, key: Caller) -> bytes:
    path = scope["path"] + "?" + scope["query_string"].decode("latin-1")
    return fingerprint(_method(scope), path, body, key.id)


def _method(scope: Scope) -> str:
    return scope["method"]  # type: ignore[typeddict-item]  # the gate sees HTTP only


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    """A header by its name in lower case; of one that came twice, the first."""
    return next((value for name, value in headers if name.lower() == wanted), None)
