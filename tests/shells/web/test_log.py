"""The decision log as a page: looked through, verified and proven, without a word about any lead."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.support.seeing import text_of
from winnow.adapters.db.connections import writing
from winnow.adapters.db.tables import leaves
from winnow.adapters.keys import verify_signature
from winnow.bootstrap import log_check
from winnow.core.receipt import receipt_from, verify_receipt
from winnow.core.tlog import verifier_key
from winnow.errors import BrokenLogError, WinnowError
from winnow.shells.web import strip

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def logged(seen):
    """A lead, an entry of a list, a key; the log is published."""
    number = int(
        seen.served.screened(full_name="Ana Kovač", email="ana@bluebird.example", message="a secret wish")["id"]
    )
    entry = {"kind": "email", "value": "hidden@kestrel.example", "action": "block", "owner": "ops", "reason": "spam"}
    seen.served.state.desks.lists.add(entry, seen.person("reviewer"))
    made = seen.served.service.key_desk.create(HOSTILE, ["ingest"], created_by=HOSTILE)
    seen.served.publish()
    return SimpleNamespace(number=number, key=made.key)


def rows_of(page):
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>")[:-1]]


@pytest.mark.usefixtures("logged")
def test_it_tells_what_when_and_who_but_nothing_of_a_lead(seen):
    page = seen.get("/log", "auditor")
    assert page.status_code == 200
    said = text_of(page)
    assert "Lead decided the rules" in said
    assert "List entry added reviewer" in said
    assert "Key made &#34;&gt;" in said
    for hidden in ("bluebird", "Ana", "hidden@kestrel", "a secret wish", "<script>alert"):
        assert hidden not in page.text
    assert seen.served.service.log_key in page.text.replace("&#43;", "+")
    assert "entries" in said


@pytest.mark.usefixtures("logged")
def test_entries_are_found_by_kind_person_and_day(seen):
    assert {
        row.split(" ", 1)[1].partition(" the rules")[0] for row in rows_of(seen.get("/log?kind=decision", "auditor"))
    } == {"Lead decided"}
    for who in ("reviewer", seen.person("reviewer"), "reviewer@people.example", "REVIEWER"):
        found = rows_of(seen.get(f"/log?actor={who}", "auditor"))
        assert any("List entry added reviewer" in row for row in found), who
        assert not any("Lead decided" in row for row in found)
    today = seen.served.service.clock.now().date()
    assert rows_of(seen.get(f"/log?since={today}&until={today}", "auditor"))
    for nothing in (
        f"since={today + timedelta(days=1)}",
        f"until={today - timedelta(days=1)}",
        "actor=nobody",
        "kind=decision&actor=reviewer",
    ):
        page = seen.get(f"/log?{nothing}", "auditor")
        assert "No such entry" in page.text, nothing


@pytest.mark.usefixtures("logged")
def test_wrong_days_are_told_and_what_was_typed_stays(seen):
    page = seen.get("/log?since=yesterday&actor=Bo", "auditor")
    assert page.status_code == 422
    assert "yesterday is no day" in text_of(page)
    assert 'value="Bo"' in page.text


@pytest.mark.usefixtures("logged")
def test_pages_lead_to_all_entries_the_newest_first(seen):
    for _ in range(60):
        seen.served.service.key_desk.create("filler", ["ingest"], created_by="filling")
    numbers, address = [], "/log?actor=filling"
    while address:
        page = seen.get(address, "auditor")
        numbers += [int(each.replace(",", "")) for each in re.findall(r'href="/log/(\d+)"', page.text)]
        older = re.search(r'href="(/log\?[^"]*before=[^"]*)"', page.text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(numbers) == 60
    assert numbers == sorted(set(numbers), reverse=True)


def test_an_entry_is_gone_to_by_its_number(seen, logged):
    answer = seen.get(f"/log?number={logged.number}", "auditor")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/log/{logged.number}")
    for wrong in ("x", "-1", "9" * 18, "9" * 30):
        assert seen.get(f"/log/{wrong}", "auditor").status_code == 404


def test_an_entry_is_shown_with_its_proof_and_no_record(seen, logged):
    page = seen.get(f"/log/{logged.number}", "admin")
    assert "It is in the signed log, exactly so." in page.text
    assert "Ana" not in page.text
    assert "/v1/decisions/" not in page.text
    assert f"/v1/decisions/{logged.number}/receipt" in seen.get(f"/log/{logged.number}", "auditor").text


def test_the_proof_can_be_taken_along_and_holds_without_the_record(seen, logged):
    answer = seen.get(f"/log/{logged.number}/receipt", "admin")
    assert "attachment" in answer.headers["content-disposition"]
    receipt = receipt_from(json.loads(answer.text))
    assert (receipt.record, receipt.nonce) == (None, None)
    assert verify_receipt(receipt, verifier_key(seen.served.service.log_key), verify_signature).kind == "decision"


def test_an_entry_nobody_has_signed_yet_says_so(seen, logged, monkeypatch):
    monkeypatch.setattr(type(seen.served.service.published), "note", lambda _: None)
    assert "No signed checkpoint covers it yet" in seen.get(f"/log/{logged.number}", "admin").text


@pytest.mark.usefixtures("logged")
def test_verifying_tells_that_all_is_there(seen):
    for fields in ({}, {"records": "on"}):
        assert seen.post("/log/verify", "auditor", fields=fields).headers["location"] == "/log"
        page = seen.get("/log", "auditor")
        assert re.search(r"\d+ entries, all there\.", text_of(page))
        assert ("Every stored record is the one" in page.text) is bool(fields)
        assert 'hx-trigger="every' not in page.text
    assert seen.get("/log/check", "auditor").headers["location"] == "/log"


def test_a_verification_that_goes_on_shows_how_far_it_is(seen):
    service = seen.served.service
    check = log_check.Check("somebody", service.clock.now(), service.clock.now(), 100, done=40)
    log_check.LogChecks(service)._keep(check)
    piece = seen.get("/log/check", "auditor", hx_request="true")
    assert 'hx-get="/log/check" hx-trigger="every 1s"' in piece.text
    assert "40 of 100" in piece.text
    before = log_check.LogChecks(service).last()
    log_check.LogChecks(service).begin("another")
    assert log_check.LogChecks(service).last() == before
    gone = log_check.Check("x", check.started_at, check.noted_at - timedelta(minutes=5), 100)
    log_check.LogChecks(service)._keep(gone)
    assert "was interrupted" in seen.get("/log", "auditor").text


def test_a_broken_log_is_a_red_banner_with_the_first_bad_entry_and_every_page_says_so(seen, logged, monkeypatch):
    monkeypatch.setattr(strip, "_FRESH", -1.0)
    engine, number = seen.served.service.engine, logged.number
    with writing(engine) as connection:
        good = connection.execute(leaves.select().where(leaves.c.id == number)).one().entry
        spoilt = bytes(good).replace(b'"at":1', b'"at":2')
        connection.execute(leaves.update().where(leaves.c.id == number).values(entry=spoilt))
    try:
        seen.post("/log/verify", "admin")
        page = seen.get("/log", "admin")
        assert "The decision log does not hold." in page.text
        assert f"First bad entry: {number} " in text_of(page)
        assert 'role="alert"' in page.text
        assert "What to do" in page.text
        assert "decision log broken" in seen.get("/account", "rep").text
    finally:
        with writing(engine) as connection:
            connection.execute(leaves.update().where(leaves.c.id == number).values(entry=good))
    seen.post("/log/verify", "admin")
    assert "all there" in seen.get("/log", "admin").text
    assert not log_check.LogChecks(seen.served.service).last().broken


@pytest.mark.usefixtures("logged")
def test_where_the_published_files_are_no_help_the_place_is_told_as_it_is_known(seen, monkeypatch):
    def broken(*_, **__):
        raise BrokenLogError("it does not fit", where="entries 3 to 7", fix=HOSTILE)

    def unreadable(_):
        raise WinnowError("no files")

    monkeypatch.setattr(log_check, "verify_log", broken)
    seen.post("/log/verify", "admin")
    page = seen.get("/log", "admin")
    assert "Where: entries 3 to 7" in text_of(page)
    assert HOSTILE not in page.text
    monkeypatch.setattr(log_check, "first_changed", unreadable)
    seen.post("/log/verify", "admin")
    assert "Where: entries 3 to 7" in text_of(seen.get("/log", "admin"))
    monkeypatch.setattr(log_check, "verify_log", lambda *_, **__: unreadable(None))
    seen.post("/log/verify", "admin")
    page = seen.get("/log", "admin")
    assert "The log could not be verified." in page.text
    assert "evidence" not in page.text
    monkeypatch.undo()
    seen.post("/log/verify", "admin")
    assert "all there" in seen.get("/log", "admin").text


def test_an_entry_that_was_made_unreadable_hides_nothing(seen, logged):
    engine, number = seen.served.service.engine, logged.number
    with writing(engine) as connection:
        good = connection.execute(leaves.select().where(leaves.c.id == number)).one().entry
        connection.execute(leaves.update().where(leaves.c.id == number).values(entry=HOSTILE.encode()))
    try:
        page = seen.get(f"/log/{number}", "admin")
        assert "Unreadable: this entry was changed" in page.text
        assert "The proof does not hold" in page.text
        assert HOSTILE not in page.text
        for asked in (f"before={number + 1}", f"since=2020-01-01&before={number + 1}", "kind=decision"):
            page = seen.get(f"/log?{asked}", "admin")
            assert (page.status_code, "Unreadable: this entry" in page.text) == (200, True), asked
    finally:
        with writing(engine) as connection:
            connection.execute(leaves.update().where(leaves.c.id == number).values(entry=good))
