"""The review queue without a browser: who is shown what, what forms do, and what no page may tell."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest

from tests.support.rejecting import ELSEWHERE, HASTY, laws, lucky, settings
from tests.support.reviewing import DOUBTFUL
from tests.support.seeing import Seen, text_of
from tests.support.served import serving
from tests.support.signing import put_live
from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.review.disposition import Spoken

HOSTILE = '"><script>alert(1)</script>'
SCRIPT = {"hx_request": "true"}


@pytest.fixture
def seen(tmp_path):
    """Of its own: what waits is what a test has put there."""
    with serving(tmp_path / "data", pages=True, serve__sandbox="yes", review__second_percent="0") as running:
        yield Seen(running)


def came(seen, number, **more):
    known = {"full_name": f"Person {number}", "company": f"Firm {number}", "email": f"p{number}@firm{number}.example"}
    made = seen.served.screened(**{"id": f"l{number}", "source": "web", **known, **DOUBTFUL, **more})
    assert made["outcome"] == "review"
    return int(made["id"])


def desks(seen):
    return seen.served.state.desks


def case(seen, number):
    return desks(seen).review.case(number, "tests")


def decide(seen, number, outcome="accept", **more):
    headers = {name: more.pop(name) for name in ("hx_request", "idempotency_key") if name in more}
    return seen.post(f"/queue/{number}/decide", "reviewer", fields={"outcome": outcome, **more}, **headers)


def test_a_case_is_shown_with_reasons_for_and_against_and_is_in_hand(seen):
    number = came(seen, 1)
    page = seen.get("/queue", "reviewer")
    text = text_of(page)
    person = ("Person 1", "p1@firm1.example", "1 left", "likely junk")
    reasons = ("The hidden field was filled in", "towards junk", "towards genuine", "not known, and count neither way")
    for words in (*person, *reasons, "None yet.", "too few to say"):
        assert words in text, words
    assert case(seen, number).claim.by == seen.person("reviewer")


def test_who_only_looks_on_takes_nothing_and_has_no_buttons(seen):
    number = came(seen, 1)
    page = seen.get("/queue", "auditor")
    assert page.status_code == 200
    assert case(seen, number).claim is None
    assert "/decide" not in page.text
    assert seen.get("/queue", "admin").status_code == 403


def test_words_of_a_lead_are_never_markup(seen):
    number = came(
        seen, 1, full_name=HOSTILE, company=HOSTILE, message=f"{HOSTILE}{DOUBTFUL['message']}", source=HOSTILE
    )
    for path in ("/queue", f"/leads/{number}", "/leads", f"/queue?about={HOSTILE}&source={HOSTILE}&case={number}"):
        page = seen.get(path, "reviewer")
        assert "<script>alert" not in page.text, path
        assert "alert(1)" in page.text, path
    preview = seen.post("/queue/bulk/preview", "reviewer", fields={"outcome": "accept", "case": number})
    assert "<script>alert" not in preview.text


@pytest.mark.parametrize("outcome", ["accept", "tag", "reject"])
def test_a_form_decides_and_says_so_and_may_be_sent_twice(seen, outcome):
    number = came(seen, 1)
    more = {"reason": "pitch", "note": "again"} if outcome == "reject" else {}
    there = f"/queue?undo={number}&said=decided-{outcome}"
    for _ in range(2):
        answer = decide(seen, number, outcome, **more)
        assert (answer.status_code, answer.headers["location"]) == (303, there)
    assert len(desks(seen).review.said(number, "tests")) == 1
    assert f'action="/queue/{number}/undo"' in seen.get(there, "reviewer").text
    assert decide(seen, number, "reject", reason="fraud").status_code == 409
    assert seen.post(f"/queue/{number}/undo", "reviewer").status_code == 303
    assert seen.post(f"/queue/{number}/undo", "reviewer").status_code == 303
    assert case(seen, number).closing is None


def test_what_was_typed_stays_when_something_lacks(seen):
    number = came(seen, 1)
    answer = decide(seen, number, "reject", note="typed words")
    assert answer.status_code == 422
    assert 'value="typed words"' in answer.text
    assert "No reason is given" in text_of(answer)
    assert case(seen, number).closing is None
    assert decide(seen, number, "review").status_code == 422
    assert seen.post(f"/queue/{number}/snooze", "reviewer", fields={"for": "ever"}).status_code == 422


def test_a_step_of_the_script_is_taken_once_and_what_is_kept_of_its_answer_is_about_nobody(seen):
    number = came(seen, 1)
    answers = [decide(seen, number, **SCRIPT, idempotency_key="k1") for _ in range(2)]
    assert [(each.status_code, each.content) for each in answers] == [(200, b"")] * 2
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(desks(seen).review.said(number, "tests")) == 1


def test_what_comes_next_is_sent_once_and_the_case_in_front_is_in_hand(seen):
    numbers = [came(seen, number) for number in range(6)]
    fields = {"shown": numbers[0], "held": f"{numbers[0]},{numbers[1]}", "busy": numbers[2], "left": numbers[5]}
    desks(seen).review.claim(numbers[5], seen.person("reviewer"))
    answer = seen.post("/queue/ahead", "reviewer", fields=fields, **SCRIPT)
    assert re.findall(r'<article class="case" id="case-(\d+)"', answer.text) == list(map(str, (numbers[3], numbers[4])))
    assert f'data-shown="{numbers[0]}" data-until="' in answer.text
    assert "6 left" in text_of(answer)
    assert case(seen, numbers[0]).claim is not None
    assert case(seen, numbers[5]).claim is None


def test_who_comes_second_is_told_kindly_who_has_it(seen):
    number = came(seen, 1)
    desks(seen).review.claim(number, seen.person("rep"))
    answer = seen.post("/queue/ahead", "reviewer", fields={"shown": number, "held": ""}, **SCRIPT)
    assert 'data-taker="rep"' in answer.text
    assert "taken by rep" in text_of(answer)
    refused = decide(seen, number, **SCRIPT)
    assert refused.status_code == 409
    assert 'class="alert notice"' in refused.text


def test_a_page_that_is_left_gives_back_only_what_it_held(seen):
    number = came(seen, 1)
    seen.get("/queue", "reviewer")
    until = case(seen, number).claim.until.isoformat()
    assert seen.post(f"/queue/{number}/leave", "reviewer", fields={"until": "2020-01-01"}).status_code == 200
    assert seen.post(f"/queue/{number}/leave", "rep", fields={"until": until}).status_code == 200
    assert case(seen, number).claim is not None
    left = seen.post(f"/queue/{number}/leave", "reviewer", fields={"until": until})
    assert (left.status_code, left.content, case(seen, number).claim) == (200, b"", None)


@pytest.mark.parametrize("until", ["hour", "tomorrow", "monday", "week"])
def test_a_case_is_put_off_and_woken(seen, until):
    number = came(seen, 1)
    assert seen.post(f"/queue/{number}/snooze", "reviewer", fields={"for": until}).status_code == 303
    assert "Nothing here" in seen.get("/queue?about=none", "reviewer").text
    assert "Person 1" in seen.get("/queue?shelf=snoozed", "reviewer").text
    assert seen.post(f"/queue/{number}/wake", "reviewer").status_code == 303
    assert case(seen, number).claim.by == seen.person("reviewer")


def test_the_decided_shelf_says_who_decided_what_and_similar_ones_are_told(seen):
    first, second = came(seen, 1), came(seen, 2)
    decide(seen, first, "reject", reason="pitch", note="a note")
    page = text_of(seen.get(f"/queue?shelf=decided&case={first}&outcome=reject", "reviewer"))
    for words in ("rejected", "by you", "Wants to sell us something", "a note", "followed the recommendation"):
        assert words in page, words
    assert "Nothing here" in seen.get("/queue?shelf=decided&outcome=tag", "reviewer").text
    assert "0 accepted · 1 rejected" in text_of(seen.get(f"/queue?case={second}", "reviewer"))


def test_the_decided_shelf_takes_several_outcomes_and_days(seen):
    numbers = {outcome: came(seen, place) for place, outcome in enumerate(("accept", "tag", "reject"), 20)}
    for outcome, number in numbers.items():
        decide(seen, number, outcome, **({"reason": "spam"} if outcome == "reject" else {}))
    today = seen.served.state.clock.now().date()

    def listed(more):
        page = seen.get(f"/queue?shelf=decided{more}", "reviewer").text
        return [outcome for outcome, number in numbers.items() if f'<li data-case="{number}"' in page]

    for more, found in (
        ("", ["accept", "tag", "reject"]),
        ("&outcome=accept&outcome=tag", ["accept", "tag"]),
        ("&outcome=nonsense", ["accept", "tag", "reject"]),
        (f"&since={today}&until={today}", ["accept", "tag", "reject"]),
        (f"&until={today - timedelta(days=1)}", []),
        (f"&since={today + timedelta(days=1)}", []),
        ("&since=2026-99-99&until=soon", ["accept", "tag", "reject"]),
    ):
        assert listed(more) == found, more
    case = f'href="/queue?shelf=decided&amp;outcome=accept&amp;outcome=tag&amp;since={today}&amp;case='
    assert case in seen.get(f"/queue?shelf=decided&outcome=accept&outcome=tag&since={today}", "reviewer").text


def test_a_second_look_is_not_marked_and_agreement_is_told_in_words(tmp_path):
    with serving(tmp_path / "other", pages=True, review__second_percent="100") as running:
        other = Seen(running)
        early, *numbers = [came(other, number) for number in range(31)]
        # Alone nobody could give a second look: one is wanted from when a second person has decided something.
        desks(other).review.decide(early, Spoken(Outcome.ACCEPT), other.person("rep", "auditor"), "tests")
        for number in numbers:
            desks(other).review.decide(number, Spoken(Outcome.ACCEPT), other.person("rep"), "tests")
        fresh = came(other, 99)
        pages = [other.get(f"/queue?case={number}", "reviewer").text for number in (numbers[0], fresh)]
        cases = [page[page.index("<article") : page.index("</article>")] for page in pages]
        shapes = [
            re.findall(r"<(?:section|h\d|form|footer|details|header|dt)\b(?: class=\"[^\"]*\")?", each)
            for each in cases
        ]
        assert shapes[0] == shapes[1]
        assert len(shapes[0]) > 15
        assert "History" not in cases[0]
        for number in numbers:
            outcome = Outcome.REJECT if number == numbers[0] else Outcome.ACCEPT
            said = Spoken(outcome, "spam" if outcome is Outcome.REJECT else None)
            desks(other).review.decide(number, said, other.person("reviewer"), "tests")
        assert "agreed on 29 of 30" in text_of(other.get("/queue", "reviewer"))


def test_blind_people_see_no_score_before_the_reasons(seen):
    came(seen, 1)
    chosen = seen.post("/looks", "reviewer", fields={"blind": "on", "next": "/queue"})
    looks = chosen.headers["set-cookie"].partition(";")[0]
    session = seen._session(("reviewer",))
    page = seen.served("GET", "/queue", key=None, headers={"host": "localhost", "cookie": f"winnow={session}; {looks}"})
    outside = re.sub(r'<details class="evidence">.*?</section>', "", page.text, flags=re.DOTALL)
    assert "likely junk" in page.text
    assert "%" not in text_of(type("", (), {"text": outside.partition("<main")[2]}))
    assert '<details class="evidence">' in page.text


def test_many_are_decided_with_a_preview_and_taken_back(seen):
    numbers = [came(seen, number) for number in range(3)]
    desks(seen).review.claim(numbers[2], seen.person("rep"))
    preview = text_of(seen.post("/queue/bulk/preview", "reviewer", fields={"outcome": "reject", "case": numbers}))
    assert "2 leads are affected" in preview
    assert "Person 2 · Firm 2 – taken by rep" in preview
    lacks = seen.post("/queue/bulk", "reviewer", fields={"outcome": "reject", "reason": "other", "case": numbers})
    assert lacks.status_code == 422
    assert "No note says what else it is" in text_of(lacks)
    done = seen.post("/queue/bulk", "reviewer", fields={"outcome": "reject", "reason": "spam", "case": numbers})
    there = done.headers["location"]
    assert there.endswith("said=bulk-some")
    assert [case(seen, number).closing is not None for number in numbers] == [True, True, False]
    assert "Take all of it back" in seen.get(there, "reviewer").text
    batch = re.search(r"bulk=([^&]+)", there)[1]
    assert seen.post(f"/queue/bulk/{batch}/undo", "reviewer").headers["location"].endswith("bulk-undone")
    assert all(case(seen, number).closing is None for number in numbers)
    assert seen.post("/queue/bulk/preview", "reviewer", fields={"outcome": "accept"}).status_code == 422


def test_what_leads_share_is_allowed_by_who_keeps_lists_and_taken_back(seen):
    numbers = [came(seen, number, email=f"p{number}@kestrel.example") for number in range(2)]
    fields = {"shared": "domain kestrel.example"}
    assert seen.post("/queue/shared/preview", "rep", fields=fields).status_code == 403
    preview = seen.post("/queue/shared/preview", "reviewer", fields=fields)
    assert preview.text.count('name="case"') == 2
    chosen = {**fields, "case": numbers, "owner": "Mia", "expires": "2020-13-01"}
    wrong = seen.post("/queue/shared", "reviewer", fields={**chosen, "reason": "a partner"})
    assert wrong.status_code == 422
    assert 'value="a partner"' in wrong.text
    done = seen.post("/queue/shared", "reviewer", fields={**chosen, "reason": "a partner", "expires": "2100-01-01"})
    assert done.headers["location"].endswith("said=shared-allowed"), done.text
    assert all(case(seen, number).closing.outcome is Outcome.ACCEPT for number in numbers)
    (entry,) = desks(seen).lists.page(None, 10).items
    assert (entry.value, entry.owner, entry.reason) == ("kestrel.example", "Mia", "a partner")
    batch = re.search(r"bulk=([^&]+)", done.headers["location"])[1]
    seen.post(f"/queue/bulk/{batch}/undo", "reviewer")
    assert desks(seen).lists.page(None, 10).items == ()
    assert seen.post("/queue/shared", "rep", fields=chosen).status_code == 403
    assert "/queue/shared" not in seen.get("/queue", "rep").text


def test_the_domain_of_a_free_mail_service_is_nothing_to_share(seen):
    number = came(seen, 1, email="somebody.there@gmail.com")
    assert "domain" not in {kind.value for kind, _ in desks(seen).bulk.shared_by(number)}
    assert "company" in {kind.value for kind, _ in desks(seen).bulk.shared_by(number)}


def test_nothing_tells_whoever_decides_that_a_lot_has_drawn_the_lead(tmp_path):
    named: dict[str, Any] = {name.replace(".", "__"): value for name, value in settings(tmp_path).items()}
    with serving(tmp_path / "data", pages=True, **named) as running:
        seen = Seen(running)
        service = running.service
        made = laws(service.clock.now())
        put_live(service, made)
        service.live._checked = 0.0
        drawn = running.screened(id=lucky(made), source="web", **HASTY)
        other = running.screened(id="other", source="web", **ELSEWHERE)
        assert (drawn["threshold_band"], other["threshold_band"]) == ("reject", "review")
        time.sleep(0.1)
        for path in (f"/queue?case={drawn['id']}", f"/leads/{drawn['id']}", "/leads", f"/queue?case={other['id']}"):
            for role in ("reviewer", "rep"):
                page = seen.get(path, role)
                assert page.status_code == 200, page.text
                for trace in (BLIND_SAMPLE, "likely junk", "95%", "2,000", "3,000", "What would have changed"):
                    assert trace not in page.text, (path, role, trace)
        assert "strongly" in seen.get(f"/queue?case={drawn['id']}", "reviewer").text
        assert "likely junk 95%" in text_of(seen.get(f"/leads/{drawn['id']}", "auditor"))
