"""Carries mail on to the next server (RFC 5321), piece by piece, and brings back its answers word for word."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from ssl import SSLError
from typing import NamedTuple

import aiosmtplib
from aiosmtplib import SMTPAuthenticationError, SMTPException

from winnow.adapters.mail.client import client_of
from winnow.adapters.mail.server import MailServer
from winnow.ports.outgoing import Envelope, Reply

#: Seconds in which the server must have taken a whole message (RFC 5321 section 4.5.3.2.6).
_MESSAGE_SECONDS = 600.0
_QUIT_SECONDS = 1.0
_LONGEST = 400
_OK, _START, _CLOSING = 250, 354, 421
_LOWEST, _HIGHEST = 200, 599
_AWAY = Reply(451, "4.4.1 the mail server behind the gate cannot be reached; send again later")
_LOST = Reply(451, "4.4.2 the connection to the mail server behind the gate was lost; send again later")
_UNFIT = Reply(553, "5.1.3 the address cannot be passed on")
_NO_UTF8 = Reply(553, "5.6.7 the mail server behind the gate does not take addresses outside ASCII")
_NO_8BIT = Reply(554, "5.6.3 the mail server behind the gate takes 7-bit messages only; encode it")

#: What a connection may fail with.
_FAILURES = (SMTPException, OSError, ValueError)

#: What must not stand in a command: it would end it, or the address in it.
_UNSAFE = re.compile(r"[\x00-\x20<>\x7f\ud800-\udfff]")
#: A dot at the beginning of a line is doubled (RFC 5321 section 4.5.2).
_DOT = re.compile(rb"(?m)^\.")


class Trouble(NamedTuple):
    """What keeps mail from the next server, and which setting says so."""

    text: str
    setting: str


class SmtpCarrier:
    """See the port Carrier. Connects when it is first needed, and once more when the server had hung up meanwhile."""

    def __init__(self, server: MailServer, name: str) -> None:
        """Nothing is connected yet; `name` is what this machine says it is called."""
        self._server = server
        self._name = name
        self._client: aiosmtplib.SMTP | None = None
        self._begun = False
        self._used = False

    async def offer(self, envelope: Envelope, address: str) -> Reply:
        """See the port."""
        if _UNSAFE.search(address) or _UNSAFE.search(envelope.sender):
            return _UNFIT
        reply = await self._named(envelope, address)
        if reply is _LOST and not self._begun and self._used:
            self._used = False
            reply = await self._named(envelope, address)  # it had been idle for too long
        return reply

    async def carry(self, parts: Iterable[bytes]) -> Reply:
        """See the port."""
        self._begun = False
        reply = await self._said(lambda client: client.execute_command(b"DATA"))
        if reply.code != _START:
            return Reply(451, reply.text) if reply.good else reply
        return await self._said(lambda client: self._streamed(client, parts), _MESSAGE_SECONDS)

    async def drop(self) -> None:
        """See the port."""
        if self._begun:
            self._begun = False
            await self._said(lambda client: client.execute_command(b"RSET"))

    async def close(self) -> None:
        """See the port."""
        client, self._client = self._client, None
        if client is None:
            return
        if client.is_connected:
            with suppress(SMTPException, OSError):
                await client.quit(timeout=_QUIT_SECONDS)
        _hang_up(client)

    async def _named(self, envelope: Envelope, address: str) -> Reply:
        if not self._begun:
            begun = await self._introduced(envelope)
            if not begun.good:
                return begun
        to = f"TO:<{address}>".encode()
        reply = await self._said(lambda client: client.execute_command(b"RCPT", to))
        self._begun = self._begun and reply is not _LOST
        return reply

    async def _introduced(self, envelope: Envelope) -> Reply:
        """Begin a transaction, connecting first where that is needed."""
        connected = self._client is not None and self._client.is_connected
        if not connected and not await self._connected():
            return _AWAY
        client = self._client
        if envelope.utf8 and (client is None or not client.supports_extension("smtputf8")):
            return _NO_UTF8
        if envelope.eight_bit and (client is None or not client.supports_extension("8bitmime")):
            return _NO_8BIT
        options = [b"BODY=8BITMIME"] * envelope.eight_bit + [b"SMTPUTF8"] * envelope.utf8
        sender = f"FROM:<{envelope.sender}>".encode()
        reply = await self._said(lambda client: client.execute_command(b"MAIL", sender, *options))
        self._begun = reply.code == _OK
        return reply

    async def trouble(self, seconds: float) -> Trouble | None:
        """What keeps mail from the server at this moment, found out by connecting and logging in; None: nothing."""
        try:
            await self._connect(seconds)
        except _FAILURES as error:
            return _trouble_of(error, self._server)
        return None

    async def _connected(self) -> bool:
        try:
            await self._connect(self._server.seconds)
        except _FAILURES:
            return False
        return True

    async def _connect(self, seconds: float) -> None:
        client = client_of(self._server, self._name)
        try:
            async with asyncio.timeout(seconds):
                await client.connect()
                await client._ehlo_or_helo_if_needed()  # noqa: SLF001  # what it offers has to be known before MAIL
        except _FAILURES:
            _hang_up(client)
            raise
        self._client, self._used = client, False

    async def _said(
        self, ask: Callable[[aiosmtplib.SMTP], Awaitable[aiosmtplib.SMTPResponse]], seconds: float = 0.0
    ) -> Reply:
        """What the server answers; it hangs up, or was to be hung up on, where that is `_LOST`."""
        client = self._client
        if client is None or not client.is_connected:
            self._begun = False
            return _LOST
        try:
            async with asyncio.timeout(seconds or self._server.seconds):
                answer = await ask(client)
        except (SMTPException, OSError, ValueError):
            return self._lost(client)
        self._used = True
        if answer.code == _CLOSING or not _LOWEST <= answer.code <= _HIGHEST:
            return self._lost(client)
        return Reply(answer.code, _one_line(answer.message))

    def _lost(self, client: aiosmtplib.SMTP) -> Reply:
        _hang_up(client)
        self._client, self._begun = None, False
        return _LOST

    async def _streamed(self, client: aiosmtplib.SMTP, parts: Iterable[bytes]) -> aiosmtplib.SMTPResponse:
        """Write the message as fast as the server reads it, then the lone dot, whose answer is that of all of it."""
        protocol = client.protocol
        if protocol is None:
            raise OSError
        for part in parts:
            protocol.write(_DOT.sub(b"..", part))
            await protocol._drain_helper()  # noqa: SLF001  # there is no public way to wait until it can take more
        return await client.execute_command(b".", timeout=_MESSAGE_SECONDS)


def _trouble_of(error: Exception, server: MailServer) -> Trouble:
    place = f"{server.host}:{server.port}"
    if isinstance(error, SMTPAuthenticationError):
        return Trouble(f"{place} does not accept the name and password", "smtp_gate.server_user")
    cause = error.__cause__ or error.__context__ or error
    if any(isinstance(each, SSLError) for each in (error, cause)):
        return Trouble(f"{place} cannot be trusted: {_one_line(str(cause))}", "smtp_gate.server_security")
    if isinstance(error, SMTPException) and "STARTTLS" in str(error).upper():
        return Trouble(f"{place} offers no encryption with STARTTLS", "smtp_gate.server_security")
    if isinstance(error, TimeoutError):
        return Trouble(f"{place} did not answer in time", "smtp_gate.server")
    words = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return Trouble(f"{place} cannot be reached: {_one_line(words).lower()}", "smtp_gate.server")


def _hang_up(client: aiosmtplib.SMTP) -> None:
    if isinstance(client.transport, asyncio.Transport):
        client.transport.abort()
    client.close()


def _one_line(text: str) -> str:
    plain = "".join(each if each.isprintable() and each.isascii() else " " for each in text)
    return " ".join(plain.split())[:_LONGEST]
