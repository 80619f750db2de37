"""Standings of very many at once are those of each alone, whatever two things each of them did."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.consent_rows import events_of
from winnow.adapters.db.log import Journal
from winnow.adapters.db.standings import StoredStandings
from winnow.core.govern.consent import EXPRESS, ONCE_CONFIRMED, Act, Capture, fold
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Told

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
#: When they acted, in days from the moment that Winnow was told of the first of the two.
DAYS = (None, -3, -1, -0.9, 1)
GRANTS = [
    (Act.GRANT, how, channel, "marketing", basis, wording)
    for how, channel, basis, wording in (
        (Capture.FORM, Channel.EMAIL, EXPRESS, "w@1"),
        (Capture.FORM, Channel.EMAIL, EXPRESS, None),
        (Capture.VERBAL, Channel.EMAIL, EXPRESS, "w@1"),
        (Capture.IMPORT, Channel.EMAIL, "purchase", None),
        (Capture.FORM, Channel.EMAIL, ONCE_CONFIRMED, "w@1"),
        (Capture.DOUBLE_OPT_IN, Channel.EMAIL, EXPRESS, "w@1"),
    )
]
OTHERS = [
    (Act.OPT_OUT, Capture.LINK, Channel.EMAIL, "marketing", None, None),
    (Act.OPT_OUT, Capture.REPLY, None, None, None, None),
    (Act.OPT_OUT, Capture.LINK, Channel.EMAIL, "old-news", None, None),
    (Act.OPT_OUT, Capture.LINK, Channel.EMAIL, "service", None, None),
    (Act.OBJECTION, Capture.REPLY, Channel.PHONE, None, None, None),
    (Act.BAR, Capture.IMPORT, None, None, None, None),
]
DONE = list(product([*GRANTS, *OTHERS], DAYS))
PAIRS = list(product(DONE, [None, *DONE]))


def told(subject, said, day):
    act, how, channel, purpose, basis, wording = said
    at = None if day is None else NOW + day * DAY
    ends = NOW + DAY if act is Act.BAR and day == -1 else None
    return Told(subject, act, how, channel, purpose, basis, wording, None, at, ends)


@pytest.fixture
def ledger(store, vault):
    """For each pair of things somebody who did both, told of on two days; where there is no second, the first only."""
    ledger = StoredConsent(store, vault, Journal(vault))
    ledger.record([told(1 + place, *first) for place, (first, _) in enumerate(PAIRS)], "test", NOW)
    both = [told(1 + place, *second) for place, (_, second) in enumerate(PAIRS) if second is not None]
    ledger.record(both, "test", NOW + 2 * DAY)
    return ledger


def known(standing):
    """What the gate reads of it."""
    grounds = [(each.basis, each.since and each.since.date(), each.expires_at) for each in standing.grounds]
    return standing.state, standing.basis, standing.expires_at, standing.why, standing.waits, grounds


@pytest.mark.usefixtures("ledger")
def test_many_at_once_are_those_of_one_by_one(store):
    subjects = list(range(1, len(PAIRS) + 1))
    with reading(store) as connection:
        events = events_of(connection, subjects)
    for at in (NOW - 2 * DAY, NOW - 0.95 * DAY, NOW, NOW + DAY, NOW + 3 * DAY):
        found = StoredStandings(store, lambda _: {"service"})(subjects, Channel.EMAIL, "marketing", at)
        assert found.keys() == events.keys() == set(subjects)
        alone = {each: fold(events[each], Channel.EMAIL, "marketing", at, {"service"}) for each in subjects}
        assert {each for each in subjects if known(found[each]) != known(alone[each])} == set()
