"""The client for programs that wait for each answer; may be shared by threads."""

import time
from collections.abc import Iterable, Iterator, Sequence
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


class Client:
    """A connection to a Winnow service; close it, or use it in a `with` statement.

    url: where the service is, e.g. `https://winnow.example.com` · key: an API key (`wk_…`)
    timeout: seconds to wait for each step of an attempt · retries: how often a call is repeated at most
    total: seconds after which no attempt begins any more
    transport: for tests, and for ways to the service other than a plain connection

    Every method raises UnsendableError for what cannot be sent, WinnowApiError when the service refuses, and
    WinnowUnavailableError when it cannot be reached. A write is repeated with the same idempotency key, so that it
    is carried out once however often it had to be sent. Raises InvalidInputError for what is no address or no key.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        total: float = TOTAL,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._patience = Patience(timeout, retries, total)
        self._http = httpx2.Client(**calls.connection(url, key), transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back; the client cannot be used afterwards."""
        self._http.close()

    def screen(self, lead: AnyLead) -> Answer:
        """Decide a lead: a Decision, or Spooled when it is kept safely and decided later."""
        return self._made(calls.screen(lead))

    def screen_many(self, leads: Iterable[AnyLead]) -> list[Answer]:
        """Decide any number of leads, in batches; the answers are in their order.

        When a batch fails, `decided` of the error has the answers to the batches before it. What the service says
        about a place in the batch counts from there on.
        """
        answers: list[Answer] = []
        try:
            for call in calls.screen_batches(leads):
                batch = self._made(call)
                answers += batch
        except ClientError as error:
            error.decided = answers
            raise
        return answers

    def decision(self, decision_id: str) -> Decision:
        """A decision as it was recorded."""
        return self._made(calls.decision(decision_id))

    def explanation(self, decision_id: str) -> Explanation:
        """Why a decision came out as it did, and what would have changed it."""
        return self._made(calls.explanation(decision_id))

    def receipt(self, decision_id: str) -> Receipt:
        """Proof that a decision is in the decision log; can be checked without the service."""
        return self._made(calls.receipt(decision_id))

    def lead(self, lead_id: str, *, source: str | None = None) -> StoredLead:
        """A lead as it is kept, with its decisions; `source` where several sources have a lead of this id."""
        return self._made(calls.lead(lead_id, source))

    def feedback(
        self,
        lead_id: str,
        verdict: str,
        *,
        source: str | None = None,
        author: str | None = None,
        batch: str | None = None,
    ) -> Feedback:
        """Report the truth about a lead: `junk`, `genuine`, `converted` or `lost`."""
        return self._made(calls.feedback(lead_id, verdict, source, author, batch))

    def lists(self) -> Iterator[ListEntry]:
        """Every allow and block entry, fetched page by page."""
        page = self._made(calls.list_page(None))
        yield from page.entries
        while page.next is not None:
            page = self._made(calls.list_page(page.next))
            yield from page.entries

    def add_list_entry(  # noqa: PLR0913  # the fields of an entry
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
        return self._made(calls.add_list_entry(action, kind, value, owner, reason, scopes, expires_at))

    def remove_list_entry(self, entry_id: str) -> None:
        """Remove an entry; raises WinnowApiError when there is none of this id."""
        self._made(calls.remove_list_entry(entry_id))

    def health(self) -> Health:
        """Whether the service takes leads right now."""
        return self._made(calls.health())

    def _made(self, call: Call[T]) -> T:
        attempts = Attempts(self._patience)
        while True:
            try:
                answer = self._http.request(**call.request(), timeout=attempts.timeout)
            except httpx2.RequestError as error:
                pause = attempts.after_error(error)
            else:
                if answer.status_code not in call.repeat_on:
                    return call.result(answer)
                pause = attempts.after_refusal(answer)
            time.sleep(pause)
