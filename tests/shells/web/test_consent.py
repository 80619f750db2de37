"""The pages of consent: found without an address in any URL, told why, recorded, linked, imported, and asked about."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.gatekeeping import agree, opt_out, recipient
from tests.support.seeing import text_of
from winnow.core.govern.consent import Act, Capture
from winnow.core.govern.limits import Wording
from winnow.core.govern.links import Joining, joining_token
from winnow.core.govern.terms import Channel

HOSTILE = '"><script>alert(1)</script>%(x)s'
WHO = "reviewer"


@pytest.fixture
def desk(seen):
    return seen.served.state.desks.consent.desk


@pytest.fixture
def called(request):
    """An address of this test alone."""
    return (
        f"{request.node.name.replace('[', '.').replace(']', '').replace('_', '-')[-60:].strip('-.')}@bluebird.example"
    )


def subject_of(desk, email):
    return desk.subject(desk.address(email, None, None))


def find(seen, address, *roles, **fields):
    return seen.post("/consent/find", *(roles or (WHO,)), fields={"address": address, **fields})


def record(seen, address, *roles, **fields):
    said = {"address": address, "what": "opt-out", "how": "reply", **fields}
    return seen.post("/consent/record", *(roles or (WHO,)), fields=said)


def standing(desk, email, channel=Channel.EMAIL, purpose="marketing"):
    return desk.standing(subject_of(desk, email), channel, purpose).state.word


def test_an_address_nobody_knows_is_answered_at_once_and_one_that_is_known_leads_to_its_number(seen, desk, called):
    page = find(seen, called)
    assert page.status_code == 200
    assert "Nothing was ever recorded about this address" in text_of(page)
    assert f'name="address" value="{called}"' in page.text
    assert record(seen, called, evidence="wrote on 3 March").status_code == 303
    page = find(seen, called)
    assert page.headers["location"] == f"/consent/{subject_of(desk, called)}"
    told = text_of(seen.get(page.headers["location"], WHO))
    for words in (called, "opted out", "They wrote it", "wrote on 3 March", "every channel · every purpose", "you"):
        assert words in told


@pytest.mark.parametrize("address", ["", "nobody", "@", "a" * 500])
def test_what_is_no_address_is_said_beside_the_field(seen, address):
    page = find(seen, address, country="DE")
    assert page.status_code == 422
    assert 'id="address-wrong"' in page.text


def test_a_phone_number_is_found_by_its_country(seen, desk):
    record(seen, "030 4455667", country="de", what="objection", how="rep")
    assert find(seen, "+49304455667").headers["location"].startswith("/consent/")
    subject = desk.subject(desk.address(None, "+49304455667", None))
    assert desk.standing(subject, Channel.EMAIL, "marketing").state.word == "objected"


@pytest.mark.parametrize("subject", ["x", "12345", "9" * 19, "١٢"])
def test_a_subject_of_whom_nothing_is_known_is_nowhere(seen, subject):
    assert seen.get(f"/consent/{subject}", WHO).status_code == 404


def test_a_yes_said_aloud_counts_for_30_days_and_says_so(seen, desk, called):
    yes = {"what": "yes", "channel": "email", "purpose": "marketing", "occurred_at": "2020-01-01T10:00"}
    yes |= {"spoken_by": "Mia", "script": "May we mail you news?", "words": HOSTILE}
    page = record(seen, called, **{**yes, "occurred_at": ""})
    assert page.status_code == 422
    assert "May we mail you news?" in page.text
    assert "occurred_at is missing" in text_of(page)
    now = seen.served.service.clock.now().strftime("%Y-%m-%dT%H:%M")
    page = record(seen, called, **{**yes, "occurred_at": now})
    assert page.headers["location"].endswith("?said=consent-yes")
    found = seen.get(page.headers["location"], WHO)
    told = text_of(found)
    for words in ("counts for 30 days", "provisional", "said yes", "Heard by: Mia", "They were read: May we mail"):
        assert words in told
    assert "<script>alert" not in found.text
    assert standing(desk, called) == "granted"
    assert standing(desk, called, Channel.PHONE) == "unknown"


def test_a_yes_after_a_no_waits_and_the_page_says_so_and_offers_the_mail(seen, desk, called, monkeypatch):
    news = Wording("news", frozenset({Channel.EMAIL}), "marketing", "May we write to you?")
    desks, asked = seen.served.state.desks, []
    in_force = desks.policy.in_force()
    limits = replace(in_force.policy.limits, wordings=(news,))
    found = replace(in_force, policy=replace(in_force.policy, limits=limits))
    monkeypatch.setattr(type(desks.policy), "in_force", lambda _: found)
    monkeypatch.setattr(type(desks.consent.links), "ask", lambda _, *what: asked.append(what))
    record(seen, called, channel="email", occurred_at="2026-01-01T10:00")
    at = f"/consent/{subject_of(desk, called)}"
    assert 'action="/consent/confirm"' not in seen.get(at, WHO).text
    now = seen.served.service.clock.now().strftime("%Y-%m-%dT%H:%M")
    yes = {"what": "yes", "channel": "email", "purpose": "marketing", "occurred_at": now}
    page = record(seen, called, **yes, spoken_by="Mia", script="May we?", words="Yes")
    assert page.headers["location"].endswith("?said=consent-waits")
    assert standing(desk, called) == "opted-out"
    told = text_of(seen.get(at, WHO))
    for words in ("a yes waits for confirmation", "they said no before", "Send the mail that asks them"):
        assert words in told
    assert 'action="/consent/confirm"' not in seen.get(at, "auditor").text
    page = seen.post("/consent/confirm", WHO, fields={"address": called, "wording": "news"})
    assert page.headers["location"].endswith("?said=consent-asked")
    assert asked == [(desk.address(called, None, None), "news")]


def test_a_yes_before_a_no_does_not_count_and_nobody_is_told_that_it_does(seen, desk, called):
    yes = {"what": "yes", "channel": "email", "purpose": "marketing", "occurred_at": "2026-01-01T10:00"}
    record(seen, called, channel="email")
    page = record(seen, called, **yes, spoken_by="Mia", script="May we?", words="Yes")
    assert page.headers["location"].endswith("?said=consent-denied")
    assert standing(desk, called) == "opted-out"
    assert "It does not count: a no stands" in text_of(seen.get(page.headers["location"], WHO))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("ana.bluebird", "This is no mail address."),
        ("ana(at)bluebird.example", "This is no mail address."),
        ("12", "This is no telephone number."),
    ],
)
def test_what_is_no_address_is_taken_for_what_it_looks_like(seen, typed, told):
    page = find(seen, typed)
    assert page.status_code == 422
    assert told in text_of(page)


def test_a_mail_that_cannot_be_sent_is_said(seen, called):
    page = seen.post("/consent/confirm", WHO, fields={"address": called, "wording": "none"})
    assert page.status_code == 422
    assert "the policy has no wording" in text_of(page).lower()


def test_a_no_without_a_time_says_when_it_was_received(seen, desk, called):
    record(seen, called, channel="email")
    told = text_of(seen.get(f"/consent/{subject_of(desk, called)}", WHO))
    assert "on or before" in told
    assert "nobody knows when" not in told


def test_a_no_after_a_yes_wins_and_what_was_typed_stays_when_it_is_refused(seen, desk, called):
    agree(seen.served.service, [recipient(called)])
    page = record(seen, called, what="bar", channel="email", evidence="")
    assert page.status_code == 422
    assert re.search(r'<option value="bar" selected', page.text)
    assert re.search(r'<option value="email" selected', page.text)
    assert record(seen, called, what="bar", channel="email", evidence="a register").status_code == 303
    assert standing(desk, called) == "barred"
    told = text_of(seen.get(f"/consent/{subject_of(desk, called)}", WHO))
    assert "Somebody of ours recorded it a register" in told  # not "they wrote it", which the form had chosen


@pytest.mark.parametrize("what", ["grant", "erased", "", "nonsense"])
def test_nothing_else_can_be_recorded_on_a_page(seen, desk, called, what):
    assert record(seen, called, what=what).status_code == 422
    assert standing(desk, called) == "unknown"


def test_a_bar_is_lifted_by_who_signs_off_and_by_nobody_else(seen, desk, called):
    record(seen, called, what="bar", evidence="a register")
    lifted = {"what": "bar-lifted", "evidence": "taken off it"}
    assert "bar-lifted" not in seen.get(f"/consent/{subject_of(desk, called)}", WHO).text
    assert record(seen, called, **lifted).status_code == 422
    assert standing(desk, called) == "barred"
    assert record(seen, called, "privacy-officer", **lifted).status_code == 303
    assert standing(desk, called) == "unknown"


def test_two_addresses_are_linked_with_evidence_and_unlinked(seen, desk, called):
    other = f"x{called}"
    whose = {"address": called, "other": other}
    page = seen.post("/consent/merge", WHO, fields={**whose, "merge_evidence": " "})
    assert page.status_code == 422
    assert "not linked without evidence" in text_of(page)
    assert f'value="{other}"' in page.text
    assert seen.post("/consent/merge", WHO, fields={**whose, "merge_evidence": "one account"}).status_code == 303
    record(seen, called)
    assert standing(desk, other) == "opted-out"
    first, second = subject_of(desk, called), subject_of(desk, other)
    page = seen.get(f"/consent/{first}", WHO)
    assert "one account" in text_of(page)
    assert f'href="/consent/{second}"' in page.text
    back = {"subject": first, "other": second}
    page = seen.post("/consent/unmerge", WHO, fields={**back, "unmerge_evidence": ""})
    assert page.status_code == 422
    assert "<details open>" in page.text
    assert seen.post("/consent/unmerge", WHO, fields={**back, "unmerge_evidence": "sisters"}).status_code == 303
    assert "None is known." in text_of(seen.get(f"/consent/{first}", WHO))
    assert standing(desk, other) == "opted-out"


def ask(seen, address, **fields):
    said = {"address": address, "action": "contact", "ask_channel": "email", "ask_purpose": "marketing", "place": "de"}
    return seen.post("/consent/question", WHO, fields={**said, **fields})


def test_may_we_is_answered_check_by_check_and_permits_nothing(seen, called):
    before = seen.served.state.desks.gate.answers.page(None, 5)
    told = text_of(ask(seen, called))
    for words in (
        "No: 1 thing stands in the way",
        "What a human can do:",
        "ask the person for it",
        "contact people · e-mail",
    ):
        assert words.lower() in told.lower()
    assert "Not asked, because no system was named: AI system, Data" in told
    agree(seen.served.service, [recipient(called)])
    assert "Nothing stands in the way right now" in text_of(ask(seen, called))
    opt_out(seen.served.service, [recipient(called)])
    assert "The person opted out" in text_of(ask(seen, called))
    assert seen.served.state.desks.gate.answers.page(None, 5) == before


def test_may_we_of_a_system_asks_what_only_systems_are_asked(seen, desk, called):
    agree(seen.served.service, [recipient(called)])
    told = text_of(ask(seen, "", subject=subject_of(desk, called), system="winnow-screening"))
    assert "AI system no The system" in told
    assert "Not asked" not in told
    page = ask(seen, called, system="nobody")
    assert page.status_code == 422
    assert ask(seen, called, ask_channel="pigeon").status_code == 422
    assert ask(seen, called, action="stalk").status_code == 422


def test_a_channel_that_does_not_go_to_an_address_is_told_and_not_offered(seen, called):
    page = ask(seen, called, ask_channel="phone")
    assert page.status_code == 422
    assert "This channel does not go to this address." in text_of(page)
    offered = re.search(r'id="ask_channel".*?</select>', page.text, re.DOTALL)[0]
    assert "post" in offered
    assert "sms" not in offered
    page = ask(seen, "4455667788")
    assert page.status_code == 422
    assert "This channel does not go" in text_of(page)
    assert "several people" in text_of(ask(seen, "4455667788", ask_channel="phone"))


def test_nobody_erased_is_asked_about_or_shown(seen, desk, called):
    record(seen, called, evidence="a letter")
    subject = subject_of(desk, called)
    desk.erase([subject], "tests")
    page = seen.get(f"/consent/{subject}", WHO)
    assert called not in page.text
    assert "a letter" not in page.text
    assert "An address that was erased" in text_of(page)
    page = ask(seen, "", subject=subject)
    assert page.status_code == 422
    assert "the address was erased" in text_of(page).lower()


def test_who_may_only_read_sees_no_form_to_record_and_is_refused(seen, desk, called):
    record(seen, called)
    page = seen.get(f"/consent/{subject_of(desk, called)}", "auditor")
    assert page.status_code == 200
    for path in ("/consent/record", "/consent/merge", "/consent/unmerge"):
        assert path not in page.text
        assert seen.post(path, "auditor", fields={"address": called}).status_code == 403
    assert "/consent/import" not in seen.get("/consent", "auditor").text
    for role in ("admin", "rule-author"):
        for path in ("/consent", f"/consent/{subject_of(desk, called)}", "/consent/export"):
            assert seen.get(path, role).status_code == 403
        assert 'href="/consent"' not in seen.get("/account", role).text


# ── files ────────────────────────────────────────────────────────────────────────────────────────

FILE = """email,act,channel,purpose,evidence,basis
{0}1@bluebird.example,,,,,
not an address,opt-out,email,,,
{0}2@bluebird.example,opt-out,pigeon,,,
{0}1@bluebird.example,grant,email,marketing,a form,
"""


def test_a_file_is_looked_at_before_it_is_taken(seen, desk):
    text = FILE.format("file")
    page = seen.post("/consent/import", WHO, fields={"csv": text})
    told = text_of(page)
    for words in (
        "3 lines would be recorded",
        "2 noes · 1 yes",
        "1 line is refused",
        "Line 3: this is no mail address",
    ):
        assert words in told
    assert "counts for every one" in told
    assert standing(desk, "file1@bluebird.example") == "unknown"
    told = text_of(seen.post("/consent/import", WHO, fields={"csv": text, "do": "take"}))
    for words in (
        "2 noes were recorded, and are in force.",
        "1 yes was recorded.",
        "1 yes has no effect",
        "Line 5: kept",
    ):
        assert words in told
    assert standing(desk, "file1@bluebird.example") == "opted-out"


@pytest.mark.parametrize("text", ["", "name\nAna\n", 'email\n"ana@bluebird.example'])
def test_what_is_no_such_file_is_refused_and_kept_in_the_field(seen, text):
    page = seen.post("/consent/import", WHO, fields={"csv": text})
    assert page.status_code == 422
    assert 'id="csv-wrong"' in page.text


def test_an_export_has_everything_and_no_formula(seen, called):
    record(seen, called, evidence="=1+1")
    answer = seen.get("/consent/export", WHO)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    (line,) = [line for line in answer.text.splitlines() if called in line]
    assert "'=1+1" in line
    assert "opt-out" in line


# ── on the page of a lead ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("to", "mail", "calls"),
    [("email", "opted-out", "unknown"), ("phone", "unknown", "opted-out"), ("all", "opted-out", "opted-out")],
)
def test_a_lead_is_opted_out_in_two_clicks(seen, desk, called, to, mail, calls):
    number = {"email": "+49304455661", "phone": "+49304455662", "all": "+49304455663"}[to]
    lead = seen.served.screened(email=called, phone=number, country="DE", full_name="Ana")
    path = f"/leads/{lead['id']}"
    told = text_of(seen.get(path, "rep"))
    assert told.count("Nothing was ever recorded.") == 2
    page = seen.post(f"{path}/opt-out", "rep", fields={"to": to})
    assert page.headers["location"] == f"{path}?said=lead-opted-out"
    assert standing(desk, called) == mail
    phone = desk.subject(desk.address(None, number, None))
    assert desk.standing(phone, Channel.PHONE, "marketing").state.word == calls
    found = seen.get(path, "rep")
    assert "The person opted out" in text_of(found)
    assert 'href="/consent/' in found.text
    assert desk.known(subject_of(desk, called) if to != "phone" else phone).events[0].how is Capture.REP


def test_who_may_not_see_consent_sees_no_card(seen, called):
    lead = seen.served.screened(email=called, full_name="Ana")
    assert 'id="consent-title"' not in seen.get(f"/leads/{lead['id']}", "approver").text
    assert seen.post(f"/leads/{lead['id']}/opt-out", "approver", fields={"to": "all"}).status_code == 403
    assert seen.post(f"/leads/{lead['id']}/opt-out", "rep", fields={"to": "some"}).status_code == 422
    assert "/opt-out" not in seen.get(f"/leads/{lead['id']}", "auditor").text


# ── links in mails ───────────────────────────────────────────────────────────────────────────────


def test_unsubscribing_by_hand_takes_one_click_and_looking_changes_nothing(seen, desk, called):
    links = seen.served.state.desks.consent.links
    links._pages = "http://localhost"
    url = links.unsubscribe_link(desk.address(called, None, None), Channel.EMAIL, None).url
    path = f"/unsubscribe/{url.rpartition('/')[2]}"
    page = seen.get(path)
    assert f'action="{path}"' in page.text
    assert standing(desk, called) == "unknown"
    assert "You will get no more of this." in text_of(seen.post(path))
    assert standing(desk, called) == "opted-out"
    assert [each.act for each in desk.known(subject_of(desk, called)).events] == [Act.OPT_OUT]
    assert seen.post(path).status_code == 200
    assert len(desk.known(subject_of(desk, called)).events) == 1
    for there in (f"{path}x", "/c/nothing"):
        for answer in (seen.get(there), seen.post(there)):
            assert answer.status_code == 404
            assert "Use the link of the newest mail." in text_of(answer)


def test_a_mail_is_confirmed_by_one_click_on_its_words(seen, desk, called):
    links, now = seen.served.state.desks.consent.links, seen.served.service.clock.now()
    link = Joining(subject_of(desk, called), (Channel.EMAIL,), "marketing", "news@1", now, now + timedelta(days=7))
    path = f"/c/{joining_token(link, links._pepper)}"
    assert "Nothing happens then." in text_of(seen.get(path, accept_language="en"))
    assert standing(desk, called) == "unknown"
    assert "It is confirmed." in text_of(seen.post(path))
    assert standing(desk, called) == "granted"
