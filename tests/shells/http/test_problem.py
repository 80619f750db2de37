"""Every error becomes a problem a program can react to, and none tells what happened inside."""

import json
import re

import msgspec
import pytest

from tests.support.project import ROOT
from winnow import errors
from winnow.shells.http.problem import (
    CONFLICT,
    PROBLEM_TYPES,
    TOO_MANY_REQUESTS,
    UNAUTHENTICATED,
    RefusedRequestError,
    problem,
    problem_of,
)

DOCUMENT = (ROOT / "docs" / "api-errors.md").read_text(encoding="utf-8")


def test_the_members_of_a_problem():
    answer = problem(CONFLICT, "it is `x` already", errors.Place("body", 2, 3), "read it anew")
    assert answer.status == 409
    assert dict(answer.headers)[b"content-type"] == b"application/problem+json"
    assert json.loads(answer.body) == {
        "type": "/problems/conflict",
        "title": "the request contradicts what is there",
        "status": 409,
        "detail": "it is `x` already",
        "where": "body:2:3",
        "fix": "read it anew",
    }


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (errors.InvalidInputError("x"), "invalid-input"),
        (errors.InvalidRulesetError("x"), "invalid-ruleset"),
        (errors.InvalidRuleError("x"), "invalid-rule"),
        (errors.UnreadableRowError("x"), "invalid-input"),
        (errors.NotAuthenticatedError("x"), "unauthenticated"),
        (errors.NotAllowedError("x"), "not-allowed"),
        (errors.NotFoundError("x"), "not-found"),
        (errors.ConflictError("x"), "conflict"),
        (errors.UnavailableError("x"), "unavailable"),
        (errors.StoreAwayError("x"), "unavailable"),
        (errors.SpoolFullError("x"), "unavailable"),
        (errors.MissingExtraError("x"), "not-installed"),
        (RefusedRequestError(TOO_MANY_REQUESTS, "x"), "too-many-requests"),
        (msgspec.ValidationError("Expected `str`, got `int` - at `$.emails[0]`"), "invalid-input"),
        (msgspec.DecodeError("JSON is malformed"), "not-json"),
        (errors.WinnowError("x"), "internal"),
        (ValueError("x"), "internal"),
        (RecursionError(), "internal"),
    ],
)
def test_the_type_of_an_error(error, slug):
    answer = problem_of(error)
    assert json.loads(answer.body)["type"] == f"/problems/{slug}"
    assert answer.status == PROBLEM_TYPES[slug].status


@pytest.mark.parametrize(
    "error", [KeyError("/srv/secret.py"), errors.WinnowError("/srv/secret.py", where="/srv/secret.py")]
)
def test_an_unforeseen_error_tells_nothing_of_itself(error):
    try:
        raise error
    except type(error) as caught:
        said = problem_of(caught).body
    assert b"secret" not in said
    assert b"Traceback" not in said


def test_a_wrong_type_is_told_with_its_place():
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(b'{"a":[1,"x"]}', type=dict[str, list[int]])
    said = json.loads(problem_of(caught.value).body)
    assert (said["detail"], said["where"]) == ("expected `int`, got `str`", "$[...][1]")


def test_a_rule_is_told_with_its_excerpt():
    error = errors.InvalidRuleError("no such signal", where="when:1:1", fix="use another", excerpt="a.b\n^")
    assert json.loads(problem_of(error).body)["excerpt"] == "a.b\n^"


@pytest.mark.parametrize(("seconds", "header"), [(0.01, b"1"), (1.0, b"1"), (1.2, b"2"), (90.0, b"90")])
def test_when_to_come_again(seconds, header):
    answer = problem_of(RefusedRequestError(TOO_MANY_REQUESTS, "x", retry_after=seconds))
    assert dict(answer.headers)[b"retry-after"] == header


def test_who_is_not_known_is_told_how_to_show_a_key():
    assert dict(problem(UNAUTHENTICATED, "x").headers)[b"www-authenticate"].startswith(b"Bearer")


@pytest.mark.parametrize("text", ["half \ud800", "a\0b", "x" * 100_000, "\u202e"])
def test_what_users_sent_can_always_be_quoted(text):
    answer = problem(CONFLICT, text, text, text)
    assert len(json.loads(answer.body)["detail"]) <= 1000


def test_every_type_is_documented():
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \| (.+?) \|", DOCUMENT, re.MULTILINE)
    assert rows == [(each.slug, str(each.status), each.title) for each in PROBLEM_TYPES.values()]
