"""Both clients against a service over real connections: every method, and every way in which an answer gets lost."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.support.fake_service import KEY, LOST_ANSWER, LOST_REQUEST, Fault
from winnow.client import (
    ClientError,
    Decision,
    Lead,
    Reason,
    Spooled,
    UnsendableError,
    WinnowApiError,
    WinnowUnavailableError,
    calls,
)
from winnow.errors import InvalidInputError, WinnowError

ANA: dict[str, Any] = {"id": "4711", "source": "web", "emails": ["ana@bluebird.example"], "form_fill_seconds": 1.4}
BUSY = Fault(status=503)


# ── Leads and decisions ──────────────────────────────────────────────────────────────────────────


def test_a_decision_arrives_with_its_reasons_and_without_what_this_client_does_not_know(client):
    decision = client.screen(ANA)
    assert isinstance(decision, Decision)
    assert (decision.id, decision.lead_id, decision.source) == ("1", "4711", "web")
    assert (decision.outcome, decision.score, decision.base, decision.shadow) == ("review", 1400, -600, False)
    assert sum(reason.points or 0 for reason in decision.reasons) == 1400 + 600
    text = "Form filled in under 3 seconds"
    assert decision.reasons == (
        Reason(code="form.fill_seconds", family="form", points=2000, text=text, source="scorecard"),
    )
    assert decision.scopes["support"] == "accept"
    assert decision.decided_at == datetime(2026, 11, 1, 12, 0, 0, 250_000, UTC)
    assert client.decision("1") == decision


@pytest.mark.parametrize(
    "lead",
    [
        ANA,
        Lead(**ANA),
        Lead(id="4711", source="web", email="ana@bluebird.example", form_fill_seconds=1.4),
        {"id": "4711", "source": "web", "email": "ana@bluebird.example", "form_fill_seconds": 1.4},
    ],
)
def test_a_lead_is_sent_the_same_however_it_is_written(client, service, lead):
    client.screen(lead)
    assert service.leads == [ANA]


def test_a_lead_that_waits_in_the_spool_is_not_taken_for_a_decision(client, service):
    service.spooling = True
    assert client.screen(ANA) == Spooled(lead_id="4711")
    assert client.screen_many([ANA, {"email": "b@b.example"}]) == [Spooled(lead_id="4711"), Spooled(lead_id=None)]


def test_many_leads_are_decided_in_their_order_in_as_many_batches_as_they_need(client, service, monkeypatch):
    monkeypatch.setattr(calls, "BATCH_LEADS", 3)
    leads = [{"id": str(number), "email": f"{number}@a.example"} for number in range(8)]
    answers = client.screen_many(iter(leads))
    assert [answer.lead_id for answer in answers] == [str(number) for number in range(8)]
    assert [len(request.body["leads"]) for request in service.requests] == [3, 3, 2]
    assert len(set(service.keys)) == 3


def test_a_batch_is_not_larger_than_the_service_takes(client, service, monkeypatch):
    monkeypatch.setattr(calls, "BATCH_BYTES", 100)
    client.screen_many([{"email": "a@a.example", "message": "x" * size} for size in (10, 10, 500, 10)])
    assert [len(request.body["leads"]) for request in service.requests] == [2, 1, 1]


def test_no_leads_are_no_request(client, service):
    assert client.screen_many([]) == []
    assert service.requests == []


def test_when_a_batch_fails_the_answers_before_it_are_not_lost(client, service, monkeypatch):
    monkeypatch.setattr(calls, "BATCH_LEADS", 1)
    with pytest.raises(WinnowApiError) as caught:
        client.screen_many([ANA, {"id": "no address"}, ANA])
    assert [answer.lead_id for answer in caught.value.decided] == ["4711"]
    assert len(service.leads) == 1


def test_a_decision_can_be_explained_and_proved(client):
    client.screen(ANA)
    explanation = client.explanation("1")
    assert (explanation.outcome, explanation.would_be[0].outcome) == ("review", "accept")
    assert explanation.would_be[0].changes[0].was == 1.4
    assert explanation.document["waterfall"] == "new"
    receipt = client.receipt("1")
    assert (receipt.index, receipt.tree_size, receipt.checkpoint) == (1, 9, "winnow\n9\n…\n")
    assert msgspec.json.decode(receipt.text)["v"] == 1


@pytest.mark.parametrize("lead_id", ["4711", "a/b?c#d%2F", "ünï ☃"])
def test_a_lead_is_found_by_any_id(client, service, lead_id):
    client.screen({**ANA, "id": lead_id})
    found = client.lead(lead_id, source="web")
    assert (found.id, found.source, found.lead["emails"]) == (lead_id, "web", ["ana@bluebird.example"])
    assert [decision.id for decision in found.decisions] == ["1"]
    assert service.requests[-1].query == {"source": "web"}


def test_feedback_tells_who_said_what(client, service):
    said = client.feedback("4711", "genuine", source="web", author="mia@acme.example")
    assert (said.lead_id, said.verdict, said.author) == ("4711", "genuine", "mia@acme.example")
    assert service.requests[-1].body == {
        "lead_id": "4711",
        "verdict": "genuine",
        "source": "web",
        "author": "mia@acme.example",
    }


def test_list_entries_are_added_walked_through_and_removed(client, service):
    for number in range(5):
        client.add_list_entry(
            "block",
            "domain",
            f"d{number}.example",
            owner="Mia",
            reason="sends junk",
            scopes=["sales"],
            expires_at=datetime(2027, 1, 1, tzinfo=UTC),
        )
    entries = list(client.lists())
    assert [entry.value for entry in entries] == [f"d{number}.example" for number in range(5)]
    assert (entries[0].scopes, entries[0].expires_at) == (("sales",), datetime(2027, 1, 1, tzinfo=UTC))
    client.remove_list_entry(entries[0].id)
    assert entries[0].id not in service.entries
    with pytest.raises(WinnowApiError, match="there is no list entry"):
        client.remove_list_entry(entries[0].id)


def test_a_service_that_is_not_ready_says_so_at_once(client, service, pauses):
    assert client.health().ready
    service.ready = False
    health = client.health()
    assert (health.ready, health.document["detail"], pauses) == (False, "the database is away", [])


# ── What gets lost ───────────────────────────────────────────────────────────────────────────────


@dataclass
class Write:
    """Something that must happen once; `traces` are what it leaves behind."""

    name: str
    made: object
    traces: object = field(repr=False)


WRITES = [
    Write("screen", lambda client: client.screen(ANA), lambda service: service.leads),
    Write("screen_many", lambda client: client.screen_many([ANA]), lambda service: service.leads),
    Write(
        "add_list_entry",
        lambda client: client.add_list_entry("allow", "email", "a@b.example", owner="Mia", reason="knows us"),
        lambda service: service.entries,
    ),
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
@pytest.mark.parametrize(
    "faults", [[LOST_ANSWER], [LOST_REQUEST, LOST_ANSWER, BUSY], [Fault(status=502), LOST_ANSWER, LOST_ANSWER]]
)
def test_a_write_whose_answer_is_lost_is_carried_out_once(client, service, write, faults):
    service.faults = list(faults)
    write.made(client)
    assert len(write.traces(service)) == 1
    assert len(service.requests) == len(faults) + 1
    assert len(set(service.keys)) == 1
    assert re.fullmatch("[0-9a-f]{32}", service.keys[0])


def test_a_removal_whose_answer_is_lost_succeeds(client, service):
    entry = client.add_list_entry("allow", "email", "a@b.example", owner="Mia", reason="knows us")
    service.faults = [LOST_ANSWER]
    client.remove_list_entry(entry.id)
    assert service.entries == {}


def test_two_wishes_have_two_keys_and_reading_has_none(client, service):
    client.screen(ANA)
    client.screen(ANA)
    client.decision("1")
    first, second, reading = service.keys
    assert first != second
    assert reading is None
    assert len(service.leads) == 2


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again_until_patience_ends(connect, service, pauses, status):
    service.faults = [Fault(status=status)] * 9
    with connect(service.url, KEY, retries=3) as client, pytest.raises(WinnowUnavailableError) as caught:
        client.screen(ANA)
    assert (caught.value.status, caught.value.what) == (status, f"the service answered {status}")
    assert len(service.requests) == 4
    assert len(pauses) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 500, 501])
def test_what_will_not_pass_is_not_tried_again(client, service, pauses, status):
    service.faults = [Fault(status=status)]
    with pytest.raises(WinnowApiError) as caught:
        client.screen(ANA)
    assert (caught.value.status, len(service.requests), pauses) == (status, 1, [])


def test_the_service_says_how_long_to_wait(client, service, pauses):
    service.faults = [Fault(status=429, headers={"Retry-After": "7"})]
    assert isinstance(client.screen(ANA), Decision)
    assert 7 <= pauses[0] <= 7.1


def test_a_longer_wait_than_the_caller_is_ready_for_is_left_to_the_caller(client, service, pauses):
    service.faults = [Fault(status=503, headers={"Retry-After": "3600"}, body=b'{"detail":"the spool is full"}')]
    with pytest.raises(WinnowUnavailableError, match="the spool is full; try again later") as caught:
        client.screen(ANA)
    assert (caught.value.retry_after, caught.value.status, pauses) == (3600, 503, [])


def test_a_service_that_is_not_there_is_named_after_a_few_attempts(connect, service, pauses):
    service.faults = [LOST_REQUEST] * 9
    with connect(service.url, KEY, retries=2) as client, pytest.raises(WinnowUnavailableError) as caught:
        client.decision("1")
    assert (caught.value.status, len(service.requests), len(pauses)) == (None, 3, 2)
    assert caught.value.what.startswith("the service cannot be reached: ")


# ── What is refused ──────────────────────────────────────────────────────────────────────────────


def test_a_refusal_says_what_where_and_how_to_mend_it(client):
    with pytest.raises(WinnowApiError) as caught:
        client.screen({"id": "1"})
    error = caught.value
    assert (error.what, error.where, error.fix) == ("the lead has no e-mail address", "emails", "give one")
    assert (error.status, error.type, str(error)) == (
        422,
        "about:blank",
        "emails: the lead has no e-mail address; give one",
    )
    assert isinstance(error, ClientError)
    assert isinstance(error, WinnowError)


def test_a_wrong_key_is_refused_and_not_shown(connect, service):
    with connect(service.url, "wk_wrong") as client, pytest.raises(WinnowApiError, match="not known") as caught:
        client.screen(ANA)
    assert caught.value.status == 401
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (Fault(status=200, body=b"<html>log in</html>"), "not what POST /v1/leads should give"),
        (Fault(status=200, body=b'{"id": 7}'), "not what POST /v1/leads should give"),
        (Fault(status=404, body=b"<html>no such page</html>"), "answered 404 without saying why"),
        (Fault(status=400, body=b'{"detail": 7}'), "answered 400 without saying why"),
        (Fault(status=400, body=b'{"title": "not a lead"}'), "not a lead"),
        (Fault(status=308, headers={"Location": "https://b.example/"}), "sends its callers on to `https://b.example/`"),
    ],
)
def test_an_answer_that_cannot_be_understood_is_an_error(client, service, fault, what):
    service.faults = [fault]
    with pytest.raises(WinnowApiError, match=re.escape(what)) as caught:
        client.screen(ANA)
    assert caught.value.status == fault.status


def test_fewer_decisions_than_leads_are_an_error(client, service):
    service.faults = [Fault(status=200, body=b'{"decisions":[]}')]
    with pytest.raises(WinnowApiError, match="0 decisions for 1 leads"):
        client.screen_many([ANA])


@pytest.mark.parametrize(
    ("lead", "what"),
    [
        ({"email": "a@a.example", "emails": ["b@b.example"]}, "a lead has both `email` and `emails`"),
        (Lead(phone="1", phones=["2"]), "a lead has both `phone` and `phones`"),
        ({"occurred_at": datetime(2026, 8, 1)}, "`2026-08-01T00:00:00` has no time zone"),  # noqa: DTZ001  # what is refused
        ({"message": object()}, "the lead cannot be written as JSON"),
        ({"message": "\ud800"}, "the lead cannot be written as JSON"),
        ({"custom": {(1, 2): "x"}}, "the lead cannot be written as JSON"),
    ],
)
def test_what_cannot_be_sent_is_said_before_it_is_sent(client, service, lead, what):
    with pytest.raises(UnsendableError, match=re.escape(what)):
        client.screen(lead)
    assert service.requests == []


def test_a_lead_in_a_crowd_that_cannot_be_sent_is_named_and_loses_no_answers(client, monkeypatch):
    monkeypatch.setattr(calls, "BATCH_LEADS", 2)
    with pytest.raises(UnsendableError) as caught:
        client.screen_many([ANA, ANA, ANA, {"occurred_at": datetime(2026, 8, 1)}])  # noqa: DTZ001  # what is refused
    assert caught.value.where == "leads[3].occurred_at"
    assert len(caught.value.decided) == 2
    assert isinstance(caught.value, InvalidInputError)


def test_an_entry_needs_a_time_zone_too(client):
    with pytest.raises(InvalidInputError, match="has no time zone"):
        client.add_list_entry("allow", "email", "a@b", owner="M", reason="r", expires_at=datetime(2027, 1, 1))  # noqa: DTZ001  # what is refused


@pytest.mark.parametrize("url", ["", "winnow.example.com", "ftp://winnow.example.com", "http://", "http://a.example:b"])
def test_an_address_that_is_none_is_refused(connect, url):
    with pytest.raises(InvalidInputError, match="is not an address"), connect(url, KEY):
        pass


@pytest.mark.parametrize("key", ["", "wk_a b", "wk_a\n", "wk_ä"])
def test_a_key_that_is_none_is_refused_and_not_shown(connect, key):
    with pytest.raises(InvalidInputError, match="the key is empty, or has") as caught, connect("http://a.example", key):
        pass
    assert not key or key not in str(caught.value)


def test_a_service_may_live_below_a_path(connect, service):
    with connect(f"{service.url}/v1/leads/..", KEY) as client, pytest.raises(WinnowApiError):
        client.decision("1")
    with connect(f"{service.url}/winnow/", KEY) as client, pytest.raises(WinnowApiError, match="there is no"):
        client.decision("1")
    assert service.requests[-1].path == "/winnow/v1/decisions/1"


def test_a_client_takes_another_transport(connect, service):
    import httpx2  # noqa: PLC0415  # only here: what a caller's test would do

    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"status": "mocked"}))
    with connect("http://winnow.example", KEY, transport=transport) as client:
        assert client.health().document == {"status": "mocked"}
    assert service.requests == []
