"""The pages of the register: entered with the wizard's answer seen, reviewed, proposed, retired; refusals say why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.governed import NONE, system
from tests.support.seeing import text_of
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.db.systems import StoredSystems
from winnow.core.govern.signing import Kind
from winnow.core.govern.stop import StopScope
from winnow.core.govern.systems_read import system_from

HOSTILE = '"><script>alert(1)</script>%(x)s'
TYPED = {
    "id": "typed",
    "name": "Typed in",
    "purpose": "draft answers",
    "version": "4.2",
    "vendor": "Acme",
    "owner": "",
    "purposes": ["marketing"],
    "inputs": ["contact", "message"],
    "own_inputs": "custom.shoe-size",
    "outputs": "answer, mood",
    "actions": ["contact"],
    "channels": ["email"],
    "status": "shadow",
    "answer-decides": ["none"],
    "answer-practices": ["none"],
    "answer-people": ["none"],
    "answer-contact": ["writes"],
}
#: A right that changes the register, and one that only sees it.
WRITES, READS = "rule-author", "auditor"


@pytest.fixture(scope="module")
def desk(seen):
    """The register with an entry that says something hostile wherever people write."""
    found = seen.served.state.desks.systems
    entry = system("hostile", name=HOSTILE, purpose=HOSTILE, vendor=HOSTILE, owner=seen.person(WRITES))
    found.add(entry, seen.person(WRITES))
    found.review("hostile", HOSTILE, seen.person(WRITES))
    return found


def test_the_register_tells_what_each_may_do_and_why_not_more(seen, desk):
    desk.add(system("drafted", status="draft"), "tests")
    page = seen.get("/systems", READS)
    told = text_of(page)
    for words in (
        "Winnow's own screening",
        "Nobody owns it: name a person who answers for it.",
        "should be live and may not act.",
        "never reviewed",
        "shadow only",
        "It is a draft: put it in shadow to try it.",
        "rule-author",
    ):
        assert words in told, words
    assert "<script>alert" not in page.text
    assert "/systems/_add" not in page.text
    assert "/systems/_add" in seen.get("/systems", WRITES).text
    assert "hostile" not in seen.get("/systems?after=hostile", READS).text


@pytest.mark.usefixtures("desk")
def test_one_system_is_told_with_everything_and_texts_are_texts(seen):
    page = seen.get("/systems/hostile", READS)
    told = text_of(page)
    for words in (
        "It was put in shadow.",
        "not signed off",
        "no purpose of the policy",
        "contact people",
        "e-mail",
        "EU AI Act, Article 50",
        "Nobody has signed this content",
        "All that it was",
        "reviewed next review",
        "rule-author",
    ):
        assert words in told, words
    assert "<script>alert" not in page.text
    for form in ("/review", "/status", "/propose", "/change", "/retire"):
        assert f"/systems/hostile{form}" not in page.text
        assert f"/systems/hostile{form}" in seen.get("/systems/hostile", WRITES).text
    assert seen.get("/systems/nothing", READS).status_code == 404


@pytest.mark.usefixtures("desk")
def test_an_entry_is_kept_once_it_was_seen_what_its_answers_come_to(seen, desk):
    first = seen.post("/systems/_add", WRITES, fields={**TYPED, "do": "keep"})
    assert first.status_code == 200
    assert "Nothing was kept yet." in text_of(first)
    assert "EU AI Act, Article 50(2) to (4)" in text_of(first)
    assert 'name="seen" value="writes"' in first.text
    assert 'value="Typed in"' in first.text
    other = {**TYPED, "answer-people": ["scores-people"], "seen": "writes", "do": "keep"}
    assert "GDPR, Articles 13 to 15 and 21" in text_of(seen.post("/systems/_add", WRITES, fields=other))
    answer = seen.post("/systems/_add", WRITES, fields={**TYPED, "seen": "writes", "do": "keep"})
    assert answer.headers["location"] == "/systems/typed?said=system-added"
    kept = desk.registered("typed").system
    assert (kept.inputs, kept.outputs) == ({"contact", "message", "custom.shoe-size"}, {"answer", "mood"})
    assert kept.vendor == "Acme"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"answer-people": []}, "this question is not answered"),
        ({"answer-people": ["none", "scores-people"]}, "none of these, and some of these"),
        ({"answer-people": ["writes"], "seen": "writes"}, "is no answer to"),
        ({"name": "", "seen": "writes"}, "The name is not 1 to 300"),
        ({"id": "No id", "seen": "writes"}, "is no id of a system"),
        ({"outputs": "is_pregnant", "seen": "writes"}, "forbids to conclude is_pregnant"),
        ({"owner": "us_nobody", "seen": "writes"}, "nobody who may answer for systems"),
        ({"status": "live", "seen": "writes"}, "a draft or in shadow"),
        ({"name": HOSTILE, "id": "winnow-screening", "seen": "writes"}, "stands in the register by itself"),
    ],
)
def test_what_may_not_stand_there_says_why_and_nothing_typed_is_lost(seen, change, told):
    page = seen.post("/systems/_add", WRITES, fields={**TYPED, "id": "refused", "do": "keep", **change})
    assert page.status_code == 422
    assert told.casefold() in text_of(page).casefold()
    assert "<script>alert" not in page.text
    assert "custom.shoe-size" in page.text
    assert 'value="email" checked' in page.text


def test_high_risk_is_refused_with_its_article_and_what_would_be_needed(seen, desk):
    owner = seen.served.state.desks.policy.in_force().policy.owner
    for answers, needed, decides in (
        ({"answer-decides": ["credit"]}, "name the law pack high-risk", True),
        ({"answer-practices": ["social-scoring"]}, "No policy makes this right.", False),
    ):
        page = seen.post("/systems/_add", WRITES, fields={**TYPED, "id": "credit", "do": "keep", **answers, "seen": ""})
        assert page.status_code == 422
        told = text_of(page)
        assert "This may not stand in the register." in told
        assert "EU AI Act, A" in told
        assert needed in told
        assert (f"The policy decides this; {owner} answers for it" in told) is decides
        assert "Enter it so" not in told
    seen_it = {**TYPED, "id": "credit", "answer-decides": ["credit"], "seen": "credit writes", "do": "keep"}
    assert seen.post("/systems/_add", WRITES, fields=seen_it).status_code == 422
    assert "credit" not in {each.system.id for each in desk.all()}


def test_it_is_changed_only_from_what_was_looked_at(seen, desk):
    desk.add(system("changing"), "tests")
    page = seen.get("/systems/changing/change", WRITES)
    assert 'value="writes" checked' in page.text
    assert page.text.count('value="none" checked') == 3
    assert 'name="seen" value="writes"' in page.text
    fields = {**TYPED, "seen": "writes", "do": "keep", "revision": "1", "name": "Another name"}
    assert seen.post("/systems/changing/change", WRITES, fields=fields).headers["location"].endswith("system-changed")
    stale = seen.post("/systems/changing/change", WRITES, fields=fields)
    assert stale.status_code == 422
    assert "changed since it was read" in text_of(stale)
    assert "described anew name, " in text_of(seen.get("/systems/changing", READS))
    assert desk.registered("changing").system.name == "Another name"


def test_going_live_names_all_that_is_lacking_until_it_is_there(seen, desk):
    owner = seen.person(WRITES)
    desk.add(system("to-live", owner=owner), owner)

    def asked(status, revision):
        return seen.post("/systems/to-live/status", WRITES, fields={"status": status, "revision": str(revision)})

    page = asked("live", 1)
    assert page.status_code == 422
    assert "It cannot go live: what stands in the register is not signed off" in text_of(page)
    proposed = seen.post("/systems/to-live/propose", WRITES, fields={"because": "We tried it."})
    told = seen.served.state.desks.signing.about(Kind.AI_SYSTEM, desk.registered("to-live").content_hash)[0]
    assert proposed.headers["location"] == f"/proposals/{told.filed.proposal.id}?said=system-proposed"
    page = seen.get("/systems/to-live", READS)
    assert f'href="/proposals/{told.filed.proposal.id}"' in page.text
    assert "waits for a signature" in text_of(page)
    _signed(seen, told)
    assert asked("live", 1).headers["location"].endswith("system-status")
    told = text_of(seen.get("/systems/to-live", READS))
    assert "it may act." in told
    assert "signed by approver" in told
    stop = seen.served.state.desks.stop.engage(StopScope.SYSTEM, "to-live", "odd letters", "tests").stop
    page = seen.get("/systems/to-live", READS)
    assert 'href="/stop">STOPPED' in page.text
    assert "may act" not in text_of(page)
    assert 'href="/stop">STOPPED' in seen.get("/systems", READS).text
    people = seen.served.state.desks.people.desk
    for role in ("approver", "privacy-officer"):
        seen.served.state.desks.stop.lift(stop.id, "looked at", people.person(seen.person(role)))
    assert "STOPPED" not in text_of(seen.get("/systems", READS))
    assert asked("shadow", 2).status_code == 303
    assert "It was put in shadow." in text_of(seen.get("/systems/to-live", READS))


def test_proposing_needs_a_reason_and_the_password_once_more(seen, desk, monkeypatch):
    desk.add(system("unproposed"), "tests")
    assert seen.post("/systems/unproposed/propose", WRITES, fields={"because": ""}).status_code == 422
    monkeypatch.setattr("winnow.core.people.accounts.CONFIRMED_FOR", timedelta(0))
    answer = seen.post("/systems/unproposed/propose", WRITES, fields={"because": "x"})
    assert (answer.status_code, answer.headers["x-ask"]) == (403, "confirm")


def test_a_review_sets_the_next_day(seen, desk):
    desk.add(system("reviewed"), "tests")
    wrong = seen.post("/systems/reviewed/review", WRITES, fields={"note": "Looked.", "next_review": "2020-01-01"})
    assert wrong.status_code == 422
    assert "Looked." in wrong.text
    assert seen.post("/systems/reviewed/review", WRITES, fields={"note": ""}).status_code == 422
    assert desk.registered("reviewed").system.next_review is None
    answer = seen.post("/systems/reviewed/review", WRITES, fields={"note": "Looked."})
    assert answer.headers["location"] == "/systems/reviewed?said=system-reviewed"
    page = text_of(seen.get("/systems/reviewed?said=system-reviewed", WRITES))
    assert "Reviewed. The day of the next look is set." in page
    assert "Looked." in page
    assert desk.registered("reviewed").system.next_review is not None


@pytest.mark.usefixtures("desk")
def test_a_review_that_is_overdue_is_marked(seen):
    service = seen.served.service
    late = replace(system_from(system("late", status="live")), next_review=date(2020, 1, 31))
    StoredSystems(service.engine, service.journal).keep(late, "tests", service.clock.now(), what="system.added")
    told = text_of(seen.get("/systems", READS))
    assert "1 review is overdue." in told
    assert "overdue Jan 31, 2020" in told
    assert "Its review was due on Jan 31, 2020: review it." in text_of(seen.get("/systems/late", READS))


def test_a_retired_one_does_nothing_any_more(seen, desk):
    desk.add(system("gone"), "tests")
    assert "Retire this system?" in text_of(seen.get("/systems/gone/retire", WRITES))
    assert seen.post("/systems/gone/retire", WRITES, fields={"note": ""}).status_code == 422
    assert seen.post("/systems/gone/retire", WRITES, fields={"note": "Over."}).status_code == 303
    page = seen.get("/systems/gone", WRITES)
    assert "It is retired." in text_of(page)
    assert "/systems/gone/change" not in page.text
    assert seen.post("/systems/gone/retire", WRITES, fields={"note": "Twice."}).status_code == 422


def test_winnows_own_entry_gets_an_owner_and_its_signature_is_that_of_the_ruleset(seen, desk):
    page = seen.get("/systems/winnow-screening", WRITES)
    assert "It stands here by itself" in text_of(page)
    assert "What has to be signed is the live ruleset." in text_of(page)
    assert "It came with Winnow, or with the first start. Content:" in text_of(page)
    assert "A second person signed" not in text_of(page)
    assert f"/rulesets/{desk.registered('winnow-screening').content_hash}" in page.text
    assert "/systems/winnow-screening/retire" not in page.text
    form = seen.get("/systems/winnow-screening/change", WRITES)
    assert 'name="revision" value="0"' in form.text
    own = desk.registered("winnow-screening").system
    fields = {
        **TYPED,
        "name": own.name,
        "purpose": own.purpose,
        "version": own.version,
        "vendor": "",
        "own_inputs": "",
        "inputs": sorted(own.inputs),
        "outputs": "junk",
        "actions": ["score", "reject"],
        "channels": [],
        "answer-people": ["scores-people"],
        "answer-contact": ["none"],
        "seen": "scores-people",
        "owner": seen.person(WRITES),
        "revision": "0",
        "status": "live",
        "do": "keep",
    }
    answer = seen.post("/systems/winnow-screening/change", WRITES, fields=fields)
    assert answer.headers["location"].endswith("system-status"), text_of(answer)
    assert desk.registered("winnow-screening").owner.id == seen.person(WRITES)
    assert "Nobody owns it" not in text_of(seen.get("/systems/winnow-screening", READS))


def test_an_owner_who_left_is_told(seen, desk):
    people = seen.served.state.desks.people.desk
    link = people.invite("leaver@people.example", "Leaver", ["rule-author"], "tests")
    people.join(link.token, "unrelated words of a test")
    desk.add(system("orphan", owner=link.person.id, answers={**NONE, "contact": ["talks"]}), "tests")
    assert "Leaver" in text_of(seen.get("/systems/orphan", READS))
    people.disable(link.person.id, "tests")
    assert "Its owner has left or lost the role for it: name another." in text_of(seen.get("/systems/orphan", READS))
    assert "Leaver" not in seen.get("/systems/orphan/change", WRITES).text


def _signed(seen, told):
    """A second person agrees, as the pages of sign-off have it."""
    service, proposal = seen.served.service, told.filed.proposal
    store = StoredSigning(service.engine, service.journal)
    store.sign(proposal.id, proposal.hash, seen.person("approver"), service.clock.now(), privacy=False)
