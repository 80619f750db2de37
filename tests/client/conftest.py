"""A service to talk to, and both clients under one interface, so that each test holds for either."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.fake_service import KEY, FakeService, running
from winnow.client import AsyncClient, Client


@pytest.fixture
def service(socket_enabled) -> Iterator[FakeService]:  # noqa: ARG001  # opens the network first
    with running() as fake:
        yield fake


class Awaited:
    """AsyncClient with the awaiting done."""

    def __init__(self, runner: asyncio.Runner, client: AsyncClient) -> None:
        self._runner = runner
        self._client = client

    def __getattr__(self, name: str):
        method = getattr(self._client, name)
        return lambda *arguments, **named: self._done(method(*arguments, **named))

    def _done(self, asked):
        if inspect.isasyncgen(asked):
            return self._runner.run(_all(asked))
        return self._runner.run(asked)


async def _all(each):
    return [one async for one in each]


@contextmanager
def awaited(url: str, key: str, **settings):
    async def entered(client: AsyncClient) -> AsyncClient:
        return await client.__aenter__()

    async def left(client: AsyncClient) -> None:
        await client.__aexit__(None, None, None)

    with asyncio.Runner() as runner:
        client = runner.run(entered(AsyncClient(url, key, **settings)))
        try:
            yield Awaited(runner, client)
        finally:
            runner.run(left(client))


@pytest.fixture(params=["Client", "AsyncClient"])
def connect(request) -> Callable[..., object]:
    """Open a client: `with connect(url, key) as client`."""
    return Client if request.param == "Client" else awaited


@pytest.fixture
def client(connect, service):
    with connect(service.url, KEY) as opened:
        yield opened


@pytest.fixture(autouse=True)
def pauses(monkeypatch) -> list[float]:
    """The seconds the clients would have waited."""
    waited: list[float] = []
    really = asyncio.sleep

    async def awaited_pause(seconds: float) -> None:
        waited.append(seconds)
        await really(0)

    monkeypatch.setattr("time.sleep", waited.append)
    monkeypatch.setattr("asyncio.sleep", awaited_pause)
    return waited
