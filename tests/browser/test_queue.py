"""The review queue in a browser: by keyboard alone, by two people at once, offline, and when something fails."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.support.browsing import installed, offences, overflow
from tests.support.naughty import STORABLE
from tests.support.reviewing import DOUBTFUL
from winnow.core.outcome import Outcome
from winnow.ports.review import Shelf, Wanted


@pytest.fixture
def winnow(tmp_path):
    """Of its own: what waits in the queue is what a test has put there."""
    with installed(tmp_path, review__second_percent="0") as running:
        yield running


def came(winnow, number, **more):
    """The number of a case that waits, of a person called `Person 7` at `Firm 7`."""
    known = {"full_name": f"Person {number}", "company": f"Firm {number}", "email": f"p{number}@firm{number}.example"}
    lead = {"id": f"l{number}", "source": "web", **known, **DOUBTFUL, "message": f"buy http://a.example {number} " * 3}
    made = winnow.screened(**{**lead, **more})
    assert made["outcome"] == "review"
    return int(made["id"])


def decided(winnow):
    """What was decided, by number."""
    found = winnow.desks.review.page(Wanted(Shelf.DECIDED), "tests", None, 100)
    return {case.id: (case.closing.outcome, case.closing.reason) for case in found.items}


def left(winnow):
    return [case.id for case in winnow.desks.review.page(Wanted(), "tests", None, 100).items]


def until(page, true, seconds=20.0):
    """Wait for what happens behind the page, which goes on meanwhile."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen"
        page.wait_for_timeout(20)


def shown(page):
    return page.locator(".case:not([hidden]) h2")


def opened(page, there="/queue"):
    page.goto(there)
    expect(shown(page)).to_be_visible()
    return page


def may_break(watched):
    """Requests fail here on purpose."""
    watched.faults[:] = [fault for fault in watched.faults if "net::ERR_FAILED" not in fault]


def number_of(page):
    return int(page.locator(".case:not([hidden])").get_attribute("data-case"))


def test_the_whole_queue_is_decided_by_keyboard_alone(winnow, page_of):
    numbers = [came(winnow, number) for number in range(64)]
    page = opened(page_of("reviewer"))
    ways = {"a": (Outcome.ACCEPT, "genuine"), "t": (Outcome.TAG, "genuine"), "r 3": (Outcome.REJECT, "pitch")}
    said = {}
    for turn in range(64):
        number = number_of(page)
        way = list(ways)[turn % 3]
        for key in way.split():
            page.keyboard.press(key)
        said[number] = ways[way]
        expect(page.locator(f"#case-{number}")).to_be_hidden()
        if turn < 63:
            expect(shown(page)).to_be_visible()
    expect(page.get_by_role("heading", name="Queue is clear")).to_be_visible()
    until(page, lambda: not left(winnow))
    assert decided(winnow) == said
    assert sorted(said) == sorted(numbers)


def test_a_decision_is_taken_back_by_key_and_by_button(winnow, page_of):
    first, second = came(winnow, 1), came(winnow, 2)
    page = opened(page_of("reviewer"))
    page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Queue is clear")).to_be_visible()
    until(page, lambda: len(decided(winnow)) == 2)
    page.keyboard.press("u")
    expect(shown(page)).to_contain_text("Person 2")
    expect(page.locator("#notices")).to_contain_text("Taken back: Person 2")
    page.keyboard.press("u")
    expect(shown(page)).to_contain_text("Person 1")
    until(page, lambda: sorted(left(winnow)) == [first, second])
    page.keyboard.press("s")
    page.keyboard.press("2")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(shown(page)).to_contain_text("Person 1")
    until(page, lambda: winnow.desks.review.waiting().snoozed == 0 and sorted(left(winnow)) == [first, second])


def test_other_reasons_need_a_note_and_escape_closes_the_chooser(winnow, page_of):
    number = came(winnow, 1)
    page = opened(page_of("reviewer"))
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Why?")).to_be_hidden()
    page.keyboard.press("r")
    page.keyboard.press("9")
    assert decided(winnow) == {}
    page.keyboard.type("asked to be left alone, a 1 times")
    page.keyboard.press("Enter")
    until(page, lambda: decided(winnow) == {number: (Outcome.REJECT, "other")})
    assert winnow.desks.review.said(number, "tests")[0].note == "asked to be left alone, a 1 times"


def test_rows_are_selected_and_decided_at_once_and_all_of_it_taken_back(winnow, page_of):
    numbers = [came(winnow, number) for number in range(5)]
    page = opened(page_of("reviewer"))
    page.keyboard.press("x")
    for _ in range(3):
        page.keyboard.press("j")
    expect(shown(page)).to_contain_text("Person 3")
    page.keyboard.press("Shift+X")
    # those that were passed by are given back behind the scenes
    until(page, lambda: winnow.desks.review.case(numbers[1], "tests").claim is None)
    winnow.desks.review.claim(numbers[1], winnow.person_id("reviewer", name="Bo Other"))
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="3 leads are affected")).to_be_visible()
    expect(page.get_by_role("heading", name="1 lead is left as it is")).to_be_visible()
    expect(page.locator("#page")).to_contain_text("taken by Bo Other")
    page.get_by_label("Why?").select_option("pitch")
    page.get_by_role("button", name="Reject 3 leads").click()
    expect(page.get_by_text("Decided. You can take all of it back")).to_be_visible()
    assert set(decided(winnow).values()) == {(Outcome.REJECT, "pitch")}
    page.get_by_role("button", name="Take all of it back").click()
    expect(page.get_by_text("All of it was taken back.")).to_be_visible()
    assert sorted(left(winnow)) == numbers


def test_two_people_do_not_get_the_same_lead(winnow, page_of, watched):
    watched.may_be_refused = True
    numbers = [came(winnow, number) for number in range(4)]
    one, other = page_of("reviewer"), page_of("reviewer", name="Bo Other")
    opened(one)
    opened(other)
    assert (number_of(one), number_of(other)) == (numbers[0], numbers[1])
    # the list of the first still has the second one free, and it is already rendered: the service knows better
    one.keyboard.press("a")
    expect(one.get_by_text("Bo Other has it already")).to_be_visible()
    expect(shown(one)).to_contain_text("Person 2")
    opened(other, f"/queue?case={numbers[2]}")
    expect(other.locator(".case:not([hidden])")).to_contain_text("taken by Reviewer")
    other.keyboard.press("a")
    expect(other.get_by_text("Not saved:")).to_be_visible()
    expect(other.locator("#notices")).to_contain_text("is taken by")
    until(one, lambda: decided(winnow) == {numbers[0]: (Outcome.ACCEPT, "genuine")})


def test_a_case_is_given_back_when_the_page_is_left_and_kept_when_it_is_reloaded(winnow, page_of):
    number = came(winnow, 1)
    page = opened(page_of("reviewer"))
    held = lambda: winnow.desks.review.case(number, "tests").claim  # noqa: E731
    assert held() is not None
    page.reload()
    expect(shown(page)).to_be_visible()
    time.sleep(0.3)
    assert held() is not None
    page.goto("/account")
    until(page, lambda: held() is None)


def test_what_cannot_be_sent_waits_and_is_sent_later_once(winnow, page_of, watched):
    numbers = [came(winnow, number) for number in range(3)]
    page = opened(page_of("reviewer"))
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.keyboard.press("a")
    expect(shown(page)).to_contain_text("Person 0")
    expect(page.locator(".case:not([hidden])").get_by_role("button", name=re.compile("^Accept A"))).to_be_disabled()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()
    # the service cannot be reached, which the browser does not know
    page.route("**/queue/*/decide*", lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.get_by_text("The service cannot be reached.")).to_be_visible()
    page.keyboard.press("a")
    assert decided(winnow) == {}
    page.unroute("**/queue/*/decide*")
    until(page, lambda: decided(winnow) == {numbers[0]: (Outcome.ACCEPT, "genuine")})
    expect(page.get_by_text("The service cannot be reached.")).to_be_hidden()
    page.keyboard.press("a")
    until(page, lambda: len(decided(winnow)) == 2)
    may_break(watched)


def test_an_answer_that_is_lost_does_not_decide_twice(winnow, page_of, watched):
    number = came(winnow, 1)
    came(winnow, 2)
    page = opened(page_of("reviewer"))
    asked = []

    def lose_the_first(route):
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route(f"**/queue/{number}/decide*", lose_the_first)
    page.keyboard.press("a")
    until(page, lambda: len(asked) == 2)
    expect(page.get_by_text("The service cannot be reached.")).to_be_hidden()
    assert len(set(asked)) == 1
    expect(page.get_by_text("Not saved")).to_be_hidden()
    assert len(winnow.desks.review.said(number, "tests")) == 1
    may_break(watched)


def test_a_failed_save_brings_the_lead_back_and_says_so(winnow, page_of, watched):
    watched.may_be_refused = True
    number = came(winnow, 1)
    came(winnow, 2)
    page = opened(page_of("reviewer"))
    page.route(f"**/queue/{number}/decide*", lambda route: route.fulfill(status=422, body="<p>no</p>"))
    page.keyboard.press("a")
    expect(shown(page)).to_contain_text("Person 2")
    alert = page.get_by_role("alert").filter(has_text="Not saved:")
    expect(alert).to_contain_text("Person 1")
    expect(page.locator(f".rows [data-case='{number}']")).to_be_visible()
    page.unroute(f"**/queue/{number}/decide*")
    alert.get_by_role("button", name="Open it again").click()
    expect(shown(page)).to_contain_text("Person 1")
    page.keyboard.press("a")
    until(page, lambda: number in decided(winnow))


def test_a_session_that_ended_is_asked_for_and_the_decision_is_not_lost(winnow, page_of, watched):
    watched.may_be_refused = True
    number = came(winnow, 1)
    came(winnow, 2)
    page = opened(page_of("reviewer"))
    winnow.end_sessions()
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password").fill("unrelated words of a test")
    dialog.get_by_role("button", name="Go on").click()
    until(page, lambda: decided(winnow) == {number: (Outcome.ACCEPT, "genuine")})


def test_blind_people_see_no_score_until_they_opened_the_reasons(winnow, page_of):
    came(winnow, 1)
    page = opened(page_of("reviewer"))
    expect(page.locator(".case:not([hidden]) header")).to_contain_text("likely junk")
    page.get_by_role("button", name="Hide scores until I open the reasons").click()
    expect(page.locator(".case:not([hidden]) header")).not_to_contain_text("likely junk")
    expect(page.get_by_text(re.compile("likely junk"))).to_be_hidden()
    expect(page.locator(".rows")).not_to_contain_text("%")
    page.keyboard.press("e")
    expect(page.get_by_text(re.compile("likely junk"))).to_be_visible()


def test_the_table_says_what_the_bars_say(winnow, page_of):
    came(winnow, 1)
    page = opened(page_of("reviewer"))
    expect(page.get_by_role("table")).to_be_hidden()
    page.keyboard.press("v")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard keys")).to_contain_text("Reasons as a table")
    page.keyboard.press("Escape")
    bars = page.locator(".case:not([hidden]) .bars li:not(.sum) .what").all_inner_texts()
    rows = page.get_by_role("table").locator("tbody tr th").all_inner_texts()
    assert bars == rows[: len(bars)]
    assert len(bars) > 3


def test_hostile_words_are_words(winnow, page_of):
    chosen = STORABLE[:: max(1, len(STORABLE) // 40)]
    for number, text in enumerate(['"><script>alert(1)</script>', "{{7*7}}", *chosen]):
        came(
            winnow,
            number,
            full_name=text[:200] or None,
            company=text[:200] or None,
            message=f"{text} http://x.example {number}",
        )
    page = opened(page_of("reviewer"))
    for _ in range(6):
        page.keyboard.press("j")
        expect(page.locator("#cases")).to_have_attribute("aria-busy", "false")
        expect(shown(page)).to_be_visible()
    expect(page.locator("#rows")).to_contain_text("{{7*7}}")


@pytest.mark.parametrize("looks", [{"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 700}}])
def test_everybody_can_use_it(winnow, page_of, looks):
    came(winnow, 1)
    came(winnow, 2)
    page = opened(page_of("reviewer", **looks))
    assert overflow(page) <= 0
    assert offences(page) == []
    page.keyboard.press("r")
    page.keyboard.press("v")
    assert offences(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("looks", [{"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 700}}])
def test_everybody_can_use_the_pages_about_leads_and_about_several(winnow, page_of, looks):
    numbers = [came(winnow, number, email=f"p{number}@kestrel.example") for number in range(2)]
    page = page_of("reviewer", **looks)
    for path in ("/leads", f"/leads/{numbers[0]}", "/queue?shelf=decided"):
        page.goto(path)
        assert (offences(page), overflow(page)) == ([], 0), path
    opened(page)
    page.get_by_text("Allow alike …").first.click()
    assert offences(page) == []
    page.get_by_role("button", name="the domain kestrel.example").click()
    expect(page.get_by_role("heading", name="Allow the domain kestrel.example")).to_be_visible()
    assert (offences(page), overflow(page)) == ([], 0)
    page.get_by_label("Why it may pass").fill("A partner")
    page.get_by_role("button", name="Allow it, and let them through").click()
    expect(page.get_by_role("heading", name="Queue is clear")).to_be_visible()
    assert offences(page) == []


def test_a_rep_takes_a_lead_and_says_what_it_was_with_two_keys(winnow, page_of):
    number = came(winnow, 1)
    page = page_of("rep")
    page.goto(f"/leads/{number}")
    page.keyboard.press("i")
    expect(page.get_by_text("It is yours.")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_text("Thank you. What you said")).to_be_visible()
    assert decided(winnow) == {number: (Outcome.ACCEPT, "genuine")}


def test_without_scripts_the_forms_do_the_same(winnow, page_of):
    number = came(winnow, 1)
    page = opened(page_of("reviewer", java_script_enabled=False))
    page.get_by_text("Reject …").click()
    page.get_by_role("button", name="Wants to sell us something").click()
    expect(page.get_by_text("Rejected. The lead is kept")).to_be_visible()
    assert decided(winnow) == {number: (Outcome.REJECT, "pitch")}
    page.get_by_role("button", name="Take the last one back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.get_by_text("Snooze …").click()
    page.get_by_role("button", name="For an hour").click()
    assert winnow.desks.review.waiting().snoozed == 1
