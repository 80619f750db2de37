"""A contact is covered by a permit of the same person, channel and purpose that held at that time, and by no other."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.govern.terms import Channel
from winnow.core.govern.workaround import TOLERANCE, Contact, Lack, Permitted, lack

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def permit(channel=Channel.EMAIL, purpose="marketing", at=NOW, until=NOW + HOUR):
    return Permitted("pm_1-0", at, until, channel, purpose)


@pytest.mark.parametrize(
    ("at", "purpose", "permits", "expected"),
    [
        (NOW, "marketing", [], Lack.NEVER),
        (NOW, "marketing", [permit(Channel.SMS)], Lack.CHANNEL),
        (NOW, "marketing", [permit(purpose="service")], Lack.PURPOSE),
        (NOW, None, [permit(purpose="service")], None),
        (NOW, "marketing", [permit()], None),
        (NOW - TOLERANCE, "marketing", [permit()], None),
        (NOW - TOLERANCE - SECOND, "marketing", [permit()], Lack.EARLY),
        (NOW + HOUR + TOLERANCE - SECOND, "marketing", [permit()], None),
        (NOW + HOUR + TOLERANCE, "marketing", [permit()], Lack.LATE),
        (NOW + HOUR + TOLERANCE, "marketing", [permit(), permit(at=NOW + HOUR, until=NOW + 2 * HOUR)], None),
        (NOW + SECOND, "marketing", [permit(until=None)], None),
        (NOW + HOUR, "marketing", [permit(until=None)], Lack.LATE),
    ],
)
def test_what_a_contact_lacks(at, purpose, permits, expected):
    assert lack(Contact(1, 2, at, Channel.EMAIL, purpose), permits) is expected
