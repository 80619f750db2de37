"""Stands between a service and PostgreSQL, and lets happen what happens to networks."""

import asyncio
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

_PORT_OF_SOCKET = ".s.PGSQL.5432"
_BLOCK = 1 << 16


class DatabaseProxy:
    """Forwards connections to a server on this machine; `url` is the database through it.

    cuts: how many connections were cut right after a COMMIT of decisions went through
    """

    def __init__(self, database: str, *, seed: int = 1) -> None:
        parts = urlsplit(database)
        self._socket = f"{parse_qs(parts.query)['host'][0]}/{_PORT_OF_SOCKET}"
        self._name = parts.path.lstrip("/")
        self._lots = random.Random(seed)
        self._open = True
        self._flowing = asyncio.Event()
        self._cut_share = 0.0
        self._links: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self.cuts = 0
        self._call(self._listen)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{self._name}"

    def refuse(self) -> None:
        """Cut every connection, and let nobody connect."""
        self._call(self._refuse)

    def swallow(self) -> None:
        """Go on to take everything in, and pass nothing on."""
        self._do(self._flowing.clear)

    def recover(self) -> None:
        """Let everything through again."""
        self._do(self._flowing.set)
        if not self._open:
            self._call(self._listen)

    def cut_commits(self, share: float) -> None:
        """Cut this share of the connections on which decisions are just committed; the commit goes through."""
        self._cut_share = share

    def close(self) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, action: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(action)

    def _call(self, action) -> None:
        asyncio.run_coroutine_threadsafe(action(), self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._link, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._open = True
        self._flowing.set()

    async def _refuse(self) -> None:
        self._open = False
        self._server.close()
        for writer in list(self._links):
            writer.transport.abort()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._socket)
        self._links |= {writer, server_writer}
        directions = [
            asyncio.create_task(self._to_server(reader, server_writer, writer)),
            asyncio.create_task(self._to_client(server_reader, writer)),
        ]
        await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        for task in directions:
            task.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await task
        for each in (writer, server_writer):
            self._links.discard(each)
            each.close()

    async def _to_server(self, reader, server_writer, writer) -> None:
        decisions = False
        while block := await reader.read(_BLOCK):
            await self._flowing.wait()
            decisions = decisions or b"COPY decisions" in block or b"INSERT INTO decisions" in block
            server_writer.write(block)
            await server_writer.drain()
            if b"COMMIT" in block:
                if decisions and self._lots.random() < self._cut_share:
                    self.cuts += 1
                    writer.transport.abort()
                    await asyncio.sleep(0.05)  # the server shall have it before it learns that nobody listens
                    return
                decisions = False

    async def _to_client(self, server_reader, writer) -> None:
        while block := await server_reader.read(_BLOCK):
            await self._flowing.wait()
            writer.write(block)
            await writer.drain()
