"""The HTTP application: Litestar for everything but the hot routes, which are answered before it is asked."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar, Request, Response
from litestar.config.app import AppConfig
from litestar.openapi import OpenAPIConfig

from winnow import __version__
from winnow.bootstrap.service import Service
from winnow.bootstrap.spooling import Spooling
from winnow.shells.http.door import Door
from winnow.shells.http.groups import Groups
from winnow.shells.http.hot import PATH, AsgiScope, LeadsRoute, Receive, Send
from winnow.shells.http.limits import Limit, Rate
from winnow.shells.http.routes import ROUTES
from winnow.shells.http.state import State

_log = logging.getLogger(__name__)


class App:
    """The ASGI application of a service."""

    def __init__(self, service: Service) -> None:
        config = service.config
        self._service = service
        self._spooling = Spooling(service)
        per_second = config.count("serve.requests_per_second", most=1_000_000)
        self.state = State(
            service=service,
            door=Door(service.key_ring, Limit(Rate(per_second, 2 * per_second))),
            groups=Groups(service.intake.take, self._spooling.keep, self._spooling.drain),
            forms=Limit(Rate(config.count("serve.forms_per_minute", most=1_000_000) / 60, 30)),
            clock=service.clock,
            new_id=service.new_id,
        )
        self._leads = LeadsRoute(self.state)
        self._others = _litestar(self.state)

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST":
            await self._leads(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._others(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Start the recorder and the refreshing of keys; at the end, let everything that waits be recorded."""
        await receive()
        async with self._running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        await asyncio.to_thread(self._service.key_ring.refresh)
        keys = asyncio.create_task(self._service.key_ring.keep_fresh())
        recorder = asyncio.create_task(self.state.groups.run())
        try:
            yield
        finally:
            keys.cancel()
            with suppress(asyncio.CancelledError):
                await keys
            self.state.groups.close()
            await recorder
            await asyncio.to_thread(self._spooling.close)


def _litestar(state: State) -> Litestar:
    return Litestar(
        route_handlers=ROUTES,
        openapi_config=OpenAPIConfig(title="Winnow", version=__version__, path="/v1/openapi"),
        exception_handlers={Exception: _problem},
        state=None,
        on_app_init=[lambda config: _with_state(config, state)],
    )


def _with_state(config: AppConfig, state: State) -> AppConfig:
    config.state["winnow"] = state
    return config


def _problem(request: Request, error: Exception) -> Response:  # type: ignore[type-arg]
    answer = request.app.state["winnow"].answer_to(error)
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(answer.body, status_code=answer.status, headers=headers)
