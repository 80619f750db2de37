"""People sign in over HTTP, and what they may do then is what their role allows, from our pages only."""

import asyncio
import time
from datetime import timedelta

import pytest

from tests.support.served import serving
from tests.support.signed_in import HOME, PASSWORD, Browser, browser_of, new_person
from winnow.adapters.passwords import Argon2
from winnow.core.people import totp
from winnow.core.people.accounts import CONFIRMED_FOR
from winnow.core.people.attempts import OF_ACCOUNT

OTHER = "nine loud trombones"


def kind(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.fixture
def admin(served):
    return browser_of(served, "admin")


class Later:
    """A clock that is ahead of the real one."""

    def __init__(self, clock, ahead):
        self.clock, self.ahead = clock, ahead

    def now(self):
        return self.clock.now() + self.ahead


@pytest.fixture
def later(served, monkeypatch):
    def forward(ahead):
        monkeypatch.setattr(served.state.reception, "_clock", Later(served.service.clock, ahead))

    return forward


def test_signing_in_and_out(served):
    person, browser = new_person(served, "rep"), Browser(served)
    answer = browser.sign_in(person.email.upper())
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-winnow=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["person"]["roles"] == ["rep"]
    kept = Browser(served, browser.cookie)
    assert kept("GET", "/v1/session").json() == answer.json()
    gone = browser("DELETE", "/v1/session")
    assert gone.status_code == 204
    assert "Max-Age=0" in gone.headers["set-cookie"]
    assert kind(kept("GET", "/v1/session")) == (401, "unauthenticated")


def test_the_id_of_a_session_is_never_one_that_was_there_before(served):
    person = new_person(served, "rep")
    planted = "__Host-winnow=" + "a" * 52
    browser = Browser(served, planted)
    browser.sign_in(person.email)
    first = browser.cookie
    assert first != planted
    assert kind(Browser(served, planted)("GET", "/v1/session"))[0] == 401
    browser.sign_in(person.email)
    assert browser.cookie != first
    assert kind(Browser(served, first)("GET", "/v1/session"))[0] == 401


def test_an_account_that_is_not_there_and_a_wrong_password_look_alike(served):
    person, browser = new_person(served, "rep"), Browser(served, ip=served.new_ip())
    wrong, nobody = browser.sign_in(person.email, "x"), browser.sign_in("nobody@x.example", "x")
    assert wrong.content == nobody.content
    alike = {name: value for name, value in wrong.headers.items() if name != "date"}
    assert alike == {name: value for name, value in nobody.headers.items() if name != "date"}
    assert kind(wrong) == (401, "unauthenticated")


def test_an_account_that_is_not_there_takes_as_long(served, monkeypatch):
    """Hashes are as costly here as they really are: what else there is to do takes no time beside them."""
    sign_ins = served.state.desks.people.sign_ins
    monkeypatch.setattr(sign_ins, "_hasher", Argon2())
    monkeypatch.setattr(served.state.desks.people.desk, "_hasher", sign_ins._hasher)
    sign_ins._hasher.proves("x", None)  # makes what others are compared with

    def seconds(email):
        begun = time.process_time()
        with pytest.raises(Exception, match="wrong"):
            sign_ins.sign_in(email, "x", None, served.new_ip())
        return time.process_time() - begun

    emails = [new_person(served, "rep").email for _ in range(4)]
    there, not_there = min(map(seconds, emails)), min(seconds(f"none{number}@x.example") for number in range(4))
    assert 0.5 < there / not_there < 2.0


def test_of_fifty_guesses_at_once_at_most_the_limit_gets_through(served):
    person = new_person(served, "rep")
    body = {"email": person.email, "password": "wrong" * 3}

    async def guesses():
        asked = [
            served.asked("POST", f"{HOME}/v1/session", f"198.51.100.{number}", json=body, headers={"Origin": HOME})
            for number in range(50)
        ]
        return await asyncio.gather(*asked)

    statuses = [answer.status_code for answer in served.run(guesses())]
    assert statuses.count(401) == OF_ACCOUNT.burst
    assert statuses.count(429) == 50 - OF_ACCOUNT.burst
    refused = Browser(served, ip="198.51.101.1").sign_in(person.email)
    assert kind(refused) == (429, "too-many-requests")
    assert 0 < int(refused.headers["retry-after"]) <= OF_ACCOUNT.every.total_seconds()


def test_nobody_signs_in_where_others_may_listen(served):
    person = new_person(served, "rep")
    away = Browser(served, home="http://testserver", ip="127.0.0.1")
    assert kind(away.sign_in(person.email)) == (403, "not-allowed")
    here = Browser(served, home="http://localhost:8420", ip="127.0.0.1")
    assert here.sign_in(person.email).headers["set-cookie"].startswith("winnow=")
    assert "Secure" not in here.sign_in(person.email).headers["set-cookie"]
    assert here("GET", "/v1/session").status_code == 200
    elsewhere = Browser(served, here.cookie.replace("winnow=", "__Host-winnow="), home="http://localhost:8420")
    assert kind(elsewhere("GET", "/v1/session"))[0] == 401


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://testserver", "https://testserver:444"]
)
def test_only_our_own_pages_change_something(admin, origin):
    body = {"email": "never@x.example", "name": "N", "roles": ["rep"]}
    for method, path, sent in (
        ("POST", "/v1/people", body),
        ("DELETE", "/v1/session", None),
        ("POST", "/v1/session/confirm", {"password": PASSWORD}),
        ("POST", "/v1/session", {"email": "ana@x.example", "password": PASSWORD}),
        ("POST", "/v1/setup", {"token": "x", "password": OTHER, "email": "a@x.example", "name": "A"}),
        ("POST", "/v1/session/join", {"token": "x", "password": OTHER}),
    ):
        assert kind(admin(method, path, sent, origin=origin)) == (403, "not-allowed"), path
    assert admin("GET", "/v1/people", origin=origin).status_code == 200
    assert "never@x.example" not in admin("GET", "/v1/people?limit=200").text


def test_a_key_needs_no_page_and_no_cookie_helps_it(served, admin):
    key = served.new_key("people:read")
    with_both = {"Authorization": f"Bearer {key}", "Origin": "null", "Cookie": admin.cookie}
    for method, path, status in (("GET", "/v1/people", 200), ("POST", "/v1/people", 403), ("GET", "/v1/session", 401)):
        headers = with_both if path != "/v1/session" else {"Authorization": f"Bearer {key}"}
        assert served(method, HOME + path, key=None, headers=headers).status_code == status
    wrong = served(
        "GET", f"{HOME}/v1/people", key="wk_none_" + "0" * 30, headers={"Cookie": admin.cookie}, ip="10.9.9.9"
    )
    assert kind(wrong) == (401, "unauthenticated")


def test_a_disabled_account_is_dead_at_the_next_request(served, admin):
    person = new_person(served, "rep")
    browser = Browser(served, ip=served.new_ip())
    browser.sign_in(person.email)
    assert browser("GET", "/v1/session").status_code == 200
    assert admin("POST", f"/v1/people/{person.id}/disable").json()["standing"] == "disabled"
    assert kind(browser("GET", "/v1/session")) == (401, "unauthenticated")
    assert kind(browser.sign_in(person.email)) == (401, "unauthenticated")
    assert admin("POST", f"/v1/people/{person.id}/enable").json()["standing"] == "active"
    assert browser.sign_in(person.email).status_code == 200


def test_a_disabled_account_is_dead_on_every_replica(tmp_path):
    with serving(tmp_path) as one, serving(tmp_path) as two:
        person = new_person(one, "rep")
        new_person(one, "admin")
        browser = Browser(one)
        browser.sign_in(person.email)
        elsewhere = Browser(two, browser.cookie)
        assert elsewhere("GET", "/v1/session").status_code == 200
        one.state.desks.people.desk.disable(person.id, "tests")
        assert elsewhere("GET", "/v1/session").status_code == 401


def test_what_weighs_heavily_needs_the_password_once_more(served, admin, later):
    assert admin("POST", "/v1/people", {"email": "c1@x.example", "name": "C", "roles": ["rep"]}).status_code == 201
    later(CONFIRMED_FOR + timedelta(seconds=5))
    for method, path, body in (
        ("POST", "/v1/people", {"email": "c2@x.example", "name": "C", "roles": ["rep"]}),
        ("POST", "/v1/keys", {"name": "k", "scopes": ["ingest"]}),
        ("POST", "/v1/session/authenticator", None),
    ):
        assert kind(admin(method, path, body)) == (403, "not-confirmed"), path
    approver = browser_of(served, "approver")
    assert kind(approver("POST", "/v1/rulesets/none/activate")) == (403, "not-confirmed")
    assert admin("GET", "/v1/people").status_code == 200
    assert kind(admin("POST", "/v1/session/confirm", {"password": "x"})) == (401, "unauthenticated")
    later(timedelta())
    before = admin.cookie
    assert admin("POST", "/v1/session/confirm", {"password": PASSWORD}).status_code == 200
    assert admin.cookie != before
    assert kind(Browser(served, before)("GET", "/v1/session"))[0] == 401
    assert kind(approver("POST", "/v1/rulesets/none/activate")) == (404, "not-found")


def test_an_invitation_lets_somebody_in(served, admin):
    body = {"email": "dora@x.example", "name": "Dora", "roles": ["reviewer", "approver"]}
    link = admin("POST", "/v1/people", body).json()
    assert link["person"]["standing"] == "invited"
    browser = Browser(served, ip=served.new_ip())
    assert kind(browser.sign_in("dora@x.example"))[0] == 401
    assert kind(browser("POST", "/v1/session/join", {"token": link["token"], "password": "password1234"}))[0] == 422
    joined = browser("POST", "/v1/session/join", {"token": link["token"], "password": OTHER})
    assert joined.json()["standing"] == "active"
    assert kind(browser("POST", "/v1/session/join", {"token": link["token"], "password": OTHER}))[0] == 404
    assert browser.sign_in("dora@x.example", OTHER).status_code == 200
    assert kind(browser("POST", "/v1/people", body)) == (403, "not-allowed")
    assert kind(admin("POST", "/v1/people", body)) == (409, "conflict")
    person = admin("GET", f"/v1/people/{link['person']['id']}").json()
    assert admin("PUT", f"/v1/people/{person['id']}/roles", {"roles": ["rep"]}).json()["roles"] == ["rep"]
    assert browser("GET", "/v1/session").json()["scopes"] != []
    assert kind(browser("GET", "/v1/lists")) == (403, "not-allowed")


def test_an_invitation_asked_for_twice_with_one_idempotency_key_is_one(admin):
    body, headers = {"email": "emil@x.example", "name": "E", "roles": ["rep"]}, {"Idempotency-Key": "once"}
    first, again = (admin("POST", "/v1/people", body, headers=headers) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"


def test_the_decision_log_names_the_person(admin):
    made = admin("POST", "/v1/keys", {"name": "k", "scopes": ["ingest"]}).json()
    assert made["key"]["created_by"] == admin("GET", "/v1/session").json()["person"]["id"]


def test_an_authenticator(served):
    browser = browser_of(served, "rep")
    email = browser("GET", "/v1/session").json()["person"]["email"]
    secret = browser("POST", "/v1/session/authenticator").json()
    assert secret["uri"].startswith("otpauth://totp/Winnow:")
    service = served.state.desks.people.sign_ins
    kept = service._people.account_of(email).secret
    assert totp.shown(kept) == secret["secret"]
    code = lambda away: totp.code(kept, totp.step_at(served.service.clock.now()) + away)  # noqa: E731  # a name for what is said often
    assert browser("PUT", "/v1/session/authenticator", {"code": code(-1)}).status_code == 204
    other = Browser(served, ip=served.new_ip())
    needed = other.sign_in(email)
    assert kind(needed) == (401, "code-needed")
    assert "set-cookie" not in needed.headers
    right = code(0)
    assert other.sign_in(email, code=right).status_code == 200
    assert kind(other.sign_in(email, code=right)) == (401, "unauthenticated")
    assert browser("DELETE", "/v1/session/authenticator").status_code == 204
    assert other.sign_in(email).status_code == 200


def test_another_password_over_http(served):
    browser = browser_of(served, "rep")
    email = browser("GET", "/v1/session").json()["person"]["email"]
    left_open = Browser(served, browser.cookie)
    answer = browser("PUT", "/v1/session/password", {"password": PASSWORD, "new_password": OTHER})
    assert answer.status_code == 200, answer.text
    assert kind(left_open("GET", "/v1/session"))[0] == 401
    assert browser("GET", "/v1/session").status_code == 200
    assert kind(Browser(served, ip=served.new_ip()).sign_in(email))[0] == 401


def test_the_first_account_is_made_with_the_link_and_then_no_more(tmp_path):
    with serving(tmp_path) as served:
        assert served.service.first_run.token() is None  # the application of the tests has a key
        object.__setattr__(served.service.first_run, "api_keys", type("NoKeys", (), {"all": list})())
        token = served.service.first_run.token()
        browser = Browser(served)
        body = {"token": token, "email": "ana@x.example", "name": "Ana", "password": PASSWORD}
        assert kind(browser("POST", "/v1/setup", {**body, "token": "x"})) == (404, "not-found")
        assert kind(browser("POST", "/v1/setup", {**body, "password": "password1234"})) == (422, "invalid-input")
        made = browser("POST", "/v1/setup", body)
        assert (made.status_code, made.json()["roles"]) == (201, ["admin"])
        assert kind(browser("POST", "/v1/setup", body)) == (404, "not-found")
        assert served.service.first_run.token() is None
        assert browser.sign_in("ana@x.example").status_code == 200


def test_sessions_that_are_none_are_limited_too(served):
    ip = served.new_ip()
    statuses = [
        Browser(served, f"__Host-winnow={number:052}", ip=ip)("GET", "/v1/session").status_code for number in range(62)
    ]
    assert statuses[:60] == [401] * 60
    assert statuses[-1] == 429
