"""Spans reach a collector when that is asked for; without its libraries asking is refused, not asking is no loss."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from winnow.bootstrap.telemetry import tracing
from winnow.config import load
from winnow.errors import MissingExtraError

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def now(self):
        return AT


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """An address that takes traces, and what it was sent."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", bodies
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.enable_socket
def test_requests_and_groups_become_spans(collector):
    address, bodies = collector
    made = tracing(load(flags={"telemetry.endpoint": address}), Clock())
    assert made
    made.request("GET /v1/decisions/{decision_id}", 404, 0.25)
    made.group(12, 0.002)
    made.close()
    sent = [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert [span.name for span in sent] == ["GET /v1/decisions/{decision_id}", "record group"]
    took = [(span.end_time_unix_nano - span.start_time_unix_nano) / 1e6 for span in sent]
    assert took == pytest.approx([250, 2], abs=0.001)
    assert sent[0].end_time_unix_nano / 1e9 == AT.timestamp()
    attributes = {
        each.key: each.value.string_value or each.value.int_value for span in sent for each in span.attributes
    }
    assert attributes == {
        "http.route": "/v1/decisions/{decision_id}",
        "http.response.status_code": 404,
        "winnow.leads": 12,
    }


def test_without_being_asked_for_nothing_is_loaded():
    assert tracing(load(), Clock()) is None


def test_asked_for_and_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(MissingExtraError, match="tracing needs OpenTelemetry"):
        tracing(load(flags={"telemetry.endpoint": "http://127.0.0.1:1"}), Clock())
