"""Signing in with a real OpenID provider: who may come in, and everything that does not get anybody in."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.oidc import provider
from tests.support.served import serving
from tests.support.signed_in import PASSWORD, Browser
from winnow.core.people.accounts import Standing

pytestmark = pytest.mark.enable_socket

ROLES = {"oidc__roles_claim": "groups", "oidc__roles": "lead-team=reviewer,it=admin"}


@pytest.fixture(scope="module")
def idp():
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def at(idp, tmp_path_factory):
    """`at(setting=…)`: an application that people sign in to with the provider."""
    running, open_ones = {}, []

    def started(**settings):
        key = tuple(sorted(settings.items()))
        if key not in running:
            given = {"oidc__issuer": idp.issuer, "oidc__client_id": "winnow", "oidc__client_secret": "s:cret"}
            networks = {"oidc__allow_networks": "127.0.0.0/8,::1/128"}
            context = serving(tmp_path_factory.mktemp("oidc"), **{**given, **networks, **settings})
            open_ones.append(context)
            running[key] = context.__enter__()
        return running[key]

    yield started
    for context in open_ones:
        context.__exit__(None, None, None)


class Traveller(Browser):
    """A browser that keeps the cookie of the way, too."""

    way = ""

    def go(self, path):
        cookies = "; ".join(filter(None, (self.cookie, self.way)))
        answer = self.served("GET", self.home + path, key=None, ip=self.ip, headers={"Cookie": cookies})
        for header in answer.headers.get_list("set-cookie"):
            pair = header.partition(";")[0]
            name = "way" if pair.partition("=")[0].endswith("-oidc") else "cookie"
            setattr(self, name, pair)
        return answer

    def begun(self, query=""):
        """The address at the provider."""
        answer = self.go(f"/sign-in/oidc{query}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def returned(self, address):
        parts = urlsplit(address)
        return self.go(f"{parts.path}?{parts.query}")

    def sign_in_as(self, idp, subject, query=""):
        return self.returned(idp.agrees(self.begun(query), subject))

    def who(self):
        return self("GET", "/v1/session", origin=None)


def traveller(served):
    return Traveller(served, ip=served.new_ip())


def desk(served):
    return served.state.desks.people.desk


def known(served, name, *roles):
    return desk(served).create(f"{name}@x.example", name, roles or ("rep",), PASSWORD, "tests")


def verified(idp, name, **more):
    idp.knows(f"sub-{name}", **{"email": f"{name}@x.example", "email_verified": True, "name": name, **more})
    return f"sub-{name}"


def refused(answer, status=401):
    assert answer.status_code == status, answer.text
    assert not [each for each in answer.headers.get_list("set-cookie") if not each.startswith("__Host-winnow-oidc")]
    return answer.json()["detail"]


def test_somebody_with_a_verified_address_comes_in(idp, at):
    served = at()
    person, browser = known(served, "ana"), traveller(served)
    address = browser.begun("?next=/queue")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "https://testserver/sign-in/oidc/back"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    answer = browser.returned(idp.agrees(address, verified(idp, "ana")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert answer.headers["cache-control"] == "no-store"
    assert browser.way.strip('"') == "__Host-winnow-oidc="
    assert browser.who().json()["person"]["id"] == person.id


def test_the_cookie_of_the_way_is_for_this_host_and_a_short_time(idp, at):
    (header,) = traveller(at()).go("/sign-in/oidc").headers.get_list("set-cookie")
    name, *flags = header.split("; ")
    assert name.startswith("__Host-winnow-oidc=")
    assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax", "secure", "max-age=600"}
    assert idp.issuer not in header


def test_who_is_bound_once_is_found_by_the_name_the_provider_has_for_them_alone(idp, at):
    served = at()
    person = known(served, "bea")
    assert traveller(served).sign_in_as(idp, verified(idp, "bea")).status_code == 303
    idp.knows("sub-bea", email="other@x.example", email_verified=False)
    later = traveller(served)
    assert later.sign_in_as(idp, "sub-bea").status_code == 303
    assert later.who().json()["person"]["id"] == person.id
    idp.knows("sub-thief", email="bea@x.example", email_verified=True)  # the address was given to somebody else
    assert "not one of this installation" in refused(traveller(served).sign_in_as(idp, "sub-thief"))


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": "true"}, {"email": "nobody@x.example"}]
)
def test_an_address_that_is_not_verified_or_not_known_opens_nothing(idp, at, claims):
    served = at()
    if desk(served).all() == [] or "cleo@x.example" not in {person.email for person in desk(served).all()}:
        known(served, "cleo")
    assert "not one of this installation" in refused(traveller(served).sign_in_as(idp, verified(idp, "cleo", **claims)))


def test_an_invitation_is_accepted_by_signing_in_and_its_link_is_dead_then(idp, at):
    served = at()
    link = desk(served).invite("dan@x.example", "Dan", ["rep"], "tests")
    assert traveller(served).sign_in_as(idp, verified(idp, "dan")).status_code == 303
    assert desk(served).person(link.person.id).standing is Standing.ACTIVE
    joined = traveller(served)("POST", "/v1/session/join", {"token": link.token, "password": PASSWORD})
    assert joined.status_code == 404


@pytest.mark.parametrize("bound_before", [True, False])
def test_who_is_disabled_stays_out(idp, at, bound_before):
    served, name = at(), f"eve{bound_before}".lower()
    person, subject = known(served, name), verified(idp, name)
    if bound_before:
        assert traveller(served).sign_in_as(idp, subject).status_code == 303
    desk(served).disable(person.id, "tests")
    assert "not one of this installation" in refused(traveller(served).sign_in_as(idp, subject))


# ── attacks ──────────────────────────────────────────────────────────────────────────────────────


def test_what_another_browser_began_is_refused(idp, at):
    """An attacker who has somebody open the address with which they came back does not sign that person in as them."""
    served = at()
    known(served, "fay")
    attacker, victim = traveller(served), traveller(served)
    answered = idp.agrees(attacker.begun(), verified(idp, "fay"))
    assert "did not begin" in refused(victim.returned(answered))
    victim.begun()
    assert "did not begin" in refused(victim.returned(answered))
    assert attacker.returned(answered).status_code == 303


def test_a_code_is_good_for_once(idp, at):
    served = at()
    known(served, "gus")
    browser = traveller(served)
    address = browser.begun()
    way, answered = browser.way, idp.agrees(address, verified(idp, "gus"))
    assert browser.returned(answered).status_code == 303
    again = traveller(served)
    again.way = way  # whoever copied the cookie and the address
    assert "did not change the code" in refused(again.returned(answered))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda query: query.replace("code=", "code=x"), "did not change the code"),
        (lambda query: query.replace("state=", "state=x"), "did not begin"),
        (lambda query: query.partition("&")[0], "did not begin"),
        (lambda query: query + "&iss=https://evil.example", "another provider"),
        (lambda query: query + "&error=access_denied<script>", "access_deniedscript"),
        (lambda query: query.replace("code=", "none="), "nothing"),
    ],
)
def test_what_was_changed_on_the_way_is_refused(idp, at, change, says):
    served = at()
    browser = traveller(served)
    parts = urlsplit(idp.agrees(browser.begun(), "sub-anybody"))
    assert says in refused(browser.go(f"{parts.path}?{change(parts.query)}"))


def test_a_cookie_that_was_not_made_here_is_none(idp, at):
    browser = traveller(at())
    answered = idp.agrees(browser.begun(), "sub-anybody")
    for way in ("", "x", "%%%", "a" * 300, browser.way.partition("=")[2][:-4] + "AAAA"):
        browser.way = f"__Host-winnow-oidc={way}"
        assert "did not begin" in refused(browser.returned(answered))


def test_a_token_for_another_question_is_refused(idp, at):
    """The provider puts the nonce of the address into the token: an attacker's code brings the attacker's nonce."""
    served = at()
    known(served, "hal")
    victim, subject = traveller(served), verified(idp, "hal")
    address = victim.begun()
    nonce = parse_qs(urlsplit(address).query)["nonce"][0]
    answered = idp.agrees(address.replace(nonce, "n" * len(nonce)), subject)
    assert "another question" in refused(victim.returned(answered))


def test_a_token_for_another_client_is_refused(idp, at):
    served = at()
    known(served, "ida")
    browser = traveller(served)
    idp.knows("sub-ida", email="ida@x.example", email_verified=True, azp="another", aud="another")
    assert "another client" in refused(browser.sign_in_as(idp, "sub-ida"))


@pytest.mark.parametrize(
    "page", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/a\\b", "x"]
)
def test_afterwards_it_goes_on_here_and_nowhere_else(idp, at, page):
    served = at()
    if "joy@x.example" not in {person.email for person in desk(served).all()}:
        known(served, "joy")
    assert traveller(served).sign_in_as(idp, verified(idp, "joy"), f"?next={page}").headers["location"] == "/"


# ── proving it anew ──────────────────────────────────────────────────────────────────────────────


def test_who_is_signed_in_can_prove_it_anew_at_the_provider(idp, at):
    served = at()
    known(served, "kim")
    browser, subject = traveller(served), verified(idp, "kim")
    browser.sign_in_as(idp, subject)
    before, cookie = browser.who().json(), browser.cookie
    assert "prompt=login&max_age=0" in browser.begun("?again=true")
    now = served.service.clock.now().timestamp()
    idp.knows(subject, auth_time=now - 3600)
    assert "did not ask anew" in refused(browser.sign_in_as(idp, subject, "?again=true"))
    idp.knows(subject, auth_time=now)
    assert browser.sign_in_as(idp, subject, "?again=true").status_code == 303
    after = browser.who().json()
    assert browser.cookie != cookie
    assert after["created_at"] == before["created_at"]
    assert after["confirmed_until"] > before["confirmed_until"]


def test_nobody_proves_it_as_somebody_else_or_without_a_session(idp, at):
    served = at()
    for name in ("lea", "max"):
        known(served, name)
        verified(idp, name, auth_time=served.service.clock.now().timestamp())
    browser = traveller(served)
    assert refused(browser.go("/sign-in/oidc?again=true"))
    browser.sign_in_as(idp, "sub-lea")
    assert "somebody else" in refused(browser.sign_in_as(idp, "sub-max", "?again=true"))


# ── new people and roles ─────────────────────────────────────────────────────────────────────────


def test_who_is_new_is_let_in_only_if_the_settings_say_so_and_a_group_has_a_role(idp, at):
    served = at(oidc__allow_new="yes", **ROLES)
    assert refused(traveller(served).sign_in_as(idp, verified(idp, "nia", groups=["others"])))
    assert refused(traveller(served).sign_in_as(idp, verified(idp, "ned", groups=["it"], email_verified=False)))
    browser = traveller(served)
    browser.sign_in_as(idp, verified(idp, "nia", groups=["lead-team"]))
    person = browser.who().json()["person"]
    assert (person["email"], person["name"], person["roles"]) == ("nia@x.example", "nia", ["reviewer"])
    assert person["created_by"] == "oidc"


def test_roles_follow_the_provider_but_for_the_last_administrator(idp, at):
    served = at(**ROLES)
    person = known(served, "oto", "admin")
    assert traveller(served).sign_in_as(idp, verified(idp, "oto", groups=["lead-team"])).status_code == 303
    assert desk(served).person(person.id).roles == {"admin"}
    known(served, "pia", "admin")
    assert traveller(served).sign_in_as(idp, "sub-oto").status_code == 303
    assert desk(served).person(person.id).roles == {"reviewer"}
    assert refused(traveller(served).sign_in_as(idp, verified(idp, "oto", groups=[])))


# ── where there is none ──────────────────────────────────────────────────────────────────────────


def test_without_a_provider_there_is_nothing(served):
    assert refused(traveller(served).go("/sign-in/oidc"), 404)
    assert refused(traveller(served).go("/sign-in/oidc/back"), 404)


def test_a_provider_that_is_away_is_told(at):
    served = at(oidc__issuer="http://localhost:1")
    assert "cannot be asked" in refused(traveller(served).go("/sign-in/oidc"), 503)


def test_nobody_is_sent_away_where_nobody_can_sign_in(at):
    browser = traveller(at())
    browser.home = "http://testserver"
    assert refused(browser.go("/sign-in/oidc"), 403)
