"""An ID token counts only if it answers what this browser asked just now; everything else is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.people.oidc import (
    ASKED_FOR,
    LEEWAY,
    OLDEST,
    Asked,
    Identity,
    challenge,
    check_state,
    identity_of,
    mapped_roles,
    read_roles,
    subject_digest,
)
from winnow.errors import InvalidInputError, NotAuthenticatedError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = NOW.timestamp()
ISSUER, CLIENT = "https://login.example", "winnow"
ASKED = Asked("s" * 52, "n" * 52, "v" * 52, NOW - timedelta(minutes=2))
SECOND = timedelta(seconds=1)
GOOD = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "248289761001",
    "exp": AT + 300,
    "iat": AT - 1,
    "nonce": ASKED.nonce,
    "email": "Ana@x.example",
    "email_verified": True,
    "name": "Ana",
    "groups": ["lead-team", "it", 7],
}


def identity(asked=ASKED, roles_claim="", **changed):
    claims = {name: value for name, value in {**GOOD, **changed}.items() if value is not ...}
    return identity_of(claims, ISSUER, CLIENT, asked, NOW, roles_claim=roles_claim)


def test_a_good_token_says_whom_it_means():
    expected = Identity(ISSUER, "248289761001", "Ana@x.example", "Ana", ("lead-team", "it"))
    assert identity(roles_claim="groups") == expected


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://evil.example"}, "of another issuer"),
        ({"iss": ISSUER + "/"}, "of another issuer"),
        ({"iss": ...}, "of another issuer"),
        ({"aud": "another"}, "for another client"),
        ({"aud": ...}, "for another client"),
        ({"aud": None}, "for another client"),
        ({"aud": [CLIENT, "another"]}, "for another client"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "for another client"),
        ({"azp": "another"}, "for another client"),
        ({"aud": {CLIENT: 1}}, "for another client"),
        ({"exp": AT - LEEWAY.total_seconds()}, "has expired"),
        ({"exp": ...}, "does not say `exp`"),
        ({"exp": "never"}, "does not say `exp`"),
        ({"exp": True}, "does not say `exp`"),
        ({"exp": float("nan")}, "has expired"),
        ({"iat": ...}, "does not say `iat`"),
        ({"iat": AT + LEEWAY.total_seconds() + 1}, "not made just now"),
        ({"iat": AT - (OLDEST + LEEWAY).total_seconds() - 1}, "not made just now"),
        ({"iat": float("nan")}, "not made just now"),
        ({"nbf": AT + LEEWAY.total_seconds() + 1}, "does not hold yet"),
        ({"nonce": "m" * 52}, "another question"),
        ({"nonce": ...}, "another question"),
        ({"nonce": None}, "another question"),
        ({"nonce": "\ud800"}, "another question"),
        ({"sub": ...}, "names nobody"),
        ({"sub": ""}, "names nobody"),
        ({"sub": "x" * 256}, "names nobody"),
        ({"sub": 7}, "names nobody"),
    ],
)
def test_any_other_token_is_refused(changed, why):
    with pytest.raises(NotAuthenticatedError, match=why):
        identity(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"azp": CLIENT},
        {"exp": AT - LEEWAY.total_seconds() + 1},
        {"nbf": AT + LEEWAY.total_seconds()},
    ],
)
def test_what_the_standard_leaves_open_is_taken(changed):
    assert identity(**changed).subject == GOOD["sub"]


@pytest.mark.parametrize("verified", [False, None, ..., "true", 1])
def test_an_address_that_is_not_verified_is_none(verified):
    assert identity(email_verified=verified).email is None
    assert identity(email=["ana@x.example"]).email is None


@pytest.mark.parametrize(
    ("auth_time", "good"),
    [(..., False), (AT - 121 - 60, False), (float("nan"), False), ("now", False), (AT - 120, True), (AT, True)],
)
def test_who_has_to_prove_it_anew_has_to_have_done_so(auth_time, good):
    again = replace(ASKED, again="us_1")
    assert identity(auth_time=auth_time).subject == GOOD["sub"]
    if good:
        assert identity(again, auth_time=auth_time).subject == GOOD["sub"]
    else:
        with pytest.raises(NotAuthenticatedError):
            identity(again, auth_time=auth_time)


@pytest.mark.parametrize(
    ("claim", "claims", "groups"),
    [
        ("", {}, ()),
        ("groups", {}, ("lead-team", "it")),
        ("groups", {"groups": "it"}, ("it",)),
        ("groups", {"groups": None}, ()),
        ("realm_access.roles", {"realm_access": {"roles": ["it"]}}, ("it",)),
        ("realm_access.roles", {"realm_access": ["roles"]}, ()),
        ("https://x.example/groups", {"https://x.example/groups": ["it"]}, ("it",)),
    ],
)
def test_groups_are_read_wherever_they_are(claim, claims, groups):
    assert identity(roles_claim=claim, **claims).groups == groups


def test_a_name_that_is_none_is_empty():
    assert identity(name=7).name == ""


# ── what the browser brings back ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "state", "now"),
    [
        (None, ASKED.state, NOW),
        (ASKED, "t" * 52, NOW),
        (ASKED, "", NOW),
        (ASKED, "ä\ud800", NOW),
        (ASKED, ASKED.state, ASKED.at + ASKED_FOR + SECOND),
        (ASKED, ASKED.state, ASKED.at - LEEWAY - SECOND),
    ],
)
def test_a_browser_that_was_not_sent_by_us_just_now_is_refused(asked, state, now):
    with pytest.raises(NotAuthenticatedError):
        check_state(asked, state, now)


def test_one_that_was_is_not():
    assert check_state(ASKED, ASKED.state, ASKED.at + ASKED_FOR) is ASKED


def test_the_code_challenge_is_that_of_the_standard():
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_no_two_people_of_two_providers_have_the_same_digest():
    pairs = [
        ("https://a.example", "x"),
        ("https://a.example/", "x"),
        ("https://a.example", "/x"),
        ("https://a.exampl", "ex"),
    ]
    digests = {subject_digest(Identity(*pair), b"p" * 32) for pair in pairs}
    assert len(digests) == len(pairs)
    assert subject_digest(Identity("a", "x"), b"p" * 32) != subject_digest(Identity("a", "x"), b"q" * 32)


# ── roles ────────────────────────────────────────────────────────────────────────────────────────


def test_roles_are_mapped_from_groups():
    roles = read_roles(["lead-team=reviewer", "cn=it,dc=x = admin"])
    assert roles == {"lead-team": "reviewer", "cn=it,dc=x": "admin"}
    assert mapped_roles(["lead-team", "others"], roles) == {"reviewer"}
    assert mapped_roles(["others"], roles) == frozenset()


@pytest.mark.parametrize("text", ["reviewer", "=reviewer", "it=ingest", "it=", "it=king"])
def test_a_mapping_that_is_none_is_refused(text):
    with pytest.raises(InvalidInputError):
        read_roles([text])
