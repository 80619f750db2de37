"""The client for asyncio: the same as `Client`, awaited."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

import httpx2

from winnow.client import calls
from winnow.client.attempts import RETRIES, TIMEOUT, TOTAL, Attempts, Patience
from winnow.client.calls import Answer, AnyLead, Call
from winnow.client.errors import ClientError
from winnow.client.results import Decision, Explanation, Feedback, Health, ListEntry, Receipt, StoredLead

T = TypeVar("T")


class AsyncClient:
    """A connection to a Winnow service; close it, or use it in an `async with` statement.

    Arguments, methods and errors are those of `winnow.client.Client`.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        total: float = TOTAL,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._patience = Patience(timeout, retries, total)
        self._http = httpx2.AsyncClient(**calls.connection(url, key), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back; the client cannot be used afterwards."""
        await self._http.aclose()

    async def screen(self, lead: AnyLead) -> Answer:
        """Decide a lead: a Decision, or Spooled when it is kept safely and decided later."""
        return await self._made(calls.screen(lead))

    async def screen_many(self, leads: Iterable[AnyLead]) -> list[Answer]:
        """Decide any number of leads, in batches; the answers are in their order.

        When a batch fails, `decided` of the error has the answers to the batches before it. What the service says
        about a place in the batch counts from there on.
        """
        answers: list[Answer] = []
        try:
            for call in calls.screen_batches(leads):
                batch = await self._made(call)
                answers += batch
        except ClientError as error:
            error.decided = answers
            raise
        return answers

    async def decision(self, decision_id: str) -> Decision:
        """A decision as it was recorded."""
        return await self._made(calls.decision(decision_id))

    async def explanation(self, decision_id: str) -> Explanation:
        """Why a decision came out as it did, and what would have changed it."""
        return await self._made(calls.explanation(decision_id))

    async def receipt(self, decision_id: str) -> Receipt:
        """Proof that a decision is in the decision log; can be checked without the service."""
        return await self._made(calls.receipt(decision_id))

    async def lead(self, lead_id: str, *, source: str | None = None) -> StoredLead:
        """A lead as it is kept, with its decisions; `source` where several sources have a lead of this id."""
        return await self._made(calls.lead(lead_id, source))

    async def feedback(
        self,
        lead_id: str,
        verdict: str,
        *,
        source: str | None = None,
        author: str | None = None,
        batch: str | None = None,
    ) -> Feedback:
        """Report the truth about a lead: `junk`, `genuine`, `converted` or `lost`."""
        return await self._made(calls.feedback(lead_id, verdict, source, author, batch))

    async def lists(self) -> AsyncIterator[ListEntry]:
        """Every allow and block entry, fetched page by page."""
        page = await self._made(calls.list_page(None))
        for entry in page.entries:
            yield entry
        while page.next is not None:
            page = await self._made(calls.list_page(page.next))
            for entry in page.entries:
                yield entry

    async def add_list_entry(  # noqa: PLR0913  # the fields of an entry
        self,
        action: str,
        kind: str,
        value: str,
        *,
        owner: str,
        reason: str,
        scopes: Sequence[str] | None = None,
        expires_at: datetime | None = None,
    ) -> ListEntry:
        """Add an `allow` or `block` entry; docs/lists.md says what the fields mean."""
        return await self._made(calls.add_list_entry(action, kind, value, owner, reason, scopes, expires_at))

    async def remove_list_entry(self, entry_id: str) -> None:
        """Remove an entry; raises WinnowApiError when there is none of this id."""
        await self._made(calls.remove_list_entry(entry_id))

    async def health(self) -> Health:
        """Whether the service takes leads right now."""
        return await self._made(calls.health())

    async def _made(self, call: Call[T]) -> T:
        attempts = Attempts(self._patience)
        while True:
            try:
                answer = await self._http.request(**call.request(), timeout=attempts.timeout)
            except httpx2.RequestError as error:
                pause = attempts.after_error(error)
            else:
                if answer.status_code not in call.repeat_on:
                    return call.result(answer)
                pause = attempts.after_refusal(answer)
            await asyncio.sleep(pause)
