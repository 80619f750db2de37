"""`winnow gate reconcile`: a CRM's export against the permits of an installation, from the file to the exit code."""

import json
from datetime import timedelta

import pytest

from tests.support.command import winnow
from tests.support.gatekeeping import ASK, agree, gatekeeper, opt_out, recipient
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.services.gatekeep import Asking

CSV = """\
Recipient,Sent at,Type,User
Ana@North.example,{now},email,us_7
bo@north.example,{now},email,us_8
ana@north.example,{now},call,us_7
ana@north.example,someday,email,us_7
"""


@pytest.fixture
def data(tmp_path):
    service = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    ana = recipient("ana@north.example")
    agree(service, [ana])
    given = gatekeeper(service).ask(ASK, [ana], Asking("wk_1"))
    assert given.kept.granted == 1
    now = service.clock.now().isoformat()
    (tmp_path / "crm.csv").write_text(CSV.format(now=now))
    (tmp_path / "crm.jsonl").write_text(
        json.dumps({"email": "ana@north.example", "at": now, "purpose": "marketing"}) + "\n{broken\n"
    )
    (tmp_path / "empty.csv").write_text("")
    service.close()
    return tmp_path / "data"


def test_contacts_without_a_permit_are_told_by_line_and_by_user_but_never_by_address(data):
    found = winnow("gate", "reconcile", data.parent / "crm.csv", "--data", data)
    assert found.code == 3
    assert "3 contacts, 2 without a permit" in found.text
    assert "line 3: email at" in found.text
    assert "by us_8: no permit was ever given for this person" in found.text
    assert "by user or tool (column user):" in found.text
    assert "1  us_7: of 2 contacts" in found.text
    assert "line 4: phone at" in found.text
    assert "line 5: it does not say when" in found.text
    assert "north.example" not in found.text + found.messages


def test_names_are_told_when_they_are_asked_for(data):
    service = open_service(load(flags={"data.folder": str(data)}))
    opt_out(service, [recipient("bo@north.example")])
    later = (service.clock.now() + timedelta(hours=1)).isoformat()
    service.close()
    file = data.parent / "named.csv"
    file.write_text(f"who,when,channel,sent via\nBo@North.example,{later},email,Blaster\n")
    found = winnow("gate", "reconcile", file, "--data", data, "--names", "--by", "sent via")
    assert "1 of these to people who had said no" in found.text
    assert "1  Blaster: of 1 contacts, 1 after a no" in found.text
    assert "to Bo@North.example by Blaster: no permit was ever given for this person; the person opted out on" in (
        found.text
    )
    assert "no column says who did it" in winnow("gate", "reconcile", file, "--data", data).text


def test_the_report_as_json(data):
    found = winnow("gate", "reconcile", data.parent / "crm.jsonl", "--channel", "email", "--data", data, "--json")
    said = json.loads(found.text)
    assert (said["contacts"], said["without_permit"], said["unreadable"]) == (1, 0, 1)
    assert found.code == 3


def test_a_file_without_activities_is_an_error(data):
    found = winnow("gate", "reconcile", data.parent / "empty.csv", "--data", data)
    assert found.code == 2
    assert "its first line names the columns" in found.messages
