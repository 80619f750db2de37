"""Proof 23: requests drawn from the OpenAPI document, valid and broken ones, and not one server error.

Every answer must also be one that the document knows, with a body of the type it names.
"""

from collections import Counter
from contextlib import suppress
from functools import lru_cache
from itertools import count
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.support.served import serving
from winnow.shells.http.openapi import document

#: Requests an operation gets of each kind, valid and broken.
FEW, MANY = 2, 40

DOCUMENT = document()
#: What HTTP itself may answer to anything.
_ANYTHING = {"404", "405"}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A service that has something to ask about, and the ids of that."""
    with serving(tmp_path_factory.mktemp("drawn")) as served:
        decision = served.screened(id="4711", source="website", email="ana@bluebird.example", form_fill_seconds=1.0)
        served.screened(email="bo@acme.example")
        served.publish()
        yield served, {"lead_id": "4711", "decision_id": decision["id"], "source": "website", "tile": "0/000.p/1"}


def test_a_few_requests_to_every_operation(known):
    found = _asked(known, FEW)
    assert sum(found.values()) > len(_operations())
    assert {200, 201, 404, 422} <= found.keys()


@pytest.mark.proof
def test_many_requests_to_every_operation(known):
    found = _asked(known, MANY)
    print(
        f"\nproof 23: {sum(found.values()):,} requests drawn for {len(_operations())} operations, 0 server errors; "
        + ", ".join(f"{number:,} × {status}" for status, number in sorted(found.items()))
    )


@lru_cache(maxsize=1)
def _operations() -> tuple[Any, ...]:
    return tuple(each.ok() for each in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())


def _asked(known: tuple[Any, dict[str, str]], each: int) -> Counter[int]:
    """Statuses of the answers."""
    found: Counter[int] = Counter()
    for operation in _operations():
        for mode in GenerationMode:
            _ask(*known, found, operation.as_strategy(generation_mode=mode), each)
    return found


def _ask(served: Any, ids: dict[str, str], found: Counter[int], cases: Any, each: int) -> None:
    turn = count()

    @settings(max_examples=each, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def ask(case: Any) -> None:
        number = next(turn)
        if number % 3:
            case.headers.pop("Idempotency-Key", None)  # drawn ones are short, and so mostly used already
        if number % 2 == 0:  # every other time about something that is there
            case.path_parameters |= {name: ids[name] for name in ids.keys() & (case.path_parameters or {}).keys()}
            if isinstance(case.body, dict) and "verdict" in case.body:
                case.body["lead_id"] = ids["lead_id"]
        answer = _sent(served, case)
        found[answer.status_code] += 1
        _check(case, answer)

    with suppress(Unsatisfiable):  # there is nothing in such a request that could be broken
        ask()


def _sent(served: Any, case: Any) -> httpx2.Response:
    request = case.as_transport_kwargs(base_url="")
    more = {name: request[name] for name in ("params", "json", "data", "files") if request.get(name) is not None}
    if isinstance(more.get("data"), bytes | str):
        more["content"] = more.pop("data")
    headers = {
        name: value.encode("utf-8", "replace") for name, value in request["headers"].items() if name != "Authorization"
    }
    return served(request["method"], request["url"], headers=headers, **more)  # type: ignore[no-any-return]  # whatever it answers


def _check(case: Any, answer: httpx2.Response) -> None:
    told = f"{case.method} {answer.request.url} {answer.status_code}: {answer.text[:500]}"
    assert answer.status_code < 500, told
    documented = DOCUMENT["paths"][case.path][case.method.lower()]["responses"]
    assert str(answer.status_code) in documented.keys() | _ANYTHING, told
    content = documented.get(str(answer.status_code), {}).get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if content:
        assert kind in {name.partition(";")[0] for name in content}, told
    if kind.endswith("json") and kind in content:
        _validator(case.path, case.method.lower(), str(answer.status_code), kind).validate(answer.json())


@lru_cache(maxsize=1024)
def _validator(path: str, method: str, status: str, kind: str) -> Any:
    schema = DOCUMENT["paths"][path][method]["responses"][status]["content"][kind]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]})
