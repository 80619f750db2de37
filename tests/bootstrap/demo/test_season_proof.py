"""A demo of the usual size has what it is to show, on whatever day it is made."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.bootstrap.demo.conftest import SEED, settings_in
from winnow.bootstrap.demo.life import WAITING
from winnow.bootstrap.demo.loading import load
from winnow.bootstrap.demo.told import Told
from winnow.bootstrap.desks import make_desks
from winnow.bootstrap.service import open_service
from winnow.demo.season import SEASON_LEADS

MOMENTS = (
    datetime(2026, 11, 22, 11, 38, tzinfo=UTC),
    datetime(2026, 6, 3, 0, 0, 5, tzinfo=UTC),
    datetime(2027, 1, 6, 15, 30, tzinfo=UTC),
)


def figures(settings, now):
    told = Told(now, now)
    service = open_service(settings, told, told.seconds)
    desks = make_desks(service)
    with service.engine.connect() as connection:

        def number(question):
            return connection.execute(text(question)).scalar_one()

        found = {
            "waiting": number("SELECT COUNT(*) FROM cases WHERE state = 'open'"),
            "oldest": datetime.fromtimestamp(
                number("SELECT MIN(opened_at) FROM cases WHERE state = 'open'") / 1e6, tz=UTC
            ),
            "rejected": number("SELECT COUNT(*) FROM decisions WHERE outcome = 3"),
            "open incidents": number("SELECT COUNT(*) FROM incidents WHERE state = 'open'"),
            "closed incidents": number("SELECT COUNT(*) FROM incidents WHERE state = 'closed'"),
            "queue incidents": number("SELECT COUNT(*) FROM incidents WHERE guard = 'queue'"),
            "undone": number("SELECT COUNT(*) FROM dispositions WHERE undone_at IS NOT NULL"),
            "second looks": number("SELECT COUNT(*) FROM dispositions WHERE look = 2"),
            "bulk actions": number("SELECT COUNT(*) FROM bulk_actions"),
            "snoozed": number("SELECT COUNT(*) FROM cases WHERE snoozed_until IS NOT NULL AND state = 'open'"),
            "claimed": number("SELECT COUNT(*) FROM cases WHERE claimed_by IS NOT NULL AND state = 'open'"),
            "nothing stopped": not desks.stop.status().sentence,
            "nothing paused": not service.live.paused(None),
            "signed": desks.sign_offs.standing().lapsed == (),
            "signals": number("SELECT COUNT(*) FROM consent_events WHERE how = 'signal'"),
            "masked": number("SELECT SUM(number) FROM off_limits_dropped"),
            "rolled back": number("SELECT COUNT(*) FROM rolled_back_leads"),
            "held by the stop": number("SELECT COUNT(*) FROM decisions WHERE decided_by = 'system'"),
            "people of the incident": number("SELECT COUNT(*) FROM incident_leads"),
            "permits": number("SELECT SUM(granted) FROM permit_answers"),
        }
    service.close()
    return found


@pytest.mark.proof
@pytest.mark.parametrize("now", MOMENTS)
def test_on_whatever_day_it_is_made(tmp_path, now):
    settings = settings_in(tmp_path)
    load(settings, leads=SEASON_LEADS, seed=SEED, now=now)
    found = figures(settings, now)
    assert abs(found["waiting"] - WAITING) <= 8, found
    assert timedelta(hours=21) < now - found["oldest"] < timedelta(hours=24), found
    assert {name for name, value in found.items() if not value} == set(), found
    assert found["rejected"] > 80, found
    assert found["open incidents"] <= 12, found
    assert found["permits"] > 100, found
