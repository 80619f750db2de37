"""Public forms: whatever is posted, the answer is the same, and a lead that came is on record by then."""

import logging

import pytest

from tests.support.served import serving
from winnow.errors import InvalidInputError, SpoolFullError, StoreAwayError
from winnow.shells.http.forms_route import FormsRoute

FORM = "application/x-www-form-urlencoded"


def posted(served, source="site", **more):
    return served("POST", f"/f/{source}", key=None, **more)


def newest(served):
    found = served("GET", "/v1/decisions", params={"limit": 1}).json()["decisions"][0]
    lead = served.service.ledger.decided(int(found["id"]))[0]
    return lead, found


def test_a_form_becomes_a_lead_on_record(served):
    answer = posted(
        served,
        data={"your-name": "Ana Kovač", "E-Mail": "ana@bluebird.example", "message": "Hello", "_winnow_seconds": "1.2"},
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"},
        ip="192.0.2.44",
    )
    assert (answer.status_code, answer.text) == (202, "Thank you. Your message has been received.\n")
    assert answer.headers["cache-control"] == "no-store"
    lead, decision = newest(served)
    assert (lead.source, lead.channel, lead.full_name, lead.emails) == (
        "site",
        "form",
        "Ana Kovač",
        ("ana@bluebird.example",),
    )
    assert (lead.ip, lead.user_agent) == ("192.0.2.44", "Mozilla/5.0 (X11; Linux x86_64)")
    assert lead.form_fill_seconds == 1.2
    assert lead.id.startswith("ld_")
    assert any(reason["code"] == "form.fill_seconds" for reason in decision["reasons"])


def test_a_visitor_cannot_say_what_winnow_finds_out(served):
    posted(served, data={"email": "v@acme.example", "ip": "1.2.3.4", "source": "vip", "received_at": "2020-01-01"})
    lead, _ = newest(served)
    assert (lead.ip, lead.source) == ("127.0.0.1", "site")
    assert lead.received_at.year > 2020


@pytest.mark.parametrize(
    "more",
    [
        {"data": {"email": "junk@winnow.example"}},
        {"data": {"email": "genuine@winnow.example"}},
        {"json": {"email": "j@acme.example", "_winnow_website": "spam"}},
        {"content": b"email=%ff%fe&message=%00", "headers": {"Content-Type": FORM}},
        {"content": b"{broken", "headers": {"Content-Type": "application/json"}},
        {"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
        {"content": b"x", "headers": {"Content-Type": "image/png"}},
        {"content": b""},
        {"files": {"file": b"x" * 1000}},
        {"data": {"unknown-field": "x"}},
    ],
)
def test_the_answer_is_always_the_same(served, more):
    usual = posted(served, data={"email": "usual@acme.example"})
    answer = posted(served, **more)
    assert (answer.status_code, answer.content) == (usual.status_code, usual.content)
    assert answer.headers.multi_items() == usual.headers.multi_items()


def test_of_what_cannot_be_used_only_counts_are_noted(served, caplog):
    with caplog.at_level(logging.INFO):
        posted(served, data={"shoe needle": "needle", "email": "n@acme.example"})
        posted(served, content=b"needle", headers={"Content-Type": "image/needle"})
    assert "had 1 fields" in caplog.text
    assert "could not be read" in caplog.text
    assert "needle" not in caplog.text


def test_too_much_is_refused(served):
    assert posted(served, content=b"x" * 131_073).status_code == 413
    assert posted(served, data={f"f{number}": "x" for number in range(201)}).status_code == 413


@pytest.mark.parametrize("path", ["/f/a/b", "/f/" + "s" * 201, "/f/a%00b", "/f/", "/f/%ED%A0%80"])
def test_sources_that_cannot_be(served, path):
    answer = served("POST", path, key=None, data={"email": "x@acme.example"})
    assert answer.status_code in {202, 404, 405}
    assert (answer.status_code == 202) == (path == "/f/%ED%A0%80")  # came in as U+FFFD, which is a character


def test_other_methods_are_refused(served):
    answer = served("GET", "/f/site", key=None)
    assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")


def test_the_script_is_served(served):
    answer = served("GET", "/f/winnow-form.js", key=None)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert b"_winnow_seconds" in answer.content
    assert "max-age" in answer.headers["cache-control"]


def test_a_lead_that_cannot_be_kept_is_not_acknowledged(served, monkeypatch):
    def away(*_):
        raise StoreAwayError("the database does not answer")

    def full(*_):
        raise SpoolFullError("the spool is full")

    monkeypatch.setattr(served.state.groups, "_take", away)
    monkeypatch.setattr(served.state.groups, "_drain", lambda: 0)
    monkeypatch.setattr(served.state.groups, "_keep", full)
    try:
        answer = posted(served, data={"email": "lost@acme.example"})
    finally:
        monkeypatch.undo()
        served.state.groups._away_until = 0.0
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


def test_the_settings_of_forms(tmp_path):
    origin = "https://www.example.com"
    with serving(
        tmp_path,
        serve__forms="site,landing",
        serve__form_origins=origin,
        serve__form_thanks="https://www.example.com/thanks",
        serve__forms_per_minute="60",
    ) as served:
        answer = posted(served, data={"email": "a@acme.example"}, headers={"Origin": origin})
        assert (answer.status_code, answer.headers["location"]) == (303, "https://www.example.com/thanks")
        assert answer.headers["access-control-allow-origin"] == origin
        asked = served("OPTIONS", "/f/landing", key=None, headers={"Origin": origin})
        assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "POST")
        assert posted(served, "other", data={"email": "a@acme.example"}).status_code == 404
        flood = [posted(served, data={}, ip="192.0.2.1").status_code for _ in range(40)]
        assert flood[0] == 303
        assert flood[-1] == 429
        assert posted(served, data={}, ip="192.0.2.2").status_code == 303


@pytest.mark.parametrize(
    "settings", [{"serve.form_thanks": "javascript:alert(1)"}, {"serve.form_origins": "www.example.com"}]
)
def test_settings_no_form_can_have(served, settings, monkeypatch):
    config = served.service.config
    texts, text = type(config).texts, type(config).text
    monkeypatch.setattr(
        type(config), "texts", lambda self, name: (settings[name],) if name in settings else texts(self, name)
    )
    monkeypatch.setattr(type(config), "text", lambda self, name: settings.get(name) or text(self, name))
    with pytest.raises(InvalidInputError):
        FormsRoute(served.state)
