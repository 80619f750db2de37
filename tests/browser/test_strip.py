"""An open page shows what somebody else stops, without being loaded anew and without getting in the way."""

from playwright.sync_api import expect

from winnow.core.govern.stop import StopScope


def stopped(winnow):
    return winnow.desks.stop.engage(StopScope.ALL, "", "leads of one region are rejected", "tests").stop


def lift(winnow, stop_id):
    people = winnow.desks.people.desk
    for name in ("Ana", "Bo"):
        person = people.create(
            f"{name}.{stop_id}@lift.example".lower(), name, ["approver"], "seven quiet lighthouses", "tests"
        )
        winnow.desks.stop.lift(stop_id, "mended", person)


def test_every_open_page_says_that_all_is_stopped_and_that_it_goes_on(winnow, page_of):
    page = page_of("approver")
    page.goto("/stop")
    strip, said = page.locator("#strip"), page.locator("#strip-said")
    expect(strip).not_to_contain_text("STOPPED")
    page.locator("#reason").focus()
    page.keyboard.type("half a sen")
    page.evaluate("window.stays = true")
    stop = stopped(winnow)
    expect(strip).to_contain_text("STOPPED", timeout=10_000)
    expect(said).to_contain_text("STOPPED")
    page.keyboard.type("tence")
    assert page.locator("#reason").input_value() == "half a sentence"
    assert page.evaluate("window.stays")
    strip.get_by_role("link", name="STOPPED").first.focus()
    lift(winnow, stop.id)
    expect(strip).not_to_contain_text("STOPPED", timeout=10_000)
    expect(said).to_have_text("Nothing is stopped any more.")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_page_that_nobody_sees_asks_for_nothing(page_of):
    page = page_of("rep")
    page.goto("/account")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/strip" in request.url else None)
    page.evaluate("""() => {
        Object.defineProperty(document, 'hidden', { get: () => window.unseen, configurable: true });
        window.unseen = true;
    }""")
    page.wait_for_timeout(3_500)
    asked.clear()
    page.wait_for_timeout(3_500)
    assert asked == []
    with page.expect_request(lambda request: "/strip?known=" in request.url):
        page.evaluate("() => { window.unseen = false; document.dispatchEvent(new Event('visibilitychange')); }")


def test_when_the_session_has_ended_the_page_asks_no_more(page_of, watched):
    watched.may_be_refused = True
    page = page_of("rep")
    page.goto("/account")
    page.route("**/strip?*", lambda route: route.fulfill(status=401, body=""))
    with page.expect_request(lambda request: "/strip" in request.url):
        pass
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4_000)
    assert asked == []
