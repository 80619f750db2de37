"""How a certificate stands, in one word and one sentence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.cases import NOW, certificate, certified, ruleset, small_card
from winnow.core.learning.proof.upheld import Proof
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.core.thresholds import Bands
from winnow.core.today.certificate import CertificateState, Standing, certificate_state

LAWS = certified()
PROOF = certificate(small_card())
UNTIL = PROOF.expires_at


def state(laws=LAWS, incidents=(), now=NOW, thresholds=None):
    return certificate_state(thresholds or laws.thresholds, laws.scorecard_hash, incidents, now)


def incident(guard, about="", *, source=None, pauses=True):
    finding = Finding(guard, source, 9, date(2026, 11, 1), ("too few", "labels"), Severity.ALARM, pauses, about)
    return incident_of(finding, "inc_1", NOW)


def test_it_holds_until_its_day():
    assert state() == CertificateState(Standing.CERTIFIED, UNTIL, rejects=True)
    ended = state(now=UNTIL)
    assert (ended.standing, ended.rejects) == (Standing.LAPSED, False)
    assert ended.why == f"the certificate lapsed on {UNTIL:%Y-%m-%d}"


def test_a_ruleset_without_one_never_had_one():
    assert state(ruleset()) == CertificateState(Standing.NEVER)


def test_it_lapses_with_another_scorecard():
    other = replace(LAWS.thresholds, certificate=replace(PROOF, scorecard_hash="0" * 64))
    found = state(thresholds=other)
    assert (found.standing, found.why) == (Standing.LAPSED, "the certificate was earned by another scorecard")


def test_what_its_guard_found_is_why_it_lapsed():
    name = Proof(PROOF, LAWS.scorecard_hash, NOW).name
    found = state(incidents=[incident(Guard.CERTIFICATE, name)])
    assert found == CertificateState(Standing.LAPSED, UNTIL, "too few; labels")
    other = state(incidents=[incident(Guard.CERTIFICATE, "another")])
    assert (other.standing, other.rejects) == (Standing.CERTIFIED, False)


@pytest.mark.parametrize(
    ("found", "rejects"),
    [
        (incident(Guard.CONVERSION), False),
        (incident(Guard.CONVERSION, source="web"), True),
        (incident(Guard.QUEUE, pauses=False), True),
    ],
)
def test_a_pause_of_all_sources_stops_it_and_leaves_it_certified(found, rejects):
    assert state(incidents=[found]) == CertificateState(Standing.CERTIFIED, UNTIL, rejects=rejects)


def test_without_a_band_it_rejects_nobody():
    assert not state(thresholds=replace(LAWS.thresholds, bands=Bands(0, 1000))).rejects
    assert state(now=UNTIL - timedelta(seconds=1)).rejects
