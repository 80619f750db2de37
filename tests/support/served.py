"""The real application with a real database, asked in-process: everything but the HTTP server itself is there."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx2

from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import Service, open_service
from winnow.config import load
from winnow.core.apikeys import ROLES
from winnow.ports import Clock
from winnow.shells.http.app import App
from winnow.shells.web.site import site

T = TypeVar("T")

#: So many requests as a test may make, and no test is slowed by limits.
UNLIMITED = {"serve.requests_per_second": "1000000", "serve.forms_per_minute": "1000000"}


class Served:
    """A running application; calling it makes a request.

    key: a token that may do everything · service: what runs behind it
    Requests without `key=` are made with that token; `key=None` sends none. Each comes from the address `ip`.
    """

    def __init__(self, service: Service, loop: asyncio.AbstractEventLoop, app: App) -> None:
        self.service = service
        self.app = app
        self.state = app.state
        self._loop = loop
        self.key = self.new_key(*ROLES)
        self._addresses = count(1)

    def new_key(self, *scopes: str) -> str:
        made = self.service.key_desk.create("test", scopes, created_by="tests").token
        self.service.key_ring.refresh()
        return made

    def new_ip(self) -> str:
        """An address nobody has asked from: limits count for each one."""
        number = next(self._addresses)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def __call__(self, method: str, path: str, *, key: str | None = "", ip: str = "127.0.0.1", **more: Any) -> Any:
        """The answer to a request; `more` is what httpx2 takes: json, content, headers, params."""
        headers = dict(more.pop("headers", {}))
        token = self.key if key == "" else key
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        return self.run(self.asked(method, path, ip, headers=headers, **more))

    async def asked(self, method: str, path: str, ip: str, app: Any = None, **more: Any) -> httpx2.Response:
        """The same, within the loop; of the application `app` instead, if one is given."""
        transport = httpx2.ASGITransport(app or self.app, client=(ip, 1234), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, **more)

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """Wait for something that happens in the application's loop."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=60)

    def screened(self, **lead: Any) -> dict[str, Any]:
        """The decision about a new lead."""
        answer = self("POST", "/v1/leads", json=lead)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]  # whatever JSON holds

    def publish(self) -> None:
        """Sign the log as it is."""
        Publisher(self.service).publish_now()


@contextmanager
def serving(
    folder: Path, *, store: str = "", pages: bool = False, clock: Clock | None = None, **settings: str
) -> Iterator[Served]:
    """An application on a new installation, with its pages or without, by its own clock or another.

    Settings are written with `__` in place of the point.
    """
    named = {name.replace("__", "."): value for name, value in settings.items()}
    config = load(flags={**UNLIMITED, "data.folder": str(folder), "store.url": store, **named})
    service = open_service(config) if clock is None else open_service(config, clock)
    with _in_loop() as loop:
        app = App(service, site=site if pages else None)
        lifespan = _Lifespan(app)
        served = Served(service, loop, app)
        served.run(lifespan.start())
        try:
            yield served
        finally:
            served.run(lifespan.stop())
            service.engine.dispose()


@contextmanager
def _in_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(timeout=60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Lifespan:
    """Starts and stops an application as a server does."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._said: asyncio.Queue[str] = asyncio.Queue()
        self._heard: asyncio.Queue[str] = asyncio.Queue()

    async def start(self) -> None:
        async def receive() -> dict[str, str]:
            return {"type": await self._said.get()}

        async def send(message: dict[str, str]) -> None:
            await self._heard.put(message["type"])

        self._task = asyncio.ensure_future(self._app({"type": "lifespan"}, receive, send))
        await self._said.put("lifespan.startup")
        assert await self._heard.get() == "lifespan.startup.complete"

    async def stop(self) -> None:
        await self._said.put("lifespan.shutdown")
        await self._task
