"""What ends a certificate, on the day or before."""

from datetime import datetime, timedelta

import pytest

from tests.support.cases import NOW, certificate, small_card
from winnow.core.canonical import content_hash
from winnow.core.learning.proof.lapse import MONTH, Since, labels_due, lapsed
from winnow.core.ruleset_write import scorecard_document

CARD = content_hash(scorecard_document(small_card()))
PROOF = certificate(small_card(), issued_at=NOW, expires_at=NOW + timedelta(days=90), fresh_labels=20)
LATER = NOW + MONTH


@pytest.mark.parametrize(
    ("since", "card", "now", "why"),
    [
        (Since(20, rejecting=NOW), CARD, LATER, None),
        (Since(0, rejecting=NOW), CARD, NOW, None),
        (Since(0, rejecting=NOW), CARD, LATER - timedelta(seconds=1), None),
        (Since(0), CARD, LATER, None),
        (Since(0, rejecting=NOW + timedelta(days=1)), CARD, LATER, None),
        (Since(19, rejecting=NOW), CARD, LATER, "the blind sample brought 19 labels in 30 days, and 20 are wanted"),
        (Since(99), "other", LATER, "the certificate was earned by another scorecard"),
        (Since(99, "PSI 0.4"), CARD, LATER, "the leads have changed since it was certified: PSI 0.4"),
        (Since(99), CARD, NOW + timedelta(days=90), "the certificate lapsed on 2027-01-30"),
        (Since(99), CARD, NOW + timedelta(days=90, seconds=-1), None),
    ],
)
def test_it_ends_by_date_by_card_by_drift_and_by_too_few_fresh_labels(
    since: Since, card: str, now: datetime, why: str | None
) -> None:
    assert lapsed(PROOF, card, since, now) == why


def test_one_that_asks_for_no_fresh_labels_gets_along_without() -> None:
    assert lapsed(certificate(small_card()), CARD, Since(0, rejecting=NOW - MONTH), NOW) is None
    assert lapsed(certificate(small_card(), fresh_labels=0), CARD, Since(0, rejecting=NOW - MONTH), NOW) is None


def test_the_first_month_is_over_after_thirty_days_of_rejecting() -> None:
    assert not labels_due(None, LATER)
    assert not labels_due(NOW, LATER - timedelta(seconds=1))
    assert labels_due(NOW, LATER)


def test_it_never_outlives_what_every_decision_asks() -> None:
    for now in (NOW, LATER, PROOF.expires_at - timedelta(seconds=1), PROOF.expires_at):
        if lapsed(PROOF, CARD, Since(99), now) is None:
            assert PROOF.covers(3000, CARD, now)
