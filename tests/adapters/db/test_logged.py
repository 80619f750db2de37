"""Entries of the log as people look for them, in both databases, each found without reading all the others."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.logged import LoggedEntries, Wanted, _query
from winnow.errors import NotFoundError

DAY = timedelta(days=1)


@pytest.fixture
def entries(store, vault):
    """Three decisions, then a change a day: by Mia, by Bo, by Mia."""
    Desk(store, vault).record(Desk(store, vault).submitted(*[a_lead(number) for number in range(3)]))
    journal = Journal(vault)
    changes = (("list.added", "mia"), ("list.added", "bo"), ("key.created", "mia"))
    for days, (kind, actor) in enumerate(changes, 1):
        with writing(store) as connection:
            journal.note(connection, Change(kind, actor, f"about-{days}", {"value": "secret"}), NOW + days * DAY)
    return LoggedEntries(store)


def numbers(entries, before=None, limit=50, **wanted):
    return [each.number for each in entries.page(Wanted(**wanted), before, limit).items]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [5, 4, 3, 2, 1, 0]),
        ({"kind": "decision"}, [2, 1, 0]),
        ({"kind": "list.added"}, [4, 3]),
        ({"kind": "list.removed"}, []),
        ({"actors": ["mia"]}, [5, 3]),
        ({"actors": ["mia", "bo"]}, [5, 4, 3]),
        ({"actors": ["mia"], "kind": "list.added"}, [3]),
        ({"actors": ["mia"], "kind": "decision"}, []),
        ({"actors": []}, []),
        ({"since": NOW + DAY}, [5, 4, 3]),
        ({"since": NOW + DAY + timedelta(microseconds=1)}, [5, 4]),
        ({"until": NOW + DAY}, [2, 1, 0]),
        ({"since": NOW + DAY, "until": NOW + 2 * DAY}, [3]),
        ({"since": NOW + DAY, "kind": "decision"}, []),
        ({"since": NOW - DAY, "until": NOW}, []),
        ({"since": NOW + 9 * DAY}, []),
    ],
)
def test_entries_are_found_by_what_is_asked_the_newest_first(entries, wanted, found):
    assert numbers(entries, **wanted) == found


@pytest.mark.parametrize("wanted", [{}, {"kind": "decision"}, {"kind": "list.added"}, {"actors": ["mia", "bo"]}])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_hold_each_entry_once(entries, wanted, limit):
    found, before = [], None
    while True:
        page = entries.page(Wanted(**wanted), before, limit)
        found += [each.number for each in page.items]
        if page.next is None:
            break
        before = int(page.next)
    assert found == numbers(entries, **wanted)


def test_an_entry_tells_who_and_what_it_is_about_and_no_more(entries):
    change, decided = entries.one(4), entries.one(0)
    assert (change.kind, change.actor, change.about, change.at) == ("list.added", "bo", "about-2", NOW + 2 * DAY)
    assert (decided.kind, decided.actor, decided.about) == ("decision", None, "0")
    assert "secret" not in repr(change)
    assert len(change.commitment) == len(change.sealed) == 64
    assert entries.size() == 6
    with pytest.raises(NotFoundError):
        entries.one(6)


def test_an_empty_log_has_nothing(store):
    assert numbers(LoggedEntries(store)) == numbers(LoggedEntries(store), since=NOW, until=NOW + DAY) == []


@pytest.mark.parametrize("wanted", [{}, {"kind": "decision"}, {"kind": "list.added"}, {"actors": ["mia"]}])
def test_no_way_to_find_entries_reads_or_sorts_all_of_them(store, entries, wanted):
    said = _query(Wanted(**wanted), 0, entries.size()).limit(51).compile(store, compile_kwargs={"literal_binds": True})
    with reading(store) as connection:
        if store.dialect.name == "sqlite":
            plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
        else:  # it reads small tables as a whole if that is not made dear
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
            plan = [row[0] for row in connection.execute(text(f"EXPLAIN {said}"))]
    assert plan
    assert not [step for step in plan if re.search(r"^SCAN|TEMP B-TREE|Seq Scan|Sort", step)], plan
