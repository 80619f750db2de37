"""Hands letters to the mail server (RFC 5321), and tells what is worth another try from what is not."""

import asyncio
from collections.abc import Awaitable, Callable
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from winnow.adapters.mail.client import client_of
from winnow.adapters.mail.server import MailServer
from winnow.ports.mail import Letter, Sending

_PERMANENT = 500
_SHOWN = 120


class SmtpPost:
    """See the port Post. Opens a connection for each letter; to be used in a thread without a loop."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, letter: Letter) -> Sending:
        """Hand a letter to the server, within a time; a failure is an answer with an error."""
        try:
            message = message_of(letter, self._server.sender)
        except (MessageError, ValueError, IndexError):
            return Sending("the address cannot be written to")
        return asyncio.run(self._sent(message, letter.to))

    async def _sent(self, message: EmailMessage, to: str) -> Sending:
        client, until = client_of(self._server), asyncio.get_running_loop().time() + self._server.seconds

        async def introduced() -> None:
            await client.connect()
            await client.mail(self._server.sender)

        try:
            failed = (
                await _step(introduced, until, again=True)
                or await _step(lambda: client.rcpt(to), until)
                or await _step(lambda: client.data(message.as_bytes()), until, unknown=True)
            )
            if failed is None:
                await _step(client.quit, until)  # the letter is taken, however this ends
        finally:
            await _hung_up(client)
        return failed or Sending()


async def _step(
    step: Callable[[], Awaitable[object]], until: float, *, again: bool = False, unknown: bool = False
) -> Sending | None:
    """What became of a letter if a step failed; None if it did not.

    until: by the loop's clock, when it has to be done
    again: what the server refuses here it may take another day, as it is not about the letter
    unknown: without an answer nobody knows what became of it
    """
    try:
        async with asyncio.timeout_at(until):
            await step()
    except SMTPResponseException as refused:
        words = f"{refused.code} {refused.message}"[:_SHOWN]
        return Sending(f"the mail server refused it: {_one_line(words)}", again=again or refused.code < _PERMANENT)
    except TimeoutError:
        return Sending("the mail server did not answer in time", again=True, unknown=unknown)
    except (SMTPException, OSError, ValueError) as failed:
        return Sending(
            f"the mail server cannot be used: {_one_line(str(failed)[:_SHOWN])}", again=True, unknown=unknown
        )
    return None


async def _hung_up(client: aiosmtplib.SMTP) -> None:
    """End the connection at once: nobody stays in the loop to wait until the server has agreed to that."""
    if isinstance(client.transport, asyncio.Transport):
        client.transport.abort()
    client.close()
    await asyncio.sleep(0)


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """A letter as a message (RFC 5322); raises ValueError or MessageError for an address that cannot stand in one."""
    message = EmailMessage(policy.SMTP)
    to = Address(addr_spec=letter.to)
    to.addr_spec.encode("ascii")  # others need SMTPUTF8, which few servers pass on
    message["From"] = Address("Winnow", addr_spec=sender)
    message["To"] = to
    message["Subject"] = letter.subject
    message["Date"] = letter.at
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office programs stay silent
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
