"""The pages of the gate: answers without anybody's address, permits checked, and who went past it."""

import json
from datetime import timedelta

import pytest

from tests.support.gatekeeping import ASK, MAILER, agree, knowing_the_mailer, opt_out, recipient
from tests.support.seeing import text_of
from winnow.adapters.db.ai_decisions import StoredAiDecisions
from winnow.ports.gate import AiDecision
from winnow.services.gatekeep import Asking

HOSTILE = '"><script>alert(1)</script>%(x)s'
WHO = "privacy-officer"


@pytest.fixture(scope="module")
def keeper(seen):
    with knowing_the_mailer(seen.served.state.desks, seen.served.service) as known:
        yield known


@pytest.fixture(scope="module")
def asked(seen, keeper):
    """A permit, a refusal, and an answer about three people, one of whom is permitted."""
    yes, no, unknown = (recipient(f"gate-{name}@bluebird.example") for name in ("yes", "no", "unknown"))
    agree(seen.served.service, [yes, no])
    opt_out(seen.served.service, [no])
    asking = Asking(seen.person(WHO))
    answers = [keeper.ask(ASK, people, asking) for people in ([yes], [no], [yes, no, unknown])]
    return dict(zip(("permit", "refusal", "batch"), answers, strict=True))


def test_answers_are_listed_without_anybodys_address(seen, asked):
    page = seen.get("/gate", WHO)
    told = text_of(page)
    for words in ("mailer", "contact people · e-mail · marketing", "Consent 2", "you"):
        assert words in told
    assert "bluebird.example" not in page.text
    for given in asked.values():
        assert f'href="/gate/{given.kept.terms.answer}"' in page.text
    assert "Nobody asked yet" in text_of(seen.get("/gate?system=nobody", WHO))
    assert "Nobody asked yet" not in text_of(seen.get("/gate?system=mailer", WHO))


def test_older_answers_are_a_page_away(seen, asked):
    first = asked["refusal"].number
    told = seen.get(f"/gate?before={first}", WHO).text
    assert asked["permit"].kept.terms.answer in told
    assert asked["refusal"].kept.terms.answer not in told
    assert seen.get("/gate?before=x", WHO).status_code == 200


def test_a_refusal_says_who_says_so_and_what_a_human_can_do(seen, asked):
    given = asked["refusal"]
    page = seen.get(f"/gate/{given.kept.terms.answer}", WHO)
    told = text_of(page)
    assert "<h1>Refused</h1>" in page.text
    for words in ("The person opted out", "What a human can do:", "A refusal is not waved through", "the newsletter"):
        assert words in told
    assert told.count("What a human can do:") == 1
    assert f'href="/consent/{given.kept.subjects[0]}"' in page.text
    assert f'href="/consent/{given.kept.subjects[0]}"' not in seen.get(f"/gate/{given.id_of(0)}", "approver").text
    assert "bluebird.example" not in page.text


def test_a_permit_is_shown_with_every_check_and_never_its_token(seen, asked):
    page = seen.get(f"/gate/{asked['permit'].id_of(0)}", WHO)
    assert "<h1>Permitted</h1>" in page.text
    assert page.text.count("answer-yes") == 11
    assert "wpt_" not in page.text


def test_an_answer_about_many_is_summed_up_and_each_of_them_can_be_looked_at(seen, asked):
    given = asked["batch"]
    told = text_of(seen.get(f"/gate/{given.kept.terms.answer}", WHO))
    for words in ("Answer about 3 people", "Permitted 1", "Refused 2", "the person opted out", "Asked about everybody"):
        assert words.lower() in told.lower()
    assert "<h1>Refused</h1>" in seen.get(f"/gate/{given.id_of(1)}", WHO).text
    assert seen.get(f"/gate?permit={given.id_of(1)}", WHO).headers["location"] == f"/gate/{given.id_of(1)}"


@pytest.mark.parametrize("path", ["/gate/pm_nobody", "/gate/pm_nobody-1", "/gate/x-y", "/gate?permit=../x"])
def test_what_is_no_answer_is_nowhere(seen, path):
    assert seen.get(path, WHO).status_code in {404, 422}


def test_a_place_that_nobody_had_in_an_answer_is_nowhere(seen, asked):
    answer = asked["batch"].kept.terms.answer
    assert seen.get(f"/gate/{answer}-3", WHO).status_code == 404
    assert seen.get(f"/gate/{answer}--1", WHO).status_code in {404, 422}
    assert seen.get(f"/gate/{answer}-x", WHO).status_code in {404, 422}


def test_an_answer_about_somebody_erased_is_gone(seen, keeper):
    gone = recipient("gate-erased@bluebird.example")
    given = keeper.ask(ASK, [gone], Asking("tests"))
    desk = seen.served.state.desks.consent.desk
    desk.erase([desk.subject(gone.address)], "tests")
    assert "The person was erased." in text_of(seen.get("/gate", WHO))
    assert seen.get(f"/gate/{given.kept.terms.answer}", WHO).status_code == 404


def test_who_may_not_read_permits_sees_none(seen, asked):
    for role in ("rep", "reviewer", "rule-author", "admin"):
        for path in ("/gate", f"/gate/{asked['permit'].id_of(0)}", "/gate/verify", "/gate/reconcile"):
            assert seen.get(path, role).status_code == 403
        assert 'href="/gate"' not in seen.get("/account", role).text


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────


def verify(seen, token, **fields):
    return seen.post("/gate/verify", WHO, fields={"token": token, **fields})


def test_a_token_that_holds_says_for_what(seen, asked):
    token = asked["permit"].token(0)
    told = text_of(verify(seen, f" {token[:40]}\n{token[40:]} "))
    for words in ("It is genuine, and holds now.", "contact people · e-mail · marketing", "Give the address to see"):
        assert words in told
    assert "The person of this address" in text_of(verify(seen, token, address="Gate-Yes@bluebird.example"))
    told = text_of(verify(seen, token, address="other@bluebird.example"))
    assert "It permits nothing. This permit does not hold. It is for another address." in told


@pytest.mark.parametrize("place", [0, 1])
def test_a_token_that_was_changed_or_proves_a_refusal_permits_nothing(seen, asked, place):
    token = asked["batch"].token(1) if place else asked["permit"].token(0)[:-8] + "AAAAAAAA"
    page = verify(seen, token)
    assert "genuine" not in text_of(page)
    assert token in page.text


def test_what_is_no_token_is_said_beside_the_field(seen):
    page = verify(seen, HOSTILE)
    assert page.status_code == 422
    assert 'id="token-wrong"' in page.text
    assert "<script>alert" not in page.text
    assert str(seen.served.state.desks.gate.keeper.key).split("+", maxsplit=1)[0] in page.text


# ── what AI concluded ────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def concluded(seen):
    service = seen.served.service
    store = StoredAiDecisions(service.engine, service.vault)
    said = AiDecision("mailer", "likely_buyer", HOSTILE, ("asked for prices twice",), ("contact",), "wk_1", None, "2")
    desk = seen.served.state.desks.consent.desk
    subjects = [desk.subject(recipient(f"ai-{number}@bluebird.example").address) for number in range(2)]
    numbers = [store.add(said, subject, service.clock.now()) for subject in subjects]
    desk.erase([subjects[0]], "tests")
    return numbers


def test_conclusions_are_listed_with_their_reasons_for_those_who_see_leads(seen, concluded):
    erased, kept = concluded
    page = seen.get("/gate/ai-decisions", WHO)
    assert f'href="/gate/ai-decisions/{kept}"' in page.text
    assert f'href="/gate/ai-decisions/{erased}"' not in page.text
    assert "<script>alert" not in page.text
    assert text_of(page).count("The person was erased.") == 1
    page = seen.get(f"/gate/ai-decisions/{kept}", WHO)
    for words in ("likely_buyer", "asked for prices twice", "contact", "mailer"):
        assert words in text_of(page)
    assert "<script>alert" not in page.text
    for path in (f"/gate/ai-decisions/{erased}", "/gate/ai-decisions/99999", "/gate/ai-decisions/x"):
        assert seen.get(path, WHO).status_code == 404
    assert "Nothing was reported yet" in text_of(seen.get("/gate/ai-decisions?system=nobody", WHO))
    assert "Nothing was reported yet" in text_of(seen.get(f"/gate/ai-decisions?before={erased}", WHO))


# ── who went past it ─────────────────────────────────────────────────────────────────────────────


def compare(seen, text, **fields):
    return seen.post("/gate/reconcile", WHO, fields={"activities": text, **fields})


@pytest.mark.usefixtures("asked")
def test_contacts_without_a_permit_are_counted_and_named_by_line(seen):
    at = seen.served.service.clock.now()
    late = (at + timedelta(hours=3)).isoformat()
    text = (
        "email,when,channel,by\n"
        f"gate-yes@bluebird.example,{at.isoformat()},e-mail,Bo\n"
        f"gate-yes@bluebird.example,{late},email,{HOSTILE[2:]}\n"
        f"nobody@bluebird.example,{at.isoformat()},email,Bo\n"
        "nobody@bluebird.example,yesterday,email,Bo\n"
    )
    page = compare(seen, text)
    told = text_of(page)
    for words in (
        "2 contacts without a permit",
        "3 contacts were looked at.",
        "1 line could not be read.",
        "No permit was ever given for this person",
        "The last permit before it had expired",
        "Line 5: it does not say when",
    ):
        assert words in told
    assert page.text.count("nobody@bluebird.example") == 3, "in what was pasted, and once for eyes that may see leads"
    assert "<script>alert" not in page.text


@pytest.mark.usefixtures("asked")
def test_lines_of_json_do_as_well_and_the_channel_may_be_said_once(seen):
    at = seen.served.service.clock.now().isoformat()
    line = json.dumps({"Recipient": "gate-yes@bluebird.example", "Sent At": at})
    assert "Every contact that could be read had its permit." in text_of(compare(seen, line, channel="email"))
    assert "it does not say through which channel" in text_of(compare(seen, line))


@pytest.mark.parametrize("text", ["", "email,when\n", '{"a": 1', 'email,when\n"x'])
def test_what_holds_no_activity_is_refused(seen, text):
    page = compare(seen, text, channel="email")
    assert page.status_code in {200, 422}
    assert "could not be read" in text_of(page) or 'id="activities-wrong"' in page.text


@pytest.mark.usefixtures("asked")
def test_the_mailer_is_called_by_its_id_where_the_register_does_not_know_it(seen):
    assert MAILER.id in text_of(seen.get("/gate", WHO))
