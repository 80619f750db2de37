"""A stand-in for the service: the answers of its API over real HTTP, with the faults a test asks for."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "wk_0123456789ab_secret"
PROBLEM = "application/problem+json"
PAGE = 2


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    status: answered with, in place of carrying the request out · drop: the connection is closed in place of an answer
    after: the request was carried out before that
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    drop: bool = False
    after: bool = False


LOST_REQUEST, LOST_ANSWER = Fault(drop=True), Fault(drop=True, after=True)


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: Any


@dataclass
class FakeService:
    """What the service was asked and what it did; `faults` befall the next requests, one each."""

    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    leads: list[dict[str, Any]] = field(default_factory=list)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, tuple[int, Any]] = field(default_factory=dict)
    spooling: bool = False
    ready: bool = True

    @property
    def keys(self) -> list[str | None]:
        return [request.headers.get("Idempotency-Key") for request in self.requests]

    def answer(self, request: Request) -> tuple[int, Any]:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return problem(401, "the key is not known", fix="make one with `winnow token create`")
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self._carried_out(request)
        if key not in self.answered:
            self.answered[key] = self._carried_out(request)
        return self.answered[key]

    def _carried_out(self, request: Request) -> tuple[int, Any]:
        parts = [unquote(part) for part in request.path.removeprefix("/v1/").split("/")]
        within = parts[0] if request.path.startswith("/v1/") else request.path
        does: Callable[[Request, list[str]], tuple[int, Any]] | None = {
            ("POST", "leads"): self._screen,
            ("GET", "leads"): self._lead,
            ("GET", "decisions"): self._decision,
            ("POST", "feedback"): lambda asked, _: (200, {"id": "fb-1", "at": "2026-11-01T12:00:00Z", **asked.body}),
            ("GET", "lists"): self._page,
            ("POST", "lists"): self._add,
            ("DELETE", "lists"): self._remove,
            ("GET", "/readyz"): lambda *_: (
                (200, {"status": "ok"}) if self.ready else problem(503, "the database is away")
            ),
        }.get((request.method, within))
        return does(request, parts[1:]) if does else problem(404, f"there is no `{request.path}`")

    def _screen(self, request: Request, _: list[str]) -> tuple[int, Any]:
        single = "leads" not in request.body
        leads = [request.body] if single else request.body["leads"]
        if any("emails" not in lead for lead in leads):
            return problem(422, "the lead has no e-mail address", where="emails", fix="give one")
        answers = [self._decided(lead) for lead in leads]
        return 202 if self.spooling else 200, answers[0] if single else {"decisions": answers}

    def _decided(self, lead: dict[str, Any]) -> dict[str, Any]:
        self.leads.append(lead)
        if self.spooling:
            return {"status": "spooled", "lead_id": lead.get("id")}
        return decision(str(len(self.leads)), lead)

    def _lead(self, request: Request, parts: list[str]) -> tuple[int, Any]:
        for number, lead in enumerate(self.leads, start=1):
            if (lead.get("id"), lead.get("source")) == (parts[0], request.query.get("source")):
                about = {"id": parts[0], "source": lead.get("source"), "lead": lead}
                return 200, {**about, "decisions": [decision(str(number), lead)]}
        return problem(404, f"there is no lead `{parts[0]}`")

    def _decision(self, _: Request, parts: list[str]) -> tuple[int, Any]:
        if not parts[0].isdigit() or not 0 < int(parts[0]) <= len(self.leads):
            return problem(404, f"there is no decision `{parts[0]}`", fix="take the id from an answer")
        found = decision(parts[0], self.leads[int(parts[0]) - 1])
        if parts[1:] == ["explanation"]:
            return 200, {**found, "would_be": [WOULD_BE], "waterfall": "new"}
        if parts[1:] == ["receipt"]:
            return 200, {"v": 1, "index": int(parts[0]), "tree_size": 9, "checkpoint": "winnow\n9\n…\n"}
        return 200, found

    def _page(self, request: Request, _: list[str]) -> tuple[int, Any]:
        start = int(request.query.get("cursor", "0"))
        found = list(self.entries.values())[start : start + PAGE]
        more = start + PAGE < len(self.entries)
        return 200, {"entries": found, "next": str(start + PAGE) if more else None}

    def _add(self, request: Request, _: list[str]) -> tuple[int, Any]:
        made = {"id": f"e{len(self.entries) + 1}", "source": "person", "scopes": ["sales"], **request.body}
        self.entries[made["id"]] = made
        return 201, made

    def _remove(self, _: Request, parts: list[str]) -> tuple[int, Any]:
        if self.entries.pop(parts[0], None) is None:
            return problem(404, f"there is no list entry `{parts[0]}`")
        return 204, None


WOULD_BE = {
    "outcome": "accept",
    "changes": [{"signal": "form.fill_seconds", "was": 1.4, "would_be": "6 to under 900"}],
}


def decision(number: str, lead: dict[str, Any]) -> dict[str, Any]:
    """A decision as the API gives it, with a field this client does not know."""
    quick = lead.get("form_fill_seconds", 60) < 3
    points = 2000 if quick else 0
    reason = {"code": "form.fill_seconds", "family": "form", "points": 2000, "source": "scorecard"}
    return {
        "id": number,
        "lead_id": lead.get("id", f"lead-{number}"),
        "source": lead.get("source"),
        "outcome": "review" if quick else "accept",
        "probability": 0.8 if quick else 0.35,
        "score": points - 600,
        "base": -600,
        "threshold_band": "review" if quick else "accept",
        "decided_by": "score",
        "reasons": [{**reason, "text": "Form filled in under 3 seconds", "weight": 1}] if quick else [],
        "scopes": {"sales": "review" if quick else "accept", "support": "accept"},
        "unknown": ["net.ip_class"],
        "skipped_rules": [],
        "ruleset": {"id": "starter", "hash": "ab" * 32},
        "shadow": False,
        "decided_at": "2026-11-01T12:00:00.25Z",
        "invented_later": {"deep": [1]},
    }


def problem(status: int, detail: str, **more: str) -> tuple[int, Any]:
    return status, {"type": "about:blank", "title": "problem", "status": status, "detail": detail, **more}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits for an acknowledgement of its headers
    service: FakeService

    def _served(self) -> None:
        service, request = self.service, self._request()
        service.requests.append(request)
        fault = service.faults.pop(0) if service.faults else Fault(after=True)
        status, document = service.answer(request) if fault.after else (fault.status, None)
        if fault.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = fault.body if fault.status else json.dumps(document).encode() if document is not None else b""
        self._send(fault.status or status, body, fault.headers)

    do_GET = do_POST = do_DELETE = _served  # noqa: N815  # the names http.server looks for

    def _request(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        target = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        return Request(self.command, target.path, query, self.headers, json.loads(body) if body else None)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json" if status < 400 else PROBLEM)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them and no connection outlives its test


@contextmanager
def running() -> Iterator[FakeService]:
    """The service on a free port of this machine, for the length of a `with`."""
    service = FakeService()
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": service})) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
