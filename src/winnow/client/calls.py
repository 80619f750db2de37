"""Everything the clients can ask, without the asking: how a request is made and how its answer is read."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from winnow.client.attempts import TRANSIENT
from winnow.client.errors import UnsendableError, WinnowApiError, problem_in
from winnow.client.leads import Lead, encoded, encoded_lead, zoned
from winnow.client.results import (
    Decision,
    Explanation,
    Feedback,
    Health,
    ListEntry,
    ListPage,
    Receipt,
    Spooled,
    StoredLead,
)
from winnow.errors import InvalidInputError

T = TypeVar("T")
Answer = Decision | Spooled
AnyLead = Lead | Mapping[str, Any]

#: How many leads, and how many bytes of them, go into one request of `screen_many`; the service takes 1,000 leads
#: and 1,000,000 bytes, what is around the leads included.
BATCH_LEADS, BATCH_BYTES = 1_000, 990_000


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One thing to ask; the same `headers` go with every repetition, so that a repeated write is known as such.

    read: makes the result of the body of a good answer; raises msgspec.MsgspecError when it is not as it should be
    repeat_on: the statuses after which it is worth asking again
    """

    method: str
    path: str
    read: Callable[[bytes], T]
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeat_on: frozenset[int] = TRANSIENT

    def request(self) -> dict[str, Any]:
        """The arguments of the HTTP library's `request`."""
        return {
            "method": self.method,
            "url": self.path,
            "params": self.params or None,
            "content": self.body,
            "headers": self.headers,
        }

    def result(self, answer: httpx2.Response) -> T:
        """What the answer says; raises WinnowApiError when it says no, or nothing that can be understood."""
        if not answer.is_success:
            raise _refusal(answer)
        try:
            return self.read(answer.content)
        except msgspec.MsgspecError as error:
            raise WinnowApiError(
                f"the answer is not what {self.method} {self.path} should give: {error}",
                fix="check that the address is that of a Winnow service, and that the client is of its version",
                status=answer.status_code,
            ) from error


def _refusal(answer: httpx2.Response) -> WinnowApiError:
    if answer.is_redirect:
        what = f"the service sends its callers on to `{answer.headers.get('location', '')}`"
        return WinnowApiError(what, fix="use that address", status=answer.status_code)
    problem = problem_in(answer.content)
    what = problem.what or f"the service answered {answer.status_code} without saying why"
    return WinnowApiError(what, where=problem.where, fix=problem.fix, status=answer.status_code, type=problem.type)


def connection(url: str, key: str) -> dict[str, Any]:
    """The settings both clients give to their HTTP library; raises InvalidInputError for what is no address or key."""
    try:
        address = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise InvalidInputError(f"`{url}` is not an address", fix=_ADDRESS) from error
    if address.scheme not in {"http", "https"} or not address.host:
        raise InvalidInputError(f"`{url}` is not an address", fix=_ADDRESS)
    if not key or not all("!" <= letter <= "~" for letter in key):
        raise InvalidInputError("the key is empty, or has characters that no key has", fix="copy it once more, whole")
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", "User-Agent": "winnow-client"}
    return {"base_url": address, "headers": headers, "follow_redirects": False}


_ADDRESS = "write it like `https://winnow.example.com`"


# ── Leads ────────────────────────────────────────────────────────────────────────────────────────


def screen(lead: AnyLead) -> Call[Answer]:
    """Decide one lead."""
    return _write("POST", "/v1/leads", _answer, encoded_lead(lead))


def screen_batches(leads: Iterable[AnyLead]) -> Iterator[Call[list[Answer]]]:
    """Decide many leads: as many calls as they need, made one at a time while the leads are read."""
    for batch in _batches(_encoded(leads)):
        yield _screen_batch(batch)


def _encoded(leads: Iterable[AnyLead]) -> Iterator[bytes]:
    for number, each in enumerate(leads):
        try:
            yield encoded_lead(each)
        except UnsendableError as error:
            error.where = f"leads[{number}]" + (f".{error.where}" if error.where else "")
            raise


def _screen_batch(batch: Sequence[bytes]) -> Call[list[Answer]]:
    def read(body: bytes) -> list[Answer]:
        found = [_answer(each) for each in msgspec.json.decode(body, type=_Decisions).decisions]
        if len(found) != len(batch):
            raise msgspec.ValidationError(f"{len(found)} decisions for {len(batch)} leads")
        return found

    return _write("POST", "/v1/leads", read, b'{"leads":[' + b",".join(batch) + b"]}")


def _batches(leads: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for lead in leads:
        if batch and (len(batch) == BATCH_LEADS or size + len(lead) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(lead)
        size += len(lead)
    if batch:
        yield batch


class _Decisions(msgspec.Struct):
    decisions: list[msgspec.Raw]


class _Status(msgspec.Struct):
    status: str | None = None


def _answer(body: bytes | msgspec.Raw) -> Answer:
    """A decision, or word that it comes later; only the latter has a status."""
    if msgspec.json.decode(body, type=_Status).status == "spooled":
        return msgspec.json.decode(body, type=Spooled)
    return msgspec.json.decode(body, type=Decision)


def lead(lead_id: str, source: str | None) -> Call[StoredLead]:
    """A lead as it is kept."""
    return Call("GET", _path("leads", lead_id), _reader(StoredLead), _given(source=source))


def feedback(lead_id: str, verdict: str, source: str | None, author: str | None, batch: str | None) -> Call[Feedback]:
    """Report the truth about a lead."""
    document = _given(lead_id=lead_id, verdict=verdict, source=source, author=author, batch=batch)
    return _write("POST", "/v1/feedback", _reader(Feedback), encoded(document, "the feedback"))


# ── Decisions ────────────────────────────────────────────────────────────────────────────────────


def decision(decision_id: str) -> Call[Decision]:
    """A decision as it was recorded."""
    return Call("GET", _path("decisions", decision_id), _reader(Decision))


def explanation(decision_id: str) -> Call[Explanation]:
    """Why a decision came out as it did."""

    def read(body: bytes) -> Explanation:
        said = msgspec.json.decode(body, type=Explanation)
        return msgspec.structs.replace(said, document=msgspec.json.decode(body, type=dict[str, Any]))

    return Call("GET", _path("decisions", decision_id, "explanation"), read)


def receipt(decision_id: str) -> Call[Receipt]:
    """Proof that a decision is in the log."""

    def read(body: bytes) -> Receipt:
        return msgspec.structs.replace(msgspec.json.decode(body, type=Receipt), text=body)

    return Call("GET", _path("decisions", decision_id, "receipt"), read)


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────


def list_page(cursor: str | None) -> Call[ListPage]:
    """Some of the list entries: the first ones, or those from a cursor on."""
    return Call("GET", "/v1/lists", _reader(ListPage), _given(cursor=cursor))


def add_list_entry(  # noqa: PLR0913, PLR0917  # the fields of an entry
    action: str,
    kind: str,
    value: str,
    owner: str,
    reason: str,
    scopes: Sequence[str] | None,
    expires_at: datetime | None,
) -> Call[ListEntry]:
    """Add an allow or block entry."""
    document = _given(
        action=action,
        kind=kind,
        value=value,
        owner=owner,
        reason=reason,
        scopes=scopes,
        expires_at=zoned(expires_at, "expires_at"),
    )
    return _write("POST", "/v1/lists", _reader(ListEntry), encoded(document, "the entry"))


def remove_list_entry(entry_id: str) -> Call[None]:
    """Remove an allow or block entry."""
    return _write("DELETE", _path("lists", entry_id), lambda _: None, None)


# ── The service ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _HealthCall(Call[Health]):
    """That the service is not ready is an answer here, not a failure."""

    def result(self, answer: httpx2.Response) -> Health:
        if not answer.is_success and answer.status_code not in TRANSIENT:
            raise _refusal(answer)
        return Health(ready=answer.is_success, document=_document(answer.content))


def health() -> Call[Health]:
    """Whether the service takes leads right now."""
    return _HealthCall("GET", "/readyz", _reader(Health), repeat_on=frozenset())


# ── Parts of a request ───────────────────────────────────────────────────────────────────────────


def _write(method: str, path: str, read: Callable[[bytes], T], body: bytes | None) -> Call[T]:
    """A call that changes something: its key, made here once, tells a repetition from a second wish."""
    headers = {"Idempotency-Key": os.urandom(16).hex()}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return Call(method, path, read, body=body, headers=headers)


def _reader(kind: type[T]) -> Callable[[bytes], T]:
    return lambda body: msgspec.json.decode(body, type=kind)


def _document(body: bytes) -> dict[str, Any]:
    """A JSON object; empty when the service answered with something else."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


def _path(*parts: str) -> str:
    return "/v1/" + "/".join(quote(part, safe="") for part in parts)


def _given(**values: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever JSON can say
    return {name: value for name, value in values.items() if value is not None}
