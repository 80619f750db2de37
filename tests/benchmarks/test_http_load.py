"""What drives the benchmark of the service sends what the API takes, never the same twice, and counts right."""

import json

from benchmarks.http import driver
from benchmarks.http.bodies import BATCH, body_files, documents, filled
from benchmarks.http.load import Run, ratio
from tests.support.fake_service import KEY, Fault, running
from winnow.core.lead import FIELD_NAMES

ONE_SECOND = 1


def test_bodies_hold_what_the_api_takes():
    assert {name for document in documents(300) for name in document} <= set(FIELD_NAMES)


def test_no_lead_is_like_another(tmp_path):
    single, batch = body_files(tmp_path, BATCH * 2)
    number, leads = 0, []
    for path in (single, batch):
        for line in path.read_text(encoding="utf-8").splitlines():
            body, number = filled(line, number)
            document = json.loads(body)
            leads += document.get("leads", [document])
    assert number == len(leads) == BATCH * 4
    for field in ("id", "ip", "emails", "message"):
        assert len({str(lead[field]) for lead in leads}) == len(leads), field


def test_the_driver_counts_answers_and_refusals(socket_enabled, tmp_path):  # noqa: ARG001  # opens the network
    bodies, _ = body_files(tmp_path, 10)
    headers = {"Authorization": f"Bearer {KEY}"}
    with running() as service:
        service.faults = [Fault(status=503)] * 3
        told = driver.measure(f"{service.url}/v1/leads", bodies, headers, 2, ONE_SECOND, 100)
    assert told["refused"] == 3
    assert told["requests"] == len(service.requests) == len(service.leads) + 3
    assert {request.body["id"] for request in service.requests} == {f"b{101 + n}" for n in range(told["requests"])}
    assert 0 < told["p50"] <= told["p99"] <= told["most"]
    assert told["microseconds"] >= ONE_SECOND * 1e6


def test_a_ratio_compares_within_a_round():
    rates = [(100, 10), (20, 1), (60, 10)]
    ours, theirs = ([Run(rate[each], 0, 0, 0) for rate in rates] for each in (0, 1))
    assert ratio(ours, theirs) == 10
