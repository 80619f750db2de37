"""A contact is covered by a permit of the same person, channel and purpose that held at that time, and by no other."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.govern.consent import EXPRESS, Act, Capture, ConsentEvent, State
from winnow.core.govern.limits import PURPOSES, Limits, Purpose, PurposeKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.workaround import (
    TOLERANCE,
    Contact,
    Lack,
    Lacking,
    Permitted,
    covering,
    lacking,
    no_since,
    no_to,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = Limits(purposes=(*PURPOSES, Purpose("partners", PurposeKind.PARTNER)))
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
    found = lacking(Contact(1, 2, at, Channel.EMAIL, purpose), permits)
    assert (found and found.lack) is expected
    assert bool(covering(Contact(1, 2, at, Channel.EMAIL, purpose), permits)) is (expected is None)


@pytest.mark.parametrize(
    ("lacks", "expected"),
    [
        (Lacking(Lack.NEVER), "no permit was ever given for this person"),
        (Lacking(Lack.CHANNEL, permit(Channel.SMS)), "other channels, the nearest for sms (pm_1-0)"),
        (Lacking(Lack.PURPOSE, permit(purpose="service")), "other purposes, the nearest for service (pm_1-0)"),
        (Lacking(Lack.EARLY, permit()), "before a permit was given, at 2026-11-22T12:00+00:00 (pm_1-0)"),
        (Lacking(Lack.LATE, permit()), "had expired, at 2026-11-22T13:00+00:00 (pm_1-0)"),
        (Lacking(Lack.LATE, permit(until=None)), "had expired, at 2026-11-22T12:00+00:00 (pm_1-0)"),
        (Lacking(Lack.SINCE, permit()), "said no since the permit was given, at 2026-11-22T12:00+00:00 (pm_1-0)"),
    ],
)
def test_the_sentence_names_the_permit_that_comes_nearest(lacks, expected):
    assert lacks.because.endswith(expected)


def said(act=Act.OPT_OUT, at=NOW, heard=None, channel=Channel.EMAIL, purpose: str | None = "marketing"):
    basis, wording, how = (EXPRESS, "w@1", Capture.DOUBLE_OPT_IN) if act is Act.GRANT else (None, None, Capture.FORM)
    number = 2 if act is Act.GRANT else 1
    return ConsentEvent(number, 2, act, channel, purpose, basis, wording, None, "us_1", how, at, heard or at)


@pytest.mark.parametrize(
    ("events", "purpose", "expected"),
    [
        ([], "marketing", None),
        ([said()], "marketing", State.OPTED_OUT),
        ([said()], None, State.OPTED_OUT),
        ([said()], "service", None),
        ([said(purpose=None)], "service", State.OPTED_OUT),
        ([said(channel=Channel.SMS)], "marketing", None),
        ([said(), said(Act.OBJECTION, purpose="partners")], None, State.OBJECTED),
        ([said(), said(Act.GRANT, NOW + 60 * SECOND)], "marketing", None),
        ([said(at=NOW + HOUR)], "marketing", None),
        ([said(heard=NOW + 9 * HOUR)], "marketing", State.OPTED_OUT),
        ([said(purpose="partners")], "marketing", None),
        ([said(purpose="as-it-was-called")], "marketing", State.OPTED_OUT),
    ],
)
def test_a_contact_after_a_no_is_one_whenever_winnow_heard_of_it(events, purpose, expected):
    found = no_to(Contact(1, 2, NOW + HOUR, Channel.EMAIL, purpose), events, LIMITS)
    assert (found and found.state) is expected


@pytest.mark.parametrize(
    ("permits", "events", "expected"),
    [
        ([permit()], [], None),
        ([permit()], [said()], Lack.SINCE),
        ([permit()], [said(heard=NOW + HOUR)], None),
        ([permit()], [said(at=NOW + HOUR - SECOND)], None),
        ([permit(purpose="service")], [said()], None),
        ([permit(), permit(purpose="service")], [said()], None),
        ([], [said()], None),
    ],
)
def test_a_permit_that_a_no_overtook_covers_nothing(permits, events, expected):
    found = no_since(Contact(1, 2, NOW + HOUR, Channel.EMAIL), permits, events, LIMITS)
    assert (found and found.lack) is expected
