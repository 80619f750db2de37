"""What a key opens, and that nothing but its own token is taken for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.apikeys import (
    ROLES,
    ApiKey,
    Denial,
    Scope,
    Token,
    denial,
    digest,
    may,
    networks_of,
    parse_token,
    proves,
    scopes_of,
)
from winnow.errors import InvalidInputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PEPPER = bytes(range(32))
TOKEN = Token("wk_01jd8", "s" * 52)
KEY = ApiKey(
    id=TOKEN.id,
    digest=digest(TOKEN, PEPPER),
    name="web site",
    scopes=frozenset({Scope.LEADS_WRITE}),
    created_at=NOW - SECOND,
    created_by="admin",
)


@pytest.mark.parametrize("text", ["wk_a_" + "0" * 22, "wk_" + "a" * 64 + "_" + "Z" * 128, str(TOKEN)])
def test_a_token_is_read_and_written_alike(text):
    assert str(parse_token(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wk_",
        "wk_a_" + "0" * 21,
        "wk_a_" + "0" * 129,
        "wk__" + "0" * 22,
        "sk_a_" + "0" * 22,
        "wk_a_b_" + "0" * 22,
        "wk_a_" + "0" * 21 + "_",
        "wk_a_" + "0" * 21 + "é",
        "wk_a_" + "0" * 22 + "\n",
        " wk_a_" + "0" * 22,
        "wk_" * 100_000,
    ],
)
def test_what_is_no_token(text):
    assert parse_token(text) is None


def test_only_its_own_token_proves_a_key():
    assert proves(TOKEN, KEY, PEPPER)
    assert not proves(Token(TOKEN.id, "t" * 52), KEY, PEPPER)
    assert not proves(Token("wk_other", TOKEN.secret), KEY, PEPPER)
    assert not proves(TOKEN, KEY, PEPPER[::-1])
    assert not proves(TOKEN, replace(KEY, digest=b""), PEPPER)


def test_the_digest_is_as_it_was_yesterday():
    """Keys in the wild must go on working after an upgrade."""
    assert digest(TOKEN, PEPPER).hex() == "bbb495bcba9408184a92670f6ad0922c300e4ed9c9ae48ba96e9034b0ab8ad69"


OFFICE = networks_of(["203.0.113.0/24", " 2001:db8::/32"])


@pytest.mark.parametrize(
    ("key", "scope", "ip", "expected"),
    [
        (KEY, Scope.LEADS_WRITE, None, None),
        (KEY, Scope.LEADS_WRITE, "198.51.100.1", None),
        (KEY, Scope.DECISIONS_READ, None, Denial.OUT_OF_SCOPE),
        (replace(KEY, scopes=frozenset({Scope.ADMIN})), Scope.LEADS_WRITE, None, Denial.OUT_OF_SCOPE),
        (replace(KEY, scopes=frozenset()), Scope.LEADS_WRITE, None, Denial.OUT_OF_SCOPE),
        (replace(KEY, expires_at=NOW + SECOND), Scope.LEADS_WRITE, None, None),
        (replace(KEY, expires_at=NOW), Scope.LEADS_WRITE, None, Denial.EXPIRED),
        (replace(KEY, revoked_at=NOW - SECOND), Scope.LEADS_WRITE, None, Denial.REVOKED),
        (replace(KEY, revoked_at=NOW, expires_at=NOW), Scope.ADMIN, None, Denial.REVOKED),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, "203.0.113.77", None),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, "::ffff:203.0.113.77", None),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, "2001:db8::1", None),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, "203.0.114.1", Denial.WRONG_NETWORK),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, "2001:db9::1", Denial.WRONG_NETWORK),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, None, Denial.WRONG_NETWORK),
        (replace(KEY, networks=OFFICE), Scope.LEADS_WRITE, "nonsense", Denial.WRONG_NETWORK),
    ],
)
def test_what_a_key_may_do(key, scope, ip, expected):
    assert denial(key, scope, NOW, ip) is expected
    assert may(key, scope, NOW, ip) is (expected is None)


def test_roles_keep_apart_what_must_be_apart():
    assert ROLES["ingest"] == {Scope.LEADS_WRITE}
    assert Scope.DECISIONS_READ not in ROLES["admin"]
    assert not {Scope.LEADS_WRITE, Scope.FEEDBACK_WRITE} & ROLES["admin"]
    assert all(scope.endswith(":read") for scope in ROLES["auditor"])
    assert not ROLES["rule-author"] & {Scope.RULESETS_WRITE, Scope.SIGN_OFFS_WRITE, Scope.STOP_LIFT}
    assert not ROLES["privacy-officer"] & {Scope.LISTS_WRITE, Scope.RULES_WRITE, Scope.RULESETS_WRITE}
    assert not ROLES["admin"] & {Scope.SIGN_OFFS_WRITE, Scope.PROPOSALS_WRITE, Scope.CONSENT_READ, Scope.PERMITS_READ}
    assert not ROLES["ai-tool"] & {Scope.DECISIONS_READ, Scope.CONSENT_WRITE, Scope.STOP_WRITE}
    assert not ROLES["approver"] & {Scope.RULES_WRITE, Scope.LISTS_WRITE}
    assert [role for role, scopes in ROLES.items() if Scope.KEYS_WRITE in scopes] == ["admin"]
    assert frozenset().union(*ROLES.values()) == frozenset(Scope)


def test_scopes_by_name_and_by_role():
    of_cases = {Scope.CASES_READ, Scope.CASES_WRITE}
    of_consent = {Scope.CONSENT_READ, Scope.CONSENT_WRITE, Scope.SERVE_READ}
    of_all = {Scope.TODAY_READ, Scope.POLICY_READ, Scope.STOP_READ, Scope.STOP_WRITE}
    of_rep = {Scope.DECISIONS_READ, Scope.FEEDBACK_WRITE, *of_cases, *of_consent, *of_all}
    assert scopes_of(["leads:write", "rep"]) == {Scope.LEADS_WRITE, *of_rep}
    assert scopes_of([]) == frozenset()


@pytest.mark.parametrize(
    ("word", "fix"),
    [("revewer", "did you mean `reviewer`?"), ("everything", "use some of ingest, "), ("1", ", ai-decisions:write, ")],
)
def test_what_is_neither_a_scope_nor_a_role_is_told_with_what_is(word, fix):
    with pytest.raises(InvalidInputError, match=f"`{word}` is neither a scope nor a role") as refused:
        scopes_of([word])
    assert fix in str(refused.value.fix)


@pytest.mark.parametrize("text", ["", "203.0.113.5/24", "example.com", "203.0.113.0/33", "x" * 1000])
def test_what_is_no_network(text):
    with pytest.raises(InvalidInputError, match="is not a network"):
        networks_of([text])
