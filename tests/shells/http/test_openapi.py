"""The description is complete, its examples are valid, and what it says about keys is true of every route."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from tests.support.signed_in import Browser, browser_of
from winnow.core.apikeys import ROLES, Scope, scopes_of
from winnow.core.people.accounts import PEOPLES_ROLES, rights
from winnow.shells.http.access import access_of, handlers_of
from winnow.shells.http.app import litestar_app
from winnow.shells.http.openapi import document

DOCUMENT = document()
METHODS = ("get", "post", "put", "patch", "delete")


def operation_of(parameters: Any) -> Any:
    return parameters.values[2]


OPERATIONS = [
    pytest.param(path, method, operations[method], id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method in METHODS
    if method in operations
]
SCHEMAS = DOCUMENT["components"]["schemas"]
WITH_KEY = [each for each in OPERATIONS if {"key": []} in operation_of(each).get("security", [])]
WITH_SCOPE = [each for each in OPERATIONS if "Needs the scope" in operation_of(each).get("description", "")]
WITH_SESSION = [each for each in OPERATIONS if {"session": []} in operation_of(each).get("security", [])]


#: What schemas refer to, read once.
REGISTRY = jsonschema_rs.Registry([("urn:api", {"components": DOCUMENT["components"]})])


def valid(schema, example):
    """Whether it is; raises an error that says why not."""
    whole = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
    jsonschema_rs.validator_for(whole, registry=REGISTRY).validate(example)
    return True


def scope_of(operation):
    return Scope(operation["description"].rpartition("Needs the scope `")[2].rstrip("`."))


def address(path):
    """The path with something in the place of its parameters that is there or not, but readable."""
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


def test_it_is_served_as_it_is_made(served):
    answer = served("GET", "/v1/openapi.json", key=None)
    assert answer.json() == DOCUMENT
    assert answer.json()["openapi"].startswith("3.1.")


def test_it_names_nothing_elsewhere():
    for path in ("/v1/openapi", "/schema", "/docs", "/v1/openapi/swagger"):
        assert path not in DOCUMENT["paths"]
    assert "cdn" not in json.dumps(DOCUMENT)


def test_every_reference_leads_somewhere():
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENT)))
    assert named
    assert named - {name for name, schema in DOCUMENT["components"]["schemas"].items() if schema} == set()


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_each_operation_says_what_it_does_and_what_can_happen(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    for parameter in operation.get("parameters", []):
        assert parameter["description"], parameter
        assert {"example", "examples"} & parameter.keys(), parameter
    for status, response in operation["responses"].items():
        assert response["description"], status
        if int(status) >= 400 and "/readyz" not in path:
            assert response["content"].keys() == {"application/problem+json"}, status
    expected = {"401", "403"} if "security" in operation else set()
    assert expected | {"429", "500", "503"} <= operation["responses"].keys()
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    assert ("Idempotency-Key" in names) == (method != "get" and "Needs the scope" in operation["description"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_described_with_an_example(name):
    for field, schema in SCHEMAS[name].get("properties", {}).items():
        assert schema.get("description"), field
        assert schema.get("examples") or "$ref" in json.dumps(schema), field


@pytest.mark.parametrize("name", SCHEMAS)
def test_examples_of_fields_are_valid(name):
    for schema in SCHEMAS[name].get("properties", {}).values():
        for example in schema.get("examples", []):
            assert valid(schema, example)


@pytest.mark.parametrize("operation", [operation_of(each) for each in OPERATIONS])
def test_examples_of_answers_are_valid(operation):
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            for example in content.get("examples", {}).values():
                assert example.keys() <= {"summary", "value"}
                assert valid(content["schema"], example["value"])


def test_every_route_is_described(served):
    described = {(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations}
    for route in litestar_app(served.state).routes:
        for handler in route.route_handlers:
            for method in handler.http_methods - {"OPTIONS"}:
                assert (route.path_format, method.lower()) in described


def test_every_scope_is_that_of_its_handler(served):
    declared = {access_of(handler).scope for handler in handlers_of(litestar_app(served.state))}
    assert {str(scope_of(operation_of(each))) for each in WITH_SCOPE} == {
        str(each) for each in declared if isinstance(each, Scope)
    }


@pytest.mark.parametrize(("path", "method"), [each.values[:2] for each in WITH_KEY])
def test_without_a_key_nobody_gets_in(served, path, method):
    for key in (None, "wk_unknown_" + "0" * 30):
        answer = served(method.upper(), address(path), key=key, ip=served.new_ip())
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


#: The word `admin` names a role, which has more scopes than the one of that name.
_BUT_ADMIN = frozenset(Scope) - {Scope.ADMIN}


@pytest.fixture(scope="module")
def key_of(served):
    keys = {role: served.new_key(role) for role in ROLES}
    keys |= {f"all but {scope}": served.new_key(*_BUT_ADMIN - {scope}) for scope in _BUT_ADMIN}
    return keys


@pytest.mark.parametrize(("path", "method", "operation"), WITH_KEY)
def test_a_key_gets_in_where_its_scopes_say_and_nowhere_else(served, key_of, path, method, operation):
    needed = scope_of(operation)
    for name, key in key_of.items():
        scopes = scopes_of([name]) if name in ROLES else _BUT_ADMIN - {name.removeprefix("all but ")}
        if needed in scopes and method != "get":
            continue  # what it would do then is shown elsewhere
        answer = served(method.upper(), address(path), key=key)
        assert (answer.status_code == 403) == (needed not in scopes), (name, answer.text)
        assert answer.status_code < 500 or answer.status_code == 503


@pytest.fixture(scope="module")
def browsers(served):
    return {role: browser_of(served, role) for role in PEOPLES_ROLES}


@pytest.mark.parametrize(("path", "method", "operation"), WITH_SESSION)
def test_a_person_gets_in_where_their_role_says_and_nowhere_else(browsers, path, method, operation):
    needed = scope_of(operation) if {"key": []} in operation["security"] else None
    for role, browser in browsers.items():
        if (needed is None or needed in rights([role])) and method != "get":
            continue  # what it would do then is shown elsewhere
        answer = browser(method.upper(), address(path))
        allowed = needed is None or needed in rights([role])
        assert (answer.status_code == 403) == (not allowed), (role, answer.text)
        assert answer.status_code < 500 or answer.status_code == 503


@pytest.mark.parametrize(("path", "method"), [each.values[:2] for each in WITH_SESSION])
def test_without_a_session_and_from_elsewhere_nobody_gets_in(served, browsers, path, method):
    for cookie in ("", "__Host-winnow=", "__Host-winnow=" + "0" * 52, "winnow=" + browsers["admin"].cookie[14:]):
        answer = Browser(served, cookie, ip=served.new_ip())(method.upper(), address(path))
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    if method != "get":
        answer = browsers["admin"](method.upper(), address(path), origin="https://evil.example")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")


def test_what_a_session_may_not_do_at_all_is_what_the_hot_routes_do():
    only_keys = [each.values[:2] for each in WITH_KEY if each not in WITH_SESSION]
    assert only_keys == [("/v1/leads", "post")]
