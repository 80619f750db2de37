"""Spans sent to an OpenTelemetry collector; the only importer of its libraries, which are an extra."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from winnow import __version__
from winnow.errors import MissingExtraError

_NANOSECONDS = 1_000_000_000
_CLOSING_MS = 3_000


class Span(Protocol):
    """Takes spans that are over."""

    def made(self, name: str, start: datetime, end: datetime, attributes: Mapping[str, str | int]) -> None:
        """Note one."""
        ...

    def close(self) -> None:
        """Hand over what is left."""
        ...


def open_exporter(endpoint: str) -> Span:
    """Spans to the collector at this address (OTLP over HTTP, such as http://localhost:4318/v1/traces)."""
    try:
        return _Exporter(endpoint)
    except ImportError:
        raise MissingExtraError(
            "tracing needs OpenTelemetry",
            where="telemetry.endpoint",
            fix="install it: pip install 'winnow-crm[telemetry]'",
        ) from None


class _Exporter:
    def __init__(self, endpoint: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  # the extra may be missing
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  # as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415  # as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415  # as above

        resource = Resource.create({"service.name": "winnow", "service.version": __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
        self._tracer = self._provider.get_tracer("winnow", __version__)

    def made(self, name: str, start: datetime, end: datetime, attributes: Mapping[str, str | int]) -> None:
        span = self._tracer.start_span(name, start_time=_nanoseconds(start), attributes=dict(attributes))
        span.end(end_time=_nanoseconds(end))

    def close(self) -> None:
        self._provider.force_flush(_CLOSING_MS)
        self._provider.shutdown()


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * _NANOSECONDS)
