"""Wiring of tracing, which is there only when it is installed and asked for."""

from datetime import timedelta

from winnow.adapters.telemetry import Span, open_exporter
from winnow.config import Config
from winnow.ports import Clock


class Tracing:
    """Makes spans of what was done and hands them to a collector in the background; never waits for it."""

    def __init__(self, span: Span, clock: Clock) -> None:
        self._span = span
        self._clock = clock

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered just now."""
        self._made(route, seconds, {"http.route": route.partition(" ")[2], "http.response.status_code": status})

    def group(self, leads: int, seconds: float) -> None:
        """A group was recorded just now."""
        self._made("record group", seconds, {"winnow.leads": leads})

    def close(self) -> None:
        """Hand over what is left, within seconds."""
        self._span.close()

    def _made(self, name: str, seconds: float, attributes: dict[str, str | int]) -> None:
        end = self._clock.now()
        self._span.made(name, end - timedelta(seconds=seconds), end, attributes)


def tracing(config: Config, clock: Clock) -> Tracing | None:
    """Tracing to the configured collector, or None; raises MissingExtraError when it is asked for and not installed."""
    endpoint = config.text("telemetry.endpoint")
    return Tracing(open_exporter(endpoint), clock) if endpoint else None
