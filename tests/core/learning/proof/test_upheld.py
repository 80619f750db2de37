"""What ends a certificate that is live, when it is told, and when it is not told again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.cases import NOW, certificate, small_card
from winnow.core.learning.proof.lapse import MONTH
from winnow.core.learning.proof.upheld import SOON, Proof, rejecting_since, upheld
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew
from winnow.core.monitor.incident import State, incident_of

DAY = timedelta(days=1)
CERTIFICATE = certificate(small_card(), issued_at=NOW, expires_at=NOW + 90 * DAY, fresh_labels=20)
PROOF = Proof(CERTIFICATE, CERTIFICATE.scorecard_hash, NOW + 5 * DAY)
END = CERTIFICATE.expires_at
DUE = PROOF.since + MONTH


def incident(guard=Guard.SCORE_DRIFT, *, opened=NOW + DAY, closed=None, pauses=False, source=None, **more):
    finding = Finding(guard, source, 900, NOW.date(), ("PSI 0.3",), Severity.ALARM, pauses=pauses)
    found = replace(incident_of(finding, "inc_1", opened), **more)
    return found if closed is None else replace(found, state=State.CLOSED, closed_at=closed)


def said(now, *incidents, labels=20, proof=PROOF):
    """Guard and first figure of each finding, and how many labels of how many are there while it is too early."""
    return [
        (each.guard, each.figures[0]) if isinstance(each, Finding) else (each.size, each.needed)
        for each in upheld(proof, labels, incidents, now)
    ]


FEW = "the blind sample brought 3 labels in 30 days, and 20 are wanted"


@pytest.mark.parametrize(
    ("now", "labels", "expected"),
    [
        (PROOF.since, 0, [(0, 20)]),
        (DUE - timedelta(seconds=1), 19, [(19, 20)]),
        (DUE - timedelta(seconds=1), 20, []),
        (DUE, 20, []),
        (DUE, 3, [(Guard.CERTIFICATE, FEW)]),
        (END - SOON - timedelta(seconds=1), 20, []),
        (END - SOON, 20, [(Guard.CERTIFICATE_END, "the certificate lapses on 2027-01-30 12:00 UTC")]),
        (END, 20, [(Guard.CERTIFICATE, "the certificate lapsed on 2027-01-30")]),
    ],
)
def test_it_ends_by_date_and_by_too_few_labels_after_a_month_of_rejecting(now, labels, expected):
    assert said(now, labels=labels) == expected


def test_what_ends_it_pauses_and_what_announces_the_end_does_not():
    first, second = upheld(PROOF, 3, [], END - DAY)
    assert isinstance(first, Finding)
    assert isinstance(second, Finding)
    assert (first.pauses, first.severity, first.size, first.since) == (True, Severity.ALARM, 3, (END - DAY).date())
    assert (second.pauses, second.severity, second.since) == (False, Severity.NOTICE, (END - SOON).date())
    assert first.about == second.about == f"{CERTIFICATE.scorecard_hash[:16]} to 2027-01-30"
    (ended,) = upheld(PROOF, 3, [], END + DAY)
    assert isinstance(ended, Finding)
    assert (ended.pauses, ended.since) == (True, END.date())


def test_one_that_asks_for_no_labels_is_never_short_of_them():
    for wanted in (None, 0):
        proof = replace(PROOF, certificate=replace(CERTIFICATE, fresh_labels=wanted))
        assert said(PROOF.since, labels=0, proof=proof) == said(DUE, labels=0, proof=proof) == []


DRIFTED = [(Guard.CERTIFICATE, "the leads have changed since it was certified: incident inc_1 of the guard `{}`")]


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        (incident(), True),
        (incident(Guard.SIGNAL_DRIFT), True),
        (incident(opened=NOW - DAY), True),  # found before it was issued, and nobody has looked into it
        (incident(closed=NOW + 6 * DAY), False),
        (incident(closed=NOW + 6 * DAY, renewed=True), True),
        (incident(opened=NOW - DAY, closed=NOW + 6 * DAY, renewed=True), False),
        (incident(Guard.QUEUE), False),
        (incident(Guard.QUEUE, closed=NOW + 6 * DAY, renewed=True), False),
    ],
)
def test_leads_that_changed_end_it(found, ends):
    expected = [(guard, text.format(found.guard)) for guard, text in DRIFTED] if ends else []
    assert said(NOW + 7 * DAY, found) == expected


def test_who_says_that_all_is_as_it_should_be_since_ends_no_certificate_of_unknown_age():
    renewed = incident(closed=NOW + 6 * DAY, renewed=True)
    undated = replace(PROOF, certificate=replace(CERTIFICATE, issued_at=None))
    assert said(NOW + 7 * DAY, renewed, proof=undated) == []


def test_nothing_is_asked_of_the_sample_while_all_is_paused_and_a_month_after():
    lifted = DUE - DAY
    pause = incident(Guard.CONVERSION, pauses=True)
    over = incident(Guard.CONVERSION, pauses=True, closed=lifted)
    assert rejecting_since(PROOF, [pause]) is None
    assert said(DUE, pause, labels=3) == []
    assert rejecting_since(PROOF, [over]) == lifted
    assert said(DUE, over, labels=3) == [(3, 20)]
    assert said(lifted + MONTH, over, labels=3) == [(Guard.CERTIFICATE, FEW)]


@pytest.mark.parametrize(
    "found",
    [
        incident(Guard.CONVERSION, pauses=True, source="web"),
        incident(Guard.CONVERSION),
        incident(Guard.CONVERSION, closed=DUE),
        incident(Guard.CONVERSION, pauses=True, opened=NOW, closed=NOW + DAY),
    ],
)
def test_what_does_not_pause_everything_gives_no_further_month(found):
    assert rejecting_since(PROOF, [found]) == PROOF.since


def test_its_own_incident_stands_until_a_person_closes_it_which_gives_another_month():
    about = {"about": PROOF.name}
    standing = incident(Guard.CERTIFICATE, pauses=True, opened=DUE, **about)
    assert said(DUE + DAY, standing, labels=3) == [(Guard.CERTIFICATE, FEW)]
    assert said(DUE + DAY, incident(Guard.CERTIFICATE, pauses=True, about="an earlier one"), labels=3) == []
    closed = incident(Guard.CERTIFICATE, pauses=True, opened=DUE, closed=DUE + DAY, **about)
    assert said(DUE + 2 * DAY, closed, labels=3) == [(3, 20)]
    assert said(DUE + DAY + MONTH, closed, labels=3)[0] == (Guard.CERTIFICATE, FEW)


def test_the_end_is_told_until_a_person_has_dealt_with_it():
    about = {"about": PROOF.name}
    assert said(END - DAY, incident(Guard.CERTIFICATE_END, closed=END - 2 * DAY, **about)) == []
    assert len(said(END - DAY, incident(Guard.CERTIFICATE_END, closed=END - SOON - DAY, **about))) == 1
    assert len(said(END - DAY, incident(Guard.CERTIFICATE_END, **about))) == 1
    assert len(said(END - DAY, incident(Guard.CERTIFICATE_END, closed=END - 2 * DAY, about="another"))) == 1
    assert said(END + DAY, incident(Guard.CERTIFICATE, pauses=True, closed=END, **about)) == []
    assert len(said(END + DAY, incident(Guard.CERTIFICATE, pauses=True, closed=END - DAY, **about))) == 1
    assert len(said(END + DAY, incident(Guard.CERTIFICATE_END, closed=END, **about))) == 1


def test_it_is_too_early_or_well():
    (early,) = upheld(PROOF, 3, [], PROOF.since)
    assert early == TooFew(Guard.CERTIFICATE, None, 3, 20, PROOF.name)
