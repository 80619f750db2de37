"""Sends one request to one address that was judged, and reads the answer: no redirect, no proxy, no second look-up."""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, IncompleteRead

from winnow.adapters.outbound.addresses import Address
from winnow.adapters.outbound.guard import Guard, Target
from winnow.adapters.outbound.stream import AnswerTooLongError, Left, Stream, deadline
from winnow.core.deliveries import Answer
from winnow.errors import InvalidInputError, UnavailableError

#: Connects to an address and port within some seconds.
Connect = Callable[[Address, int, float], socket.socket]

#: How much of an answer is read, headers included; what a receiver has to say fits into its status.
MOST_OF_AN_ANSWER = 1 << 16
#: How much is read of an answer that was asked for.
MOST_OF_A_DOCUMENT = 1 << 20


def connected(address: Address, port: int, seconds: float) -> socket.socket:
    """A TCP connection to exactly this address; raises OSError."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004  # the version of IP
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((str(address), port))
    except BaseException:
        connection.close()
        raise
    return connection


@dataclass(frozen=True, slots=True)
class Client:
    """Asks where the guard permits. It keeps nothing between requests, so that any threads may share it.

    tls: verifies certificates and host names, as ssl.create_default_context makes it
    """

    guard: Guard
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    connect: Connect = connected

    def post(self, url: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Answer:
        """Send it and read the answer, all within `timeout` seconds; a failure is an answer with an error."""
        started, left = time.monotonic(), deadline(timeout)
        status, retry_after, error = None, None, None
        try:
            target = self.guard.target(url, left())
            with self._opened(target, left) as connection:
                response = _exchanged(Stream(connection, left, most=MOST_OF_AN_ANSWER), target, headers, body)
                status, retry_after = response.status, _retry_after(response.headers)
                _read(response)
        except (OSError, HTTPException, InvalidInputError) as problem:
            error = _told(problem, timeout)
        return Answer(status, retry_after, time.monotonic() - started, error)

    def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, timeout: float
    ) -> tuple[int, bytes]:
        """Send a request; the status and the whole body of its answer. Raises UnavailableError when there is none."""
        left = deadline(timeout)
        try:
            target = self.guard.target(url, left())
            with self._opened(target, left) as connection:
                stream = Stream(connection, left, most=MOST_OF_A_DOCUMENT)
                response = _exchanged(stream, target, headers, body, method)
                content = response.read(MOST_OF_A_DOCUMENT)
                if response.length:
                    raise IncompleteRead(content, response.length)
                return response.status, content
        except InvalidInputError as problem:
            raise UnavailableError(f"it may not be asked: {problem.what}", fix=problem.fix) from None
        except (OSError, HTTPException) as problem:
            raise UnavailableError(_told(problem, timeout), fix="try again later") from None

    def _opened(self, target: Target, left: Left) -> socket.socket:
        """A connection to the first address that takes one, with TLS and the host's certificate verified."""
        connection = self._first(target, left)
        if not target.tls:
            return connection
        try:
            connection.settimeout(left())
            return self.tls.wrap_socket(connection, server_hostname=target.host)
        except BaseException:
            connection.close()
            raise

    def _first(self, target: Target, left: Left) -> socket.socket:
        problem = None
        for number, address in enumerate(target.addresses):
            try:  # an address that swallows everything leaves time for the ones after it
                return self.connect(address, target.port, left() / (len(target.addresses) - number))
            except OSError as error:
                problem = error
        raise problem or OSError("the name has no address")


def _exchanged(
    stream: Stream, target: Target, headers: Mapping[str, str], body: bytes, method: str = "POST"
) -> HTTPResponse:
    """Send the request and read the answer up to its headers."""
    connection = HTTPConnection(target.host, target.port)
    connection.auto_open = 0  # it must never connect by itself
    connection.sock = stream
    connection.request(method, target.path, body or None, {**headers, "Host": target.authority, "Connection": "close"})
    return connection.getresponse()


def _read(response: HTTPResponse) -> None:
    """Read the rest of an answer, which counts only as a whole; of one too long to be read the beginning counts."""
    room = MOST_OF_AN_ANSWER
    try:
        while piece := response.read(room):  # never without a number, which may be the receiver's own of any size
            room -= len(piece)
    except AnswerTooLongError:
        return
    if response.length:
        raise IncompleteRead(b"", response.length)


def _retry_after(headers: HTTPMessage) -> int | None:
    """Seconds the receiver asks for (RFC 9110 section 10.2.3); a date is measured by the receiver's own clock."""
    asked = (headers.get("Retry-After") or "").strip()
    if asked.isascii() and asked.isdigit():
        return int(asked[:9])
    then, now = _date(asked), _date(headers.get("Date") or "")
    return max(int((then - now).total_seconds()), 0) if then and now else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else None


def _told(problem: Exception, timeout: float) -> str:
    """Why there is no answer, in words for the person who looks after the receiver."""
    if isinstance(problem, TimeoutError):
        return f"no whole answer within {timeout:g} s"
    if isinstance(problem, InvalidInputError):
        return f"refused: {problem}"
    if isinstance(problem, IncompleteRead):
        return "the answer ended early"
    if isinstance(problem, OSError):
        return _told_of_connection(problem)
    return "the answer is not HTTP"


def _told_of_connection(problem: OSError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {problem.verify_message.lower()}"
    if isinstance(problem, ssl.SSLError):
        return f"no TLS connection: {(problem.reason or 'failed').lower().replace('_', ' ')}"
    if isinstance(problem, socket.gaierror):
        return "the name cannot be resolved"
    return (problem.strerror or str(problem) or "the connection failed").lower()
