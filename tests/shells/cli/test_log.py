"""Those who check the log can do it from the command line, and are told at once when something is wrong."""

import json
import sqlite3

import pytest

from tests.support.cases import lead
from tests.support.command import winnow
from tests.support.logs import verify_log
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.ports import Arrival


@pytest.fixture
def data(tmp_path):
    """An installation that has decided twenty leads and published most of them."""
    folder = tmp_path / "data"
    service = open_service(load(flags={"data.folder": str(folder)}))
    for first in (0, 10):
        leads = [lead(id=f"lead-{number}", source="web") for number in range(first, first + 10)]
        service.intake.take([Arrival(leads, [True] * 10)])
        if not first:
            Publisher(service).publish_now()
    service.engine.dispose()
    return folder


def change(data, statement):
    with sqlite3.connect(data / "winnow.sqlite") as connection:
        connection.execute(statement)
    connection.close()


def test_a_log_in_order(data):
    ran = winnow("log", "verify", "--records", "--data", data)
    assert (ran.code, ran.data) == (0, b"")
    assert "the log is in order: entries 0 to 21" in ran.messages
    assert "published: 11 entries" in ran.messages
    assert "every stored record is the one that was logged" in ran.messages


def test_as_data(data):
    service = open_service(load(flags={"data.folder": str(data)}))
    root = service.log.frontier().root.hex()
    service.engine.dispose()
    found = json.loads(winnow("log", "verify", "--json", "--data", data).data)
    assert found == {"ok": True, "start": 0, "size": 21, "heads": 2, "published": 11, "records": None, "root": root}


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE leaves SET entry = CAST(replace(CAST(entry AS TEXT), '0', '1') AS BLOB) WHERE id = 4",
            "are not those that were signed",
        ),
        ("DELETE FROM leaves WHERE id = 20", "not those that the head of the log counts"),
        ("UPDATE decisions SET record = x'00' WHERE id = 14", "not the one that was logged"),
        ("DELETE FROM decisions WHERE id = 14", "what this entry is about is missing"),
        ("UPDATE checkpoints SET note = replace(note, char(10) || '11', char(10) || '12')", "a false signature"),
    ],
)
def test_a_log_that_was_tampered_with(data, statement, told):
    change(data, statement)
    ran = winnow("log", "verify", "--records", "--data", data)
    assert ran.code == 3
    assert told in ran.messages


def test_published_files_that_were_tampered_with(data):
    path = next((data / "log" / "tile" / "entries").rglob("11"))
    path.write_bytes(path.read_bytes().replace(b'"v":1', b'"v":2', 1))
    ran = winnow("log", "verify", "--data", data)
    assert ran.code == 3
    assert "this entry is not the one that was published" in ran.messages
    assert "entry 0" in ran.messages


@pytest.mark.parametrize("pushed", [False, True])
def test_since_a_checkpoint_only_what_is_new_is_read(data, tmp_path, pushed):
    note = (data / "log" / "checkpoint").read_text()
    kept = tmp_path / "kept"
    kept.write_text(json.dumps({"size": 11, "note": note}) + "\n" if pushed else note)
    change(data, "DELETE FROM decisions WHERE id = 3")
    ran = winnow("log", "verify", "--since", kept, "--records", "--json", "--data", data)
    assert ran.code == 0
    assert json.loads(ran.data)["start"] == 11
    change(data, "DELETE FROM decisions WHERE id = 12")
    assert winnow("log", "verify", "--since", kept, "--records", "--data", data).code == 3


@pytest.mark.parametrize("content", ["", "x", '{"a": 1}', None])
def test_since_something_else(data, tmp_path, content):
    kept = tmp_path / "kept"
    if content is not None:
        kept.write_text(content)
    assert winnow("log", "verify", "--since", kept, "--data", data).code in {2, 3}


def test_a_receipt_is_verified_without_winnow(data, tmp_path):
    ran = winnow("log", "receipt", 20, "--data", data)  # not published until it is asked for
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(ran.data)
    key = winnow("log", "key", "--data", data).text.strip()
    assert verify_log().main(["receipt", str(receipt), "--key", key]) in {0, None}
    assert json.loads(ran.data)["index"] == 20
    assert winnow("log", "receipt", 99, "--data", data).code == 1


def test_an_export_is_verified_without_winnow(data, tmp_path):
    folder = tmp_path / "auditor"
    ran = winnow("log", "export", folder, "--data", data)
    assert ran.code == 0
    assert "21 entries" in ran.messages
    key = winnow("log", "key", "--data", data).text.strip()
    assert verify_log().main(["log", str(folder), "--key", key]) in {0, None}
    assert winnow("log", "export", folder, "--data", data).code == 0


@pytest.mark.parametrize("verb", [["verify"], ["receipt", "1"], ["export", "x"], ["key"]])
def test_where_there_is_no_installation_none_is_made(tmp_path, verb):
    ran = winnow("log", *verb, "--data", tmp_path / "nowhere")
    assert ran.code == 2
    assert "there is no installation here" in ran.messages
    assert not (tmp_path / "nowhere").exists()


def test_decisions_are_looked_for(data):
    ran = winnow("log", "search", "--source", "web", "--limit", "3", "--json", "--data", data)
    found = json.loads(ran.data)
    assert [each["lead_id"] for each in found["decisions"]] == ["lead-19", "lead-18", "lead-17"]
    assert (found["erased"], found["next"]) == ([], str(found["decisions"][-1]["id"]))
    assert '"score":' not in ran.data.decode()
    rest = winnow("log", "search", "--limit", "200", "--cursor", found["next"], "--data", data)
    assert rest.text.count("lead-") == 17
    assert "17 found, and no more" in rest.messages
    more = winnow("log", "search", "--limit", "2", "--data", data)
    assert "go on with --cursor" in more.messages
    one = winnow("log", "search", "--lead", "lead-3", "--outcome", "accept", "--since", "2020-01-01", "--data", data)
    assert (one.code, one.text.count("lead-")) == (0, 1)
    assert "0 found" in winnow("log", "search", "--email", "a@b.example", "--data", data).messages


def test_what_was_erased_is_told_by_its_number(data):
    change(data, "DELETE FROM subject_keys")
    ran = winnow("log", "search", "--outcome", "accept", "--limit", "2", "--data", data)
    assert ran.data == b""
    assert ran.messages.count("erased; its entry in the log still proves it") == 20


@pytest.mark.parametrize("asked", [("--outcome", "maybe"), ("--email", "*"), ("--decision", "x"), ("--cursor", "x")])
def test_what_cannot_be_looked_for_is_refused(data, asked):
    assert winnow("log", "search", *asked, "--data", data).code == 2
