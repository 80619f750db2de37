"""The HTTP application: Litestar for everything but the hot routes, which are answered before it is asked."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from litestar import Litestar

from winnow.bootstrap.desks import make_desks
from winnow.bootstrap.service import Service
from winnow.shells.http.access import AsgiApp, dependencies
from winnow.shells.http.asgi import AsgiScope, Receive, Send
from winnow.shells.http.door import Door
from winnow.shells.http.failures import as_answer
from winnow.shells.http.gate import Gate, StrictRequest, with_slashes
from winnow.shells.http.groups import Groups
from winnow.shells.http.hot import ECHO_PATH, PATH, EchoRoute, HotRoute, LeadsRoute
from winnow.shells.http.limits import Limit, Rate
from winnow.shells.http.openapi import EVERY_ROUTE
from winnow.shells.http.operations import Operations
from winnow.shells.http.reception import Reception
from winnow.shells.http.site import MakeSite, Site
from winnow.shells.http.state import State

_log = logging.getLogger(__name__)


class App:
    """The ASGI application of a service."""

    def __init__(self, service: Service, *, jobs: bool = True, site: MakeSite | None = None) -> None:
        """`jobs`: also publish the log, deliver webhooks and keep the store tidy, as one process has to.

        site: makes the pages for people; None: there are none
        """
        config = service.config
        self._service = service
        self._operations = operations = Operations(service, jobs=jobs)
        per_second = config.count("serve.requests_per_second", most=1_000_000)
        desks, requests = make_desks(service), Limit(Rate(per_second, 2 * per_second))
        self.state = State(
            service=service,
            desks=desks,
            door=Door(service.key_ring, requests),
            reception=Reception(desks.people.sign_ins, service.clock, requests),
            groups=Groups(operations.take, operations.spooling.keep, operations.spooling.drain, aside=service.remote),
            forms=Limit(Rate(config.count("serve.forms_per_minute", most=1_000_000) / 60, 30)),
            clock=service.clock,
            new_id=service.new_id,
            operations=operations,
        )
        self._hot: dict[str, HotRoute] = {PATH: LeadsRoute(self.state)}
        if config.flag("serve.echo"):
            self._hot[ECHO_PATH] = EchoRoute(self.state)
        self._others: AsgiApp = litestar_app(self.state, site(self.state) if site else None)  # type: ignore[assignment]  # its own names for the same

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """ASGI."""
        hot = self._hot.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if hot is not None:
            await hot(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._operations.watch.other(self._others, with_slashes(scope), receive, send)

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
        self._operations.start()
        try:
            yield
        finally:
            keys.cancel()
            with suppress(asyncio.CancelledError):
                await keys
            self.state.groups.close()
            await recorder
            await asyncio.to_thread(self._operations.stop)


def litestar_app(state: State, site: Site | None = None) -> Litestar:
    """Everything but the hot routes; raises TypeError when a handler does not say who may ask it."""
    gate = Gate(state)
    app = Litestar(
        route_handlers=[*EVERY_ROUTE, *(site.routes if site else ())],
        openapi_config=None,  # the document is made once, see `openapi`
        request_class=StrictRequest,
        request_max_body_size=None,  # the gate reads bodies, with its own limits
        middleware=[gate],
        dependencies={**dependencies(state), **(site.dependencies if site else {})},
        exception_handlers={Exception: partial(as_answer, state, site)},
        logging_config=None,
    )
    gate.prepare(app)
    return app
