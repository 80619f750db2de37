"""Listens for programs that send mail; stopped in order by one signal, at once by a second."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from winnow.shells.smtp import replies
from winnow.shells.smtp.gate import Gate
from winnow.shells.smtp.session import Session, Sessions

_log = logging.getLogger(__name__)

_BACKLOG = 128
#: Seconds between two looks whether keys were made or revoked; see KeyRing.
_REFRESH_SECONDS = 0.5
#: What a shell reports of a command that a signal ended.
_BY_SIGNAL = 128


class _Busy(asyncio.Protocol):
    """A connection for which there is no room."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(replies.lines(replies.BUSY) + b"\r\n")
            transport.close()


class Server:
    """Serves one socket in the running loop."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._sessions = Sessions()
        self._server: asyncio.Server | None = None

    async def start(self, listener: socket.socket) -> None:
        """Begin to accept connections."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, sock=listener, backlog=_BACKLOG)

    def _protocol(self) -> asyncio.Protocol:
        if len(self._sessions.all) >= self._gate.limits.most_connections:
            return _Busy()
        return Session(self._gate, self._sessions)

    async def stop(self) -> None:
        """Accept nothing more, let messages under way arrive, and end; what takes too long was not accepted."""
        if self._server is not None:
            self._server.close()
        for session in self._sessions.all:
            session.stopping = True
            if not session.under_way:
                session.goodbye()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._sessions.none.wait(), self._gate.limits.drain)
        for session in self._sessions.all:
            _log.warning("a connection was cut, as its message took too long")
            session.cut()
        await self._gate.settled()


def run(gate: Gate, listener: socket.socket, refresh: Callable[[], bool]) -> None:
    """Serve until a signal says stop. `refresh` learns which keys are valid; without an answer nobody may log in."""
    asyncio.run(_run(gate, listener, refresh))


async def _run(gate: Gate, listener: socket.socket, refresh: Callable[[], bool]) -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(sig: signal.Signals) -> None:
        if told.is_set():
            os._exit(_BY_SIGNAL + sig)
        told.set()

    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop, sig)
    server = Server(gate)
    await loop.run_in_executor(gate.threads, refresh)
    refreshing = asyncio.create_task(_kept_fresh(gate, refresh))
    await server.start(listener)
    await told.wait()
    await server.stop()
    refreshing.cancel()
    gate.threads.shutdown(wait=False, cancel_futures=True)


async def _kept_fresh(gate: Gate, refresh: Callable[[], bool]) -> None:
    """Learn of keys all the time; what is known grows too old by itself when that fails."""
    while True:
        await asyncio.sleep(_REFRESH_SECONDS)
        try:
            await asyncio.get_running_loop().run_in_executor(gate.threads, refresh)
        except Exception as error:  # noqa: BLE001  # the next round may fare better
            _log.warning("keys could not be looked up: %s", type(error).__name__)
