"""What a ruleset in shadow decides, and the report of how it differs."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.learning.shadow import Judged, Shadow, ShadowReport
from winnow.core.outcome import Outcome

AT = datetime(2026, 11, 1, tzinfo=UTC)
ACCEPT, TAG, REVIEW, REJECT = Outcome
REPORT = ShadowReport(
    "hash",
    running=True,
    share=1.0,
    first=AT,
    last=AT + timedelta(days=3, hours=12),
    counts={(ACCEPT, ACCEPT): 70, (ACCEPT, TAG): 12, (TAG, REVIEW): 5, (REVIEW, ACCEPT): 3, (ACCEPT, None): 2},
    judged={(ACCEPT, TAG): Judged(10, 4), (TAG, REVIEW): Judged(5, 5), (ACCEPT, None): Judged(1, 1)},
)


def test_a_report_adds_up():
    assert (REPORT.leads, REPORT.failed, REPORT.stricter, REPORT.milder, REPORT.days) == (90, 2, 17, 3, 3.5)
    assert REPORT.judged_from(TAG) == Judged(15, 9)
    assert REPORT.judged_from(REVIEW) == Judged(5, 5)
    assert REPORT.precision_bound(REVIEW) == pytest.approx(0.05 ** (1 / 5), abs=1e-6)
    assert REPORT.precision_bound(REJECT) == 0
    assert ShadowReport("hash", False, 1.0, None, None, {}).days == 0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_a_share_is_drawn_from_the_ids_of_leads(share):
    ids = [f"lead-{number}\ud800" for number in range(4_000)]
    shadow = Shadow(7, "hash", share, AT, "Mia")
    taken = [shadow.takes(each) for each in ids]
    assert taken == [shadow.takes(each) for each in ids]
    assert sum(taken) / len(ids) == pytest.approx(share, abs=0.03)
    other = [Shadow(8, "hash", share, AT, "Mia").takes(each) for each in ids]
    assert (other == taken) is (share in {0.0, 1.0})
