"""Whoever runs the service learns how it is doing; nobody else does."""

import re
from types import SimpleNamespace

import pytest

from winnow.ports import Arrival
from winnow.shells.http.counters import Counters, Histogram, outcome_in
from winnow.shells.http.readiness import readiness

SAMPLE = re.compile(r"^(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$")


def samples(text):
    """Name and labels → value."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [each for line in lines if (each := SAMPLE.match(line))]
    assert len(found) == len(lines)
    return {(each["name"], each["labels"] or ""): float(each["value"]) for each in found}


def metrics(served, **how):
    answer = served("GET", "/metrics", **how)
    assert answer.status_code == 200
    return samples(answer.text)


def test_what_was_done_is_counted(served):
    before = metrics(served, key=None)
    for number in range(3):
        served("POST", "/v1/leads", json={"id": f"counted-{number}", "source": "observing"})
    served("POST", "/v1/leads", json={"id": "counted-0", "source": "observing"})  # again: no new decision
    served("POST", "/v1/leads", json={"id": ""})
    served("GET", "/v1/decisions/999999999")
    served("GET", "/nowhere/at/all")
    after = metrics(served, key=None)

    def grown(name, labels=""):
        return after.get((name, labels), 0) - before.get((name, labels), 0)

    decided = [name for name, _ in after if name == "winnow_decisions_total"]
    assert decided
    outcomes = {labels for name, labels in after if name == "winnow_decisions_total"}
    assert sum(grown("winnow_decisions_total", labels) for labels in outcomes) == 3
    assert grown("winnow_requests_total", 'route="POST /v1/leads",status="200"') == 4
    assert grown("winnow_requests_total", 'route="POST /v1/leads",status="422"') == 1
    assert grown("winnow_leads_seconds_count") == 5
    assert grown("winnow_group_leads_sum") == 4
    assert grown("winnow_log_entries") == 3
    assert grown("winnow_requests_total", 'route="GET other",status="404"') == 1
    assert after["winnow_database_away", ""] == 0
    assert after["winnow_resident_bytes", ""] > 10_000_000


def test_addresses_make_no_counters(served):
    for number in range(20):
        served("GET", f"/v1/decisions/{number}")
        served("GET", f"/x{number}")
    routes = {labels for name, labels in metrics(served, key=None) if name == "winnow_requests_total"}
    assert not [labels for labels in routes if re.search(r"x\d|decisions/\d", labels)]


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"key": None}, 200),
        ({"key": None, "ip": "::1"}, 200),
        ({"key": None, "ip": "203.0.113.9"}, 401),
        ({"key": None, "ip": "unix"}, 401),
        ({"key": None, "headers": {"X-Forwarded-For": "203.0.113.9"}}, 401),
        ({"key": None, "headers": {"Forwarded": "for=203.0.113.9"}}, 401),
        ({"key": None, "headers": {"X-Real-IP": "203.0.113.9"}}, 401),
        ({"ip": "203.0.113.9"}, 200),
    ],
)
def test_metrics_are_for_this_machine_and_for_keys_with_the_scope(served, how, status):
    assert served("GET", "/metrics", **how).status_code == status


def test_a_key_without_the_scope_does_not_do(served):
    assert served("GET", "/metrics", key=served.new_key("ingest"), ip="203.0.113.9").status_code == 403


def test_ready(served):
    answer = served("GET", "/readyz", key=None)
    assert answer.status_code == 200
    assert answer.json()["parts"].keys() == {"recorder", "database", "spool", "log", "jobs"}
    assert answer.json()["parts"]["recorder"] == "ok"


def state(*, running=True, away=False, refusing=False, depth=0, trouble=None, failing=()):
    operations = SimpleNamespace(
        spooling=SimpleNamespace(depth=depth),
        publisher=SimpleNamespace(trouble=trouble),
        failing_jobs=list(failing),
    )
    return SimpleNamespace(groups=SimpleNamespace(running=running, away=away, refusing=refusing), operations=operations)


@pytest.mark.parametrize(
    ("given", "ready", "status", "part", "said"),
    [
        ({}, True, "ready", "database", "ok"),
        ({"away": True, "depth": 4}, True, "degraded", "database", "away: leads wait on disk"),
        ({"away": True, "depth": 4}, True, "degraded", "spool", "4 requests wait"),
        ({"away": True, "refusing": True}, False, "not ready", "spool", "full or failing: leads are refused"),
        ({"running": False}, False, "not ready", "recorder", "not running"),
        ({"trouble": "x"}, True, "degraded", "log", "broken: nothing is signed, see the log of the service"),
        ({"failing": ["push"]}, True, "degraded", "jobs", "failing: push"),
    ],
)
def test_ready_as_long_as_no_lead_is_lost(given, ready, status, part, said):
    found = readiness(state(**given))
    assert (found.ready, found.status, found.parts[part]) == (ready, status, said)


def test_the_setup_link(served):
    assert served("GET", "/setup/anything", key=None).status_code == 404


def test_a_histogram_counts_what_is_not_larger():
    histogram = Histogram((1, 10))
    for value in (0.5, 1, 1.5, 10, 11):
        histogram.add(value)
    assert histogram.buckets() == [("1", 2.0), ("10", 4.0), ("+Inf", 5.0)]
    assert histogram.total == 24.0


def test_the_outcome_is_found_and_an_id_cannot_pretend_to_be_one():
    assert outcome_in(b'{"lead_id":"1","outcome":"reject","probability":0.9}') == "reject"
    pretending = rb'{"lead_id":"x\",\"outcome\":\"accept\",\"a\":\"","outcome":"review","probability":0.5}'
    assert outcome_in(pretending) == "review"


def test_groups_are_told_to_whoever_listens():
    told = []
    take = Counters().counting(lambda group: [[] for _ in group], lambda leads, seconds: told.append((leads, seconds)))
    take([Arrival([], [])])
    assert [leads for leads, _ in told] == [0]
