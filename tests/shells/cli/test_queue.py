"""`winnow queue`: what waits, claiming and deciding it."""

import json

import pytest

from tests.support.api import running_api
from tests.support.command import winnow
from tests.support.reviewing import DOUBTFUL


@pytest.fixture
def at(tmp_path):
    """An installation with two cases, the numbers of which it gives."""
    numbers = []
    with running_api(tmp_path / "data") as api:
        for number in (1, 2):
            lead = {"id": f"l{number}", "source": "web", "email": f"p{number}@bluebird.example", **DOUBTFUL}
            numbers.append(api.post("/v1/leads", lead)["id"])
    return numbers, ("--data", tmp_path / "data")


def test_the_queue_is_listed_claimed_and_decided(at):
    (one, two), where = at
    listed = winnow("queue", "list", *where)
    assert [line.split()[0] for line in listed.text.splitlines()] == [one, two]
    assert listed.messages == "waiting: 2 · overdue: 0 · put off: 0\n"
    found = winnow("queue", "next", "--as", "Mia", *where)
    assert found.text.startswith(f"{one} ")
    assert "taken by Mia until" in found.text
    assert "p1@bluebird.example" in found.text
    assert "alike: none decided yet" in found.text
    assert winnow("queue", "decide", one, "accept", "--as", "Bo", *where).code == 1
    decided = winnow("queue", "decide", one, "reject", "--reason", "1", "--as", "Mia", *where)
    assert decided.code == 0
    assert decided.messages.startswith(f"case {one}: reject; undo: winnow queue decide {one} undo\nfollowed")
    (row,) = json.loads(winnow("queue", "list", "--shelf", "decided", "--json", *where).text)
    assert (row["outcome"], row["reason"], row["by"]) == ("reject", "spam", "Mia")
    assert winnow("queue", "decide", one, "undo", *where).messages == f"case {one} is as it was before\n"
    shown = json.loads(winnow("queue", "next", "--json", *where).text)
    assert (shown["id"], shown["lead"]["id"]) == (int(one), "l1")


def test_what_cannot_be_done_is_said(at):
    (one, _), where = at
    assert winnow("queue", "decide", one, "keep", *where).code == 2
    assert winnow("queue", "decide", one, "reject", *where).code == 2
    assert winnow("queue", "decide", "99999", "accept", *where).code == 1
    none = winnow("queue", "next", "--source", "nowhere", "--json", *where)
    assert (none.code, none.text, none.messages) == (0, "null\n", "the queue is clear\n")
