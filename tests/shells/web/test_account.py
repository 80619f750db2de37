"""One's own account as a page: the daily mail, where the installation sends letters."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.seeing import PASSWORD, Seen, text_of
from tests.support.served import serving

MAIL: dict[str, Any] = {
    "mail__server": "127.0.0.1",
    "mail__security": "none",
    "mail__from": "winnow@w.example",
    "mail__address_of_pages": "https://w.example",
    "mail__digest_at": "",
}


@pytest.fixture(scope="module")
def mailing(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("mailing"), pages=True, **MAIL) as running:
        yield Seen(running)


def wanted(seen, role):
    return seen.served.state.desks.people.desk.person(seen.person(role)).gets_digest


def test_the_daily_mail_is_ended_and_asked_for_again(mailing):
    assert wanted(mailing, "reviewer")
    page = mailing.get("/account", "reviewer")
    assert "Send it no more" in text_of(page)
    for said, on in (("off", False), ("on", True)):
        answer = mailing.post("/account/digest", "reviewer", fields={"wanted": said})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/account?said=digest-{said}")
        assert wanted(mailing, "reviewer") is on
        button = 'name="wanted" value="off"' if on else 'name="wanted" value="on"'
        assert button in mailing.get("/account", "reviewer").text


def test_who_does_not_see_the_queue_gets_no_mail_about_it(mailing):
    assert "Daily mail" not in mailing.get("/account", "admin").text
    refused = mailing.post("/account/digest", "admin", fields={"wanted": "on"})
    assert refused.status_code == 409
    assert "they get no mail about it" in text_of(refused)


def test_nothing_is_offered_where_no_letter_is_sent(seen):
    assert "Daily mail" not in seen.get("/account", "reviewer").text


def test_without_scripts_who_must_prove_who_they_are_does_so_and_goes_back(seen, monkeypatch):
    monkeypatch.setattr("winnow.core.people.accounts.CONFIRMED_FOR", timedelta(0))
    asked = seen.post("/account/authenticator", "rep", "auditor", referer="http://localhost/account?said=signed-out")
    assert (asked.status_code, asked.headers["x-ask"]) == (403, "confirm")
    assert 'action="/confirm"' in asked.text
    assert 'name="next" value="/account?said=signed-out"' in asked.text
    elsewhere = seen.post("/account/authenticator", "rep", "auditor", referer="https://evil.example//evil.example")
    assert 'name="next" value="/"' in elsewhere.text
    wrong = seen.post("/confirm", "rep", "auditor", fields={"password": "not this one", "next": "/account"})
    assert (wrong.status_code, 'name="next" value="/account"' in wrong.text) == (422, True)
    right = seen.post("/confirm", "rep", "auditor", fields={"password": PASSWORD, "next": "/account"})
    assert (right.status_code, right.headers["location"]) == (303, "/account?said=confirmed")
    assert "set-cookie" in right.headers


def test_a_link_to_an_authenticator_is_no_other_link(seen):
    fields = {"code": "000000", "secret": "ABCD", "link": "javascript:alert(1)"}
    page = seen.post("/account/authenticator/try", "rep", fields=fields)
    assert page.status_code == 422
    assert "javascript:" not in page.text
