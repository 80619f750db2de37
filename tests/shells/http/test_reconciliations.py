"""Contacts against permits over HTTP: every workaround is told, and of people only what the key may see."""

from datetime import timedelta

import pytest

from tests.support.api import running_api
from tests.support.gatekeeping import ASK, agree, gatekeeper, opt_out, recipient
from winnow.services.gatekeep import Asking
from winnow.shells.http import reconciliation_types

PATH = "/v1/reconciliations"


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("api")) as running:
        ana, bo = recipient("ana@north.example"), recipient("bo@north.example")
        agree(running.service, [ana, bo])
        gatekeeper(running.service).ask(ASK, [ana], Asking("wk_1"))
        opt_out(running.service, [bo])
        yield running


def rows(api):
    later = (api.service.clock.now() + timedelta(minutes=8)).isoformat()
    names = "ana@north.example", "Bo@north.example", "cy@north.example"
    return [{"Recipient": name, "Sent at": later, "Owner": "Mia"} for name in names]


def test_contacts_without_a_permit_are_told_with_who_did_it_and_why(api):
    found = api.ask("POST", PATH, {"rows": rows(api), "channel": "email"}, role="permits:read").json()
    assert (found["contacts"], found["permitted"], found["without_permit"], found["after_a_no"]) == (3, 1, 2, 1)
    assert found["by_lack"] == {"never": 2}
    assert found["by_column"] == {"owner": 3}
    assert [(each["by"], each["contacts"], each["without_permit"]) for each in found["users"]] == [("Mia", 3, 2)]
    assert [each["line"] for each in found["workarounds"]] == [2, 3]
    assert "north.example" not in str(found)
    assert "opted out" not in str(found)


@pytest.mark.parametrize(
    ("scopes", "who", "no"),
    [
        ("permits:read", None, None),
        ("permits:read decisions:read", "Bo@north.example", None),
        ("permits:read consent:read", None, "the person opted out on "),
        ("auditor", "Bo@north.example", "the person opted out on "),
    ],
)
def test_of_people_it_tells_what_the_key_may_see(api, scopes, who, no):
    answer = api.ask("POST", PATH, {"rows": rows(api)[1:2], "channel": "email"}, role=scopes)
    (found,) = answer.json()["workarounds"]
    assert found.get("who") == who
    assert ("no" in found) is (no is not None)
    assert (no or "") in found.get("no", "")


def test_a_file_as_text_does_as_well(api):
    text = "".join(f"{each['Recipient']},{each['Sent at']},email,Bo\n" for each in rows(api))
    found = api.post(PATH, {"csv": f"email,sent at,type,sent via\n{text}nobody,,email,\n", "by": "sent via"})
    assert (found["contacts"], found["unreadable"], found["users"][0]["by"]) == (3, 1, "Bo")
    assert found["unreadable_lines"][0]["line"] == 5
    assert found["workarounds"][0]["line"] == 3


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "$"),
        ({"csv": "email\n", "rows": [{}]}, "$"),
        ({"rows": []}, "$.rows"),
        ({"rows": [{"email": {"a": 1}}]}, "$.rows[0][...]"),
        ({"rows": [{"email": "a"}], "channel": "pigeon"}, "$.channel"),
        ({"rows": [{"email": "a"}], "colour": "red"}, None),
        ({"csv": ""}, "$.csv"),
        ({"csv": "email,when\n"}, "csv"),
        ({"csv": 'email,when\n"x'}, "csv"),
        ({"csv": "email\na\nb\nc\nd\n"}, "csv"),
        ({"rows": [{"email": "a"}], "by": ""}, "$.by"),
    ],
)
def test_what_is_no_list_of_activities_is_refused(api, monkeypatch, body, where):
    monkeypatch.setattr(reconciliation_types, "MOST_ROWS", 3)
    answer = api.ask("POST", PATH, body)
    if body.get("csv", "").endswith("x"):  # an open quote is one unreadable line
        assert answer.json()["unreadable"] == 1
        return
    assert answer.status_code == 422
    assert answer.json().get("where") == where
