"""A job goes on whatever happens to it, and ends when it is told to."""

import logging
import time

import pytest

from winnow.errors import StoreAwayError
from winnow.shells.jobs import loop
from winnow.shells.jobs.loop import Loop, Loops


@pytest.fixture
def _quick(monkeypatch):
    monkeypatch.setattr(loop, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(loop, "_LONGEST_PAUSE", 0.004)


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("error", [StoreAwayError("the database does not answer"), ValueError("needle"), KeyError(3)])
def test_it_goes_on_after_failures_and_says_so_now_and_then(caplog, error):
    calls = []

    def step():
        calls.append(1)
        if len(calls) <= 9:
            raise error
        return 0.001

    job = Loop("publisher", step)
    with caplog.at_level(logging.INFO):
        job.start()
        until(lambda: len(calls) > 12)
        job.stop()
        assert job.wait(20)
    assert job.failures == 0
    failed = [record for record in caplog.records if "failed" in record.message]
    assert len(failed) == 4  # the first, second, fourth and eighth in a row
    assert [bool(record.exc_info) for record in failed] == [not isinstance(error, StoreAwayError)] * 4
    assert "goes on after 9 failures" in caplog.text


@pytest.mark.usefixtures("_quick")
def test_failures_can_be_seen_from_outside():
    def step():
        raise StoreAwayError("away")

    job = Loop("push", step)
    before = job.alive
    job.start()
    until(lambda: job.failures > 2)
    assert (before, job.alive) == (False, True)
    job.stop()
    assert job.wait(20)


def test_many_end_at_once_whatever_they_wait_for():
    ended = []
    jobs = Loops(*(Loop(str(number), lambda: 60.0, lambda: ended.append(1)) for number in range(5)))
    jobs.start()
    began = time.monotonic()
    assert jobs.stop(20.0) == []
    assert time.monotonic() - began < 20.0  # they wait for 60 seconds
    assert len(ended) == 5


def test_who_does_not_end_is_named():
    def hang():
        time.sleep(0.5)
        return 0.0

    hanging = Loop("hanging", hang)
    jobs = Loops(hanging, Loop("quick", lambda: 60.0))
    jobs.start()
    time.sleep(0.05)
    assert jobs.stop(0.1) == ["hanging"]
    assert hanging.wait(20)


def test_a_last_step_that_fails_is_told(caplog):
    def last():
        raise ValueError("needle")

    job = Loop("write-back", lambda: 60.0, last)
    job.start()
    job.stop()
    assert job.wait(20)
    assert "the last step of `write-back` failed" in caplog.text
