"""What the policy says about how long decisions are kept is what the job does, and the log keeps its leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.support.gatekeeping import ASK, agree, gatekeeper, recipient
from tests.support.governed import POLICY, govern
from tests.support.reviewing import SetClock
from winnow.adapters.db.connections import reading
from winnow.adapters.db.permit_tables import contacts, permit_answers
from winnow.adapters.db.permits import PERIOD
from winnow.bootstrap.keeping import Forgetting
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.errors import NotFoundError
from winnow.services.gatekeep import Asking

START, WHOLE = datetime(2026, 11, 22, 8, tzinfo=UTC), timedelta(microseconds=PERIOD)


@pytest.fixture
def clock():
    return SetClock(START)


@pytest.fixture
def service(tmp_path, clock):
    opened = open_service(load(flags={"data.folder": str(tmp_path)}), clock)
    yield opened
    opened.close()


def kept(service):
    """Answers and contacts that are there."""
    with reading(service.engine) as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in (permit_answers, contacts)
        )


def a_round(service):
    job = Forgetting(service)
    while job.step() < 1.0:
        pass


@pytest.mark.parametrize(("caps", "contacts_after"), [("", 0), ("days = 300", 1)])
def test_permits_go_after_the_days_of_decisions(service, clock, caps, contacts_after):
    person, retention = recipient("ana@example.com"), "[policy.retention]\ndecisions_days = 100\n"
    agree(service, [person])
    keeper = gatekeeper(service)
    given = keeper.ask(ASK, [person], Asking("test"))
    text = POLICY.replace("days = 7", caps or "days = 7") + retention
    govern(service, text=text)
    clock.time = START + timedelta(days=100)
    a_round(service)
    assert kept(service) == (1, 1)
    assert keeper.permit(given.id_of(0)).granted
    clock.time = START + timedelta(days=101) + WHOLE
    size = service.log.frontier().size
    a_round(service)
    assert kept(service) == (0, contacts_after)
    assert service.log.frontier().size == size + 1
    with pytest.raises(NotFoundError, match="forgotten"):
        keeper.permit(given.id_of(0))
