"""What a session needs of the gate, asked in threads with a limit of time: what gives no answer says no for now."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from ssl import SSLContext
from typing import TypeVar

from winnow.ports.outgoing import Carrier, Ruling, Sender
from winnow.services.mail_gate import Link, MailGate
from winnow.shells.smtp.fields import Existing

_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken, and how long things may take, in seconds.

    stranger: until somebody has logged in, whatever they say · idle: between two commands
    block: between two pieces of a message · message: from its beginning to its end
    answer: of the gate · drain: of what is under way when the server is told to stop
    """

    most_bytes: int = 25_000_000
    most_connections: int = 50
    most_recipients: int = 100
    stranger: float = 60.0
    idle: float = 300.0
    block: float = 180.0
    message: float = 900.0
    answer: float = 20.0
    drain: float = 30.0


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything a session works with.

    name: what this server calls itself · carrier: makes a connection to the next server, one a session
    link: makes the address to unsubscribe at; None for mail that nobody can unsubscribe from
    existing: what becomes of a way to unsubscribe that a message has · tls: None: connections cannot be encrypted
    folder: where large messages wait for their end; None: where the system has such things
    """

    desk: MailGate
    carrier: Callable[[], Carrier]
    link: Link
    name: str
    now: Callable[[], datetime]
    threads: Executor
    limits: Limits = field(default_factory=Limits)
    existing: Existing = Existing.REPLACE
    tls: SSLContext | None = None
    folder: Path | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def background(self, work: Coroutine[None, None, None]) -> None:
        """Have something done that nobody waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until all that is done."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def asked(self, ask: Callable[[], T]) -> T:
        """What the gate answers; raises TimeoutError, and whatever the asking raises."""
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.run_in_executor(self.threads, ask), self.limits.answer)

    async def ruling(self, ask: Callable[[], Ruling]) -> Ruling | None:
        """The answer about a recipient; None when there is none, whatever the reason."""
        try:
            found = await self.asked(ask)
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not let anything through
            _log.warning("a recipient was put off, as the gate gave no answer: %s", type(error).__name__)
            return None
        return found

    def link_for(self, sender: Sender, address: str) -> str | None:
        """The address to unsubscribe at; raises what making it raises, and ValueError for one that fits no header."""
        link = self.link(address, sender.purpose)
        if link is not None and not (link.isascii() and link.isprintable() and not set(link) & set(" <>")):
            raise ValueError("the link does not fit a header")
        return link
