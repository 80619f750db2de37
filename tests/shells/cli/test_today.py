"""`winnow today`: a table for people, and the document of the API for programs."""

import json

import pytest

from tests.support.cases import NOW
from tests.support.command import winnow
from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.learning.proof.blind import Released, false_reject_rate
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.core.today.certificate import CertificateState, Standing
from winnow.core.today.figures import Wrongly
from winnow.shells.cli import today as module


@pytest.fixture
def at(tmp_path):
    """An installation that nothing has come to yet, where a guard found something."""
    service = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    finding = Finding(Guard.QUEUE, None, 9, NOW.date(), ("x",), Severity.NOTICE, pauses=False)
    store = StoredIncidents(service.engine, service.journal)
    store.open(incident_of(finding, "inc_1", NOW), "guards", NOW)
    service.close()
    return ("--data", tmp_path / "data")


def test_it_is_told_in_lines(at):
    said = winnow("today", *at)
    assert said.code == 0
    assert "leads in                               0         0\n" in said.text
    assert "good leads wrongly stopped    none: neither score nor rules rejected any\n" in said.text
    assert "queue                         0 waiting, 0 overdue, 0 put off\n" in said.text
    assert "guards                        1 incidents open, 0 pauses, last looked: never\n" in said.text
    assert "inc_1  notice  queue  since" in said.text
    assert "certificate                   never: the score rejects nobody\n" in said.text


def test_programs_get_what_the_api_answers(at):
    found = json.loads(winnow("today", "--days", "30", "--json", *at).text)
    assert len(found["days"]["leads"]) == 30
    assert found["certificate"]["state"] == "never"
    assert found["guards"]["found"][0]["id"] == "inc_1"


def test_other_numbers_of_days_are_refused(at):
    said = winnow("today", "--days", "8", *at)
    assert (said.code, "use one of 7, 30, 90" in said.messages) == (2, True)


ESTIMATE = false_reject_rate([Released(0.03, genuine=number < 4) for number in range(80)])


@pytest.mark.parametrize(
    ("wrongly", "words"),
    [
        (Wrongly(9, 3, 1, 33, None), "too few to say: 33 more verdicts on the blind sample are needed"),
        (Wrongly(0, 3, 1, 33, None), "none: neither score nor rules rejected any"),
        (Wrongly(200, 80, 0, 0, ESTIMATE), "about 10, 3 to 25 (1 to 12 of 100 rejected)"),
    ],
)
def test_how_many_were_wrongly_stopped(wrongly, words):
    assert module._wrongly(wrongly) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CertificateState(Standing.NEVER), "never: the score rejects nobody"),
        (CertificateState(Standing.LAPSED, NOW, "it ended"), "lapsed: it ended"),
        (CertificateState(Standing.CERTIFIED, NOW, rejects=True), f"certified until {NOW:%Y-%m-%d}"),
        (
            CertificateState(Standing.CERTIFIED, NOW),
            f"certified until {NOW:%Y-%m-%d}, but the score rejects nobody now",
        ),
    ],
)
def test_how_the_certificate_stands(state, words):
    assert module._certificate(state) == words


@pytest.mark.parametrize(("seconds", "words"), [(5, "5 s"), (125, "2 min"), (7_300, "2 h"), (86_400, "24 h")])
def test_times_are_told_roundly(seconds, words):
    assert module._duration(seconds) == words
