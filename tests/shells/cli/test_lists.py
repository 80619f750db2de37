"""`winnow list` and `winnow token`: what they do to an installation, and what the log says of it."""

import json

import pytest

from tests.support.command import winnow
from winnow.core.apikeys import ROLES

ADD = ("list", "add", "block", "domain", "Spam.Example", "--owner", "Mia", "--reason", "flood")


@pytest.fixture
def at(tmp_path):
    return ("--data", tmp_path / "data")


def test_an_entry_is_added_exported_removed_and_imported_again(at, tmp_path):
    assert winnow(*ADD, "--id", "flood", "--scope", "sales", *at).text == "flood\n"
    phone = ("list", "add", "allow", "phone", "+49 30 12345678", "--owner", "=Mia", "--reason", "a, “friend”", "--json")
    friend = json.loads(winnow(*phone, *at).text)["id"]
    exported = winnow("list", "export", *at).text
    header, *rows = exported.splitlines()
    assert header == "id,action,kind,value,scopes,owner,reason,source,created_at,expires_at"
    assert rows[0].startswith("flood,block,domain,spam.example,sales,Mia,flood,person,2")
    assert f"{friend},allow,phone,'+493012345678,marketing sales,'=Mia,\"a, “friend”\",person" in rows[1]
    file = tmp_path / "lists.csv"
    assert winnow("list", "export", "-o", file, *at).messages == f"wrote 2 entries to {file}\n"
    assert winnow("list", "remove", "flood", *at).code == 0
    again = winnow("list", "remove", "flood", *at)
    assert (again.code, "there is no list entry `flood`" in again.messages) == (1, True)
    other = ("--data", tmp_path / "other")
    assert "added 2 entries" in winnow("list", "import", file, *other).messages
    assert winnow("list", "export", *other).text == exported


def test_entries_of_a_file_without_ids_can_be_imported_time_and_again(at, tmp_path):
    file = tmp_path / "lists.csv"
    file.write_text("action,kind,value,owner,reason\nblock,domain,a.example,Mia,x\n")
    for _ in range(2):
        assert json.loads(winnow("list", "import", file, "--json", *at).text)["added"] == 1
    file.write_text("action,kind,value,owner,reason\nblock,domain,a.example,Mia,x\nblock,cidr,b,Mia,x\n")
    wrong = winnow("list", "import", file, *at)
    assert (wrong.code, f"{file}:3" in wrong.messages) == (2, True)
    assert len(winnow("list", "export", *at).text.splitlines()) == 3


def test_an_entry_that_cannot_be_is_refused(at):
    assert winnow("list", "add", "block", "cidr", "here", "--owner", "Mia", "--reason", "x", *at).code == 2


def test_keys_are_listed_and_revoked(at):
    token = winnow("token", "create", "--role", "rep", "--name", "CRM", *at).text.strip()
    key_id, _, secret = token.rpartition("_")
    scopes = ", ".join(sorted(ROLES["rep"]))
    assert winnow("token", "list", *at).text == f"{key_id}  live  CRM  ({scopes})\n"
    assert winnow("token", "revoke", key_id, *at).code == 0
    listed = winnow("token", "list", "--json", *at).text
    assert json.loads(listed)[0]["revoked_at"] is not None
    assert secret not in listed
    assert winnow("token", "revoke", key_id, *at).code == 1
    assert "revoked" in winnow("token", "list", *at).text
