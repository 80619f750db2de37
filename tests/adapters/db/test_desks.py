"""What people change comes back from both databases as it was put in, each change with its leaf in the log."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.signing import live_on
from winnow.adapters.db.api_keys import ApiKeys
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.delivery_records import DeliveryRecords
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.outbox import SqlOutbox, enqueue
from winnow.adapters.db.program_tables import deliveries
from winnow.adapters.db.rule_drafts import StoredDrafts
from winnow.adapters.db.rulesets import SYSTEM, StoredRulesets
from winnow.adapters.db.tables import events
from winnow.adapters.db.versions import numbers
from winnow.adapters.db.webhooks import StoredWebhooks, unsealing
from winnow.adapters.rulesets import read_ruleset
from winnow.core.apikeys import ApiKey, Scope
from winnow.core.deliveries import Answer, EventType, Settled, State, Verdict, Webhook, event, webhook_secret
from winnow.core.govern.signing import Basis
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope as Where
from winnow.errors import ConflictError, NotAllowedError, NotFoundError, WinnowError
from winnow.ports import Ground, Page, RuleDraft, WantedEntries

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

NOW = datetime(2026, 11, 22, 8, 30, 0, 125, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ENTRY = ListEntry(
    "le_1",
    ListAction.BLOCK,
    ListKind.DOMAIN,
    "spam.example",
    "Zoë",
    "flood ☂",
    scopes=frozenset({Where.SALES, Where.SUPPORT}),
    source="rule",
    created_at=NOW,
    expires_at=LATER,
)
DRAFT = RuleDraft("rd_1", {"id": "a", "when": "form.honeypot", "points": 5}, "wk_1", NOW, NOW)
HOOK = Webhook("wh_1", "https://crm.example/", "*", NOW, "wk_1")
SECRET, FRESH = webhook_secret(bytes(32)), webhook_secret(bytes(range(32)))


@pytest.fixture
def journal(vault):
    return Journal(vault)


@pytest.fixture
def webhooks(store, journal, vault):
    return StoredWebhooks(store, journal, vault, "in_test")


def told(store):
    """Kind, actor and subject of every entry of the log."""
    with reading(store) as connection:
        rows = connection.execute(select(events.c.kind, events.c.actor, events.c.about).order_by(events.c.id)).all()
    assert LogReader(store).frontier().size == len(rows)
    return [tuple(row) for row in rows]


def test_entries_are_kept_as_they_were_given(store, journal):
    lists = StoredLists(store, journal)
    others = [replace(ENTRY, id=f"le_{number}", expires_at=None) for number in (3, 2)]
    lists.add([ENTRY], "wk_1", NOW)
    lists.add(others, "wk_2", NOW)
    assert lists.entry("le_1") == ENTRY
    assert lists.page(None, 2) == Page((ENTRY, others[1]), "le_2")
    assert lists.page("le_2", 2) == Page((others[0],), None)
    lists.remove("le_1", "wk_3", LATER)
    assert lists.all() == (others[1], others[0])
    for gone in (lambda: lists.entry("le_1"), lambda: lists.remove("le_1", "wk_3", LATER)):
        with pytest.raises(NotFoundError):
            gone()
    with pytest.raises(ConflictError):
        lists.add([replace(ENTRY, id="le_4"), ENTRY], "wk_1", NOW)
    assert len(lists.all()) == 2
    assert told(store) == [
        ("list.added", "wk_1", "le_1"),
        ("list.added", "wk_2", "2 entries"),
        ("list.removed", "wk_3", "le_1"),
    ]
    assert numbers(store)["lists"] == 3


def test_entries_are_found_by_what_they_do_and_by_parts_of_their_texts(store, journal, monkeypatch):
    lists = StoredLists(store, journal)
    entries = [replace(ENTRY, id=f"le_{number}", expires_at=None) for number in range(5)]
    entries[1] = replace(entries[1], action=ListAction.ALLOW, reason="100% sure_thing")
    entries[3] = replace(entries[3], kind=ListKind.EMAIL, value="bo@spam.example", owner="Ana")
    lists.add(entries, "wk_1", NOW)
    lists.remove("le_4", "wk_1", NOW)

    def ids(before=None, limit=50, **wanted):
        return [entry.id for entry in lists.found(WantedEntries(**wanted), before, limit).items]

    assert ids() == ["le_3", "le_2", "le_1", "le_0"]
    assert ids(action=ListAction.ALLOW) == ids(text="0% SURE_") == ["le_1"]
    assert ids(kind=ListKind.EMAIL) == ids(text="bo@") == ids(text="ana") == ["le_3"]
    assert ids(text="le_2") == ["le_2"]
    assert ids(text="100_") == ids(text="%zz%") == []
    assert lists.found(WantedEntries(), None, 2) == Page((entries[3], entries[2]), "le_2")
    assert lists.found(WantedEntries(), "le_2", 2) == Page((entries[1], entries[0]), None)
    monkeypatch.setattr("winnow.adapters.db.lists.LOOKED_AT", 2)
    assert lists.found(WantedEntries(action=ListAction.ALLOW), None, 2) == Page((), "le_2")
    assert lists.found(WantedEntries(action=ListAction.ALLOW), "le_2", 2) == Page((entries[1],), "le_0")
    assert lists.found(WantedEntries(action=ListAction.ALLOW), "le_0", 2) == Page((), None)


def test_ten_thousand_entries_are_added_at_once(store, journal):
    lists = StoredLists(store, journal)
    many = [replace(ENTRY, id=f"le_{number:05d}") for number in range(10_000)]
    lists.add(many, "wk_1", NOW)
    assert len(lists.all()) == 10_000
    with pytest.raises(ConflictError, match="le_0"):
        lists.add(many[9_000:], "wk_1", NOW)


def test_a_draft_is_changed_only_from_the_edition_it_has(store, journal):
    drafts = StoredDrafts(store, journal)
    second = replace(DRAFT, id="rd_2")
    drafts.add(DRAFT)
    drafts.add(second)
    assert drafts.draft("rd_1") == DRAFT
    assert drafts.page(None, 1) == Page((DRAFT,), "rd_1")
    assert drafts.page("rd_1", 1) == Page((second,), None)
    with pytest.raises(ConflictError):
        drafts.replace("rd_1", {"id": "b"}, "another edition", "wk_2", LATER)
    changed = drafts.replace("rd_1", {"id": "b"}, DRAFT.edition, "wk_2", LATER)
    assert changed == drafts.draft("rd_1") == replace(DRAFT, document={"id": "b"}, changed_at=LATER)
    assert changed.edition != DRAFT.edition
    drafts.remove("rd_1", "wk_3", LATER)
    for gone in (
        lambda: drafts.draft("rd_1"),
        lambda: drafts.remove("rd_1", "wk_3", LATER),
        lambda: drafts.replace("rd_1", {}, changed.edition, "wk_2", LATER),
    ):
        with pytest.raises(NotFoundError):
            gone()
    assert [kind for kind, _, _ in told(store)] == [
        *["rule-draft.added"] * 2,
        "rule-draft.changed",
        "rule-draft.removed",
    ]


def test_rulesets_are_listed_with_the_live_one_and_without_bound_editions(store, vault, journal):
    rulesets = StoredRulesets(store, journal)
    first = read_ruleset(None)
    second = replace(first, id="second")
    bound = replace(first, lists_snapshot="ab" * 32)
    rulesets.activate(first, SYSTEM, NOW, Ground(Basis.SHIPPED))
    rulesets.keep(bound, SYSTEM, NOW)
    rulesets.keep(bound, SYSTEM, LATER)
    rulesets.add(second, "wk_1", LATER)
    rulesets.add(second, "wk_2", LATER)
    page = rulesets.page(None, 5)
    assert [(each.hash, each.live, each.author) for each in page.items] == [
        (second.hash, False, "wk_1"),
        (first.hash, True, SYSTEM),
    ]
    assert rulesets.page(None, 1).next == second.hash
    assert [each.hash for each in rulesets.page(second.hash, 1).items] == [first.hash]
    assert rulesets.page("unknown", 5).items == ()
    with pytest.raises(NotAllowedError, match="no sign-off"):
        rulesets.activate(second, "wk_1", LATER, Ground(Basis.SIGNED, 1))
    live_on(store, vault)(second, "wk_1", LATER)
    known = rulesets.known(second.hash)
    assert (known.live, known.activated_at, known.activated_by) == (True, LATER, "wk_1")
    assert not rulesets.known(first.hash).live
    assert rulesets.live().hash == second.hash
    with pytest.raises(NotFoundError):
        rulesets.known(bound.hash)
    assert rulesets.ruleset(bound.hash).hash == bound.hash
    kinds = [kind for kind, _, _ in told(store) if kind.startswith("ruleset")]
    assert kinds == ["ruleset.activated", "ruleset.added", "ruleset.activated"]


def claimed(store, vault, now=NOW):
    outbox = SqlOutbox(store, unsealing(vault))
    return outbox, outbox.claim(now, now + timedelta(minutes=2), limit=10, each=10, room={})


def test_what_is_sent_is_signed_with_the_secrets_that_hold(store, vault, webhooks):
    webhooks.add(HOOK, SECRET, NOW)
    assert webhooks.webhook("wh_1") == HOOK
    webhooks.test("wh_1", "wk_1", NOW)
    assert [each.secrets for each in claimed(store, vault)[1]] == [(SECRET,)]
    webhooks.rotate("wh_1", FRESH, LATER, "wk_1", NOW)
    for now, secrets in ((NOW, (FRESH, SECRET)), (LATER, (FRESH,))):
        webhooks.test("wh_1", "wk_1", now)
        assert claimed(store, vault, now)[1][-1].secrets == secrets
    with reading(store) as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM webhooks").all())
    assert SECRET not in stored
    assert FRESH not in stored


def test_a_secret_opens_only_for_the_webhook_it_was_sealed_for(store, vault, webhooks):
    webhooks.add(HOOK, SECRET, NOW)
    with reading(store) as connection:
        sealed = connection.exec_driver_sql("SELECT secret FROM webhooks").scalar_one()
    assert unsealing(vault)(bytes(sealed), "wh_1") == SECRET
    with pytest.raises(WinnowError):
        unsealing(vault)(bytes(sealed), "wh_2")


def test_nothing_stays_pending_for_a_webhook_that_was_removed(store, vault, webhooks):
    other = replace(HOOK, id="wh_2")
    webhooks.add(HOOK, SECRET, NOW)
    webhooks.add(other, SECRET, NOW)
    assert webhooks.page(None, 1) == Page((HOOK,), "wh_1")
    assert webhooks.page("wh_1", 1) == Page((other,), None)
    with writing(store) as connection:
        enqueue(connection, [event(EventType.CHECKPOINT_SIGNED, NOW, {"size": 5}, installation="in")], NOW)
    webhooks.remove("wh_1", "wk_1", LATER)
    pending, dead = (
        webhooks.deliveries(None, 9, webhook=None, state=State.PENDING),
        DeliveryRecords(store).page(state=State.DEAD),
    )
    assert [each.webhook for each in pending.items] == ["wh_2"]
    assert [(each.webhook, each.last_error) for each in dead.rows] == [("wh_1", "the webhook was removed")]
    assert [each.webhook for each in claimed(store, vault, LATER)[1]] == ["wh_2"]
    before = told(store)
    for gone in (
        lambda: webhooks.webhook("wh_1"),
        lambda: webhooks.remove("wh_1", "wk_1", LATER),
        lambda: webhooks.rotate("wh_1", FRESH, LATER, "wk_1", NOW),
        lambda: webhooks.test("wh_1", "wk_1", NOW),
    ):
        with pytest.raises(NotFoundError):
            gone()
    assert told(store) == before


def test_a_disabled_webhook_is_not_tested(store, vault, webhooks):
    webhooks.add(HOOK, SECRET, NOW)
    claimed(store, vault)[0].disable("wh_1", "answered 410", LATER)
    disabled = webhooks.webhook("wh_1")
    assert (disabled.disabled_at, disabled.disabled_because) == (LATER, "answered 410")
    with pytest.raises(ConflictError):
        webhooks.test("wh_1", "wk_1", LATER)
    with reading(store) as connection:
        assert connection.execute(select(deliveries)).all() == []


def test_a_finished_delivery_is_sent_again_and_a_pending_one_is_not(store, vault, webhooks):
    webhooks.add(HOOK, SECRET, NOW)
    sent = webhooks.test("wh_1", "wk_1", NOW)
    with pytest.raises(ConflictError, match="still being tried"):
        webhooks.replay(sent.id, "wk_1", NOW)
    outbox, (delivery,) = claimed(store, vault)
    outbox.settle([Settled(delivery, Answer(500), Verdict(State.DEAD))], NOW)
    again = webhooks.replay(sent.id, "wk_1", LATER)
    assert (again.state, again.due_at, again.attempts, again.event) == (State.PENDING, LATER, 0, sent.event)
    with pytest.raises(NotFoundError):
        webhooks.replay(sent.id + 1, "wk_1", LATER)
    assert told(store)[-1] == ("delivery.replayed", "wk_1", str(sent.id))


def test_keys_are_made_and_ended_in_the_log(store, journal):
    keys = ApiKeys(store, journal)
    keys.add(ApiKey("wk_2", bytes(32), "site", frozenset({Scope.LEADS_WRITE}), NOW, "wk_1"))
    assert keys.revoke("wk_2", "wk_1", LATER)
    assert not keys.revoke("wk_2", "wk_1", LATER)
    assert told(store) == [("key.created", "wk_1", "wk_2"), ("key.revoked", "wk_1", "wk_2")]


def test_a_paused_webhook_is_told_nothing_and_a_resumed_one_what_happens_from_then_on(store, vault, webhooks):
    webhooks.add(HOOK, SECRET, NOW)
    webhooks.test("wh_1", "wk_1", NOW)
    webhooks.set_paused("wh_1", True, "us_1", LATER)
    paused = webhooks.webhook("wh_1")
    assert (paused.disabled_at, paused.disabled_because) == (LATER, "the webhook is paused")
    (given_up,) = webhooks.deliveries(None, 9, webhook=None, state=State.DEAD).items
    assert given_up.last_error == "the webhook is paused"
    with writing(store) as connection:
        missed = event(EventType.CHECKPOINT_SIGNED, NOW, {"size": 5}, installation="in")
        assert enqueue(connection, [missed], LATER) == 0
    with pytest.raises(ConflictError):
        webhooks.test("wh_1", "wk_1", LATER)
    webhooks.set_paused("wh_1", False, "us_1", LATER)
    assert webhooks.webhook("wh_1") == HOOK
    assert not claimed(store, vault, LATER)[1]
    webhooks.test("wh_1", "wk_1", LATER)
    assert len(claimed(store, vault, LATER)[1]) == 1
    assert told(store)[2:4] == [("webhook.paused", "us_1", "wh_1"), ("webhook.resumed", "us_1", "wh_1")]
    before = told(store)
    with pytest.raises(NotFoundError):
        webhooks.set_paused("wh_2", True, "us_1", LATER)
    assert told(store) == before


def test_what_was_given_up_is_sent_again_at_once_but_not_to_those_that_are_gone(store, vault, webhooks):
    for each in ("wh_1", "wh_2"):
        webhooks.add(replace(HOOK, id=each), SECRET, NOW)
    sent = [webhooks.test(each, "wk_1", NOW).id for each in ("wh_1", "wh_1", "wh_1", "wh_2")]
    outbox, found = claimed(store, vault)
    outbox.settle([Settled(each, Answer(500), Verdict(State.DEAD)) for each in found], NOW)
    webhooks.remove("wh_2", "wk_1", NOW)
    assert webhooks.replay_dead("us_1", 2, LATER) == 2
    assert [each.id for each in webhooks.deliveries(None, 9, webhook=None, state=State.PENDING).items] == sent[2:0:-1]
    assert webhooks.replay_dead("us_1", 2, LATER) == 1
    before = told(store)
    assert before[-2:] == [("delivery.all-replayed", "us_1", "dead")] * 2
    assert webhooks.replay_dead("us_1", 2, LATER) == 0
    assert told(store) == before
    assert [each.webhook for each in webhooks.deliveries(None, 9, webhook=None, state=State.DEAD).items] == ["wh_2"]
