"""The numbers of the running service in the text format of Prometheus, made only when somebody asks for them."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from winnow import __version__
from winnow.bootstrap.measures import measures, resident_bytes, wal_bytes
from winnow.shells.http.counters import Histogram
from winnow.shells.http.state import State

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def metrics(state: State) -> bytes:
    """Everything, as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Service(state))
    return generate_latest(registry)


class _Service(Collector):
    def __init__(self, state: State) -> None:
        self._state = state

    def describe(self) -> list[Metric]:
        """Nothing ahead of time: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        yield InfoMetricFamily("winnow_build", "What is running", value={"version": __version__})
        yield from self._counted()
        yield from self._present()
        yield from self._stored()

    def _counted(self) -> Iterator[Metric]:
        counters = self._state.operations.counters
        outcomes = CounterMetricFamily("winnow_decisions", "Decisions recorded", labels=["outcome"])
        for outcome, count in sorted(counters.outcomes.copy().items()):
            outcomes.add_metric([outcome], count)
        yield outcomes
        dropped = CounterMetricFamily("winnow_off_limits_dropped", "Data dropped as off limits", labels=["what"])
        for what, count in sorted(self._state.service.off_limits.totals.items()):
            dropped.add_metric([what], count)
        yield dropped
        requests = CounterMetricFamily("winnow_requests", "Requests answered", labels=["route", "status"])
        for (route, status), count in sorted(counters.requests.copy().items()):
            requests.add_metric([route, str(status)], count)
        yield requests
        yield _histogram("winnow_leads_seconds", "Time to answer POST /v1/leads", counters.lead_seconds)
        yield _histogram("winnow_group_leads", "Leads decided and recorded in one transaction", counters.group_leads)

    def _present(self) -> Iterator[Metric]:
        state, operations = self._state, self._state.operations
        publisher = operations.publisher
        yield _gauge("winnow_recorder_waiting", "Requests that wait for the recorder", state.groups.waiting)
        yield _gauge("winnow_database_away", "1 while the database does not answer", state.groups.away)
        yield _gauge("winnow_spool_refusing", "1 while the spool takes nothing more", state.groups.refusing)
        yield _gauge("winnow_spool_records", "Requests that wait on disk for the database", operations.spooling.depth)
        yield _gauge("winnow_log_broken", "1 when the log is not what was signed", bool(publisher.trouble))
        yield _gauge("winnow_push_failing", "Places checkpoints cannot be pushed to", len(publisher.push_trouble))
        yield _gauge("winnow_jobs_failing", "Background jobs whose last step failed", len(operations.failing_jobs))
        yield _gauge("winnow_wal_bytes", "SQLite's write-ahead log on disk", wal_bytes(state.service))
        yield _gauge("winnow_resident_bytes", "Memory of the process", resident_bytes())

    def _stored(self) -> Iterator[Metric]:
        found = measures(self._state.service, self._state.operations.publisher)
        yield _gauge("winnow_log_entries", "Entries of the decision log", found.log_entries)
        yield _gauge("winnow_checkpoint_entries", "Entries the newest checkpoint counts", found.checkpoint_entries)
        yield _gauge("winnow_checkpoint_age_seconds", "Time since the newest checkpoint", found.checkpoint_age)
        deliveries = GaugeMetricFamily("winnow_deliveries", "Deliveries that are not done", labels=["state"])
        for name, count in (found.deliveries or {}).items():
            deliveries.add_metric([name], count)
        yield deliveries
        yield from _guarded(found.incidents)


def _guarded(found: dict[str, int] | None) -> Iterator[Metric]:
    """What the guards have found and nobody has dealt with yet."""
    open_ones = GaugeMetricFamily("winnow_incidents", "Incidents that are not closed", labels=["state"])
    for state, count in (found or {}).items():
        if state != "paused":
            open_ones.add_metric([state], count)
    yield open_ones
    paused = None if found is None else found["paused"]
    yield _gauge("winnow_pauses", "Pauses of rejecting without a person, for a source or for all", paused)


def _gauge(name: str, meaning: str, value: float | None) -> Metric:
    """One number; a family without a sample when it is not known."""
    family = GaugeMetricFamily(name, meaning)
    if value is not None:
        family.add_metric([], float(value))
    return family


def _histogram(name: str, meaning: str, counted: Histogram) -> Metric:
    return HistogramMetricFamily(name, meaning, buckets=counted.buckets(), sum_value=counted.total)
