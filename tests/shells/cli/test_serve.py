"""A real service: started, told nothing it should not know, stopped in order."""

import json
import signal
import socket
import subprocess
import time

import pytest

from tests.support.command import start
from tests.support.leaning import Crowd, Record, sqlite_of
from tests.support.serving import Client, free_port, new_key, serving, wait_until_ready
from winnow.core.tlog import checkpoint_from, parse_note

pytestmark = pytest.mark.enable_socket

NEEDLE = "nadel"


def test_stopped_under_load_it_finishes_what_it_began(tmp_path):
    data = tmp_path / "data"
    crowd = Crowd(new_key(data))
    with serving(data, log=tmp_path / "log") as (port, process):
        crowd.lean_on(port)
        until = time.monotonic() + 20
        while len(crowd.answered) < 20:
            assert time.monotonic() < until
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        crowd.let_go()
    record = Record(sqlite_of(data))
    entries = record.verify()
    note = (data / "log" / "checkpoint").read_text()
    assert checkpoint_from(parse_note(note).text).head.size == entries
    assert record.leads() >= sum(each.leads for each in crowd.answered) > 0
    assert crowd.faults == []
    assert not (data / "winnow.sqlite-wal").exists() or not (data / "winnow.sqlite-wal").stat().st_size
    assert not list((data / "spool").glob("*"))
    record.close()


def test_a_second_signal_ends_it_at_once(tmp_path):
    data, port = tmp_path / "data", free_port()
    key = new_key(data)
    process = start("serve", "--data", data, "--port", port, stderr=subprocess.DEVNULL)
    wait_until_ready(port)
    with socket.create_connection(("127.0.0.1", port)) as slow:  # a request that never gets whole
        slow.sendall(b"POST /v1/leads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key.encode())
        slow.sendall(b"\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 128 + signal.SIGINT  # it would give the request 30 seconds
    process.stdout.close()


def test_a_first_start_prints_a_link_that_ends_with_the_first_key(tmp_path):
    data = tmp_path / "data"
    with serving(data, log=tmp_path / "log") as (port, _):
        told = (tmp_path / "log").read_text()
        path = next(line for line in told.splitlines() if "/setup/" in line).split("/setup/")[1].split()[0]
        client = Client(port)
        page = client.send("GET", f"/setup/{path}")
        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b"Make the first account" in page.body
        new_key(data)
        assert client.send("GET", f"/setup/{path}").status == 404
        client.close()
    with serving(data, log=tmp_path / "log"):
        pass
    assert "/setup/" not in (tmp_path / "log").read_text()


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process = start("serve", "--data", tmp_path / "data", "--port", other.getsockname()[1])
        _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"cannot listen there" in said
    assert b"Traceback" not in said


FIELDS = [
    *("id", "source", "external_id", "channel", "full_name", "first_name", "last_name", "email", "phone", "company"),
    *("job_title", "website", "country", "language", "timezone", "message", "ip", "user_agent", "device_id", "spf"),
    *("consent_wording", "form_honeypot", "occurred_at", "unknown_field"),
]


def test_nothing_that_was_sent_gets_into_the_log(tmp_path):
    data, log = tmp_path / "data", tmp_path / "log"
    settings = tmp_path / "winnow.toml"
    settings.write_text("[serve]\naccess_log = 'yes'\n")
    key = new_key(data)
    with serving(data, "--config", str(settings), log=log) as (port, _):
        client = Client(port, key)
        for field in FIELDS:
            client.send("POST", "/v1/leads", {field: NEEDLE})
        client.send("POST", "/v1/leads", {"id": NEEDLE, "email": "other@x.example"})
        client.send("POST", "/v1/leads", {"utm": {NEEDLE: NEEDLE}, "custom": {NEEDLE: NEEDLE}}, Idempotency_Key=NEEDLE)
        client.send("POST", "/v1/leads", NEEDLE.encode())
        client.send("POST", f"/f/{NEEDLE}", f"name={NEEDLE}&email={NEEDLE}".encode())
        for place in ("/{0}", "/v1/decisions/{0}", "/v1/leads/{0}?source={0}", "/setup/{0}", "/v1/lists?cursor={0}"):
            path = place.format(NEEDLE)
            client.send("GET", path, User_Agent=NEEDLE, X_Forwarded_For=NEEDLE, Cookie=NEEDLE)
            client.send("GET", path, authorization=f"Bearer {NEEDLE}")
        client.close()
        with socket.create_connection(("127.0.0.1", port)) as odd:
            odd.sendall(f"{NEEDLE} {NEEDLE}\r\n\r\n".encode())
            odd.recv(100)
    lines = log.read_text().splitlines()
    assert not [line for line in lines if NEEDLE in line.lower()]
    requests = [found for line in lines if line.startswith("{") and (found := json.loads(line))["message"] == "request"]
    assert len(requests) >= len(FIELDS) + 10
    assert {"route", "status", "ms", "key"} <= requests[0].keys()
    assert {found["route"] for found in requests} >= {"POST /v1/leads", "GET other", "GET /v1/decisions/{decision_id}"}
    assert key.rpartition("_")[0] in {found["key"] for found in requests}
    assert key not in log.read_text()


def test_the_worker_does_the_jobs_alone(tmp_path):
    data = tmp_path / "data"
    new_key(data)
    process = start("worker", "--data", data)
    checkpoint = data / "log" / "checkpoint"
    until = time.monotonic() + 30
    while not checkpoint.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    began = time.monotonic()
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert time.monotonic() - began < 20  # its jobs look again after up to a minute
