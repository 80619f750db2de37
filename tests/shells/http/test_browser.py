"""Cookies travel where nobody listens, and only our own pages make a browser change something."""

import pytest

from winnow.errors import NotAllowedError
from winnow.shells.http.browser import cookie_name, ended_cookie, need_own_page, new_cookie, session_token

TOKEN = "t" * 52


def asked(*, scheme="https", client="203.0.113.7", host="crm.example", **headers):
    named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    hosts = [(b"host", host.encode())] if host else []
    return {"type": "http", "scheme": scheme, "client": (client, 1), "headers": [*hosts, *named]}


OWN = "https://crm.example"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"origin": OWN}, True),
        ({"origin": "https://CRM.example"}, True),
        ({"origin": "https://crm.example:443"}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"origin": OWN, "sec_fetch_site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "null", "sec_fetch_site": "same-origin"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://evil.example", "sec_fetch_site": "same-origin"}, False),
        ({"origin": OWN, "sec_fetch_site": "cross-site"}, False),
        ({"origin": OWN, "sec_fetch_site": "same-site"}, False),
        ({"origin": OWN, "sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "Same-Origin"}, False),
        ({"origin": "https://crm.example:8443"}, False),
        ({"origin": "http://crm.example"}, False),
        ({"origin": "https://www.crm.example"}, False),
        ({"origin": "https://crm.example.evil.example"}, False),
        ({"origin": "https://crm.example@evil.example"}, False),
        ({"origin": "https://ana@crm.example"}, False),
        ({"origin": "https://crm.example/"}, False),
        ({"origin": "https://crm.example:99999"}, False),
        ({"origin": f"{OWN}, {OWN}"}, False),
        ({"origin": "crm.example"}, False),
        ({"referer": f"{OWN}/page"}, False),
    ],
)
def test_a_request_from_a_page_of_ours(headers, own):
    if own:
        need_own_page(asked(**headers))
    else:
        with pytest.raises(NotAllowedError):
            need_own_page(asked(**headers))


def test_a_second_header_does_not_help():
    scope = asked(origin=OWN)
    scope["headers"].append((b"origin", b"https://evil.example"))
    with pytest.raises(NotAllowedError):
        need_own_page(scope)
    for hosts in (["crm.example", "crm.example"], []):
        scope = asked(origin=OWN, host="")
        scope["headers"] += [(b"host", host.encode()) for host in hosts]
        with pytest.raises(NotAllowedError):
            need_own_page(scope)


def test_the_same_on_this_machine_by_port():
    local = {"scheme": "http", "client": "127.0.0.1", "host": "127.0.0.1:8420"}
    need_own_page(asked(**local, origin="http://127.0.0.1:8420"))
    for origin in ("http://127.0.0.1:8421", "http://127.0.0.1", "http://localhost:8420", "https://127.0.0.1:8420"):
        with pytest.raises(NotAllowedError):
            need_own_page(asked(**local, origin=origin))


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ({}, "__Host-winnow"),
        ({"client": "127.0.0.1", "host": "localhost"}, "__Host-winnow"),
        ({"scheme": "http", "client": "127.0.0.1", "host": "localhost:8420"}, "winnow"),
        ({"scheme": "http", "client": "127.0.0.1", "host": "127.0.0.1"}, "winnow"),
        ({"scheme": "http", "client": "::1", "host": "[::1]:8420"}, "winnow"),
        ({"scheme": "http"}, None),
        ({"scheme": "http", "client": "127.0.0.1"}, None),  # a proxy on this machine, or a name led astray
        ({"scheme": "http", "host": "localhost"}, None),
        ({"scheme": "http", "client": "127.0.0.1", "host": "localhost.evil.example"}, None),
        ({"scheme": "http", "client": "127.0.0.1", "host": "localhost", "x_forwarded_for": "203.0.113.7"}, None),
        ({"scheme": "http", "client": "127.0.0.1", "host": "localhost", "via": "1.1 proxy"}, None),
        ({"scheme": "http", "client": "127.0.0.1", "host": ""}, None),
        ({"scheme": "http", "client": "somewhere", "host": "localhost"}, None),
    ],
)
def test_what_the_cookie_is_called(request_, name):
    scope = asked(**request_, cookie=f"__Host-winnow={TOKEN}1; winnow={TOKEN}2")
    assert cookie_name(scope) == name
    if name is None:
        assert session_token(scope) is None
        with pytest.raises(NotAllowedError):
            new_cookie(scope, TOKEN)
        return
    assert session_token(scope) == TOKEN + ("1" if name.startswith("__Host-") else "2")
    flags = {"Path=/", "HttpOnly", "SameSite=Lax"} | ({"Secure"} if name.startswith("__Host-") else set())
    pair, *found = new_cookie(scope, TOKEN).split("; ")
    assert (pair, set(found)) == (f"{name}={TOKEN}", flags)  # no Domain: `__Host-` allows none
    pair, *found = ended_cookie(scope).split("; ")
    assert (pair, set(found)) == (f"{name}=", flags | {"Max-Age=0"})


@pytest.mark.parametrize(
    ("cookie", "token"),
    [
        ("", None),
        ("other=1", None),
        ("x__Host-winnow=1", None),
        ("__host-winnow=1", None),
        (f"a=b;__Host-winnow={TOKEN};c=d", TOKEN),
        (f"__Host-winnow={TOKEN}; __Host-winnow=other", TOKEN),
        ("__Host-winnow", ""),
        (";" * 100_000 + f"__Host-winnow={TOKEN}", None),
    ],
)
def test_cookies_as_browsers_and_others_send_them(cookie, token):
    assert session_token(asked(cookie=cookie)) == token
