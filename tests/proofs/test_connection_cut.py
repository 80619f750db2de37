"""Proof 7: the connection to the database is cut just when a commit was sent, and nothing is lost or done twice."""

import time
from contextlib import ExitStack

import pytest

from tests.support.database_proxy import DatabaseProxy
from tests.support.databases import new_database
from tests.support.leaning import DECIDED, KEPT, Crowd, Record
from tests.support.serving import new_key, recovered, serving

pytestmark = pytest.mark.enable_socket


#: Long enough for the most; without commits to cut the test would wait for ever.
_MOST_SECONDS = 240


def cut(folder, cuts, replicas):
    """Cut so many commits of services that share a database."""
    database = new_database("postgresql", folder)
    proxy = DatabaseProxy(database)
    settings = folder / "winnow.toml"
    settings.write_text("[serve]\nrequests_per_second = 1000000\n", encoding="utf-8")
    data = folder / "data"
    key, record = new_key(data, store=proxy.url), Record(database)
    crowds = [Crowd(key, size=2, name=f"replica-{number}", pause=0.12) for number in range(replicas)]
    with ExitStack() as services:
        arguments = ("--store", proxy.url, "--config", str(settings))
        ports = [services.enter_context(serving(data, *arguments, log=folder / "log"))[0] for _ in crowds]
        proxy.cut_commits(0.7)
        for crowd, port in zip(crowds, ports, strict=True):
            crowd.lean_on(port)
        until = time.monotonic() + _MOST_SECONDS
        while proxy.cuts < cuts:
            assert time.monotonic() < until, f"only {proxy.cuts} commits were seen"
            time.sleep(0.02)
        proxy.cut_commits(0.0)
        different = []
        for crowd, port in zip(crowds, ports, strict=True):
            crowd.let_go()
            crowd.finish(port)
        for port in ports:
            recovered(port)
        for crowd, port in zip(crowds, ports, strict=True):
            different += crowd.ask_again(port, crowd.answered)
        entries = record.verify()
    expected = sum(each.leads for crowd in crowds for each in crowd.answered)
    found = record.leads()
    record.close()
    proxy.close()
    statuses = [dict(crowd.statuses) for crowd in crowds]
    print(
        f"\n7: {proxy.cuts} connections cut after COMMIT, {replicas} services, answers {statuses};"
        f" {expected:,} leads acknowledged, {expected - found} missing or doubled,"
        f" {len(different)} answered otherwise later; the log of {entries:,} entries verified"
    )
    assert [fault for crowd in crowds for fault in crowd.faults] == []
    assert different == []
    assert expected == found
    assert {status for crowd in crowds for status in crowd.statuses} == {DECIDED, KEPT}


def test_a_few_commits(tmp_path):
    cut(tmp_path, 4, 1)


@pytest.mark.proof
def test_three_hundred_commits(tmp_path):
    cut(tmp_path, 300, 3)
