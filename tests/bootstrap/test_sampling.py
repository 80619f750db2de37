"""A certificate in a running service: what the blind sample says of it, and how it ends when nobody labels any more."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.cases import certificate, lead, ruleset, small_card
from tests.support.command import winnow
from tests.support.signing import put_live
from winnow.bootstrap.guarding import make_guards
from winnow.bootstrap.sampling import LiveProof, blind_report
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.learning.ladder import Rung, Standing, subject_of_card
from winnow.core.learning.proof.lapse import MONTH
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.rounds import Round
from winnow.core.scorecard import CategoryFeature
from winnow.core.thresholds import Bands, Thresholds, drawn
from winnow.ports import Arrival, Label

DAY = timedelta(days=1)
SHARE = 0.05
FRESH = 5


class Later:
    """A clock that can be put forward."""

    def __init__(self, clock):
        self._clock, self.by = clock, timedelta()

    def now(self):
        return self._clock.now() + self.by


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def service(tmp_path, folder):
    customers = tmp_path / "customers.txt"
    customers.write_text("customer.example\n")
    flags = {"screen.customers": str(customers), "facts.corporate": "192.0.2.0/24", "data.folder": str(folder)}
    running = open_service(load(flags=flags))
    yield running
    running.close()


@pytest.fixture
def clock(service):
    """Time as the guards and the screening see it."""
    clock = service.intake._clock = Later(service.clock)
    return clock


def laws(service, **terms):
    """A ruleset that rejects what is filled in within three seconds from one network, and may."""
    first, second = small_card().features
    assert isinstance(second, CategoryFeature)
    card = replace(small_card(), features=(first, replace(second, values=("corporate", "residential"))))
    now = service.clock.now()
    given = {"issued_at": now - 40 * DAY, "expires_at": datetime(2100, 1, 1, tzinfo=UTC), "fresh_labels": FRESH}
    good = certificate(card, **{**given, **terms})
    return ruleset(scorecard=card, thresholds=Thresholds(Bands(0, 1000, 3000), certificate=good, blind_share=SHARE))


@pytest.fixture
def live(service):
    """The same, live: its certificate was issued long ago and is in force since now."""
    made = laws(service)
    put_live(service, made)
    later(service)
    return made


@pytest.fixture
def desk(service, clock):
    made = make_guards(service)
    made._clock = clock
    return made


def later(service):
    """Half a second passes."""
    service.live._checked = 0.0


def decided(service, names):
    """Number and document of the decision about each of some hasty leads."""
    hasty = [lead(id=each, emails=("a@b.example",), form_fill_seconds=2.0, ip="192.0.2.1") for each in names]
    (found,) = service.intake.take([Arrival(hasty, [True] * len(hasty))])
    return {each.lead_id: (each.id, json.loads(each.decision)) for each in found}


def names_of(live, spared, rejected, prefix=""):
    """Ids of leads the lot falls on, and of others."""
    lucky: list[str] = []
    others: list[str] = []
    number = 0
    while len(lucky) < spared or len(others) < rejected:
        name = f"{prefix}{number}"
        group = lucky if drawn(name, live.scorecard_hash, SHARE) else others
        group.append(name)
        number += 1
    return lucky[:spared], others[:rejected]


def said(document):
    return document["outcome"], [each["code"] for each in document["reasons"] if each["family"] == "system"]


def about(look, guard=Guard.CERTIFICATE):
    return [each for each in (*look.opened, *look.standing, *look.too_few) if each.guard is guard]


def test_from_rejecting_over_the_estimate_to_the_end_of_the_certificate(service, live, clock, desk, folder):
    spared, rejected = names_of(live, 40, 30)
    found = decided(service, [*spared, *rejected])
    assert {said(found[each][1])[0] for each in rejected} == {"reject"}
    assert all(said(found[each][1]) == ("review", ["system.blind_sample"]) for each in spared)
    for place, name in enumerate(spared[:38]):
        service.labels.add(Label(found[name][0], "genuine" if place < 2 else "junk", "mia", "queue"), clock.now())

    ran = winnow("learn", "blind", "--data", folder)
    assert (ran.code, ran.messages) == (0, "")
    assert ran.text.splitlines() == [
        "rejected without a person: 30 leads",
        "given to people by lot instead: 40 leads, 38 of them with a verdict",
        "of the rejected leads between 0.6 and 18 of 100 were genuine (estimate 5)",
        "this takes for granted that the 2 without a verdict are like the others",
    ]
    told = json.loads(winnow("learn", "blind", "--data", folder, "--json").text)
    assert (told["rejected"], told["drawn"], told["labelled"], told["labels_missing"]) == (30, 40, 38, 0)
    assert told["rate"] == pytest.approx(2 / 38)
    assert told["wrongly"] == pytest.approx(2 / 38 * 40 / SHARE)

    # a month goes by in which nobody labels anything
    assert about(desk.look()) == []
    clock.by = MONTH + DAY
    (incident,) = about(desk.look())
    assert incident.pauses
    assert incident.figures[0] == f"the blind sample brought 0 labels in 30 days, and {FRESH} are wanted"
    later(service)
    (outcome, reasons), = (said(document) for _, document in decided(service, ["late"]).values())  # fmt: skip
    assert (outcome, reasons) == ("review", ["system.paused"])
    (again,) = about(desk.look())
    assert again.about == incident.about  # it stands, and no second one was opened

    desk.close(incident.id, "Bo labels the sample from now on", "mia")
    later(service)
    _, (name,) = names_of(live, 0, 1, "later-")
    assert said(decided(service, [name])[name][1])[0] == "reject"
    (early,) = about(desk.look())
    assert (early.size, early.needed) == (0, FRESH)
    clock.by += MONTH
    assert [each.pauses for each in about(desk.look())] == [True]


def test_a_certificate_that_came_live_today_has_a_month(service, live, clock, desk):
    (few,) = about(desk.look())
    assert (few.size, few.needed, desk.pauses()) == (0, FRESH, ())
    clock.by = MONTH - DAY
    spared, _ = names_of(live, FRESH, 0)
    numbers = [number for number, _ in decided(service, spared).values()]
    for number in numbers[1:]:
        service.labels.add(Label(number, "junk", "mia", "queue"), clock.now())
    assert [each.size for each in about(desk.look())] == [FRESH - 1]
    service.labels.add(Label(numbers[0], "junk", "mia", "queue"), clock.now())
    clock.by = MONTH + DAY
    assert about(desk.look()) == []
    clock.by = 2 * MONTH
    assert [each.size for each in about(desk.look())] == [0]  # these labels are no longer fresh


def test_the_end_is_announced_and_then_pauses(service, clock, desk):
    end = service.clock.now() + 60 * DAY
    made = laws(service, expires_at=end, fresh_labels=0)
    put_live(service, made)
    later(service)
    clock.by = 45 * DAY
    assert desk.look().opened == ()
    clock.by = 47 * DAY
    assert [(each.guard, each.pauses) for each in desk.look().opened] == [(Guard.CERTIFICATE_END, False)]
    clock.by = 60 * DAY
    (ended,) = desk.look().opened
    assert (ended.guard, ended.pauses) == (Guard.CERTIFICATE, True)
    desk.close(ended.id, "rules go on rejecting, the score does not", "mia")
    assert (desk.look().opened, desk.pauses()) == ((), ())


def test_drift_ends_it_in_the_round_that_finds_it(service, live, desk, monkeypatch):
    drift = Finding(Guard.SCORE_DRIFT, None, 900, date(2026, 11, 1), ("PSI 0.2",), Severity.NOTICE, pauses=False)
    monkeypatch.setattr(Round, "verdicts", lambda _: [drift])
    first, second = desk.look().opened
    assert (first.guard, first.pauses) == (Guard.SCORE_DRIFT, False)
    assert (second.guard, second.pauses) == (Guard.CERTIFICATE, True)
    assert second.figures[0].endswith(f"incident {first.id} of the guard `score-drift`")
    later(service)
    _, (name,) = names_of(live, 0, 1)
    assert said(decided(service, [name])[name][1]) == ("review", ["system.paused"])
    monkeypatch.undo()
    desk.close(first.id, "a fair, and it is over", "mia")
    desk.close(second.id, "as above", "mia")
    assert [each.pauses for each in desk.look().opened] == []


def test_no_certificate_is_looked_after_where_the_score_rejects_nobody(service, live, desk):
    proofs = LiveProof(service)
    found = proofs.proof()
    assert found is not None
    assert found.certificate == live.thresholds.certificate
    thresholds = live.thresholds
    gone = replace(thresholds.certificate, expires_at=service.clock.now() - DAY)
    other = replace(thresholds.certificate, scorecard_hash="0" * 64)
    for proof, bands in ((None, thresholds.bands), (gone, thresholds.bands), (other, thresholds.bands)):
        changed = replace(live, thresholds=replace(thresholds, certificate=proof, bands=bands))
        put_live(service, changed)
        later(service)
        assert proofs.proof() is None
        assert about(desk.look()) == []
    unbanded = replace(live, thresholds=replace(thresholds, bands=Bands(0, 1000)))
    put_live(service, unbanded)
    later(service)
    assert proofs.proof() is None


def test_what_climbed_the_ladder_rejects_since_it_got_there(service, live, clock):
    proofs = LiveProof(service)
    first = proofs.proof()
    clock.by = 9 * DAY
    steps = ((None, Rung.REVIEW, None), (Rung.REVIEW, Rung.REJECT, clock.now()))
    for was, rung, expected in steps:
        service.ladder.move(Standing(subject_of_card(live), rung, clock.now(), "mia", "as it did well"), was)
        later(service)
        found = proofs.proof()
        assert (found and found.since.date()) == (expected and expected.date())
    assert first is not None
    assert first.since < clock.now() - 8 * DAY


def test_too_few_verdicts_are_said_to_be_too_few(service, live, folder):
    spared, rejected = names_of(live, 1, 3)
    found = decided(service, [*spared, *rejected])
    service.labels.add(Label(found[spared[0]][0], "genuine", "mia", "queue"), service.clock.now())
    ran = winnow("learn", "blind", "--data", folder)
    assert ran.text.splitlines() == [
        "rejected without a person: 3 leads",
        "given to people by lot instead: 1 lead, 1 of them with a verdict",
        "too few to say how many of the rejected leads were genuine: 35 more verdicts are needed",
    ]
    future = (service.clock.now() + DAY).date().isoformat()
    empty = json.loads(winnow("learn", "blind", "--data", folder, "--json", "--since", future).text)
    assert (empty["rejected"], empty["drawn"], empty["rate"], empty["wrongly"]) == (0, 0, None, None)
    assert empty["since"].startswith(future)


def test_erased_leads_are_counted_apart(service, live, folder):
    spared, _ = names_of(live, 2, 0)
    decided(service, spared)
    report = blind_report(service, None)
    assert (report.drawn, report.erased) == (2, 0)
    with service.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM subject_keys")
    report = blind_report(service, None)
    assert (report.drawn, report.erased) == (0, 2)
    assert "erased since, so that nobody can tell: 2 leads" in winnow("learn", "blind", "--data", folder).text


def test_without_an_installation_nothing_is_made(tmp_path):
    ran = winnow("learn", "blind", "--data", tmp_path / "none")
    assert ran.code != 0
    assert not (tmp_path / "none").exists()
    assert winnow("learn", "blind", "--data", tmp_path / "none", "--since", "soon").code == 2
