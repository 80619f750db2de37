"""The pages of the lists: what is found, what is looked at before it is added, and what is refused."""

import re
import time

import pytest

from tests.support.seeing import Seen, text_of
from tests.support.served import serving

HOSTILE = '"><script>alert(1)</script>%(x)s'
ENTRY = {"action": "block", "kind": "email", "value": "bo@spam.example", "reason": "flood", "owner": "Mia"}
BROAD = {**ENTRY, "kind": "domain", "value": "spam.example", "scopes": ["marketing", "sales"]}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "customers.txt").write_text("vip@bluebird.example\nacme.example\n")
    with serving(folder, pages=True, screen__customers=str(folder / "customers.txt")) as running:
        yield Seen(running)


@pytest.fixture(autouse=True)
def lists(seen):
    """The desk of the lists, without entries at the end."""
    desk = seen.served.state.desks.lists
    yield desk
    for entry in desk.page(None, 100).items:
        desk.remove(entry.id, "tests")


def add(desk, **changed):
    return desk.add({**ENTRY, **changed}, "tests")


def mark(page):
    return re.findall(r'name="seen" value="([^"]*)"', page.text)[0].replace("&#39;", "'")


def test_an_empty_list_says_what_entries_are_for(seen):
    page = seen.get("/lists", "reviewer")
    assert "No entries yet" in text_of(page)
    assert 'href="/lists/add"' in page.text


def test_who_may_only_read_sees_no_button(seen, lists):
    entry = add(lists)
    for path in ("/lists", f"/lists/entries/{entry.id}"):
        page = seen.get(path, "auditor")
        assert "bo@spam.example" in page.text
        assert "/remove" not in page.text
    assert "/lists/add" not in seen.get("/lists", "auditor").text


def test_entries_are_found_and_told_with_what_is_known_of_them(seen, lists):
    add(lists, value="bo@found.example", expires_at="2027-03-01T00:00:00Z", reason=HOSTILE)
    add(lists, action="allow", kind="cidr", value="192.0.2.0/24", owner="Ana Lima")
    told = text_of(seen.get("/lists", "reviewer"))
    for words in ("E-mail address", "192.0.2.0/24", "Ana Lima", "a person", "Mar 1, 2027", "look at it again by"):
        assert words in told
    for asked in ("?action=allow", "?kind=cidr", "?text=ANA", "?action=allow&kind=cidr&text=192.0"):
        page = seen.get(f"/lists{asked}", "reviewer")
        assert "192.0.2.0/24" in page.text
        assert "bo@found.example" not in page.text
    assert "No entry fits" in text_of(seen.get("/lists?text=nothing-like-it", "reviewer"))
    assert "<script>alert" not in seen.get("/lists?text=" + HOSTILE.replace("%", "%25"), "reviewer").text
    assert "<script>alert" not in seen.get("/lists", "reviewer").text


def test_long_lists_are_read_page_by_page(seen, lists):
    lists.add_all(
        [{**ENTRY, "id": f"e{number:03}", "value": f"n{number:03}@spam.example"} for number in range(60)], "t"
    )
    first = seen.get("/lists?kind=email", "reviewer")
    assert "n059@" in first.text
    assert "n009@" not in first.text
    older = re.findall(r'href="(/lists\?[^"]*before=[^"]*)"', first.text)[0].replace("&amp;", "&")
    second = seen.get(older, "reviewer")
    assert "n009@" in second.text
    assert "before=" not in second.text


def test_matches_are_counted_and_lead_to_the_leads(seen, lists):
    entry = add(lists, value="hit@spam.example")
    number = _decided_with(seen, entry.id)
    page = seen.get(f"/lists/entries/{entry.id}", "reviewer")
    assert f'href="/leads/{number}"' in page.text
    assert "none" not in text_of(seen.get("/lists", "reviewer")).split("hit@spam.example")[1][:80]


def _decided_with(seen, entry_id):
    """The number of a decision that the entry took part in; entries are in force within a second or two."""
    patience = time.monotonic() + 20
    while time.monotonic() < patience:
        answer = seen.served.screened(email="hit@spam.example")
        if any(reason["source"] == f"list:{entry_id}" for reason in answer["reasons"]):
            return answer["decision"] if "decision" in answer else answer["id"]
    pytest.fail("the entry never took part in a decision")


def test_a_narrow_entry_is_added_at_once_with_whoever_did_it(seen, lists):
    answer = seen.post("/lists/add", "reviewer", fields={**ENTRY, "scopes": ["sales"], "expires_at": "2027-01-31"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/lists?said=entry-added")
    [entry] = lists.page(None, 9).items
    assert (entry.value, entry.owner, entry.source, sorted(entry.scopes)) == (
        ENTRY["value"],
        "Mia",
        "person",
        ["sales"],
    )
    assert entry.expires_at.isoformat().startswith("2027-01-31")
    assert "The entry was added" in text_of(seen.get("/lists?said=entry-added", "reviewer"))


def test_a_broad_entry_is_looked_at_first(seen, lists):
    seen.served.screened(email="one@spam.example")
    first = seen.post("/lists/add", "reviewer", fields=BROAD)
    assert first.status_code == 200  # nothing was wrong
    assert "Nothing was added yet" in text_of(first)
    assert "It would have matched" in text_of(first)
    assert 'value="flood"' in first.text
    other = seen.post("/lists/add", "reviewer", fields={**BROAD, "value": "other.example", "seen": mark(first)})
    assert (other.status_code, lists.page(None, 9).items) == (200, ())
    assert seen.post("/lists/add", "reviewer", fields={**BROAD, "seen": mark(first)}).status_code == 303
    assert [entry.value for entry in lists.page(None, 9).items] == ["spam.example"]


def test_a_preview_tells_whom_it_would_have_matched_and_adds_nothing(seen, lists):
    number = seen.served.screened(email="two@preview.example")
    page = seen.post("/lists/preview", "reviewer", fields={**BROAD, "value": "preview.example"}, hx_request="true")
    told = text_of(page)
    assert "It would have matched 1 lead" in told
    assert "accepted 1" in told
    assert f'href="/leads/{number.get("decision", number.get("id"))}"' in page.text
    assert lists.page(None, 9).items == ()
    wrong = seen.post("/lists/preview", "reviewer", fields={**BROAD, "value": HOSTILE})
    assert "is not a valid domain" in text_of(wrong)
    assert "<script>alert" not in wrong.text


def test_customers_are_never_blocked(seen, lists):
    seen.served.screened(email="vip@bluebird.example", ip="198.51.100.7")
    broad = {**BROAD, "kind": "cidr", "value": "198.51.100.0/24"}
    page = seen.post("/lists/preview", "reviewer", fields=broad)
    assert "One of them was a customer's, so this cannot be added" in text_of(page)
    refused = seen.post("/lists/add", "reviewer", fields={**broad, "seen": mark(page)})
    assert refused.status_code == 422
    assert "customers are not blocked" in text_of(refused)
    named = seen.post("/lists/add", "reviewer", fields={**ENTRY, "value": "someone@acme.example", "scopes": ["sales"]})
    assert "is a customer" in text_of(named)
    assert lists.page(None, 9).items == ()
    assert seen.post("/lists/add", "reviewer", fields={**broad, "action": "allow", "seen": ""}).status_code == 200
    allowed = {**broad, "action": "allow", "seen": mark(page).replace("block", "allow")}
    assert seen.post("/lists/add", "reviewer", fields=allowed).status_code == 303


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"value": "nobody"}, "value"),
        ({"kind": "smell"}, "kind"),
        ({"owner": ""}, "owner"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"scopes": []}, "scopes"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(seen, lists, changed, where):
    typed = {**ENTRY, "scopes": ["billing"], "reason": HOSTILE, **changed}
    page = seen.post("/lists/add", "reviewer", fields=typed)
    assert page.status_code == 422
    assert f'id="{where}-wrong"' in page.text or where in {"scopes", "owner"}
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert lists.page(None, 9).items == ()


def test_removing_names_the_entry_first(seen, lists):
    entry = add(lists, value="gone@spam.example")
    page = seen.get(f"/lists/entries/{entry.id}/remove", "reviewer")
    assert "Remove gone@spam.example" in text_of(page)
    assert seen.post(f"/lists/entries/{entry.id}/remove", "reviewer").headers["location"] == "/lists?said=entry-removed"
    assert seen.get(f"/lists/entries/{entry.id}", "reviewer").status_code == 404


# ── many at once ─────────────────────────────────────────────────────────────────────────────────

HEAD = "action,kind,value,owner,reason\n"


def test_an_import_is_shown_first_and_then_added_as_a_whole(seen, lists):
    text = HEAD + "block,domain,a.example,Mia,flood\nallow,email,bo@b.example,Mia,partner\n"
    first = seen.post("/lists/import", "reviewer", fields={"csv": text, "do": "check"})
    assert first.status_code == 303 or "2 entries would be added" in text_of(first)
    assert lists.page(None, 9).items == ()
    assert seen.post("/lists/import", "reviewer", fields={"csv": text, "do": "add"}).status_code == 303
    assert {entry.source for entry in lists.page(None, 9).items} == {"import"}
    exported = seen.get("/lists/export", "auditor")
    assert "a.example" in exported.text
    assert exported.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "block,domain,a.example,Mia,x\nblock,domain,nothing,Mia,x", "Line 3: nothing is not a valid domain"),
        ("kind,value\n", "Line 1: the column action is missing"),
        (HEAD + f'block,domain,"{HOSTILE}",Mia,x', "Not a CSV file"),
        (HEAD + f"block,domain,{HOSTILE[2:]},Mia,x", "Line 2"),
        (HEAD + "block,domain,acme.example,Mia,x", "is a customer"),
        (HEAD, "0 entries"),
        ("", "nothing to import"),
    ],
)
def test_one_wrong_line_keeps_all_out(seen, lists, text, told):
    for do in ("check", "add"):
        page = seen.post("/lists/import", "reviewer", fields={"csv": text, "do": do})
        assert page.status_code == 422
        assert told in text_of(page)
        assert "<script>alert" not in page.text
    assert lists.page(None, 9).items == ()


def test_what_may_go_is_told_with_evidence_and_goes_when_chosen(seen, lists):
    pytest.importorskip("numpy")
    first, second = add(lists, value="x@twin.example"), add(lists, value="x@twin.example")
    page = seen.get("/lists/tidy", "reviewer")
    assert "a duplicate" in text_of(page)
    assert f'value="{second.id}"' in page.text
    assert 'type="checkbox"' not in seen.get("/lists/tidy", "auditor").text
    assert seen.post("/lists/tidy", "reviewer").headers["location"] == "/lists?said=nothing-chosen"
    answer = seen.post("/lists/tidy", "reviewer", fields={"entry": [second.id, "gone-already"]})
    assert answer.headers["location"] == "/lists?said=entries-removed"
    assert [entry.id for entry in lists.page(None, 9).items] == [first.id]
