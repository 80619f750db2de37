"""Looking for leads, and the page of one: for reps, for reviewers, and of what was erased."""

import re

import pytest
from sqlalchemy import delete, select

from tests.support.reviewing import DOUBTFUL
from tests.support.seeing import Seen, text_of
from tests.support.served import serving
from winnow.adapters.db.connections import writing
from winnow.adapters.db.tables import leads, subject_keys
from winnow.services.lead_file import COVER


@pytest.fixture
def seen(tmp_path):
    with serving(tmp_path / "data", pages=True, serve__sandbox="yes", review__second_percent="0") as running:
        yield Seen(running)


def came(seen, number, **more):
    known = {"full_name": f"Person {number}", "company": f"Firm {number}", "email": f"p{number}@firm{number}.example"}
    return int(seen.served.screened(**{"id": f"l{number}", "source": "web", **known, **more})["id"])


def desks(seen):
    return seen.served.state.desks


def test_leads_are_listed_the_newest_first_and_narrowed(seen):
    first, second = came(seen, 1), came(seen, 2, **DOUBTFUL)
    page = seen.get("/leads", "rep")
    assert re.findall(r'<th scope="row"><a href="/leads/(\d+)"', page.text) == [str(second), str(first)]
    found = text_of(seen.get("/leads?outcome=review&source=web&since=2020-01-01", "rep"))
    assert "Person 2" in found
    assert "Person 1" not in found
    assert "Nothing found" in text_of(seen.get("/leads?otherwise=on", "rep"))
    assert "more leads here than it counted" not in found
    for wider in ("outcome=accept&outcome=tag", "verdict=junk", "feedback=on"):
        page = text_of(seen.get(f"/leads?{wider}", "rep"))
        assert "more leads here than it counted" in page
        assert "Person 1" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "P1@firm1.example"), ("company", "firm 1"), ("domain", "firm1.example"), ("lead_id", "l1"),
     ("decision", "2")],
)  # fmt: skip
def test_somebody_is_found_by_what_names_them(seen, field, value):
    first, _ = came(seen, 1), came(seen, 2)
    page = seen.post("/leads", "rep", fields={field: str(first) if field == "decision" else value})
    assert re.findall(r'<th scope="row"><a href="/leads/(\d+)"', page.text) == [str(first)]


def test_what_names_somebody_stays_out_of_addresses(seen):
    for number in range(60):
        came(seen, number, email="one@firm.example")
    assert "Person" in seen.get("/leads?email=one@firm.example", "rep").text  # not looked at: the newest are shown
    page = seen.post("/leads", "rep", fields={"email": "one@firm.example"})
    assert "one%40firm" not in page.text
    assert "?email" not in page.text
    cursor = re.search(r'name="after" value="(\d+)"', page.text)[1]
    older = seen.post("/leads", "rep", fields={"email": "one@firm.example", "after": cursor})
    assert len(re.findall(r'<th scope="row"><a href="/leads/', older.text)) == 10
    assert "/leads?after=" in seen.get("/leads", "rep").text


def test_what_cannot_be_looked_for_is_said_and_stays(seen):
    page = seen.post("/leads", "rep", fields={"since": "yesterday", "company": "Firm"})
    assert page.status_code == 422
    assert 'value="Firm"' in page.text
    assert "is no day" in text_of(page)
    assert seen.get("/leads?outcome=perhaps", "rep").status_code == 422


def test_a_rep_reads_neutral_words_and_no_score(seen):
    number = came(seen, 1, **DOUBTFUL)
    rep, reviewer = seen.get(f"/leads/{number}", "rep"), seen.get(f"/leads/{number}", "reviewer")
    assert "A colleague looks at it first" in text_of(rep)
    assert "strongly against following up" in text_of(rep)
    for word in ("junk 9", "towards junk", "points", "likely"):
        assert word not in text_of(rep).replace("What did it turn out to be? Genuine 1 Junk 2", ""), word
    assert "likely junk" in text_of(reviewer)
    assert "+1,800 towards junk" in text_of(reviewer)
    for page in (rep, reviewer):
        assert COVER in page.text
        assert "What would have changed it" in page.text
        assert "What counted" in page.text
    assert seen.get("/leads/999999", "rep").status_code == 404


def test_feedback_is_given_in_one_step_and_what_became_of_it_is_told(seen):
    number = came(seen, 1)
    answer = seen.post(f"/leads/{number}/feedback", "rep", fields={"verdict": "converted"})
    assert answer.headers["location"] == f"/leads/{number}?said=feedback"
    page = text_of(seen.get(f"/leads/{number}", "rep"))
    assert "It became a deal · you" in page
    assert "Kept for the next fit" in page
    assert seen.post(f"/leads/{number}/feedback", "rep", fields={"verdict": "nice"}).status_code == 422
    assert seen.post(f"/leads/{number}/feedback", "auditor", fields={"verdict": "junk"}).status_code == 403
    away = {"verdict": "junk", "next": "https://evil.example"}
    assert seen.post(f"/leads/{number}/feedback", "rep", fields=away).headers["location"].startswith("/?")
    script = seen.post(f"/leads/{number}/feedback", "rep", fields={"verdict": "junk", "next": "/"}, hx_request="true")
    assert (script.status_code, script.content) == (200, b"")


def test_a_lead_is_taken_once_which_releases_it(seen):
    number = came(seen, 1, **DOUBTFUL)
    assert seen.post(f"/leads/{number}/take", "rep").headers["location"].endswith("said=taken")
    assert "Taken by you" in text_of(seen.get(f"/leads/{number}", "rep"))
    refused = seen.post(f"/leads/{number}/take", "reviewer")
    assert refused.status_code == 422
    assert "has taken it" in text_of(refused)
    assert desks(seen).review.waiting().waiting == 0


def test_what_a_person_rejected_is_taken_back_where_it_was_decided(seen):
    number = came(seen, 1, **DOUBTFUL)
    seen.post(f"/queue/{number}/decide", "reviewer", fields={"outcome": "reject", "reason": "spam"})
    page = seen.get(f"/leads/{number}", "rep")
    assert "A person held it back" in page.text
    assert f"/leads/{number}/take" not in page.text
    assert "Spam" in page.text
    # A person decided: that is taken back where it was decided, not overruled in silence.
    assert f"/leads/{number}/release" not in page.text
    assert f"/queue?shelf=decided&amp;case={number}" in page.text
    refused = seen.post(f"/leads/{number}/release", "rep")
    assert refused.status_code == 422
    assert "was decided by" in text_of(refused)


def test_what_a_machine_rejected_is_released_by_one_button(seen):
    blocked = {
        "action": "block",
        "kind": "domain",
        "value": "firm1.example",
        "owner": "Mia",
        "reason": "sold us a list",
    }
    desks(seen).lists.add(blocked, "tests")
    seen.served.service.live._checked = 0.0
    number = came(seen, 1)
    page = seen.get(f"/leads/{number}", "rep")
    assert "Held back; it can be released" in page.text
    assert "Mia answers for it" in page.text
    assert seen.post(f"/leads/{number}/release", "rep").headers["location"].endswith("said=released")
    assert "A person let it through" in seen.get(f"/leads/{number}", "rep").text


def test_of_the_erased_nothing_is_left_but_a_stone(seen):
    number = came(seen, 1, **DOUBTFUL)
    with writing(seen.served.service.engine) as connection:
        subject = connection.execute(select(leads.c.subject).where(leads.c.id == number)).scalar_one()
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))
    page = seen.get(f"/leads/{number}", "reviewer")
    assert page.status_code == 410
    assert f"under entry {number}" in text_of(page)
    for path in (f"/leads/{number}", "/leads", "/queue", f"/queue?case={number}"):
        page = seen.get(path, "reviewer")
        for trace in ("Person 1", "Firm 1", "firm1.example", "buy http"):
            assert trace not in page.text, (path, trace)
    assert "Erased lead" in seen.get(f"/queue?case={number}", "reviewer").text
    assert seen.post(f"/queue/{number}/decide", "reviewer", fields={"outcome": "accept"}).status_code == 303
