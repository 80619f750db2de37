"""Consent over HTTP: told, looked up, imported, merged, and ended with one click."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.served import serving
from winnow.adapters.clock import SystemClock
from winnow.core.govern.limits import Limits, Wording
from winnow.core.govern.links import Joining, joining_token
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import wording_edition

NEWS = Wording("news", frozenset({Channel.EMAIL}), "marketing", "May we write to you?")
LIMITS = Limits(wordings=(NEWS,))
YESTERDAY = SystemClock().now() - timedelta(days=1)


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    where: dict[str, Any] = {"mail__address_of_pages": "https://winnow.example", "serve__forms": "website"}
    with serving(tmp_path_factory.mktemp("api"), pages=True, **where) as served:
        consent = served.state.desks.consent
        consent.desk._limits = consent.files._limits = consent.links._limits = lambda: LIMITS
        yield Api(served)


def problem(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json().get("where")


def event(name, act="opt-out", **fields):
    usual = {"channel": "email", "purpose": "marketing", "occurred_at": YESTERDAY.isoformat()}
    return {"act": act, "email": f"{name}@bluebird.example", **usual, **fields}


def tell(api, *events, **more):
    return api.post("/v1/consent-events", {"events": list(events)}, **more)["numbers"]


def known(api, name, **more):
    return api.post("/v1/consent/search", {"email": f"{name}@bluebird.example"}, **more)


def state(api, name, channel="email"):
    standings = known(api, name)["standings"]
    return next(each["state"] for each in standings if (each["channel"], each["purpose"]) == (channel, "marketing"))


def confirm(api, name):
    """Somebody follows the link of the mail that was sent to an address."""
    links = api.served.state.desks.consent.links
    now, subject = SystemClock().now(), int(known(api, name)["subject"])
    asked = Joining(subject, (Channel.EMAIL,), "marketing", wording_edition(NEWS), now, now + timedelta(days=7))
    links.confirm(joining_token(asked, links._pepper))


def test_a_no_is_in_force_when_it_is_answered_and_told_why(api):
    (number,) = tell(api, event("ana", how="reply", evidence="she wrote: no more"))
    found = known(api, "ANA")
    (email,) = [each for each in found["standings"] if (each["channel"], each["purpose"]) == ("email", "marketing")]
    assert (email["state"], email["because"]) == ("opted-out", [number])
    assert email["why"].startswith("the person opted out on ")
    (kept,) = found["events"]
    assert (kept["how"], kept["evidence"]) == ("reply", "she wrote: no more")
    assert api.get(f"/v1/consent/{found['subject']}") == found
    hidden = known(api, "ana", role="consent:read")["events"][0]
    assert hidden["evidence"] is None
    assert api.log()[int(number)] == "consent.recorded"


def test_a_retry_is_told_once(api):
    body = {"events": [event("retry"), event("retry", purpose="service")]}
    first, second = (api.ask("POST", "/v1/consent-events", body, Idempotency_Key="once") for _ in range(2))
    assert first.json() == second.json()
    assert len(known(api, "retry")["events"]) == 2


def test_a_form_lifts_no_no_until_whoever_reads_the_mail_confirms(api):
    tell(api, event("bo", occurred_at=(YESTERDAY - timedelta(days=1)).isoformat()))
    tell(api, event("bo", "grant", how="sync", basis="express", evidence="the crm says so"))
    assert state(api, "bo") == "opted-out"
    tell(api, event("bo", "grant", wording="news"))
    (found,) = [each for each in known(api, "bo")["standings"] if each["waits"]]
    assert (found["state"], found["channel"], found["purpose"]) == ("opted-out", "email", "marketing")
    day = YESTERDAY.date().isoformat()
    assert found["why"].endswith(f"; a yes was given on {day} with a form (`news`), and waits for confirmation")
    confirm(api, "bo")
    assert state(api, "bo") == "granted"
    assert not any(each["waits"] for each in known(api, "bo")["standings"])


def test_what_is_said_aloud_is_provisional(api):
    said = {"how": "verbal", "script": "May we write to you?", "words": "Yes, do.", "spoken_by": "Mia"}
    tell(api, event("caro", "grant", **said))
    (found,) = [each for each in known(api, "caro")["standings"] if each["state"] == "granted"]
    assert found["provisional"]
    assert datetime.fromisoformat(found["expires_at"]) == YESTERDAY + timedelta(days=30)
    assert json.loads(known(api, "caro")["events"][0]["evidence"])["heard_by"] == "Mia"


REFUSED = [
    (event("x", "grant", wording="news", channel="sms"), "wording"),
    (event("x", "grant", wording="other"), "wording"),
    (event("x", "grant", wording="news", basis="purchase"), "basis"),
    (event("x", "grant", how="form"), "wording"),
    (event("x", "grant", how="verbal", script="May we?"), "words"),
    (event("x", "grant", how="verbal", script="May we?", words="Yes", occurred_at=None), "occurred_at"),
    (event("x", "grant", how="rep", basis="express", evidence="they told me"), "how"),
    (event("x", "grant", how="rep", basis="purchase"), "evidence"),
    (event("x", "grant", how="rep", evidence="invoice 7", basis="Friend!"), "basis"),
    (event("x", "grant", how="enrichment", basis="express", evidence="bought"), "how"),
    (event("x", "grant", how="double-opt-in", basis="express", evidence="clicked"), "how"),
    (event("x", "grant", channel=None, wording="news"), "channel"),
    (event("x", "grant", purpose="other", wording="news"), "purpose"),
    (event("x", "grant", wording="news", occurred_at="2100-01-01T00:00:00Z"), "occurred_at"),
    (event("x", "grant", wording="news", expires_at="2020-01-01T00:00:00Z"), "expires_at"),
    (event("x", purpose="other"), "purpose"),
    (event("x", expires_at="2100-01-01T00:00:00Z"), "expires_at"),
    (event("x", basis="express"), "basis"),
    (event("x", how="merge"), "how"),
    (event("x", wording="Ana Kovač wrote"), "wording"),
    (event("x", "bar"), "evidence"),
    (event("x", "erased"), "act"),
    (event("x", phone="+493012345678"), "email"),
    ({"act": "opt-out", "email": "nobody"}, "email"),
    ({"act": "opt-out", "email": "ana@bluebird.example;bo@bluebird.example"}, "email"),
    ({"act": "opt-out", "phone": "call me"}, "phone"),
    (event("x", "grant", email=None, phone="030 12345678", wording="news"), "phone"),
]


@pytest.mark.parametrize(("sent", "where"), REFUSED)
def test_what_cannot_be_is_refused(api, sent, where):
    before = len(api.log())
    answer = api.ask("POST", "/v1/consent-events", {"events": [event("y"), sent]})
    assert problem(answer) == (422, "invalid-input", where)
    assert len(api.log()) == before


def test_a_no_of_tomorrow_is_a_no_all_the_same(api):
    tell(api, event("early", occurred_at="2100-01-01T00:00:00Z"))
    assert state(api, "early") == "opted-out"


def test_a_bar_is_lifted_by_those_who_sign_off_and_by_nobody_else(api):
    tell(api, event("dan", "bar", evidence="register of 2026"))
    lift = event("dan", "bar-lifted", evidence="struck off", occurred_at=None)
    answer = api.ask("POST", "/v1/consent-events", {"events": [lift]}, role="rep")
    assert problem(answer)[:2] == (403, "not-allowed")
    assert state(api, "dan") == "barred"
    tell(api, lift, role="privacy-officer")
    assert state(api, "dan") == "unknown"


def test_telephone_numbers_are_one_however_they_are_written(api):
    said = {"act": "opt-out", "phone": "030 12345678", "country": "DE", "channel": "sms"}
    tell(api, said)
    found = api.post("/v1/consent/search", {"phone": "+49 (0)30 / 12345678"})
    assert [each["act"] for each in found["events"]] == ["opt-out"]
    assert problem(api.ask("POST", "/v1/consent/search", {}))[0] == 422


def test_merging_unites_denials_and_undoing_keeps_them(api):
    tell(api, event("eve"))
    emails = ["eve@bluebird.example", "eva@bluebird.example"]
    pair = {"emails": emails, "evidence": "one account"}
    api.post("/v1/consent/merges", pair)
    assert state(api, "eva") == "opted-out"
    assert problem(api.ask("POST", "/v1/consent/merges", pair))[:2] == (409, "conflict")
    subject, other = known(api, "eva")["subject"], known(api, "eva")["links"][0]
    assert (other["subject"], other["evidence"]) == (known(api, "eve")["subject"], "one account")
    undone = {"subjects": [subject, other["subject"]], "evidence": "two people"}
    api.post("/v1/consent/unmerges", undone)
    assert (state(api, "eva"), known(api, "eva")["links"]) == ("opted-out", [])
    assert problem(api.ask("POST", "/v1/consent/unmerges", undone))[:2] == (404, "not-found")
    for wrong in (
        {**pair, "emails": emails[:1]},
        {**pair, "evidence": " "},
        {**pair, "emails": emails[:1] * 2},
    ):
        assert problem(api.ask("POST", "/v1/consent/merges", wrong))[:2] == (422, "invalid-input")


def test_an_import_adds_denials_lifts_none_and_says_what_it_refused(api):
    tell(api, event("fay"))
    text = (
        "email,act,channel,purpose,basis,evidence,occurred_at\n"
        "gus@bluebird.example,,,,,,\n"
        "fay@bluebird.example,grant,email,marketing,express,a form,2030-01-01T00:00:00\n"
        f"fay@bluebird.example,grant,email,marketing,express,a form,{SystemClock().now().isoformat()}\n"
        "hal@bluebird.example,grant,email,marketing,express,a form,2020-01-01T00:00:00Z\n"
        "ida@bluebird.example,opt_out,fax,Newsletter,,,nobody knows\n"
        "nobody,,,,,,\n"
        "jo@bluebird.example,erased,,,,,\n"
        "kim@bluebird.example,grant,email,marketing,express,,\n"
    )
    report = api.post("/v1/consent/imports", {"csv": text})
    assert (report["denials"], report["grants"]) == (2, 2)
    assert [(each["line"], each["why"].split(";")[0]) for each in report["refused"]] == [
        (3, "it happens in the future"),
        (7, "this is no mail address"),
        (8, "`erased` cannot come from a file"),
        (9, "nothing shows that the person agreed"),
    ]
    assert [each["line"] for each in report["without_effect"]] == [4]
    assert [each["line"] for each in report["widened"]] == [6, 6]
    assert [state(api, name) for name in ("gus", "fay", "hal", "ida")] == [
        "opted-out",
        "opted-out",
        "granted",
        "opted-out",
    ]
    assert state(api, "ida", "phone") == "opted-out"
    assert problem(api.ask("POST", "/v1/consent/imports", {"csv": "name\nAna\n"}))[:2] == (422, "invalid-input")
    assert problem(api.ask("POST", "/v1/consent/imports", {"csv": 'email\n"open'}))[:2] == (422, "invalid-input")


def test_a_no_of_a_line_with_two_addresses_is_for_both_and_a_yes_for_the_one_it_goes_to(api):
    text = (
        "email,phone,act,channel,purpose,basis,evidence\n"
        "liv@bluebird.example,+493012345601,,fax,,,\n"
        "mia@bluebird.example,030 12345602,opt-out,,,,\n"
        "ned@bluebird.example,+493012345603,grant,phone,marketing,express,a form\n"
        "ole@bluebird.example,+493012345604,grant,email,marketing,express,a form\n"
    )
    report = api.post("/v1/consent/imports", {"csv": text})
    assert (report["denials"], report["grants"]) == (3, 2)
    assert [(each["line"], each["why"].split(";")[0]) for each in report["refused"]] == [
        (3, "this number may be several people's")
    ]
    assert [each["line"] for each in report["widened"]] == [2]
    assert [state(api, name) for name in ("liv", "mia", "ned", "ole")] == [
        "opted-out",
        "opted-out",
        "unknown",
        "granted",
    ]
    known = [api.post("/v1/consent/search", {"phone": f"+49301234560{last}"}) for last in (1, 3, 4)]
    assert [[each["act"] for each in one["events"]] for one in known] == [["opt-out"], ["grant"], []]


# ── links ────────────────────────────────────────────────────────────────────────────────────────


def link_for(api, name, channel=Channel.EMAIL, purpose="marketing"):
    consent = api.served.state.desks.consent
    return consent.links.unsubscribe_link(
        consent.desk.address(f"{name}@bluebird.example", None, None), channel, purpose
    )


def test_one_click_unsubscribes_without_a_question(api):
    link = link_for(api, "lea")
    path = link.url.removeprefix("https://winnow.example")
    assert link.headers == {
        "List-Unsubscribe": f"<{link.url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert "lea" not in link.url
    way = api.served("GET", path, key=None)
    assert (way.status_code, way.headers["location"]) == (303, path.replace("/u/", "/unsubscribe/"))
    page = api.served("GET", way.headers["location"], key=None)
    assert page.status_code == 200
    assert f'action="{way.headers["location"]}"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert state(api, "lea") == "unknown"

    form = {"content": b"List-Unsubscribe=One-Click", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    first, second = (api.served("POST", path, key=None, **form) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content) == (200, first.content)
    assert state(api, "lea") == "opted-out"
    assert len(known(api, "lea")["events"]) == 1

    confirm(api, "lea")
    assert state(api, "lea") == "granted"
    api.served("POST", path, key=None, **form)
    assert state(api, "lea") == "opted-out"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_was_not_made_here_does_nothing(api, method):
    path = link_for(api, "max").url.removeprefix("https://winnow.example")
    before = len(api.log())
    for wrong in (path[:-1] + ("0" if path[-1] != "0" else "1"), "/u/none", "/c/none", path.replace("/u/", "/c/")):
        asked = wrong.replace("/u/", "/unsubscribe/") if method == "GET" else wrong
        assert api.served(method, asked, key=None).status_code in {403, 404}
    assert len(api.log()) == before


def test_no_letters_are_promised_where_none_are_sent(api):
    body = {"email": "ana@bluebird.example", "wording": "news"}
    assert problem(api.ask("POST", "/v1/consent/confirmations", body))[:2] == (409, "conflict")
    assert problem(api.ask("POST", "/v1/consent/confirmations", {**body, "wording": "x"}))[:2] == (404, "not-found")


# ── leads ────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_from_a_browser_with_the_signal_opts_out_of_advertising(api):
    headers = {"Sec-GPC": "1", "Content-Type": "application/x-www-form-urlencoded"}
    body = b"email=ned%40bluebird.example&message=Please+send+an+offer+for+forty+seats"
    assert api.served("POST", "/f/website", key=None, content=body, headers=headers).status_code == 202
    assert (state(api, "ned", "ads"), state(api, "ned")) == ("opted-out", "unknown")
    assert api.log()[-2:] == ["decision", "consent.recorded"]


def test_a_lead_that_says_no_is_a_no_once(api):
    lead = {"id": "no-1", "email": "ola@bluebird.example", "consent_given": False, "occurred_at": YESTERDAY.isoformat()}
    for _ in range(2):
        api.post("/v1/leads", lead)
    (kept,) = known(api, "ola")["events"]
    assert (kept["how"], kept["captured_by"]) == ("form", "leads")
    assert state(api, "ola") == "opted-out"
    api.post("/v1/leads", {"id": "gpc-1", "email": "ola@bluebird.example", "gpc": True})
    assert state(api, "ola", "ads") == "opted-out"


def test_a_lead_that_says_yes_lifts_no_no(api):
    tell(api, event("pia"))
    said = {"consent_given": True, "consent_wording": "news", "message": "Please send an offer for forty seats"}
    api.post("/v1/leads", {"id": "yes-1", "email": "pia@bluebird.example", **said})
    assert state(api, "pia") == "opted-out"


@pytest.mark.parametrize("at", [None, "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_no_of_no_time_that_can_be_true_says_when_it_was_received(api, at):
    name = f"no-{(at or 'none')[:4]}"
    confirm(api, name)
    tell(api, event(name, occurred_at=at))
    (found,) = [each for each in known(api, name)["standings"] if each["channel"] == "email" and each["because"]]
    day = SystemClock().now().date().isoformat()
    assert found["state"] == "opted-out"
    assert f"opted out on or before {day}, when it was received, as somebody of the company recorded" in found["why"]


@pytest.mark.parametrize(
    "sent",
    [
        event("max", occurred_at="9999-12-31T23:59:59-12:00"),
        event("max", "bar", evidence="a register", expires_at="0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_time_that_is_none_in_another_zone_keeps_nobody_from_reading_what_is_known(api, sent):
    api.post("/v1/consent-events", {"events": [sent, event("max")]})
    assert state(api, "max") == "opted-out"


def test_a_no_that_nobody_could_find_again_is_refused(api):
    sent = {"act": "opt-out", "phone": "030 12345678"}
    answer = api.ask("POST", "/v1/consent-events", {"events": [sent]})
    assert problem(answer) == (422, "invalid-input", "phone")
    api.post("/v1/consent-events", {"events": [{**sent, "country": "DE"}]})


def test_most_leads_cost_no_entry(api):
    before = len(api.log())
    api.post("/v1/leads", {"email": "pia@bluebird.example", "message": "An offer for forty seats, please"})
    assert len(api.log()) == before + 1
