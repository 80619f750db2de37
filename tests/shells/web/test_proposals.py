"""The pages of sign-off: proposed, argued, signed by somebody else and put in force; no author signs, however asked."""

import json
import re
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import count

import pytest

from tests.support.cards import card_facts
from tests.support.governed import system
from tests.support.seeing import text_of
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.rulesets import read_ruleset, ruleset_toml
from winnow.core.learning.card.document import card_document
from winnow.shells.web import strip
from winnow.shells.web.signing_words import lacking_in
from winnow.shells.web.wording import Words

STARTER = read_ruleset(None)
HOSTILE = '"><script>alert(1)</script>%(x)s'
#: Who may propose and not sign, who may do both, who must sign a change of policy, who only looks.
AUTHOR, APPROVER, OFFICER, READER = "rule-author", "approver", "privacy-officer", "auditor"
_notes = count(1)


@pytest.fixture(autouse=True)
def desk(seen, monkeypatch):
    """The desk of sign-off; the starter is live again at the end, and the strip is read anew each time."""
    monkeypatch.setattr(strip, "_FRESH", -1.0)
    desks = seen.served.state.desks
    seen.person(OFFICER), seen.person(APPROVER)
    yield desks.signing
    if desks.break_glass.now():
        desks.break_glass.end("tests")
    if desks.rulesets.live().known.hash != STARTER.hash:
        desks.rolling_back.roll_back("tests", "back to the start", STARTER.hash)


def put_in(seen, by=AUTHOR, **change):
    """A new ruleset, kept by somebody."""
    ruleset = replace(STARTER, id=f"mine-{next(_notes)}", **{"note": HOSTILE, **change})
    seen.served.state.desks.rulesets.add_text(ruleset_toml(ruleset), seen.person(by))
    return ruleset


def proposed(seen, ruleset=None, by=AUTHOR, **fields):
    """The path of a new proposal, made through the page."""
    ruleset = ruleset or put_in(seen, by)
    answer = seen.post(f"/rulesets/{ruleset.hash}/propose", by, fields={"because": HOSTILE, **fields})
    assert answer.headers["location"].endswith("?said=proposed"), text_of(answer)
    return answer.headers["location"].partition("?")[0]


def hash_in(page):
    return re.search(r'name="hash" value="([0-9a-f]{64})"', page.text)[1]


def told(desk, path):
    return desk.told(path.rpartition("/")[2])


def sign(seen, desk, path, role=APPROVER):
    """Sign as the form of the page would."""
    return seen.post(f"{path}/sign", role, fields={"hash": told(desk, path).filed.proposal.hash})


def test_a_proposal_tells_everything_that_a_signature_covers_and_texts_are_texts(seen, desk):
    path = proposed(seen, put_in(seen, thresholds=replace(STARTER.thresholds, blind_share=0.04)))
    page = seen.get(path, APPROVER)
    for words in (
        "waits for a signature",
        "rule-author",
        "share of the blind sample",
        "0.04",
        "Nobody has signed it.",
        "Sign exactly this",
        "180 days",
        "Who else could sign:",
    ):
        assert words in text_of(page), words
    assert hash_in(page) == told(desk, path).filed.proposal.hash
    assert "<script>alert" not in page.text
    assert f"{path}/sign" not in seen.get(path, READER).text
    assert "/comments" not in seen.get(path, READER).text
    assert seen.get("/proposals/nothing", READER).status_code == 404


def test_what_waits_for_me_stands_first_and_what_is_settled_below(seen, desk):
    others, mine = proposed(seen, by=AUTHOR), proposed(seen, by=APPROVER)
    for role, first, second in ((APPROVER, others, mine), (AUTHOR, mine, others)):
        page = seen.get("/proposals", role).text
        assert page.index(f'href="{first}"') < page.index(f'href="{second}"')
        assert page.count("you can sign it") == (0 if role == AUTHOR else len(waiting_for(seen, desk, APPROVER)))
    sign(seen, desk, others)
    page = seen.get("/proposals", APPROVER).text
    assert page.index('id="settled-title"') < page.index(f'href="{others}"')
    assert page.index(f'href="{mine}"') < page.index('id="settled-title"')
    assert seen.get("/proposals?waiting=prop_0&settled=prop_0", READER).status_code == 200


def waiting_for(seen, desk, role):
    person = seen.served.state.desks.people.desk.person(seen.person(role))
    return [each for each in desk.page(None, 30, waiting=True).items if desk.barred(each, person) is None]


def test_signed_and_put_in_force_and_the_strip_names_who_signed(seen):
    ruleset = put_in(seen)
    path, there = proposed(seen, ruleset), f"/rulesets/{ruleset.hash}"
    assert f'action="{there}/activate"' not in seen.get(there, APPROVER).text
    refused = seen.post(f"{there}/activate", APPROVER, fields={"in_place_of": STARTER.hash})
    assert refused.status_code == 422
    assert "Nobody has signed it." in text_of(refused)
    answer = seen.post(f"{path}/sign", APPROVER, fields={"hash": hash_in(seen.get(path, APPROVER))})
    assert answer.headers["location"] == f"{path}?said=proposal-signed"
    assert f'action="{there}/activate"' in seen.get(path, APPROVER).text
    assert f'action="{there}/activate"' in seen.get(there, APPROVER).text
    assert f'action="{there}/activate"' not in seen.get(path, OFFICER).text
    answer = seen.post(f"{there}/activate", APPROVER, fields={"in_place_of": STARTER.hash})
    assert answer.headers["location"] == f"{there}?said=ruleset-activated"
    page = text_of(seen.get("/account", READER))
    assert "signed by approver" in page
    assert "signed, and live" in text_of(seen.get(path, READER))
    assert "approver" in text_of(seen.get("/rulesets", READER))


@pytest.mark.parametrize("roles", [(APPROVER,), (AUTHOR, OFFICER)])
def test_no_author_signs_also_with_a_form_made_by_hand_and_is_told_who_could(seen, desk, roles):
    written = put_in(seen)
    seen.served.state.desks.rulesets.add_text(ruleset_toml(written), seen.person(*roles))
    answer = seen.post(f"/rulesets/{written.hash}/propose", *roles, fields={"because": "mine"})
    path = answer.headers["location"].partition("?")[0]
    page = seen.get(path, *roles)
    assert f'action="{path}/sign"' not in page.text
    assert "You proposed it, so somebody else has to sign it." in text_of(page)
    assert "Who could sign:" in text_of(page)
    refused = seen.post(f"{path}/sign", *roles, fields={"hash": told(desk, path).filed.proposal.hash})
    assert refused.status_code == 422
    assert "You proposed it, so somebody else has to sign it." in text_of(refused)
    assert "What to do: Ask a colleague who may sign." in text_of(refused)
    assert told(desk, path).filed.sign_offs == ()


def test_whoever_wrote_it_does_not_sign_either(seen, desk):
    path = proposed(seen, put_in(seen, by=APPROVER), by=AUTHOR)
    assert f'action="{path}/sign"' not in seen.get(path, APPROVER).text
    refused = sign(seen, desk, path)
    assert refused.status_code == 422
    assert "You wrote it, so somebody else has to sign it." in text_of(refused)
    assert told(desk, path).filed.sign_offs == ()
    assert sign(seen, desk, path, OFFICER).headers["location"].endswith("proposal-signed")


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_what_was_not_read_is_not_signed(seen, desk, digest):
    path = proposed(seen)
    refused = seen.post(f"{path}/sign", APPROVER, fields={"hash": digest})
    assert refused.status_code == 422
    assert "What you read is not what is proposed." in text_of(refused)
    assert told(desk, path).filed.sign_offs == ()


@pytest.mark.parametrize("step", ["sign", "decline"])
def test_signing_and_declining_take_the_password_once_more(seen, desk, monkeypatch, step):
    path = proposed(seen)
    monkeypatch.setattr("winnow.core.people.accounts.CONFIRMED_FOR", timedelta(0))
    fields = {"hash": told(desk, path).filed.proposal.hash, "because": "no"}
    answer = seen.post(f"{path}/{step}", APPROVER, fields=fields)
    assert (answer.status_code, answer.headers["x-ask"]) == (403, "confirm")
    assert told(desk, path).stage == "proposed"


def test_a_change_of_policy_takes_a_privacy_officer_and_says_so(seen, desk):
    limits = replace(STARTER.policy.limits, scan_texts=True)
    path = proposed(seen, put_in(seen, policy=replace(STARTER.policy, limits=limits)))
    assert "one of the signatures has to be a privacy officer's" in text_of(seen.get(path, APPROVER))
    assert sign(seen, desk, path).headers["location"].endswith("proposal-half")
    page = text_of(seen.get(path, APPROVER))
    assert "It changes the policy, and no privacy officer has signed it." in page
    assert "You have signed it already." in page
    assert "waits for a privacy officer" in text_of(seen.get("/proposals", READER))
    assert path.rpartition("/")[2] in {each.filed.proposal.id for each in desk.page(None, 50, waiting=True).items}
    assert sign(seen, desk, path, OFFICER).headers["location"].endswith("proposal-signed")
    assert "It counts as signed." in text_of(seen.get(path, APPROVER))


@pytest.mark.parametrize(("wrote", "lacking"), [(AUTHOR, False), (OFFICER, True)])
def test_it_is_told_when_no_privacy_officer_is_left_to_sign_a_change_of_policy(seen, desk, monkeypatch, wrote, lacking):
    everybody = [seen.served.state.desks.people.desk.person(seen.person(role)) for role in (OFFICER, APPROVER, AUTHOR)]
    monkeypatch.setattr(type(seen.served.state.desks.people.desk), "all", lambda _: everybody)
    limits = replace(STARTER.policy.limits, scan_texts=True)
    path = proposed(seen, put_in(seen, by=wrote, policy=replace(STARTER.policy, limits=limits)), by=wrote)
    assert ("No privacy officer could sign it" in text_of(seen.get(path, wrote))) is lacking
    assert sign(seen, desk, path).headers["location"].endswith("proposal-half")
    page = text_of(seen.get(path, APPROVER))
    assert ("No privacy officer could sign it" in page) is lacking
    assert "the role of approver or privacy officer" not in page


def test_a_proposal_is_told_by_the_hash_of_what_it_is_about(seen):
    ruleset = put_in(seen)
    proposed(seen, ruleset)
    assert f"Ruleset · {ruleset.hash[:12]}" in text_of(seen.get("/proposals", READER))
    assert f"{ruleset.id} has waited for a signature since" in text_of(seen.get("/governance", READER))


def test_the_argument_stays_and_nothing_typed_is_lost(seen, desk):
    path = proposed(seen)
    wrong = seen.post(f"{path}/comments", OFFICER, fields={"side": "", "text": HOSTILE})
    assert wrong.status_code == 422
    assert "No side is chosen." in text_of(wrong)
    assert "alert(1)" in text_of(wrong)
    answer = seen.post(f"{path}/comments", OFFICER, fields={"side": "legal", "text": HOSTILE})
    assert answer.headers["location"].endswith("proposal-commented")
    page = seen.get(path, READER)
    assert "legal privacy-officer" in text_of(page)
    assert "<script>alert" not in page.text
    assert len(told(desk, path).comments) == 1


def test_declined_and_withdrawn_with_their_reasons(seen, desk):
    declined, withdrawn = proposed(seen), proposed(seen)
    empty = seen.post(f"{declined}/decline", APPROVER, fields={"because": " "})
    assert empty.status_code == 422
    assert "<details open>" in empty.text
    assert (
        seen.post(f"{declined}/decline", APPROVER, fields={"because": HOSTILE}).headers["location"].endswith("declined")
    )
    page = seen.get(declined, AUTHOR)
    assert "alert(1)" in text_of(page)
    assert f'action="{declined}/withdraw"' not in page.text
    refused = seen.post(f"{withdrawn}/withdraw", APPROVER, fields={"because": "not mine"})
    assert "Somebody else proposed it." in text_of(refused)
    assert (
        seen.post(f"{withdrawn}/withdraw", AUTHOR, fields={"because": "better"})
        .headers["location"]
        .endswith("withdrawn")
    )
    assert sign(seen, desk, withdrawn).status_code == 422
    assert [told(desk, each).stage for each in (declined, withdrawn)] == ["declined", "withdrawn"]


def test_figures_are_attached_and_read_and_leads_are_named_only_to_whoever_may_see_them(seen, desk):
    simulation = {"leads": 1200, "changed": 31, "movers": [{"ref": "secret-lead", "score": 40}], "note": HOSTILE}
    ruleset = put_in(seen)
    folder = seen.served.service.folder / "models" / "carded"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card_document(card_facts(scorecard_hash=ruleset.scorecard_hash))))
    assert "Attach the model card" in text_of(seen.get(f"/rulesets/{ruleset.hash}", AUTHOR))
    path = proposed(seen, ruleset, simulation=json.dumps(simulation), card="on", days="30")
    page = seen.get(path, APPROVER)
    assert "leads 1200" in text_of(page)
    assert "leads that come out otherwise 31" in text_of(page)
    assert "<script>alert" not in page.text
    assert "secret-lead" in seen.get(f"{path}/attachments/simulation", APPROVER).text
    assert "secret-lead" not in seen.get(f"{path}/attachments/simulation", "admin").text
    assert "secret-lead" not in seen.get(path, "admin").text
    card = seen.get(f"{path}/attachments/card", READER)
    assert "style-src 'sha256-" in card.headers["content-security-policy"]
    assert seen.get(f"{path}/attachments/bias", READER).status_code == 404
    assert told(desk, path).filed.proposal.lasts == timedelta(days=30)
    for name, value, words in (
        ("simulation", "{", "no JSON"),
        ("bias", "[1]", "no JSON"),
        ("simulation", '{"a": NaN}', "no JSON"),
        ("days", "367", "No sign-off lasts so long"),
        ("because", " ", "Nothing but blanks"),
    ):
        fields = {"because": "kept", name: value}
        wrong = seen.post(f"/rulesets/{ruleset.hash}/propose", OFFICER, fields=fields)
        assert wrong.status_code == 422
        assert words in text_of(wrong), (name, value)


def test_what_does_not_hold_any_more_says_why(seen, desk):
    ruleset, now = put_in(seen), seen.served.state.clock.now()
    path = proposed(seen, ruleset)
    store = StoredSigning(seen.served.service.engine, seen.served.service.journal)
    proposal = told(desk, path).filed.proposal
    store.sign(proposal.id, proposal.hash, seen.person(APPROVER), now - timedelta(days=200), privacy=False)
    page = text_of(seen.get(path, OFFICER))
    assert "was signed, and holds no longer" in page
    assert "The sign-off ended on" in page
    assert "Sign exactly this" in page


def test_an_ai_system_is_proposed_on_its_page_and_signed_here(seen, desk):
    desks = seen.served.state.desks
    desks.systems.add(system("to-sign", name=HOSTILE), seen.person(AUTHOR))
    answer = seen.post("/systems/to-sign/propose", AUTHOR, fields={"because": "it is useful"})
    path = answer.headers["location"].partition("?")[0]
    page = seen.get(path, APPROVER)
    assert "AI system:" in text_of(page)
    assert 'href="/systems/to-sign"' in page.text
    assert "<script>alert" not in page.text
    assert sign(seen, desk, path).headers["location"].endswith("proposal-signed")
    changed = desks.systems.registered("to-sign")
    desks.systems.change("to-sign", system("to-sign", version="5"), changed.system.revision, seen.person(AUTHOR))
    assert "The register says something else by now." in text_of(seen.get(path, APPROVER))


def test_a_key_is_not_a_person_and_its_maker_does_not_sign_what_it_put_in(seen, desk):
    key = seen.served.service.key_desk.create("robot", ["approver"], created_by=seen.person(APPROVER)).key
    ruleset = replace(STARTER, id="by-key")
    seen.served.state.desks.rulesets.add_text(ruleset_toml(ruleset), key.id)
    path = proposed(seen, ruleset)
    assert "robot" in text_of(seen.get(path, READER))
    refused = sign(seen, desk, path)
    assert "You wrote it, so somebody else has to sign it." in text_of(refused)
    assert told(desk, path).filed.sign_offs == ()


def test_every_reason_of_the_core_is_said_in_words_with_names():
    said = lacking_in(Words("en", UTC), {"us_a": "Ana", "us_b": "Bo"}.__getitem__)
    assert (
        said("who signed it may not do so any more: us_a, us_b") == "Whoever signed it may not do so any more: Ana, Bo."
    )
    assert said("something else") == "Something else."
