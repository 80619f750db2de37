"""A pause reaches every decision of every process until a person lifts it, and decisions replay to the same bytes."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.cases import certificate, lead, ruleset, small_card
from tests.support.signing import put_live
from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.guarding import FIRST_SECONDS, ROUND_SECONDS, Guarding, make_guards
from winnow.bootstrap.live import _FRESH_SECONDS
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.core.scorecard import CategoryFeature
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import StoreAwayError
from winnow.ports import Arrival, Label

FINDING = Finding(Guard.CONVERSION, None, 5010, date(2026, 11, 10), ("fewer",), Severity.ALARM, pauses=True)


@pytest.fixture
def config(tmp_path):
    customers = tmp_path / "customers.txt"
    customers.write_text("customer.example\n")
    flags = {"screen.customers": str(customers), "facts.corporate": "192.0.2.0/24"}
    return load(flags={**flags, "data.folder": str(tmp_path / "data")})


@pytest.fixture
def service(config):
    """One whose ruleset rejects what is filled in within three seconds from one network, and may."""
    running = open_service(config)
    first, second = small_card().features
    assert isinstance(second, CategoryFeature)
    card = replace(small_card(), features=(first, replace(second, values=("corporate", "residential"))))
    good = certificate(card, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    harsh = ruleset(scorecard=card, thresholds=Thresholds(Bands(0, 1000, 3000), certificate=good))
    put_live(running, harsh)
    later(running)
    yield running
    running.close()


def later(service):
    """Half a second passes."""
    service.live._checked = 0.0


def decided_all(service, names, source="web"):
    """Number and document of the decision about each of some leads."""
    hasty = [
        lead(id=each, source=source, emails=("a@b.example",), form_fill_seconds=2.0, ip="192.0.2.1") for each in names
    ]
    (found,) = service.intake.take([Arrival(hasty, [True] * len(hasty))])
    return [(each.id, json.loads(each.decision)) for each in found]


def decided(service, name, source="web"):
    return decided_all(service, [name], source)[0]


def outcome(service, name, source="web"):
    _, decision = decided(service, name, source)
    said = [each["text"] for each in decision["reasons"] if each["code"] == "system.paused"]
    return decision["outcome"], *said


def paused(service, finding, number="1"):
    now = service.clock.now()
    incident = incident_of(finding, f"inc_{number}", now)
    assert StoredIncidents(service.engine, service.journal).open(incident, "guards", now)
    later(service)
    return incident.id


def test_what_would_be_rejected_goes_to_a_person_while_it_is_paused(service):
    before, rejected = decided(service, "1")
    incident = paused(service, FINDING)
    after, held = decided(service, "2")
    assert (rejected["outcome"], held["outcome"], held["scopes"]["sales"]) == ("reject", "review", "review")
    text = f"A person decides: rejecting is paused by the guard `conversion`, incident {incident}"
    assert [each["text"] for each in held["reasons"] if each["code"] == "system.paused"] == [text]
    make_guards(service).close(incident, "mended", "mia")
    later(service)
    again, released = decided(service, "3")
    assert released["outcome"] == "reject"
    assert all(service.replay.again(number).same for number in (before, after, again))


def test_a_source_is_paused_alone(service):
    incident = paused(service, replace(FINDING, source="web"))
    assert outcome(service, "1")[0] == "review"
    assert outcome(service, "2", "fair") == ("reject",)
    paused(service, FINDING, "2")
    assert "inc_2" in outcome(service, "3", "fair")[1]
    make_guards(service).close(incident, "mended", "mia")
    later(service)
    assert outcome(service, "4")[0] == "review"  # all are paused still


def test_leads_without_a_source_have_their_own_pause(service):
    paused(service, replace(FINDING, source=""))
    assert outcome(service, "1", None)[0] == "review"
    assert outcome(service, "2") == ("reject",)


def test_a_pause_outlives_a_restart_and_holds_on_other_replicas(service, config):
    other = open_service(config)
    assert outcome(other, "1") == ("reject",)
    paused(service, FINDING)
    assert _FRESH_SECONDS <= 0.5  # and so within a second, on a machine that has time for it
    until = time.monotonic() + 20.0
    while outcome(other, f"o-{time.monotonic()}")[0] == "reject":
        assert time.monotonic() < until, "it was never heard of"
    other.close()
    restarted = open_service(config)
    assert outcome(restarted, "2")[0] == "review"
    restarted.close()


def test_what_cannot_be_read_counts_as_paused(service, monkeypatch):
    def away():
        raise StoreAwayError("the database does not answer")

    assert outcome(service, "0") == ("reject",)
    with monkeypatch.context() as patch:
        patch.setattr(service.live, "_versions", away)
        later(service)
        text = "A person decides: whether rejecting is paused could not be read"
        assert outcome(service, "1") == ("review", text)
    later(service)
    assert outcome(service, "2") == ("reject",)


class Later:
    """A clock that can be put forward."""

    def __init__(self, clock):
        self._clock, self.by = clock, timedelta()

    def now(self):
        return self._clock.now() + self.by


def test_guards_find_what_happened_and_pause_by_themselves(service):
    """Good leads are rejected and people say so, more than before: a week is not needed."""
    desk = make_guards(service)
    clock = desk._clock = service.intake._clock = Later(service.clock)
    for day in range(36):
        clock.by = timedelta(days=day)
        for number, (lead_number, _) in enumerate(decided_all(service, [f"{day}-{index}" for index in range(9)])):
            verdict = "genuine" if day >= 29 and number < 7 else "junk"
            service.labels.add(Label(lead_number, verdict, "mia", "api"), clock.now())
    look = desk.look()
    opened = {each.guard: each for each in look.opened}
    assert set(opened) >= {Guard.OVERRIDES, Guard.CALIBRATION}
    assert opened[Guard.OVERRIDES].pauses
    later(service)
    assert outcome(service, "after")[0] == "review"
    again = desk.look()
    assert (again.opened, len(again.standing)) == ((), len(opened))
    for each in look.opened:
        desk.close(each.id, "the rule was wrong and is gone", "mia")
    assert {each.guard for each in desk.look().opened} <= {Guard.CALIBRATION, Guard.QUEUE}  # these look at what is
    assert all(each.incident not in {old.id for old in look.opened} for each in desk.pauses())


def test_the_job_waits_looks_and_waits(service, caplog, monkeypatch):
    job = Guarding(service)
    assert job.step() == FIRST_SECONDS
    assert job.step() == ROUND_SECONDS
    incident = incident_of(FINDING, "inc_7", service.clock.now())
    found = replace(job._desk.look(), opened=(incident,))
    monkeypatch.setattr(type(job._desk), "look", lambda _self: found)
    assert job.step() == ROUND_SECONDS
    assert "guard `conversion` opened incident inc_7: fewer" in caplog.text


def test_a_fall_that_could_not_be_written_is_made_up_for_in_the_next_round(service, monkeypatch):
    job = Guarding(service)
    job.step()
    incident = incident_of(FINDING, "inc_7", service.clock.now())
    rounds = iter([replace(job._desk.look(), opened=(incident,)), replace(job._desk.look(), opened=())])
    monkeypatch.setattr(type(job._desk), "look", lambda _self: next(rounds))
    told: list[str] = []

    def fallen(_self, reason):
        told.append(reason)
        if len(told) == 1:
            raise StoreAwayError("the database is away")

    monkeypatch.setattr(type(job._ladder), "fallen", fallen)
    with pytest.raises(StoreAwayError):
        job.step()
    assert job.step() == ROUND_SECONDS
    assert told == ["guard `conversion`, incident inc_7"] * 2
