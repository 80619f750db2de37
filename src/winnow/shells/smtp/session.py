"""One connection of a program that sends mail: who it is, its commands, and what is answered (RFC 5321)."""

import asyncio
import logging
from asyncio import BaseTransport, StreamReader, StreamWriter, Transport
from collections import defaultdict
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Received

from winnow.errors import NotAllowedError, NotAuthenticatedError, WinnowError
from winnow.ports.outgoing import Carrier, Envelope, Reply
from winnow.services.mail_gate import Login
from winnow.shells.smtp import replies
from winnow.shells.smtp.addresses import address_of, is_this_machine, objection_to
from winnow.shells.smtp.gate import Gate
from winnow.shells.smtp.incoming import Incoming
from winnow.shells.smtp.passing import Message, Passing, Recipient
from winnow.shells.smtp.reading import BareLineError, StrictReader

_log = logging.getLogger(__name__)

#: The library tells its log every address it sees; nobody is told those.
logging.getLogger("mail.log").disabled = True

_PART = 64 * 1024
_MOST_GUESSES = 3
_LONGEST_COMMAND = 1000
#: Seconds in which a last word is sent before a connection is cut.
_LAST_SECONDS = 5.0
#: How much more than the limit is read of a message that is too large before the connection is cut.
_PATIENCE = 4
#: How the library writes the sender of what must not be answered.
_NOBODY = "<>"


class Sessions:
    """The connections that last; `none` is set while there are none."""

    def __init__(self) -> None:
        self._all: set[Session] = set()
        self.none = asyncio.Event()
        self.none.set()

    @property
    def all(self) -> "tuple[Session, ...]":
        """Those there are at this moment."""
        return tuple(self._all)

    def begun(self, session: "Session") -> None:
        """One more."""
        self._all.add(session)
        self.none.clear()

    def ended(self, session: "Session") -> bool:
        """One less; False when it was none of them any more."""
        known = session in self._all
        self._all.discard(session)
        if not self._all:
            self.none.set()
        return known


class Session(SMTP):
    """A connection, which is among `sessions` for as long as it lasts."""

    def __init__(self, gate: Gate, sessions: Sessions) -> None:
        # The library shares them among all connections, and forgets them at each new one.
        self.command_size_limits = defaultdict(lambda: _LONGEST_COMMAND)
        self.under_way = False
        self.stopping = False
        self._gate = gate
        self._sessions = sessions
        self._login: Login | None = None
        self._recipients: dict[str, Recipient] = {}
        self._stale = False
        self._carrier: Carrier = gate.carrier()
        self._guesses = 0
        self._handing_over: asyncio.Task[Reply] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        super().__init__(
            self,
            data_size_limit=gate.limits.most_bytes,
            enable_SMTPUTF8=True,
            hostname=gate.name,
            ident="Winnow",
            tls_context=gate.tls,
            timeout=gate.limits.idle,
            auth_required=True,
            authenticator=self._authenticated,
            loop=asyncio.get_running_loop(),
        )

    # ── the connection ───────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin, or begin anew under encryption, when nothing said before counts any more."""
        self._login = None
        peer = transport.get_extra_info("peername")
        self._auth_require_tls = not is_this_machine(peer)
        self._sessions.begun(self)
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._gate.limits.stranger, self._still_a_stranger)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End; what is being handed over is handed over, so that nobody has to guess what became of it."""
        if self._deadline is not None:
            self._deadline.cancel()
        if self._sessions.ended(self):
            self._gate.background(self._end())
        super().connection_lost(error)

    def _still_a_stranger(self) -> None:
        """Make room: whoever has no key could otherwise hold all connections with a word now and then."""
        if self._login is None:
            self.goodbye(replies.STRANGER)
            self.loop.call_later(_LAST_SECONDS, self.cut)  # of one who does not even read that

    async def _end(self) -> None:
        if self._handing_over is not None:
            await asyncio.gather(self._handing_over, return_exceptions=True)
        await self._carrier.close()

    def goodbye(self, word: Reply = replies.STOPPING) -> None:
        """End the connection in order, when nothing is under way."""
        if isinstance(self.transport, Transport) and not self.transport.is_closing():
            self.transport.write(replies.lines(word) + b"\r\n")
            self.transport.close()

    def cut(self) -> None:
        """End the connection at once."""
        if isinstance(self.transport, Transport):
            self.transport.abort()

    def _cb_client_connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        reader.__class__ = StrictReader  # the library makes its reader itself, and takes lines that end with LF alone
        super()._cb_client_connected(reader, writer)

    async def handle_exception(self, error: Exception) -> str:
        """What is answered when something breaks; the words of an error may quote what somebody sent."""
        if isinstance(error, BareLineError):
            return self._last_words("521 5.5.2 commands end with CRLF, and hold no CR, LF or NUL of their own")
        if isinstance(error, TimeoutError):
            return self._last_words("421 4.4.2 nothing came for too long")
        _log.error("a session met an error", exc_info=error)
        return "451 4.3.0 something went wrong here; send again later"

    def _last_words(self, text: str) -> str:
        if isinstance(self.transport, Transport):
            self.loop.call_soon(self.transport.close)
        return text

    # ── who it is ────────────────────────────────────────────────────────────────────────────────

    def _authenticated(self, _server: SMTP, session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401  # the library's
        try:
            user, secret = _texts(data)
            self._login = self._gate.desk.login(user, secret, address_of(session.peer))
        except (NotAuthenticatedError, NotAllowedError) as refused:
            self._guesses += 1
            if self._guesses >= _MOST_GUESSES:
                self._last_words("")
            return AuthResult(success=False, handled=False, message=f"535 5.7.8 {refused.what}")
        except WinnowError:
            return AuthResult(success=False, handled=False, message="454 4.7.0 keys cannot be checked now; try later")
        return AuthResult(success=True)

    # ── the commands ─────────────────────────────────────────────────────────────────────────────

    async def handle_MAIL(  # noqa: N802  # the library calls it so
        self, _server: SMTP, _session: object, envelope: Received, address: str, options: list[str]
    ) -> bytes:
        """Begin a message: whoever logged in may still be the one they were."""
        reply = Reply(250, "2.1.0 go on")
        try:
            self._gate.desk.recognise(self._known())
        except (NotAuthenticatedError, NotAllowedError):
            reply = replies.LOGGED_OUT
        except WinnowError:
            reply = replies.PUT_OFF
        sender = "" if address == _NOBODY else address
        objection = objection_to(sender, utf8=envelope.smtp_utf8) if sender else None
        reply = objection or reply
        if reply.good:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return replies.lines(reply)

    async def handle_RCPT(  # noqa: N802  # as above
        self, _server: SMTP, _session: object, envelope: Received, address: str, _options: list[str]
    ) -> bytes:
        """Answer for one recipient."""
        reply = await self._answer(envelope, address)
        if reply.good and address not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(address)
        return replies.lines(reply)

    async def _answer(self, envelope: Received, address: str) -> Reply:
        objection = objection_to(address, utf8=envelope.smtp_utf8)
        if objection is not None:
            return objection
        if address in self._recipients:
            return Reply(250, "2.1.5 known already")
        bound = self._known().bound is not None
        most = self._gate.limits.most_recipients if bound else 1
        if len(self._recipients) >= most:
            return replies.TOO_MANY if bound else replies.ONE_AT_A_TIME
        return await self._judged(envelope, address) if bound else self._later(address)

    async def _judged(self, envelope: Received, address: str) -> Reply:
        sender = self._gate.desk.sender(self._known(), None, None)
        ruling = await self._gate.ruling(lambda: self._gate.desk.ask(sender, address))
        if ruling is None:
            return replies.PUT_OFF
        if not ruling.granted:
            return replies.refusal(ruling)
        offered = await self._offered(envelope, address)
        if offered.good:
            self._recipients[address] = Recipient(address, ruling)
        return offered

    def _later(self, address: str) -> Reply:
        self._recipients[address] = Recipient(address, None)
        return replies.JUDGED_LATER

    async def _offered(self, envelope: Received, address: str) -> Reply:
        """What the next server says of a recipient; of whom the gate refuses, it is never told."""
        if self._stale:
            self._stale = False
            await self._carrier.drop()
        return await self._carrier.offer(_envelope(envelope), address)

    def _set_post_data_state(self) -> None:
        self._recipients = {}
        self._stale = True
        super()._set_post_data_state()  # type: ignore[no-untyped-call]  # the library's

    async def smtp_VRFY(self, arg: str) -> None:  # noqa: N802  # as above
        """Say nothing about any address."""
        await self.push("252 2.1.5 nobody is looked up; send, and see" if arg else "501 5.5.4 VRFY <address>")

    # ── a message ────────────────────────────────────────────────────────────────────────────────

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # as above
        """Take a message and pass it on; the answer is given when its fate is known, and not before."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if arg or self.envelope is None or not self._recipients:
            await self.push("501 5.5.4 DATA takes nothing" if arg else "503 5.5.1 there is no recipient")
            return
        self.under_way = True
        try:
            reply = await self._taken(Incoming(self._gate.limits.most_bytes, self._gate.folder), self.envelope)
        finally:
            self.under_way = False
            self._set_post_data_state()
            if self.transport is not None:
                self._reset_timeout()  # receiving and handing over had times of their own
        await self.push(replies.lines(reply))
        if self.stopping:
            self.goodbye()

    async def _taken(self, incoming: Incoming, envelope: Received) -> Reply:
        try:
            await self.push("354 end with a dot on a line of its own")
            await self._receive(incoming)
        except BaseException:
            incoming.close()
            raise
        return await self._passed_on(incoming, envelope)

    async def _receive(self, incoming: Incoming) -> None:
        """Read a message to its end, no faster than it can be written down."""
        limits, total = self._gate.limits, 0
        self._reset_timeout(limits.message + limits.block)
        async with asyncio.timeout(limits.message):
            while total <= _PATIENCE * limits.most_bytes:
                async with asyncio.timeout(limits.block):
                    part = await self._reader.read(_PART)
                after = incoming.feed(part)
                if after is not None:
                    self._reader.give_back(after)  # type: ignore[attr-defined]  # it is a StrictReader
                    return
                total += len(part)
                if not part:
                    break
        raise TimeoutError

    async def _passed_on(self, incoming: Incoming, envelope: Received) -> Reply:
        """Hand a message over in a task of its own, which nobody's hanging up can break off half done."""
        protocol = ("UTF8" if envelope.smtp_utf8 else "E") + ("SMTPSA" if self._tls_protocol else "SMTPA")
        message = Message(incoming, _envelope(envelope), self._known(), protocol)
        passing = Passing(self._gate, self._carrier, message, list(self._recipients.values()))
        self._reset_timeout(self._gate.limits.message * len(self._recipients))
        self._handing_over = asyncio.create_task(_replied(passing, incoming))
        try:
            return await asyncio.shield(self._handing_over)
        except asyncio.CancelledError:
            passing.abandoned = True
            raise

    def _known(self) -> Login:
        if self._login is None:
            raise NotAuthenticatedError("nobody has logged in", fix="log in first")
        return self._login


async def _replied(passing: Passing, incoming: Incoming) -> Reply:
    with incoming:
        return await passing.reply()


def _envelope(envelope: Received) -> Envelope:
    sender = envelope.mail_from or ""
    return Envelope(
        "" if sender == _NOBODY else sender,
        utf8=bool(envelope.smtp_utf8),
        eight_bit="BODY=8BITMIME" in envelope.mail_options,
    )


def _texts(data: object) -> tuple[str, str]:
    if not isinstance(data, LoginPassword):
        raise NotAuthenticatedError("no valid key was sent")
    return data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
