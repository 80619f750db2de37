"""`winnow consent`: what it records, shows, imports and exports."""

import json

import pytest

from tests.support.command import winnow

ANA = "ana@bluebird.example"


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    where = ("--data", tmp_path_factory.mktemp("data") / "data")
    assert winnow("list", "export", *where).code == 0  # which makes the installation
    return where


def states(at, address):
    found = json.loads(winnow("consent", "show", address, "--json", *at).text)
    return {(each["channel"], each["purpose"]): each["state"] for each in found["standings"]}


def test_a_no_is_recorded_shown_and_counts_for_a_linked_address(at):
    said = ("--channel", "email", "--how", "reply", "--at", "2026-03-01T09:30:00Z", "--evidence", "she wrote")
    assert "recorded as entry" in winnow("consent", "record", "opt-out", ANA, *said, *at).messages
    shown = winnow("consent", "show", "ANA@bluebird.example", *at).text
    assert "email, marketing: opted-out: the person opted out on 2026-03-01 in a reply that was recorded" in shown
    pair = ("consent", "merge", ANA, "bea@bluebird.example", "--evidence", "one account")
    assert winnow(*pair, *at).code == 0
    assert states(at, "bea@bluebird.example")["email", "marketing"] == "opted-out"
    assert winnow(*pair, "--undo", *at).code == 0
    assert states(at, "bea@bluebird.example")["email", "marketing"] == "opted-out"


def test_somebody_at_a_terminal_cannot_agree_in_a_persons_place(at):
    grant = ("consent", "record", "grant", "caro@bluebird.example", "--channel", "email", "--purpose", "marketing")
    refused = winnow(*grant, "--how", "form", *at)
    assert (refused.code, "cannot send a form in somebody's place" in refused.messages) == (5, True)
    assert winnow(*grant, "--at", "yesterday", *at).code == 2
    spoken = ("--how", "verbal", "--script", "May we?", "--words", "Yes", "--at", "2000-01-01T00:00:00Z")
    assert winnow(*grant, *spoken, *at).code == 0
    assert states(at, "caro@bluebird.example")["email", "marketing"] == "expired"


def test_a_file_is_imported_and_everything_exported_without_formulas(at, tmp_path):
    file = tmp_path / "out.csv"
    file.write_text("email,evidence\n=gus@bluebird.example,@SUM(1)\nnobody,\n")
    done = winnow("consent", "import", file, *at)
    assert done.code == 3
    assert "1 denials and 0 grants recorded, 1 lines refused" in done.text
    assert "line 3, refused: this is no mail address" in done.text
    exported = winnow("consent", "export", *at).text
    header, *rows = exported.splitlines()
    assert header.startswith("email,phone,country,act,channel,purpose,basis,wording,occurred_at,expires_at,evidence,")
    (row,) = [row for row in rows if "gus@" in row]
    assert row.startswith("'=gus@bluebird.example,,,opt-out,")
    assert ",'@SUM(1)," in row
    target = tmp_path / "all.csv"
    assert winnow("consent", "export", "-o", target, *at).messages == f"wrote {len(rows):,} events to {target}\n"
    other = ("--data", tmp_path / "other")
    winnow("list", "export", *other)
    report = json.loads(winnow("consent", "import", target, "--json", *other).text)
    assert (report["denials"], report["refused"]) == (len(rows) - report["grants"], [])
    assert states(other, "=gus@bluebird.example")["sms", "service"] == "opted-out"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"name\nAna\n"])
def test_what_is_no_such_file_is_refused(at, tmp_path, content):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    assert winnow("consent", "import", file, *at).code == 2
    assert winnow("consent", "import", tmp_path / "none.csv", *at).code == 2
