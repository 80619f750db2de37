"""Proof 1: a service killed under load again and again loses nothing it acknowledged, and doubles nothing."""

import time

import pytest

from tests.support.leaning import Crowd, Record, sqlite_of
from tests.support.serving import ForkServer, free_port, kill, new_key, wait_until_ready
from winnow.demo.dice import Dice

pytestmark = pytest.mark.enable_socket


def killed(folder, kills, seed=1):
    """Kill a service so many times, and look after each time; figures of what was found."""
    lots = Dice.named("kill", seed)
    data = folder / "data"
    crowd, record = Crowd(new_key(data)), Record(sqlite_of(data))
    different, cut_short, entries = [], 0, 0
    with ForkServer() as services:
        before = 0
        for life in range(kills + 1):
            port = free_port()
            service = services.start(data, port, "--config", str(settings(folder)))
            wait_until_ready(port)
            different += crowd.ask_again(port, crowd.answered[before:])  # what was promised holds in the next life
            before = len(crowd.answered)
            if life == kills:
                crowd.finish(port)
                different += crowd.ask_again(port, crowd.answered)
            else:
                crowd.lean_on(port)
                time.sleep(lots.uniform(0.02, 0.25))
            kill(service)
            crowd.let_go()
            cut_short += crowd.waiting
            entries = record.verify()
    expected = sum(each.leads for each in crowd.answered)
    found = record.leads()
    record.close()
    print(
        f"\n1: {kills} kills under load; {len(crowd.answered):,} requests answered, {cut_short} cut short;"
        f" {expected:,} leads acknowledged, {expected - found} missing or doubled, {len(different)} answered otherwise;"
        f" the log of {entries:,} entries verified each time; answers {dict(crowd.statuses)}"
    )
    return crowd, expected, found, different


def settings(folder):
    """No limit on requests: here one key is everybody."""
    path = folder / "winnow.toml"
    path.write_text("[serve]\nrequests_per_second = 1000000\n", encoding="utf-8")
    return path


def check(crowd, expected, found, different):
    assert crowd.faults == []
    assert different == []
    assert expected == found
    assert len(crowd.answered) > 50


def test_five_kills(tmp_path):
    check(*killed(tmp_path, 5))


@pytest.mark.proof
def test_two_hundred_kills(tmp_path):
    check(*killed(tmp_path, 200))
