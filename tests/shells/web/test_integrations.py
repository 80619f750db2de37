"""Keys, webhooks, deliveries and forms as pages."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.support.seeing import text_of
from winnow.adapters.db.connections import writing
from winnow.adapters.db.program_tables import deliveries
from winnow.core.deliveries import State

HOSTILE = '"><script>alert(1)</script>'
URL = "https://192.0.2.7/hook"


@pytest.fixture
def desk(seen, monkeypatch):
    """The desk of webhooks, for which every address may be reached."""
    found = seen.served.state.desks.webhooks
    monkeypatch.setattr(found, "_check_url", lambda _: None)
    return found


@pytest.fixture
def hook(seen, desk):
    """A webhook, and what makes a delivery to it that was given up."""
    made = desk.add(f"{URL}?{HOSTILE}", ["*"], seen.person("admin")).webhook

    def given_up():
        record = desk.test(made.id, "tests")
        with writing(seen.served.service.engine) as connection:
            over = {"state": State.DEAD.value, "last_error": HOSTILE, "attempts": 10, "finished_at": 1}
            connection.execute(deliveries.update().where(deliveries.c.id == record.id).values(over))
        return record.id

    yield SimpleNamespace(id=made.id, given_up=given_up)
    if any(each.id == made.id for each in desk.page(None, 100).items):
        desk.remove(made.id, "tests")


def make_key(seen, **fields):
    said = {"name": "web site", "scopes": ["ingest"], **fields}
    return seen.post("/integrations/keys/new", "admin", fields=said)


def token_in(page):
    return re.search(r"wk_\w+_\w{40,}", page.text)[0]


def test_a_key_is_shown_once_works_and_is_dead_once_revoked(seen):
    page = make_key(seen, networks="127.0.0.0/8\n10.0.0.0/8", name="the shop")
    assert page.status_code == 200
    token = token_in(page)
    assert f"curl http://localhost/v1/leads \\\n  -H &#39;Authorization: Bearer {token}&#39;" in page.text
    seen.served.service.key_ring.refresh()
    lead = {"full_name": "Ana Kovač", "email": "ana@bluebird.example"}
    assert seen.served("POST", "/v1/leads", key=token, json=lead).status_code == 200
    key_id = token.rpartition("_")[0]
    listed = seen.get("/integrations", "auditor")
    assert "the shop" in listed.text
    assert token not in listed.text
    assert token not in seen.get(f"/integrations/keys/{key_id}", "admin").text
    answer = seen.post(f"/integrations/keys/{key_id}/revoke", "admin")
    assert answer.headers["location"] == "/integrations?said=key-revoked"
    seen.served.service.key_ring.refresh()
    assert seen.served("POST", "/v1/leads", key=token, json=lead).status_code == 401
    assert "the shop" not in seen.get("/integrations", "admin").text
    assert "the shop" in seen.get("/integrations?all=yes", "admin").text
    assert seen.post(f"/integrations/keys/{key_id}/revoke", "admin").status_code == 404


def test_who_made_a_key_is_on_record(seen):
    key_id = token_in(make_key(seen, name="on record")).rpartition("_")[0]
    made = next(each for each in seen.served.service.key_desk.all_keys() if each.id == key_id)
    assert made.created_by == seen.person("admin")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "The name of a key is 1 to 200"),
        ({"scopes": []}, "A key without scopes can do nothing"),
        ({"scopes": ["everything"]}, "everything is neither a scope nor a role"),
        ({"networks": "the office"}, "the is not a network"),
        ({"expires_at": "soon"}, "soon is no day"),
        ({"expires_at": "2020-01-01"}, "is not a moment in the future"),
    ],
)
def test_a_key_that_cannot_be_is_told_and_what_was_typed_stays(seen, fields, told):
    page = make_key(seen, **{"name": HOSTILE, **fields})
    assert page.status_code == 422
    assert told in text_of(page)
    assert HOSTILE not in page.text
    assert ('value="&#34;&gt;&lt;script&gt;' in page.text) is ("name" not in fields)
    assert ('value="ingest" checked' in page.text) is ("scopes" not in fields)
    assert "aria-describedby" in page.text


def test_rights_are_told_in_words(seen):
    make_key(seen, name="words", scopes=["rep", "keys:read"])
    assert "Sales rep see keys" in text_of(seen.get("/integrations", "auditor"))


def test_an_auditor_sees_no_buttons(seen, hook):
    hook.given_up()
    for path in ("", "/webhooks", "/deliveries", "/forms", f"/webhooks/{hook.id}"):
        page = seen.get(f"/integrations{path}", "auditor")
        forms = re.findall(r'<form method="post" action="([^"]*)"', page.text)
        assert {each for each in forms if each.startswith("/integrations")} == set(), path
        assert "/new" not in page.text


def test_a_webhook_shows_its_secret_once(seen, desk):
    fields = {"url": f"{URL}/new", "events": ["decision.made", "case.opened"]}
    page = seen.post("/integrations/webhooks/new", "admin", fields=fields)
    secret = re.search(r"whsec_[^<\s]+", page.text)[0]
    found = next(each for each in desk.page(None, 100).items if each.url == f"{URL}/new")
    one = seen.get(f"/integrations/webhooks/{found.id}", "admin")
    assert secret not in one.text
    assert "a lead waits in the queue and a lead was decided" in text_of(one)
    page = seen.post(f"/integrations/webhooks/{found.id}/rotate", "admin", fields={"overlap_hours": "3"})
    assert secret not in page.text
    assert "For 3 hours events are signed with the old secret as well." in page.text
    assert "whsec_" in page.text
    desk.remove(found.id, "tests")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "http://127.0.0.1/", "events": ["*"]}, "What to do"),
        ({"url": "https://192.0.2.7/", "events": []}, "No event is named"),
        ({"url": "https://192.0.2.7/", "events": ["news"]}, "news is not an event"),
    ],
)
def test_a_webhook_that_cannot_be_is_told_and_what_was_typed_stays(seen, fields, told):
    page = seen.post("/integrations/webhooks/new", "admin", fields=fields)
    assert page.status_code == 422
    assert told in text_of(page)
    assert f'value="{fields["url"]}"' in page.text


def test_a_webhook_is_paused_resumed_tested_and_removed(seen, hook, desk):
    here = f"/integrations/webhooks/{hook.id}"
    assert HOSTILE not in seen.get(here, "admin").text
    assert seen.post(f"{here}/pause", "admin").status_code == 303
    assert "paused" in text_of(seen.get(here, "admin"))
    assert seen.post(f"{here}/test", "admin").status_code == 409
    assert seen.post(f"{here}/resume", "admin").status_code == 303
    assert desk.webhook(hook.id).disabled_at is None
    assert seen.post(f"{here}/test", "admin").status_code == 303
    assert "a test" in text_of(seen.get(here, "auditor"))
    assert seen.post(f"{here}/remove", "admin").headers["location"] == "/integrations/webhooks?said=webhook-removed"
    assert seen.get(here, "admin").status_code == 404
    for step in ("pause", "resume", "test", "rotate", "remove"):
        assert seen.post(f"{here}/{step}", "admin").status_code == 404, step


def test_pausing_gives_up_what_was_on_its_way(hook, desk):
    record = desk.test(hook.id, "tests")
    desk.pause(hook.id, "tests")
    found = next(each for each in desk.deliveries(None, 10, webhook=hook.id).items if each.id == record.id)
    assert (found.state, found.last_error) == (State.DEAD, "the webhook is paused")


def test_what_was_given_up_is_sent_again_alone_or_all_at_once(seen, hook, desk):
    first, second, third = hook.given_up(), hook.given_up(), hook.given_up()
    page = seen.get("/integrations/deliveries?state=dead", "admin")
    assert HOSTILE not in page.text
    assert "Send all given-up ones again" in page.text
    assert seen.post(f"/integrations/deliveries/{first}/replay", "admin").status_code == 303
    assert state_of(desk, first) is State.PENDING
    assert state_of(desk, second) is State.DEAD
    answer = seen.post("/integrations/deliveries/replay", "admin")
    assert answer.headers["location"] == "/integrations/deliveries?said=replayed"
    assert {state_of(desk, each) for each in (second, third)} == {State.PENDING}
    answer = seen.post("/integrations/deliveries/replay", "admin")
    assert answer.headers["location"].endswith("said=nothing-replayed")
    for wrong, status in (("x", 404), ("999999", 404), (str(first), 409)):
        assert seen.post(f"/integrations/deliveries/{wrong}/replay", "admin").status_code == status, wrong


def test_what_is_for_a_removed_webhook_stays_given_up(seen, hook, desk):
    number = hook.given_up()
    desk.remove(hook.id, "tests")
    assert desk.replay_dead("tests") == 0
    page = seen.get("/integrations/deliveries?state=dead", "admin")
    assert "a webhook that was removed" in page.text
    assert f"/integrations/deliveries/{number}/replay" not in page.text


def state_of(desk, number):
    return next(each.state for each in desk.deliveries(None, 100).items if each.id == number)


def test_deliveries_are_found_by_state_and_webhook_page_by_page(seen, hook, desk):
    numbers = [desk.test(hook.id, "tests").id for _ in range(55)]
    found, address = [], f"/integrations/deliveries?webhook={hook.id}&state=pending"
    while address:
        page = seen.get(address, "admin")
        found += [int(each) for each in re.findall(r'<th scope="row" class="number">(\d+)', page.text)]
        older = re.search(r'href="(/integrations/deliveries\?[^"]*before=[^"]*)"', page.text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert sorted(found) == [each for each in numbers if each in found]
    assert len(found) >= 50
    assert seen.get("/integrations/deliveries?state=nothing&before=x", "admin").status_code == 200


def test_a_form_to_paste_names_the_address_of_this_service(seen):
    page = seen.get("/integrations/forms", "auditor")
    assert "action=&#34;http://localhost/f/website&#34; data-winnow" in page.text
    assert "/f/winnow-form.js" in page.text


@pytest.mark.parametrize(("which", "outcome"), [("genuine", "accept"), ("review", "review")])
def test_a_test_lead_is_sent_in_the_sandbox(seen, which, outcome):
    before = seen.served.service.log.frontier().size
    answer = seen.post("/integrations/forms/test", "admin", fields={"which": which})
    assert answer.headers["location"] == f"/integrations/forms?said=test-{which}"
    page = seen.served("GET", f"/v1/decisions/{before}").json()
    assert page["outcome"] == outcome


def test_there_is_no_test_lead_where_leads_are_real(seen, monkeypatch):
    config = seen.served.service.config
    assert seen.post("/integrations/forms/test", "admin", fields={"which": "x"}).status_code == 422
    real = {**config.values, "serve.sandbox": config.values["serve.shadow"]}
    monkeypatch.setattr(type(config), "values", property(lambda _: real), raising=False)
    assert seen.post("/integrations/forms/test", "admin", fields={"which": "junk"}).status_code == 409
    assert "Send a test lead" not in seen.get("/integrations/forms", "admin").text


def test_what_weighs_heavily_asks_who_it_is_once_more(seen, desk, monkeypatch):
    clock = seen.served.state.clock
    later = clock.now() + timedelta(minutes=30)
    made = desk.add(URL, ["*"], "tests").webhook
    seen.get("/integrations", "admin")
    monkeypatch.setattr(type(clock), "now", lambda _: later)
    for path in ("/integrations/keys/new", "/integrations/webhooks/new", f"/integrations/webhooks/{made.id}/rotate"):
        assert seen.post(path, "admin").headers.get("x-ask") == "confirm", path
