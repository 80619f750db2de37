"""Posts to public forms: whatever is sent, the answer is the same, and the lead is on disk before it is given."""

import logging
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any

from winnow.core.lead import Lead
from winnow.core.mapping.clean import LONGEST_TEXT, storable
from winnow.errors import NotFoundError
from winnow.ports import Arrival
from winnow.shells.http.asgi import AsgiScope, Receive, Send, client_of
from winnow.shells.http.door import too_many
from winnow.shells.http.form import MOST_BYTES, form_texts
from winnow.shells.http.form_answer import PublicForm
from winnow.shells.http.form_lead import lead_fields
from winnow.shells.http.hot import read_body, with_length
from winnow.shells.http.limits import origin_of
from winnow.shells.http.problem import TOO_LARGE, Answer
from winnow.shells.http.state import State
from winnow.shells.http.strict import RefusedBodyError

_log = logging.getLogger(__name__)

PREFIX = "/f/"
_LONGEST_SOURCE = 200
_ANY = "*"


class FormsRoute:
    """`POST` and `OPTIONS` of `/f/{source}` as plain ASGI; no key, so each address may post only so often."""

    def __init__(self, state: State) -> None:
        """Raises InvalidInputError for settings no form can have."""
        config = state.service.config
        self._state = state
        self._sources = frozenset(config.texts("serve.forms"))
        self._any = PublicForm(
            "", frozenset(config.texts("serve.form_origins")), config.text("serve.form_thanks") or None
        )

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """ASGI."""
        try:
            answer = await self.answer(scope, receive)
        except Exception as error:  # noqa: BLE001  # every error has an answer
            answer = self._state.answer_to(error)
        await send({"type": "http.response.start", "status": answer.status, "headers": with_length(answer)})
        await send({"type": "http.response.body", "body": answer.body})

    async def answer(self, scope: AsgiScope, receive: Receive) -> Answer:
        """The answer; raises what `problem_of` has answers for where there is no such form, and for too much of it."""
        source = self._source(scope["path"])
        origin = _header(scope["headers"], b"origin")
        if scope["method"] == "OPTIONS":
            return self._any.preflight(origin)
        granted, wait = self._state.forms.take(origin_of(client_of(scope)), monotonic())
        if not granted:
            raise too_many("too many forms were posted from this address", wait)
        lead = self._lead(scope, source, await read_body(receive, MOST_BYTES))
        if lead is not None:
            await self._state.groups.submit(Arrival([lead], [False]))
        return self._any.answer(origin)

    def _source(self, path: str) -> str:
        """The source a form names; raises NotFoundError where there is no form."""
        source = path.removeprefix(PREFIX)
        known = not self._sources.isdisjoint({source, _ANY})
        if not known or not 1 <= len(source) <= _LONGEST_SOURCE or storable(source) != source:
            raise NotFoundError("there is no such form", fix="see the setting serve.forms")
        return source

    def _lead(self, scope: AsgiScope, source: str, body: bytes) -> Lead | None:
        """The lead that was sent in; None when nothing can be made of it. Of what is left out only counts are noted."""
        kind = _header(scope["headers"], b"content-type")
        try:
            made = lead_fields(form_texts(kind.decode("latin-1") if kind is not None else None, body))
        except RefusedBodyError as error:
            if error.kind is TOO_LARGE:
                raise
            _log.info("a form could not be read: %s", error.kind.slug)
            return None
        if made.unused:
            _log.info("a form had %d fields nothing was made from", len(made.unused))
        return self._made(scope, source, made.fields) if made.fields else None

    def _made(self, scope: AsgiScope, source: str, fields: Mapping[str, Any]) -> Lead:
        now = self._state.clock.now()
        agent = _header(scope["headers"], b"user-agent")
        lead = Lead(
            self._state.new_id("ld", now),
            source=source,
            received_at=now,
            occurred_at=now,
            channel="form",
            ip=client_of(scope) or None,
            user_agent=storable(agent.decode("latin-1"))[:LONGEST_TEXT] if agent else None,
            gpc=True if _header(scope["headers"], b"sec-gpc") == b"1" else None,
            **fields,
        )
        return self._state.masked(lead)


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    """A header by its name in lower case; of one that came twice, the first."""
    return next((value for name, value in headers if name == wanted), None)
