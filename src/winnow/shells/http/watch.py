"""Every request is counted when it is answered and, if that is wanted, written to the log and traced."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Any

from winnow.bootstrap.telemetry import Tracing
from winnow.shells.http.counters import Counters

_log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

#: Where in an ASGI scope the key stands that a request was let in with.
ADMITTED = "winnow.key"
#: What a request to no route of ours counts as: nobody can make as many counters as there are addresses.
NO_ROUTE = "other"
LEADS_ROUTE = "POST /v1/leads"


class Watch:
    """Looks on.

    access_log: also write a line for each request · tracing: also make a span of each
    """

    def __init__(self, counters: Counters, *, access_log: bool = False, tracing: Tracing | None = None) -> None:
        self._counters = counters
        self._access_log = access_log
        self._tracing = tracing

    def leads(self, scope: Message, status: int, seconds: float) -> None:
        """A request of the hot route was answered."""
        self._counters.lead_seconds.add(seconds)
        self._counters.requests[LEADS_ROUTE, status] += 1
        if self._access_log or self._tracing is not None:
            self._tell(scope, LEADS_ROUTE, status, seconds)

    async def other(
        self,
        app: AsgiApp,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Pass a request to an application and count what it answers."""
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = monotonic()
        try:
            await app(scope, receive, sending)
        finally:
            route = f"{scope['method']} {scope.get('path_template') or NO_ROUTE}" if status else NO_ROUTE
            self._counters.requests[route, status] += 1
            if self._access_log or self._tracing is not None:
                self._tell(scope, route, status, monotonic() - started)

    def _tell(self, scope: Message, route: str, status: int, seconds: float) -> None:
        if self._access_log:
            key = scope.get(ADMITTED)
            fields = {"route": route, "status": status, "ms": round(seconds * 1000, 1), "key": key.id if key else None}
            _log.info("request", extra={"fields": fields})
        if self._tracing is not None:
            self._tracing.request(route, status, seconds)
