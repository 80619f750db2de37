"""A ruleset from a file rejects nothing until two people agreed to it, and again once their word has ended."""

import json
import logging
from datetime import timedelta

import pytest

from tests.support.cases import lead
from tests.support.rejecting import HASTY, laws, settings
from tests.support.signing import SIGNER, proposed
from winnow.adapters.clock import SystemClock
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.rulesets import ruleset_toml
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.ports import Arrival

DAY = timedelta(days=1)


class Clock(SystemClock):
    passed = timedelta()

    def now(self):
        return super().now() + self.passed


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def config(tmp_path, clock):
    file = tmp_path / "mine.toml"
    file.write_text(ruleset_toml(laws(clock.now())), encoding="utf-8")
    flags = {"data.folder": str(tmp_path / "data"), "screen.ruleset": str(file)}
    return load(flags={**flags, **settings(tmp_path)})


@pytest.fixture
def service(config, clock):
    running = open_service(config, clock)
    yield running
    running.close()


def outcome(service, name):
    """What is decided about a lead that the lot does not spare."""
    someone = lead(id=name, source="web", emails=(HASTY["email"],), form_fill_seconds=2.0, ip=HASTY["ip"])
    ((found,),) = service.intake.take([Arrival([someone], [True])])
    said = json.loads(found.decision)
    return said["outcome"], [each["text"] for each in said["reasons"] if each["code"] == "system.paused"]


def signed(service, *, privacy):
    """The live ruleset gets a sign-off for thirty days."""
    store, now = StoredSigning(service.engine, service.journal), service.clock.now()
    proposal = proposed(service.rulesets.live().hash, now)
    store.propose(proposal, {})
    store.sign(proposal.id, proposal.hash, SIGNER, now, privacy=privacy)
    service.live._checked = 0.0


def test_a_file_rejects_nothing_until_it_is_signed_and_once_that_has_ended(service, clock):
    unsigned = ["A person decides: no sign-off of the ruleset holds"]
    assert outcome(service, "a") == ("review", unsigned)
    signed(service, privacy=False)
    assert outcome(service, "b") == ("review", unsigned)  # nobody ever agreed to its policy
    signed(service, privacy=True)
    assert outcome(service, "d") == ("reject", [])
    clock.passed = 31 * DAY
    assert outcome(service, "e") == ("review", unsigned)


def test_every_start_says_that_nobody_signed(config, clock, caplog):
    def started():
        with caplog.at_level(logging.WARNING):
            return open_service(config, clock)

    started().close()
    assert "rejects nothing" in caplog.text
    caplog.clear()
    running = started()
    assert "rejects nothing" in caplog.text
    caplog.clear()
    signed(running, privacy=True)
    running.close()
    started().close()
    assert "rejects nothing" not in caplog.text


def test_the_starter_needs_no_sign_off(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        running = open_service(load(flags={"data.folder": str(tmp_path)}))
    assert (running.live.paused("web"), caplog.text) == ("", "")
    running.close()
