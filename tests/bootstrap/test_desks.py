"""What desks are wired with: who counts as a customer by name, which past tidying looks at, where model cards lie."""

import json

import pytest

from tests.support.served import serving
from winnow.bootstrap.desks import entries_in_text, names_one
from winnow.bootstrap.looking_back import tidied
from winnow.bootstrap.model_cards import card_of
from winnow.core.lists import ListAction, ListEntry, ListKind, checked

CUSTOMERS = frozenset({"acme.example", "ana@bluebird.example", "eu.kestrel.example"})


def entry(kind, value):
    return checked(ListEntry("le_1", ListAction.BLOCK, ListKind(kind), value, "Mia", "why"))


@pytest.mark.parametrize(
    ("kind", "value", "names"),
    [
        ("email", "Ana@Bluebird.example", True),
        ("email", "bo@bluebird.example", False),
        ("email", "bo@acme.example", True),
        ("domain", "acme.example", True),
        ("domain", "bluebird.example", True),
        ("domain", "kestrel.example", True),
        ("domain", "cme.example", False),
        ("host", "bluebird.example", True),
        ("host", "kestrel.example", False),
        ("company", "acme.example", False),
        ("ip", "192.0.2.1", False),
    ],
)
def test_an_entry_names_a_customer(kind, value, names):
    assert names_one(CUSTOMERS, entry(kind, value)) is names
    assert names_one(None, entry(kind, value)) is False


def test_entries_of_a_text_have_the_ids_it_gives_them_only():
    head = "id,action,kind,value,owner,reason\n"
    found = entries_in_text(head + ",block,domain,a.example,Mia,x\nmine,block,domain,b.example,Mia,x", "line")
    assert [each.get("id") for each in found] == [None, "mine"]


def test_tidying_looks_at_the_last_decisions_only(tmp_path):
    pytest.importorskip("numpy")
    with serving(tmp_path) as served:
        for number in range(4):
            served.screened(email=f"ana{number}@bluebird.example")
        assert tidied(served.service, "rule:", 10).leads == 4
        assert tidied(served.service, "rule:", 1).leads == 2  # the last one, and where the time begins


def test_a_card_is_found_by_its_scorecard_whatever_else_lies_there(tmp_path):
    assert card_of(tmp_path, "ab") is None
    for name, text in (
        ("a", "not JSON"),
        ("b", "[]"),
        ("c", json.dumps({"scorecard_hash": "ab", "id": "c"})),
        ("d", "{}"),
    ):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / "card.json").write_text(text)
    (tmp_path / "models" / "a" / "card.json").chmod(0o600)
    assert card_of(tmp_path, "ab") == {"scorecard_hash": "ab", "id": "c"}
    assert card_of(tmp_path, "cd") is None
