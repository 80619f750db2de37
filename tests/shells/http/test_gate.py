"""What stands in front of every handler: keys, strict bodies, and answers given again."""

import asyncio
import logging
from functools import partial
from typing import Annotated

import msgspec
import pytest
from litestar import Litestar, get, post
from litestar.params import JSONBody, QueryParameter
from sqlalchemy import func, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.program_tables import idempotency
from winnow.adapters.db.tables import events
from winnow.core.apikeys import Scope
from winnow.errors import UnavailableError, WinnowError
from winnow.shells.http.access import TheService, dependencies, needs, public
from winnow.shells.http.failures import as_answer
from winnow.shells.http.gate import Gate, StrictRequest
from winnow.shells.http.paging import check_edition, etag
from winnow.shells.http.problem import RefusedRequestError
from winnow.shells.http.strict import MOST_BYTES


def feedback(lead_id, **more):
    return {"lead_id": lead_id, "verdict": "junk", **more}


def reported(served):
    with reading(served.service.engine) as connection:
        query = select(func.count()).where(events.c.kind == "label.added")
        return connection.execute(query).scalar_one()


@pytest.fixture
def lead_id(served):
    return served.screened(email="gate@acme.example")["lead_id"]


def test_the_same_key_and_request_get_the_same_answer_once(served, lead_id):
    before, key = reported(served), {"Idempotency-Key": f"same-{lead_id}"}
    first = served("POST", "/v1/feedback", json=feedback(lead_id), headers=key)
    again = served("POST", "/v1/feedback", json=feedback(lead_id), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert reported(served) == before + 1


def test_the_same_key_with_another_request_is_refused(served, lead_id):
    key = {"Idempotency-Key": f"other-{lead_id}"}
    assert served("POST", "/v1/feedback", json=feedback(lead_id), headers=key).status_code == 201
    for path, body in (("/v1/feedback", feedback(lead_id, batch="b")), ("/v1/feedback?x=1", feedback(lead_id))):
        answer = served("POST", path, json=body, headers=key)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/idempotency-mismatch")
    lead = served("POST", "/v1/leads", json={"email": "x@acme.example"}, headers=key)
    assert (lead.status_code, lead.json()["type"]) == (409, "/problems/idempotency-mismatch")


def test_equal_keys_of_two_programs_do_not_meet(served, lead_id):
    before, header = reported(served), {"Idempotency-Key": f"shared-{lead_id}"}
    for key in (served.new_key("rep"), served.new_key("rep")):
        assert served("POST", "/v1/feedback", key=key, json=feedback(lead_id), headers=header).status_code == 201
    assert reported(served) == before + 2


def test_a_refused_request_may_be_mended_and_sent_with_the_same_key(served):
    key = {"Idempotency-Key": "mended"}
    assert served("POST", "/v1/feedback", json=feedback("not-yet"), headers=key).status_code == 404
    served.screened(id="not-yet", email="later@acme.example")
    assert served("POST", "/v1/feedback", json=feedback("not-yet"), headers=key).status_code == 201


def test_when_the_database_does_not_answer_a_retry_carries_it_out(served, lead_id, monkeypatch):
    labels, before, key = type(served.service.labels), reported(served), {"Idempotency-Key": f"away-{lead_id}"}

    def away(*_):
        raise UnavailableError("the database does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(labels, "add", away)
        assert served("POST", "/v1/feedback", json=feedback(lead_id), headers=key).status_code == 503
    assert served("POST", "/v1/feedback", json=feedback(lead_id), headers=key).status_code == 201
    assert reported(served) == before + 1


def test_a_failure_after_the_change_never_makes_it_twice(served, lead_id, monkeypatch):
    labels, before, key = type(served.service.labels), reported(served), {"Idempotency-Key": f"lost-{lead_id}"}
    add = labels.add

    def cut_off(*arguments):
        add(*arguments)
        raise UnavailableError("the connection was cut after the commit")

    with monkeypatch.context() as patch:
        patch.setattr(labels, "add", cut_off)
        assert served("POST", "/v1/feedback", json=feedback(lead_id), headers=key).status_code == 503
    answer = served("POST", "/v1/feedback", json=feedback(lead_id), headers=key)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert reported(served) == before + 1


def test_the_same_request_many_times_at_once_is_carried_out_once(served, lead_id):
    before = reported(served)
    headers = {"Idempotency-Key": f"crowd-{lead_id}", "Authorization": f"Bearer {served.key}"}

    async def crowd():
        return await asyncio.gather(
            *(
                served.asked("POST", "/v1/feedback", "127.0.0.1", json=feedback(lead_id), headers=headers)
                for _ in range(12)
            )
        )

    answers = served.run(crowd())
    assert {answer.status_code for answer in answers} <= {201, 503}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert reported(served) == before + 1


def test_keys_and_answers_are_not_readable_in_the_database(served, lead_id):
    served(
        "POST", "/v1/feedback", json=feedback(lead_id, author="needle-author"), headers={"Idempotency-Key": "needle-k"}
    )
    with reading(served.service.engine) as connection:
        rows = connection.execute(select(idempotency)).all()
    assert rows
    assert "needle" not in repr(rows)


@pytest.mark.parametrize("key", ["", "with blank", "ü", "k" * 256])
def test_a_key_that_cannot_be(served, key):
    answer = served("POST", "/v1/feedback", json={}, headers={"Idempotency-Key": key.encode()})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-idempotency-key")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 400, "not-json"),
        (b"{", 400, "not-json"),
        (b"\xff", 400, "not-json"),
        (b'{"lead_id":NaN}', 400, "not-json"),
        (b'{"lead_id":"a","lead_id":"b"}', 422, "unsafe-json"),
        (b'{"lead_id":"\\u0000","verdict":"junk"}', 422, "unsafe-json"),
        (b'{"lead_id":"\\ud800","verdict":"junk"}', 422, "unsafe-json"),
        (b"[" * 40 + b"]" * 40, 422, "unsafe-json"),
        (b"[]", 422, "invalid-input"),
        (b'{"lead_id":"a"}', 422, "invalid-input"),
        (b'{"lead_id":"a","verdict":"maybe"}', 422, "invalid-input"),
        (b'{"lead_id":7,"verdict":"junk"}', 422, "invalid-input"),
        (b'{"lead_id":"a","verdict":"junk","more":1}', 422, "invalid-input"),
        (b'{"lead_id":"' + b"a" * MOST_BYTES + b'","verdict":"junk"}', 413, "too-large"),
    ],
)
def test_bodies_that_are_refused(served, body, status, kind):
    answer = served("POST", "/v1/feedback", content=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_place_that_is_wrong_is_named(served):
    answer = served("POST", "/v1/feedback", json={"lead_id": "a", "verdict": "maybe"}).json()
    assert answer["where"] == "$.verdict"


def test_who_may_not_ask_is_told_so_before_the_body_is_looked_at(served):
    reader = served.new_key("auditor")
    for key, status in ((None, 401), ("wk_no_" + "0" * 30, 401), (reader, 403)):
        answer = served("POST", "/v1/feedback", content=b"{", key=key, ip=served.new_ip())
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1", 404, "not-found"),
        ("DELETE", "/healthz", 405, "method-not-allowed"),
        ("HEAD", "/healthz", 405, "method-not-allowed"),
        ("GET", "/v1/feedback", 405, "method-not-allowed"),
        ("BREW", "/v1/leads", 405, "method-not-allowed"),
    ],
)
def test_addresses_and_methods_that_are_not_there(served, method, path, status, kind):
    answer = served(method, path)
    assert answer.status_code == status
    if method != "HEAD":
        assert answer.json()["type"] == f"/problems/{kind}"
    if status == 405:
        assert answer.headers["allow"]


def test_options_tells_the_methods(served):
    answer = served("OPTIONS", "/v1/feedback", key=None)
    assert (answer.status_code, answer.headers["allow"]) == (204, "OPTIONS, POST")


# ── handlers of our own ──────────────────────────────────────────────────────────────────────────


class Pair(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    text: str = ""


@post("/pairs", opt=needs(Scope.ADMIN, most_bytes=100), sync_to_thread=True)
def echo(data: JSONBody[Pair], limit: Annotated[int, QueryParameter(ge=1)] = 1) -> Pair:
    return Pair(data.number * limit, data.text)


@get("/broken", opt=public(), sync_to_thread=True)
def broken(service: TheService) -> None:
    raise RuntimeError(f"needle {service.installation}")


@get("/own", opt=public(), sync_to_thread=True)
def own() -> None:
    raise WinnowError("needle, too")


@pytest.fixture(scope="module")
def other(served):
    gate = Gate(served.state)
    app = Litestar(
        [echo, broken, own],
        request_class=StrictRequest,
        request_max_body_size=None,
        middleware=[gate],
        dependencies=dependencies(served.state),
        exception_handlers={Exception: partial(as_answer, served.state, None)},
        openapi_config=None,
        logging_config=None,
    )
    gate.prepare(app)

    def ask(method, path, **more):
        headers = {"Authorization": f"Bearer {served.key}"}
        return served.run(served.asked(method, path, "127.0.0.1", app, headers=headers, **more))

    return ask


def test_a_body_is_read_by_its_type_and_nothing_is_coerced(other):
    assert other("POST", "/pairs?limit=2", json={"number": 4}).json() == {"number": 8, "text": ""}
    assert other("POST", "/pairs", json={"number": "4"}).status_code == 422
    assert other("POST", "/pairs", json={"number": True}).status_code == 422
    assert other("POST", "/pairs?limit=0", json={"number": 4}).json()["where"] == "limit"
    assert other("POST", "/pairs", json={"number": 4, "text": "x" * 100}).status_code == 413


@pytest.mark.parametrize("path", ["/broken", "/own"])
def test_what_nobody_foresaw_is_told_to_the_log_only(other, path, caplog):
    with caplog.at_level(logging.ERROR):
        answer = other("GET", path)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal")
    assert "needle" not in answer.text
    assert "unexpectedly" in caplog.text


def test_a_handler_without_a_scope_is_not_served(served):
    @get("/open", sync_to_thread=False)
    def forgotten() -> None:
        """Says nothing about who may ask."""

    with pytest.raises(TypeError, match=r"forgotten.*does not say which scope"):
        Gate(served.state).prepare(Litestar([forgotten], openapi_config=None, logging_config=None))


def test_editions():
    edition = etag(b"one")
    assert edition == etag(b"one") != etag(b"two")
    check_edition(edition, edition)
    check_edition(f'"x", {edition}', edition)
    check_edition("*", edition)
    for header, status in ((None, 428), ('"x"', 412), (f"W/{edition}", 412)):
        with pytest.raises(RefusedRequestError) as refused:
            check_edition(header, edition)
        assert refused.value.status == status
