"""`winnow gate`: asks about a file of people, exits with 4 when anybody is refused, and grants only when told to."""

import csv
import io
import json
import sqlite3
from contextlib import closing

import pytest

from tests.support.command import winnow
from tests.support.gatekeeping import agree, opt_out, recipient
from winnow.bootstrap.gatekeeping import permit_signer
from winnow.bootstrap.gatekeeping import recipient as written
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.recipient_files import answered_csv, recipients_in
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.identity import AddressKind
from winnow.errors import InvalidInputError


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gate")
    service = open_service(load(flags={"data.folder": str(folder / "data")}))
    agree(service, [recipient("ana@bluebird.example")])
    key = str(permit_signer(service).key)
    service.close()
    people = folder / "people.csv"
    people.write_text("Email,Place\nana@bluebird.example,DE\n=bo@acme.example,DE\n", encoding="utf-8")
    return folder, key


def test_who_is_refused_is_said_with_what_can_be_done(place):
    folder, key = place
    options = ("--system", "mailer", "--purpose", "marketing", "--channel", "email", "--data-used", "contact")
    given = ("--because", "the newsletter they asked for", "-o", folder / "out.csv", "--data", folder / "data")
    done = winnow("gate", "check", folder / "people.csv", *options, *given)
    assert done.code == 4
    assert "0 of 2 would be permitted" in done.text
    assert "ai-system: `mailer` is not in the register of AI systems" in done.text
    assert "enter it there, with an owner" in done.text
    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8"))))
    assert [row["answer"] for row in rows] == ["refused", "refused"]
    assert rows[1]["email"] == "'=bo@acme.example"
    assert winnow("gate", "key", "--data", folder / "data").text.strip() == key
    granted = winnow("gate", "check", folder / "people.csv", *options, *given, "--grant", "--json")
    said = json.loads(granted.data)
    assert (granted.code, said["granted"], said["rehearsal"]) == (4, 0, False)
    assert said["results"][0]["id"].startswith("pm_")
    assert said["results"][0]["checks"] == "ai-system"


@pytest.mark.parametrize("command", ["check", "smtp-gate"])
def test_after_an_old_backup_everything_is_stopped_whatever_command_comes_first(tmp_path, command):
    data, kept, people = tmp_path / "data", tmp_path / "kept.sqlite", tmp_path / "people.csv"
    people.write_text("email\nana@bluebird.example\n", encoding="utf-8")
    service = open_service(load(flags={"data.folder": str(data)}))
    agree(service, [recipient("ana@bluebird.example")])
    with closing(sqlite3.connect(data / "winnow.sqlite")) as source, closing(sqlite3.connect(kept)) as target:
        source.backup(target)
    opt_out(service, [recipient("ana@bluebird.example")])
    Publisher(service).publish_now()
    service.close()
    for each in data.glob("winnow.sqlite*"):
        each.unlink()
    kept.rename(data / "winnow.sqlite")
    asked = ("--system", "mailer", "--purpose", "marketing", "--because", "the newsletter they asked for", "--grant")
    arguments = {"check": ("gate", "check", people, *asked), "smtp-gate": ("smtp-gate",)}[command]
    assert winnow(*arguments, "--data", data).code != 0
    service = open_service(load(flags={"data.folder": str(data)}))
    assert service.live.stops().standing
    service.close()


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.csv", "name\nAna\n", ":1"),
        ("a.csv", "email,phone\n,\n", ":2"),
        ("a.csv", "email\n", ""),
        ("a.jsonl", '{"email":"a@b.example"}\n[]\n', ":2"),
        ("a.jsonl", '{"email":"a@b.example"}\n\n{', ":3"),
        ("none.csv", None, ""),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path, name, text, where):
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError) as raised:
        recipients_in(path)
    assert str(raised.value.where) == f"{path}{where}"


def test_people_come_as_lines_of_json_too(tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text(
        '{"email": "Ana@b.example", "place": "DE"}\n{"phone": "030 123456", "place": "DE"}\n', encoding="utf-8"
    )
    ana, phone = recipients_in(path)
    assert (ana.address.text, ana.place, ana.sure) == ("ana@b.example", "DE", True)
    assert (phone.address.text, phone.sure) == ("+4930123456", True)
    assert written(AddressKind.PHONE, "030 123456", None).sure is False
    assert list(answered_csv([])) == ["email,phone,answer,id,checks,reason,fix,token\n"]
