"""`POST /v1/leads` without a framework around it: the one route whose speed the whole product rests on."""

from collections.abc import Iterable
from time import monotonic
from typing import NamedTuple

import msgspec

from winnow.core.apikeys import Scope
from winnow.errors import UnavailableError
from winnow.ports import Arrival
from winnow.shells.http.asgi import AsgiScope, Receive, Send, client_of
from winnow.shells.http.groups import Kept
from winnow.shells.http.idempotency import fingerprint, idempotency_key, slot
from winnow.shells.http.leads import Sent, answer_of, decoded, lead_of, spooled_answer
from winnow.shells.http.problem import Answer, Headers
from winnow.shells.http.state import State
from winnow.shells.http.strict import check_json, too_large
from winnow.shells.http.watch import ADMITTED

PATH = "/v1/leads"
ECHO_PATH = "/v1/echo"
#: A thousand leads with long messages; larger ones are split.
MOST_BYTES = 8_000_000

_JSON: Headers = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class Received(NamedTuple):
    """A request that passed every check: what was sent, and what it becomes."""

    sent: Sent
    arrival: Arrival


class HotRoute:
    """A route of its own: reads, checks, answers, and is counted."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """The ASGI application of this one route and method."""
        started = monotonic()
        try:
            answer = await self.answer(scope, await read_body(receive, MOST_BYTES))
        except Exception as error:  # noqa: BLE001  # every error has an answer
            answer = self._state.answer_to(error)
        await send({"type": "http.response.start", "status": answer.status, "headers": with_length(answer)})
        await send({"type": "http.response.body", "body": answer.body})
        self._state.operations.watch.leads(scope, answer.status, monotonic() - started)

    async def answer(self, scope: AsgiScope, body: bytes) -> Answer:
        """The answer to a request; raises what `problem_of` has answers for."""
        raise NotImplementedError

    def _received(self, scope: AsgiScope, body: bytes) -> Received:
        """The request, let in and understood."""
        state = self._state
        authorization, key_header = _headers(scope["headers"])
        key = state.door.admit(authorization, Scope.LEADS_WRITE, client_of(scope), monotonic())
        scope[ADMITTED] = key
        chosen = idempotency_key(key_header)
        check_json(body, most_bytes=MOST_BYTES)
        sent = decoded(body)
        now = state.clock.now()
        arrival = Arrival(
            [state.masked(lead_of(each, each.id or state.new_id("ld", now), now)) for each in sent.leads],
            [each.id is not None for each in sent.leads],
            slot(key.id, chosen) if chosen else None,
            fingerprint("POST", PATH, body, key.id) if chosen else b"",
        )
        return Received(sent, arrival)


class LeadsRoute(HotRoute):
    """Decides leads and answers when the decisions are on record."""

    async def answer(self, scope: AsgiScope, body: bytes) -> Answer:
        """Decisions, or the news that the leads are kept on disk."""
        sent, arrival = self._received(scope, body)
        outcome = await self._state.groups.submit(arrival)
        if isinstance(outcome, Kept):
            return Answer(202, _JSON, spooled_answer([lead.id for lead in arrival.leads], batch=sent.batch))
        return Answer(200, _JSON, answer_of(outcome, batch=sent.batch))


class EchoRoute(HotRoute):
    """Does everything the other does but decide and record: what a benchmark compares it with."""

    async def answer(self, scope: AsgiScope, body: bytes) -> Answer:
        """The leads as they were understood."""
        return Answer(200, _JSON, msgspec.json.encode(self._received(scope, body).sent.leads))


async def read_body(receive: Receive, most: int) -> bytes:
    """The whole body; raises RefusedBodyError when it is larger than `most`."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > most:
            raise too_large(len(body), most)
        return body
    pieces, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise UnavailableError("the sender went away")
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise too_large(None, most)
        pieces.append(piece)
    return b"".join(pieces)


def with_length(answer: Answer) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, with the length of its body."""
    return [*answer.headers, (b"content-length", b"%d" % len(answer.body))]


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes | None, bytes | None]:
    """Authorization and Idempotency-Key; of a header that came twice, the first."""
    authorization = key = None
    for name, value in headers:
        if name == b"authorization" and authorization is None:
            authorization = value
        elif name == b"idempotency-key" and key is None:
            key = value
    return authorization, key
