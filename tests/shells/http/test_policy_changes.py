"""What the law changes and whom it touches, told by the API of an installation with a law pack of its own."""

from datetime import timedelta

import pytest

from tests.support.api import Api
from tests.support.law_to_come import law_to_come


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with law_to_come(tmp_path_factory.mktemp("law")) as served:
        yield Api(served)


def test_the_pack_of_their_own_binds_and_is_part_of_the_hash(api):
    assert api.get("/v1/policy")["packs"] == ["ours"]
    packs = {each["id"]: each["used"] for each in api.get("/v1/policy/packs")["packs"]}
    assert (packs["ours"], packs["eu"]) == (True, False)


def test_how_many_are_touched(api):
    found = api.get("/v1/policy/changes?on=2099-01-01")
    assert [(each["day"], each["rule"]["id"]) for each in found["rules"]] == [("2099-01-01", "then")]
    need, elsewhere = found["needs"]
    assert (need["channel"], need["purpose"]) == ("email", "marketing")
    assert (need["places"], elsewhere["places"]) == (["DE", "US", "US-CA"], ["JP", None])
    # ana said yes, cy no: nothing changes for them; one has no address that mail goes to
    assert need["leads"] == {"closed": 2, "opened": 0, "otherwise": 2}
    assert [each["sends"]["closed"] for each in (need, elsewhere)] == [1, 1]
    assert found["leads"] == {"closed": 2, "opened": 0, "otherwise": 2, "looked_at": 5, "more": False}
    assert found["sends"] == {"closed": 2, "opened": 0, "otherwise": 0, "looked_at": 4, "more": False}
    assert found["places"] == [
        {"place": "DE", "closed": 1, "opened": 0, "otherwise": 2},
        {"place": "US", "closed": 1, "opened": 0, "otherwise": 0},
    ]
    assert found["senders"] == [{"system": "mailer", "closed": 2, "opened": 0, "otherwise": 0}]


def test_the_leads_and_sends_are_listed_page_by_page(api):
    first = api.get("/v1/policy/changes/leads?on=2099-01-01&limit=3")
    assert [each["effect"] for each in first["leads"]] == ["closed", "closed", "otherwise"]
    assert first["leads"][0]["place"] == "US"  # the newest of those that are closed
    assert first["leads"][0]["contacts"] == [
        {"channel": "email", "purpose": "marketing", "before": "opt-out", "after": "express", "effect": "closed"}
    ]
    rest = api.get(f"/v1/policy/changes/leads?on=2099-01-01&limit=3&cursor={first['next']}")
    assert ([each["effect"] for each in rest["leads"]], rest["next"]) == (["otherwise"], None)
    sends = api.get("/v1/policy/changes/sends?on=2099-01-01")
    assert [(each["place"], each["system"]) for each in sends["sends"]] == [("JP", "mailer"), ("DE", "mailer")]
    assert all(api.get(f"/v1/permits/{each['permit']}")["granted"] for each in sends["sends"])
    assert "@" not in str((first, rest, sends))


@pytest.mark.parametrize("what", ["leads", "sends"])
def test_who_may_not_see_them_is_refused(api, what):
    path = f"/v1/policy/changes/{what}?on=2099-01-01"
    assert api.ask("GET", path, role="policy:read").status_code == 403
    assert api.ask("GET", f"{path}&cursor=x").status_code == 422
    tomorrow = api.service.clock.now().date() + timedelta(days=1)
    assert api.get(f"/v1/policy/changes/{what}?on={tomorrow}") == {what: [], "next": None}
