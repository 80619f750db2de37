"""A message on its way through the gate: for whom it is, whether they may still be written to, and what became of it.

It is handed over for one recipient after the other, because the way to unsubscribe is each one's own, and each is asked
about once more at the very moment before: what was acknowledged until then, an opt-out or a stop, holds.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime

from winnow.errors import InvalidInputError
from winnow.ports.outgoing import Carrier, Envelope, Reply, Ruling, Sender
from winnow.services.mail_gate import Login
from winnow.shells.smtp import replies
from winnow.shells.smtp.fields import (
    MOST_HOPS,
    PERMIT,
    PURPOSE,
    REASON,
    SYSTEM,
    Field,
    fields_of,
    hops,
    outgoing,
    said,
)
from winnow.shells.smtp.gate import Gate
from winnow.shells.smtp.incoming import Fault, Incoming

_log = logging.getLogger(__name__)

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a message is for.

    ruling: None for one who is answered when the message is there · token: of the permit the message brings for them
    """

    address: str
    ruling: Ruling | None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was received whole. `protocol` names how (RFC 3848, RFC 6531)."""

    incoming: Incoming
    envelope: Envelope
    login: Login
    protocol: str


@dataclass(slots=True)
class Passing:
    """Brings one message to its recipients.

    recipients: those who were not refused before · abandoned: nobody waits for the answer any more
    """

    gate: Gate
    carrier: Carrier
    message: Message
    recipients: list[Recipient]
    abandoned: bool = False
    _fields: list[Field] = field(default_factory=list)
    _body_from: int = 0
    _sender: Sender | None = None

    async def reply(self) -> Reply:
        """What the sender is answered for the message."""
        objection = self._read()
        if objection is not None:
            return objection
        if self.message.login.bound is None:
            objection = await self._judge()
        elif said(self._fields, PERMIT) is not None:
            objection = await self._presented()
        elif len(self.recipients) > 1:
            objection = await self._all_still()
        if objection is not None:
            return objection
        if len(self.recipients) > 1:
            await self.carrier.drop()  # they were named together, and get it one by one
        return replies.summed([await self._pass_to(recipient) for recipient in self.recipients])

    def _read(self) -> Reply | None:
        """Read the header; what is wrong with the message, whoever it is for."""
        incoming = self.message.incoming
        if incoming.fault is not None:
            return replies.of_fault(incoming.fault)
        found = incoming.head()
        if found is None:
            return replies.of_fault(Fault.LONG_HEAD)
        head, self._body_from = found
        self._fields = fields_of(head)
        if head[:1] in {b" ", b"\t"}:  # it would go on with the last of our own fields
            return replies.BLANK
        return replies.CIRCLING if hops(self._fields) > MOST_HOPS else self._read_fields()

    def _read_fields(self) -> Reply | None:
        """Read what the fields for the gate say; what is wrong with them."""
        try:
            system, purpose, *_ = [said(self._fields, name) for name in (SYSTEM, PURPOSE, PERMIT, REASON)]
            self._sender = self.gate.desk.sender(self.message.login, system, purpose)
        except InvalidInputError:
            return replies.MISUSED
        except ValueError:
            return replies.TWICE
        return None

    async def _judge(self) -> Reply | None:
        """Have the only recipient answered, now that the message says what it is for."""
        if said(self._fields, PERMIT) is not None:
            return await self._presented()
        (recipient,), sender = self.recipients, self._known()
        reason = (said(self._fields, REASON) or "")[:_LONGEST_REASON]
        ruling = await self.gate.ruling(lambda: self.gate.desk.ask(sender, recipient.address, reason))
        self.recipients = [Recipient(recipient.address, ruling)]
        return _no(ruling)

    async def _presented(self) -> Reply | None:
        """Look at a permit from elsewhere, which is about one recipient."""
        token = "".join((said(self._fields, PERMIT) or "").split())
        if len(self.recipients) > 1:
            return replies.ONE_PERMIT
        (recipient,), sender = self.recipients, self._known()
        ruling = await self.gate.ruling(lambda: self.gate.desk.presented(sender, recipient.address, token))
        self.recipients = [Recipient(recipient.address, ruling, token)]
        return _no(ruling)

    async def _all_still(self) -> Reply | None:
        """Send nothing to anybody when somebody is lost meanwhile: sent again, each gets an answer of their own."""
        for recipient in self.recipients:
            ruling = await self._still(recipient)
            if ruling is None:
                return replies.PUT_OFF
            if not ruling.granted:
                return replies.WITHDRAWN
        return None

    async def _still(self, recipient: Recipient) -> Ruling | None:
        """The answer at this moment."""
        gate, sender, address, token = self.gate, self._known(), recipient.address, recipient.token
        if token:
            return await gate.ruling(lambda: gate.desk.presented(sender, address, token, use=True))
        return await gate.ruling(lambda: gate.desk.still(sender, address))

    async def _pass_to(self, recipient: Recipient) -> Reply:
        """Hand it over for one recipient, unless that is done or must not be any more."""
        if self.abandoned:
            return replies.PUT_OFF
        gate, sender, address = self.gate, self._known(), recipient.address
        digest = self.message.incoming.digest
        try:
            if await gate.asked(lambda: gate.desk.left_before(address, digest)):
                return Reply(250, "2.0.0 it was sent before")
            link = await gate.asked(lambda: gate.link_for(sender, address))
        except Exception as error:  # noqa: BLE001  # whatever it is, nothing is sent
            _log.warning("a recipient was put off: %s", type(error).__name__)
            return replies.PUT_OFF
        offered = await self._offered(recipient)
        if not offered.good:
            return offered
        objection = _no(await self._still(recipient))
        if objection is not None:
            await self.carrier.drop()
            return objection if len(self.recipients) == 1 else Reply(451, objection.text)
        reply = await self.carrier.carry(self._parts(recipient, link))
        if reply.good:
            await self._left(sender, recipient, digest)
        return reply

    async def _offered(self, recipient: Recipient) -> Reply:
        """Name the recipient to the next server, which knows the only one of a login with one use already."""
        if self.message.login.bound is not None and len(self.recipients) == 1:
            return Reply(250, "")
        await self.carrier.drop()
        return await self.carrier.offer(self.message.envelope, recipient.address)

    def _parts(self, recipient: Recipient, link: str | None) -> Iterator[bytes]:
        permit = recipient.ruling.id if recipient.ruling is not None else ""
        at = format_datetime(self.gate.now())
        known = f"\r\n\tid {permit}" if permit else ""
        trace = f"by {self.gate.name} (Winnow) with {self.message.protocol}{known};\r\n\t{at}"
        head = outgoing(self._fields, trace, link, self.gate.existing)
        return self.message.incoming.parts(head, self._body_from)

    async def _left(self, sender: Sender, recipient: Recipient, digest: bytes) -> None:
        """Record that it left. It did, so its sender is told so even where that cannot be recorded."""
        permit = recipient.ruling.id if recipient.ruling is not None else ""
        try:
            await self.gate.asked(lambda: self.gate.desk.left(sender, permit, recipient.address, digest))
        except Exception as error:  # noqa: BLE001  # as above
            _log.error("a message left, and that could not be recorded: %s", type(error).__name__)

    def _known(self) -> Sender:
        if self._sender is None:
            raise InvalidInputError("the message was not read yet")
        return self._sender


def _no(ruling: Ruling | None) -> Reply | None:
    if ruling is None:
        return replies.PUT_OFF
    return None if ruling.granted else replies.refusal(ruling)
