"""Every mistake in a document is named with its place and the way to mend it."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.core.outcome import Outcome
from winnow.core.tables import Table
from winnow.errors import InvalidInputError, InvalidRulesetError

WORDS = ("accept", "tag", "review", "reject")
MOMENT = datetime(2027, 1, 31, 12, tzinfo=UTC)


def word(table, **more):
    return table.word("key", Outcome.parse, WORDS, **more)


#: what is asked for, the content, what comes
READS = [
    ("text", lambda t: t.text("key"), {"key": "x"}, "x"),
    ("empty text", lambda t: t.text("key"), {"key": ""}, ""),
    ("text, default", lambda t: t.text("key", "d"), {}, "d"),
    ("text, not the default", lambda t: t.text("key", "d"), {"key": "x"}, "x"),
    ("empty default", lambda t: t.text("key", ""), {}, ""),
    ("integer", lambda t: t.integer("key"), {"key": -7}, -7),
    ("integer, default", lambda t: t.integer("key", 0), {}, 0),
    ("greatest integer", lambda t: t.integer("key"), {"key": 2**63 - 1}, 2**63 - 1),
    ("least integer", lambda t: t.integer("key"), {"key": -(2**63)}, -(2**63)),
    ("optional integer", lambda t: t.optional_integer("key"), {"key": 0}, 0),
    ("optional integer, missing", lambda t: t.optional_integer("key"), {}, None),
    ("number", lambda t: t.number("key"), {"key": 1.5}, 1.5),
    ("whole number", lambda t: t.number("key"), {"key": 2}, 2.0),
    ("scalar, a text", lambda t: t.scalar("key"), {"key": "x"}, "x"),
    ("scalar, a whole number", lambda t: t.scalar("key"), {"key": 0}, 0),
    ("scalar, false", lambda t: t.scalar("key"), {"key": False}, False),
    ("flag", lambda t: t.flag("key", default=False), {"key": True}, True),
    ("flag, default", lambda t: t.flag("key", default=False), {}, False),
    ("texts", lambda t: t.texts("key"), {"key": ["a", "b"]}, ("a", "b")),
    ("texts, missing", lambda t: t.texts("key"), {}, ()),
    ("texts, a tuple", lambda t: t.texts("key"), {"key": ("a",)}, ("a",)),
    ("moment", lambda t: t.moment("key"), {"key": MOMENT}, MOMENT),
    ("moment, as text", lambda t: t.moment("key"), {"key": "2027-01-31T12:00:00Z"}, MOMENT),
    ("moment, elsewhere", lambda t: t.moment("key"), {"key": "2027-01-31T14:00:00+02:00"}, MOMENT),
    ("moment, missing", lambda t: t.moment("key"), {}, None),
    ("word", word, {"key": "tag"}, Outcome.TAG),
    ("word, default", lambda t: word(t, default=Outcome.REVIEW), {}, Outcome.REVIEW),
    ("word, not the default", lambda t: word(t, default=Outcome.REVIEW), {"key": "tag"}, Outcome.TAG),
    ("value", lambda t: t.value("key"), {"key": [1]}, [1]),
    ("value, missing", lambda t: t.value("key"), {}, None),
]


@pytest.mark.parametrize(("ask", "content", "found"), [row[1:] for row in READS], ids=[row[0] for row in READS])
def test_what_is_asked_for_is_read(ask, content, found):
    table = Table(content)
    answer = ask(table)
    assert answer == found
    assert type(answer) is type(found)
    table.finish()


def test_a_moment_is_in_utc_whatever_its_offset():
    there = datetime(2027, 1, 31, 14, tzinfo=timezone(timedelta(hours=2)))
    found = Table({"key": there}).moment("key")
    assert found == MOMENT
    assert found is not None
    assert found.tzinfo is UTC


NO_MOMENT = "is not a date and time with an offset; write 2027-01-31T00:00:00Z"

#: what is asked for, the content, what the user is told
REFUSALS = [
    (lambda t: t.text("key"), {}, "a.b: `key` is missing; add key = a text in quotes"),
    (lambda t: t.text("key"), {"key": 7}, "a.b.key: `7` is not a text in quotes; give a text in quotes"),
    (lambda t: t.text("key", "d"), {"key": True}, "a.b.key: `True` is not a text in quotes; give a text in quotes"),
    (lambda t: t.integer("key"), {}, "a.b: `key` is missing; add key = a whole number"),
    (lambda t: t.integer("key"), {"key": "7"}, "a.b.key: `7` is not a whole number; give a whole number"),
    (lambda t: t.integer("key"), {"key": 7.0}, "a.b.key: `7.0` is not a whole number; give a whole number"),
    (lambda t: t.integer("key"), {"key": True}, "a.b.key: `True` is not a whole number; give a whole number"),
    (lambda t: t.integer("key"), {"key": 2**63}, "a.b.key: the number is too large; give at most 18 digits"),
    (lambda t: t.integer("key"), {"key": -(2**63) - 1}, "a.b.key: the number is too large; give at most 18 digits"),
    (lambda t: t.optional_integer("key"), {"key": "x"}, "a.b.key: `x` is not a whole number; give a whole number"),
    (lambda t: t.number("key"), {}, "a.b: `key` is missing; add key = a number"),
    (lambda t: t.number("key"), {"key": "7"}, "a.b.key: `7` is not a number; give a number"),
    (lambda t: t.number("key"), {"key": False}, "a.b.key: `False` is not a number; give a number"),
    (lambda t: t.number("key"), {"key": nan}, "a.b.key: `nan` is not a number; give a finite number"),
    (lambda t: t.number("key"), {"key": -inf}, "a.b.key: `-inf` is not a number; give a finite number"),
    (lambda t: t.number("key"), {"key": 10**400}, "a.b.key: the number is too large; give at most 18 digits"),
    (lambda t: t.scalar("key"), {}, "a.b.key: expected a text, a number, true or false; add key = …"),
    (lambda t: t.scalar("key"), {"key": [1]}, "a.b.key: expected a text, a number, true or false; add key = …"),
    (lambda t: t.scalar("key"), {"key": nan}, "a.b.key: expected a text, a number, true or false; add key = …"),
    (lambda t: t.flag("key", default=True), {"key": 1}, "a.b.key: `1` is not true or false; give true or false"),
    (lambda t: t.texts("key"), {"key": "x"}, 'a.b.key: expected a list of texts; write it like ["a", "b"]'),
    (lambda t: t.texts("key"), {"key": ["x", 1]}, 'a.b.key: expected a list of texts; write it like ["a", "b"]'),
    (lambda t: t.moment("key"), {"key": "soon"}, f"a.b.key: `soon` {NO_MOMENT}"),
    (lambda t: t.moment("key"), {"key": "2027-01-31"}, f"a.b.key: `2027-01-31` {NO_MOMENT}"),
    (lambda t: t.moment("key"), {"key": "2027-01-31T12:00:00"}, f"a.b.key: `2027-01-31T12:00:00` {NO_MOMENT}"),
    (lambda t: t.moment("key"), {"key": MOMENT.date()}, f"a.b.key: `2027-01-31` {NO_MOMENT}"),
    (lambda t: t.moment("key"), {"key": 2027}, f"a.b.key: `2027` {NO_MOMENT}"),
    (
        lambda t: t.moment("key"),
        {"key": "0001-01-01T00:00:00+14:00"},
        f"a.b.key: `0001-01-01T00:00:00+14:00` {NO_MOMENT}",
    ),
    (word, {}, "a.b: `key` is missing; add key = a text in quotes"),
    (word, {"key": "block"}, "a.b.key: `block` is not known here; use one of accept, tag, review, reject"),
    (lambda t: t.table("key"), {"key": 7}, "a.b.key: expected a table; write key = value pairs"),
    (lambda t: list(t.tables("key")), {"key": {}}, "a.b.key: expected a list of tables; write [[a.b.key]]"),
    (lambda t: list(t.tables("key")), {"key": "x"}, "a.b.key: expected a list of tables; write [[a.b.key]]"),
    (lambda t: list(t.tables("key")), {"key": [{}, 7]}, "a.b.key[1]: expected a table; write key = value pairs"),
]


@pytest.mark.parametrize(("ask", "content", "message"), REFUSALS, ids=[row[2][:60] for row in REFUSALS])
def test_what_cannot_be_read_is_refused(ask, content, message):
    with pytest.raises(InvalidRulesetError) as caught:
        ask(Table(content, "a.b"))
    assert str(caught.value) == message
    assert caught.value.exit_code == InvalidInputError.exit_code == 2
    assert caught.value.__cause__ is None


def test_at_the_top_a_place_is_just_the_key():
    assert Table({}).at("key") == "key"
    with pytest.raises(InvalidRulesetError, match=r"^`key` is missing"):
        Table({}).text("key")
    with pytest.raises(InvalidRulesetError, match=r"^expected a table; write key = value pairs$"):
        Table([])


def test_tables_inside_tables_know_their_path():
    table = Table({"one": {"two": [{"three": 1}, {"three": 2}]}})
    inner = list(table.table("one").tables("two"))
    assert [each.at("three") for each in inner] == ["one.two[0].three", "one.two[1].three"]
    assert [each.integer("three") for each in inner] == [1, 2]
    assert table.table("none").content == {}
    assert list(table.tables("none")) == []


def test_finish_accepts_what_was_read():
    table = Table({"key": 1})
    assert table.has("key")
    assert not table.has("other")
    assert table.integer("key") == 1
    table.finish()
    Table({}).finish()


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("owne", "a.owne: `owne` is not known here; did you mean `owner`?"),
        ("expire_at", "a.expire_at: `expire_at` is not known here; did you mean `expires_at`?"),
        ("colour", "a.colour: `colour` is not known here; use one of expires_at, owner"),
    ],
)
def test_finish_names_a_key_nobody_asked_for_and_the_nearest_right_one(key, message):
    table = Table({"owner": "Mia", key: 1}, "a")
    table.text("owner")
    table.has("expires_at")
    with pytest.raises(InvalidRulesetError) as caught:
        table.finish()
    assert str(caught.value) == message


def test_to_ask_whether_a_key_is_there_is_not_to_read_it():
    table = Table({"key": 1}, "a")
    table.has("key")
    with pytest.raises(InvalidRulesetError, match="`key` is not known here; did you mean `key`"):
        table.finish()


@pytest.mark.parametrize(("where", "path", "expected"), [(None, "a.b", "a.b"), ("c", "a.b", "c"), (None, "", None)])
def test_a_mistake_without_a_place_gets_that_of_the_table(where, path, expected):
    with pytest.raises(InvalidRulesetError) as caught, Table({}, path).placing():
        raise InvalidRulesetError("wrong", where=where)
    assert caught.value.where == expected


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("ask", [row[1] for row in READS], ids=[row[0] for row in READS])
@settings(max_examples=10)
@given(content=ANYTHING)
def test_whatever_stands_there_is_read_or_refused_in_words(ask, content):
    with contextlib.suppress(InvalidRulesetError):
        ask(Table({"key": content}))
