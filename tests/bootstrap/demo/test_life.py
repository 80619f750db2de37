"""What is in a demo: everything a page may want to show, as the real path leaves it behind."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from tests.bootstrap.demo.conftest import LEADS, NOW, SEED, settings_in
from winnow.adapters.passwords import Argon2
from winnow.bootstrap.demo.life import WAITING
from winnow.bootstrap.demo.loading import load, renewed
from winnow.bootstrap.desks import make_desks
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import open_service
from winnow.core.people.accounts import PEOPLES_ROLES
from winnow.demo.season import RUSH, SEASON_LEADS, season
from winnow.ports.review import Shelf, Wanted


@pytest.fixture
def desks(demo_service):
    return make_desks(demo_service)


def rows(service, question):
    with service.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def test_every_lead_was_decided_in_its_time(demo_service):
    told = season(NOW, leads=LEADS, seed=SEED)
    found = rows(
        demo_service, "SELECT l.lead_id, l.received_at, d.decided_at FROM decisions d JOIN leads l ON l.id = d.lead"
    )
    assert [row[0] for row in found] == [each.id for each in told]
    came = [each.received_at.timestamp() * 1e6 for each in told]
    assert [row[1] for row in found] == came
    assert all(0 <= decided - received < 3.7e9 for _, received, decided in found)
    assert [row[2] for row in found] == sorted(row[2] for row in found)


def test_the_log_holds_everything_in_the_order_of_time(demo_service):
    assert Publisher(demo_service).publish_now().size == demo_service.log.frontier().size > LEADS
    kinds = dict(rows(demo_service, "SELECT kind, COUNT(*) FROM leaves GROUP BY kind"))
    assert {
        "decision",
        "case.decided",
        "label.added",
        "list.added",
        "ruleset.activated",
        "rule-draft.added",
    } <= kinds.keys()
    for table, moment in (("decisions", "decided_at"), ("dispositions", "at"), ("labels", "at"), ("events", "at")):
        moments = [row[0] for row in rows(demo_service, f"SELECT {moment} FROM {table} ORDER BY id")]
        assert moments == sorted(moments), table
        assert moments[-1] <= NOW.timestamp() * 1e6


def test_everybody_can_sign_in_with_what_was_printed(small_demo, demo_service):
    accounts = small_demo[1].accounts
    assert {each.colleague.role for each in accounts} == set(PEOPLES_ROLES)
    assert len({each.password for each in accounts}) == len(accounts)
    for account in accounts[:2]:
        stored = demo_service.people.account_of(account.colleague.email)
        assert stored.person.joined_at < NOW - timedelta(days=80)
        assert Argon2().proves(account.password, stored.password)
    assert accounts[0].password not in repr(accounts)


def test_people_have_worked_and_have_work(demo_service, desks):
    by_state = dict(rows(demo_service, "SELECT state, COUNT(*) FROM cases GROUP BY state"))
    assert by_state["decided"] > 0
    assert by_state["open"] == max(1, round(WAITING * len(season(NOW, leads=LEADS, seed=SEED)) / SEASON_LEADS))
    (oldest,) = rows(demo_service, "SELECT MIN(opened_at) FROM cases WHERE state = 'open'")[0]
    assert NOW - datetime.fromtimestamp(oldest / 1e6, NOW.tzinfo) <= RUSH + timedelta(hours=1)
    assert rows(demo_service, "SELECT COUNT(*) FROM overrides")[0][0] > 0
    assert desks.review.page(Wanted(Shelf.DECIDED), "nobody", None, 10).items


def test_people_and_systems_have_said_what_became_of_leads(demo_service):
    found = rows(demo_service, "SELECT DISTINCT origin FROM labels")
    assert {"api", "crm", "queue"} == {row[0] for row in found}


def test_what_else_a_page_may_show(demo_service, desks):
    assert {each.id for each in desks.rulesets.page(None, 10).items} == {
        "starter-1",
        "house-2",
        "house-2-free-mail",
        "house-3-draft",
    }
    live = desks.rulesets.live().bound
    assert live.id == "house-2"
    (shadow,) = desks.shadows.running()
    report = desks.shadows.report(shadow.ruleset)
    assert report.leads > 0
    assert report.read_by in {each.id for each in desks.people.desk.all()}
    (draft,) = desks.rules.page(None, 10).items
    assert draft.document["owner"] == "Leila Haddad"
    (webhook,) = desks.webhooks.page(None, 10).items
    assert webhook.disabled_at is not None
    assert len(demo_service.lists.all()) == 4
    assert {each.name: each.revoked_at is not None for each in demo_service.key_desk.all_keys()} == {
        "website": False,
        "crm": False,
        "old importer": True,
        "mail tools": False,
    }


def test_a_rule_of_the_house_fires_as_its_examples_say(demo_service):
    (rejected,) = rows(demo_service, "SELECT COUNT(*) FROM decisions WHERE decided_by LIKE 'rule:%'")[0]
    assert rejected > 0


def test_the_same_demo_twice(tmp_path):
    told = []
    for name in ("one", "two"):
        settings = settings_in(tmp_path / name)
        load(settings, leads=40, seed=5, now=NOW)
        service = open_service(settings)
        told.append(
            [
                rows(service, "SELECT id, outcome, score, decided_at FROM decisions ORDER BY id"),
                rows(service, "SELECT outcome, reason, at FROM dispositions ORDER BY id"),
                rows(service, "SELECT lead, verdict, origin, at FROM labels ORDER BY id"),
                rows(service, "SELECT guard, about, opened_at, state FROM incidents ORDER BY opened_at, guard, about"),
                rows(
                    service,
                    "SELECT act, how, channel, received_at AS at FROM consent_events ORDER BY id, 1, 2",
                ),
                rows(service, "SELECT asked, granted, at FROM permit_answers ORDER BY id"),
                rows(service, "SELECT id, kind FROM leaves ORDER BY id"),
            ]
        )
        service.close()
    assert told[0] == told[1]
    assert all(told[0][:3])


def test_new_passwords_replace_the_old_ones(tmp_path):
    settings = settings_in(tmp_path)
    before = load(settings, leads=0, seed=SEED, now=NOW).accounts
    after = renewed(settings)
    service = open_service(settings)
    stored = service.people.account_of(after[0].colleague.email)
    assert [Argon2().proves(each[0].password, stored.password) for each in (after, before)] == [True, False]
    service.close()
