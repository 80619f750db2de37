"""Every role and every page and action: the table is made from the routes, so none can be forgotten."""

import re

import pytest

from winnow.core.apikeys import Scope
from winnow.core.people.accounts import PEOPLES_ROLES
from winnow.shells.http.access import PUBLIC, SIGNED_IN, access_of
from winnow.shells.web.pages import PAGES

ROUTES = [
    (method, path, access_of(handler).scope)
    for handler in PAGES
    for path in sorted(handler.paths)
    for method in sorted(handler.http_methods)
]
GUARDED = [each for each in ROUTES if each[2] != PUBLIC]


def filled(path):
    """An address of the route; what it names is not there."""
    return re.sub(r"\{\w+:(\w+)\}", lambda found: "1" if found[1] == "int" else "nothing", path)


def ask(seen, method, path, *roles):
    return seen.get(filled(path), *roles) if method == "GET" else seen.post(filled(path), *roles)


def test_every_page_says_who_may_open_it():
    assert len(ROUTES) > len(GUARDED) > 5
    assert {path for _, path, scope in ROUTES if scope == PUBLIC} == {
        *("/static/{name:path}", "/sign-in", "/looks", "/setup/{token:str}", "/join/{token:str}", "/forgotten"),
        *("/c/{token:str}", "/unsubscribe/{token:str}"),
    }
    assert all(access_of(handler).page or path == "/static/{name:path}" for handler in PAGES for path in handler.paths)


@pytest.mark.parametrize("role", sorted(PEOPLES_ROLES))
def test_a_role_opens_what_it_may_and_nothing_else(seen, role):
    """What was let through may fail for what it names or what was not typed in, but not for who asks."""
    for method, path, scope in GUARDED:
        if path in {"/sign-out", "/account/password"} or "authenticator" in path:
            continue  # shown elsewhere: these end or change the session that asks
        answer = ask(seen, method, path, role)
        may = scope == SIGNED_IN or Scope(scope) in PEOPLES_ROLES[role]
        refused = answer.status_code == 403 and "x-ask" not in answer.headers
        assert refused is not may, f"{role}: {method} {path} {answer.status_code} {answer.text[:300]}"


@pytest.mark.parametrize(("method", "path"), [each[:2] for each in GUARDED])
def test_nobody_opens_it_without_a_session(seen, method, path):
    answer = ask(seen, method, path)
    if method == "GET":
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
    else:
        assert (answer.status_code, answer.headers["x-ask"]) == (401, "sign-in")


@pytest.mark.parametrize("path", [each[1] for each in GUARDED if each[0] == "POST"])
def test_no_page_from_elsewhere_makes_a_browser_do_it(seen, path):
    roles = sorted(PEOPLES_ROLES)
    for headers in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert seen.post(filled(path), *roles, **headers).status_code == 403, headers


def test_no_key_opens_a_page(seen):
    answer = seen.served("GET", "/account", headers={"host": "localhost"})
    assert answer.status_code == 303
