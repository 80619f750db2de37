"""Sign-off over HTTP: propose, argue, sign, activate, roll back, break the glass, by people of every role."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from tests.support.people import FastHasher
from tests.support.served import serving
from tests.support.signed_in import Browser, browser_of
from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.rulesets import read_ruleset, ruleset_toml
from winnow.bootstrap.activating import Overseeing, make_break_glass
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.core.people.accounts import PEOPLES_ROLES
from winnow.core.thresholds import Bands
from winnow.errors import ConflictError
from winnow.shells.http.access import access_of
from winnow.shells.http.routes import proposals, rulesets

STARTER = read_ruleset(None)
BASE = STARTER.scorecard.base
HARSH = replace(STARTER, thresholds=replace(STARTER.thresholds, bands=Bands(BASE + 1, BASE + 2)))
_numbers = count(1)


class House:
    """An installation and its people, one browser each."""

    def __init__(self, served):
        self.served = served
        self.browsers: dict[str, Browser] = {}

    def __call__(self, who, method, path, body=None, *, status=None):
        if who not in self.browsers:
            self.browsers[who] = browser_of(self.served, *who.rstrip("2").split("+"))
        answer = self.browsers[who](method, path, body)
        if status is not None:
            assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def put_in(self, who="approver", **changes):
        """A ruleset nobody has seen before, put in by somebody."""
        ruleset = replace(HARSH, id=f"harsh-{next(_numbers)}", **changes)
        self(who, "POST", "/v1/rulesets", {"toml": ruleset_toml(ruleset)}, status=201)
        return ruleset

    def propose(self, digest, who="rule-author", kind="ruleset", **more):
        body = {"kind": kind, "name": digest, "because": "robots", **more}
        return self(who, "POST", "/v1/proposals", body, status=201)

    def sign(self, proposal, who="approver2", status=200):
        return self(who, "POST", f"/v1/proposals/{proposal['id']}/sign", {"hash": proposal["hash"]}, status=status)

    def live(self):
        return self("approver", "GET", "/v1/rulesets/live", status=200)["ruleset"]["hash"]

    def go_live(self, **changes):
        ruleset = self.put_in(**changes)
        self.sign(self.propose(ruleset.hash))
        self("approver", "POST", f"/v1/rulesets/{ruleset.hash}/activate", status=200)
        return ruleset

    def kinds(self):
        log, size = self.served.service.log, self.served.service.log.frontier().size
        return [entry.partition(b'"kind":"')[2].partition(b'"')[0].decode() for entry in log.entries(0, size)]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with patch("winnow.bootstrap.people.Argon2", FastHasher), serving(tmp_path_factory.mktemp("house")) as served:
        yield House(served)


def test_a_ruleset_lives_by_the_word_of_a_second_person(house):
    ruleset = house.put_in()
    path = f"/v1/rulesets/{ruleset.hash}/activate"
    refused = house("approver", "POST", path, status=403)
    assert "nobody has proposed it" in refused["detail"]
    made = house.propose(ruleset.hash[:12], attached={"simulation": {"leads": 12}})
    assert (made["stage"], made["lacking"], made["legal"]) == ("proposed", ["nobody has signed it"], False)
    house("rule-author", "POST", f"/v1/proposals/{made['id']}/comments", {"side": "sales", "text": "yes"}, status=201)
    for text in (" ", "ana@acme.example said yes"):  # what stays for ever names nobody
        body = {"side": "sales", "text": text}
        house("rule-author", "POST", f"/v1/proposals/{made['id']}/comments", body, status=422)
    told = house("privacy-officer", "GET", f"/v1/proposals/{made['id']}", status=200)
    assert [(each["side"], each["text"]) for each in told["comments"]] == [("sales", "yes")]
    attached = house("auditor", "GET", f"/v1/proposals/{made['id']}/attachments/simulation", status=200)
    assert attached == {"document": {"leads": 12}, "whole": True}
    assert "nobody has signed it" in house("approver", "POST", path, status=403)["detail"]
    signed = house.sign(made)
    assert (signed["stage"], signed["lacking"], len(signed["sign_offs"])) == ("signed", [], 1)
    house("approver", "POST", path, status=200)
    assert house("auditor", "GET", f"/v1/sign-offs/{ruleset.hash}", status=200)["proposals"][0]["stage"] == "live"
    assert house.live() == ruleset.hash
    kinds = [each for each in house.kinds() if each.startswith(("proposal.", "ruleset.activated"))]
    assert kinds[-4:] == ["proposal.made", "proposal.commented", "proposal.signed", "ruleset.activated"]


def test_who_may_not_see_leads_gets_none_of_their_names(house):
    simulation = {
        "leads": 12,
        "movers": [{"ref": "secret-lead"}],
        "rules": [{"id": "r1", "gone_refs": ["secret-lead"]}],
    }
    made = house.propose(house.put_in().hash, attached={"simulation": simulation})
    path = f"/v1/proposals/{made['id']}/attachments"
    assert house("auditor", "GET", f"{path}/simulation", status=200) == {"document": simulation, "whole": True}
    for role in ("admin", "auditor"):
        house(role, "GET", f"/v1/proposals/{made['id']}", status=200)
        for digest in ("simulation", *made["attachments"].values()):
            answer = house.browsers[role]("GET", f"{path}/{digest}")
            assert (answer.status_code == 200) == (digest == "simulation")
            assert ("secret-lead" in answer.text) == (role == "auditor" and digest == "simulation")
    partly = house("admin", "GET", f"{path}/simulation", status=200)
    assert partly == {"document": {"leads": 12, "rules": [{"id": "r1"}]}, "whole": False}


def test_neither_its_author_nor_its_writer_signs_however_they_try(house):
    ruleset = house.put_in("approver")
    mine = house.propose(ruleset.hash, "approver")
    assert "you proposed it" in house.sign(mine, "approver", 403)["detail"]
    others = house.propose(ruleset.hash, "privacy-officer")
    assert "you wrote it" in house.sign(others, "approver", 403)["detail"]
    assert "you proposed it" in house.sign(others, "privacy-officer", 403)["detail"]
    key = house.served("POST", f"/v1/proposals/{others['id']}/sign", json={"hash": others["hash"]})
    assert key.status_code == 403  # a key that may do everything
    house.sign(others, "rule-author", 403)
    house.sign(others, "approver2")
    house.sign(others, "approver2", 409)


def test_whoever_made_the_key_that_put_it_in_does_not_sign(house):
    admin = house.browsers.setdefault("approver+admin", browser_of(house.served, "approver", "admin"))
    made = admin("POST", "/v1/keys", {"name": "k", "scopes": ["rulesets:write", "rulesets:read"]}).json()
    house.served.service.key_ring.refresh()
    ruleset = replace(HARSH, id="by-key")
    put = house.served("POST", "/v1/rulesets", key=made["token"], json={"toml": ruleset_toml(ruleset)})
    assert put.status_code == 201, put.text
    proposal = house.propose(ruleset.hash)
    assert "you wrote it" in house.sign(proposal, "approver+admin", 403)["detail"]
    house.sign(proposal, "approver")


def test_what_was_read_is_what_is_signed_and_what_is_over_is_over(house):
    made = house.propose(house.put_in().hash)
    changed = {"id": made["id"], "hash": "0" * 64}
    assert "what you read" in house.sign(changed, status=409)["detail"]
    house("approver2", "POST", f"/v1/proposals/{made['id']}/withdraw", {"because": "no"}, status=403)
    house("rule-author", "POST", f"/v1/proposals/{made['id']}/withdraw", {"because": "another idea"}, status=200)
    assert "withdrawn" in house.sign(made, status=409)["detail"]
    declined = house.propose(house.put_in().hash)
    house("approver2", "POST", f"/v1/proposals/{declined['id']}/decline", {"because": " "}, status=422)
    over = house("approver2", "POST", f"/v1/proposals/{declined['id']}/decline", {"because": "too harsh"}, status=200)
    assert (over["stage"], over["ended_because"]) == ("declined", "too harsh")
    own = house.propose(house.put_in().hash, "approver")
    house("approver", "POST", f"/v1/proposals/{own['id']}/decline", {"because": "no"}, status=403)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"kind": "song"}, "$.kind"),
        ({"because": " "}, "because"),
        ({"attached": {"poem": {}}}, "attached"),
        ({"kind": "ladder", "terms": {"rung": "heaven"}}, "rung"),
        ({"kind": "break-glass", "lasts_hours": 5}, "lasts"),
        ({"lasts_hours": 0}, "$.lasts_hours"),
    ],
)
def test_what_cannot_be_proposed(house, body, where):
    wanted = {"kind": "ruleset", "name": STARTER.hash, "because": "robots", **body}
    assert house("rule-author", "POST", "/v1/proposals", wanted, status=422)["where"] == where


def test_what_is_not_there_cannot_be_proposed(house):
    for kind, name in (("ruleset", "0" * 64), ("ruleset", "x"), ("ai-system", "none"), ("ladder", "x")):
        body = {"kind": kind, "name": name, "because": "robots", "terms": {"rung": "tag"}}
        house("rule-author", "POST", "/v1/proposals", body, status=404)


def test_another_policy_takes_a_privacy_officer(house):
    ruleset = house.put_in(policy=replace(STARTER.policy, owner="Mia"))
    made = house.propose(ruleset.hash)
    assert made["legal"]
    half = house.sign(made)
    assert (half["stage"], len(half["lacking"])) == ("proposed", 1)
    assert "no privacy officer" in half["lacking"][0]
    path = f"/v1/rulesets/{ruleset.hash}/activate"
    assert "no privacy officer" in house("approver", "POST", path, status=403)["detail"]
    assert house.sign(made, "privacy-officer")["lacking"] == []
    house("approver", "POST", path, status=200)
    house("approver", "POST", "/v1/rulesets/rollback", {"because": "tried", "to": STARTER.hash}, status=201)


def test_who_is_no_privacy_officer_any_more_has_not_signed_as_one(house):
    ruleset = house.put_in(policy=replace(STARTER.policy, owner="Leo"))
    made = house.propose(ruleset.hash)
    assert house.sign(made, "privacy-officer")["lacking"] == []
    signer = house.browsers.pop("privacy-officer")("GET", "/v1/session").json()["person"]["id"]
    house.served.state.desks.people.desk.set_roles(signer, ["approver"], "tests")
    path = f"/v1/rulesets/{ruleset.hash}/activate"
    assert "no privacy officer" in house("approver", "POST", path, status=403)["detail"]
    house.sign(made, "privacy-officer")
    house("approver", "POST", path, status=200)
    house("approver", "POST", "/v1/rulesets/rollback", {"because": "tried", "to": STARTER.hash}, status=201)


def test_rolling_back_is_one_action_and_the_sales_system_is_told_of_every_lead_it_concerns(house):
    served, oversee = house.served, Overseeing(house.served.service)
    hook = {"url": "https://203.0.114.9/winnow", "events": ["decision.retracted"]}
    assert served("POST", "/v1/webhooks", json=hook).status_code == 201
    before = house.live()
    mild = house.go_live(thresholds=STARTER.thresholds)
    harsh = house.go_live()
    served.service.live._checked = 0.0
    held = [served.screened(email=f"p{each}@bluebird.example", form_fill_seconds=20) for each in range(3)]
    assert {each["outcome"] for each in held} == {"review"}, held
    seen = house("approver", "GET", "/v1/rulesets/rollback", status=200)
    assert (seen["whole"], seen["receivers"]) == (True, 1)
    assert (seen["live"]["hash"], seen["back"]["hash"], seen["leads"]) == (harsh.hash, mild.hash, 3)
    assert {each["path"] for each in seen["differences"]} >= {"thresholds.review", "thresholds.tag"}
    stale = {"because": "too harsh", "instead_of": mild.hash}
    house("approver", "POST", "/v1/rulesets/rollback", stale, status=409)
    house("rule-author", "POST", "/v1/rulesets/rollback", {"because": "too harsh"}, status=403)
    done = house("approver", "POST", "/v1/rulesets/rollback", {"because": "too harsh"}, status=201)
    assert house.live() == mild.hash
    again = house("approver", "GET", "/v1/rulesets/rollback", status=200)["back"]["hash"]
    assert again == before, "what was rolled back is not what one goes back to"
    while oversee.step() == 0.0:
        pass
    told = house("approver", "GET", f"/v1/rulesets/rollbacks/{done['number']}", status=200)
    assert (told["looked_at"], told["affected"], told["done_at"] is None) == (3, 3, False)
    path = f"/v1/rulesets/rollbacks/{done['number']}/leads"
    first = house("approver", "GET", f"{path}?limit=2", status=200)
    rest = house("approver", "GET", f"{path}?cursor={first['next']}", status=200)
    leads = [*first["leads"], *rest["leads"]]
    assert [each["decision"] for each in leads] == [each["id"] for each in held]
    assert {(each["before"], each["after"]) for each in leads} == {("review", leads[0]["after"])}
    waiting = served("GET", "/v1/deliveries").json()["deliveries"]
    assert [each["type"] for each in waiting] == ["decision.retracted"] * 3
    house("approver", "POST", "/v1/rulesets/rollback", {"because": "x", "to": mild.hash}, status=409)
    never = house.put_in().hash
    house("approver", "POST", "/v1/rulesets/rollback", {"because": "x", "to": never}, status=403)
    house("approver", "POST", "/v1/rulesets/rollback", {"because": "x", "to": before}, status=201)
    assert house("admin", "GET", path, status=200)["leads"] == []
    house("rep", "GET", path, status=403)
    house("approver", "GET", f"{path}?cursor=x", status=422)
    house("approver", "GET", "/v1/rulesets/rollbacks/1", status=404)


def test_break_glass_takes_two_people_and_ends_by_itself(house, monkeypatch):
    before, ruleset = house.live(), house.put_in()
    asked = house.propose(ruleset.hash, kind="break-glass", lasts_hours=1)
    use = f"/v1/break-glass/{asked['id']}/use"
    assert "nobody has signed" in house("approver", "POST", use, status=403)["detail"]
    house.sign(asked, "rule-author", 403)
    house.sign(asked)
    found = house("approver", "POST", use, status=200)["now"]
    assert (found["ruleset"], found["before"]) == (ruleset.hash, before)
    assert house("auditor", "GET", "/v1/break-glass", status=200)["now"] == found
    house("approver", "POST", use, status=409)
    service = house.served.service
    service.live._checked = 0.0
    service.live.ruleset()
    assert service.live.paused("web")  # what nobody signed rejects nothing
    (incident,) = [
        each for each in StoredIncidents(service.engine, service.journal).unclosed() if each.guard == "break-glass"
    ]
    assert incident.about == asked["id"]
    oversee, now = Overseeing(service), service.clock.now()
    oversee.step()
    assert house.live() == ruleset.hash
    monkeypatch.setattr(type(service.clock), "now", lambda _: now + timedelta(hours=1))
    oversee.step()  # or the service's own, which is at work, too
    monkeypatch.undo()
    assert house.live() == before
    assert house("auditor", "GET", "/v1/break-glass", status=200) == {"now": None}
    service.live._checked = 0.0
    service.live.ruleset()
    assert not service.live.paused("web")
    kinds = [each for each in house.kinds() if each.startswith("break-glass")]
    assert kinds == ["break-glass.asked", "break-glass.granted", "break-glass.used", "break-glass.ended"]
    house("approver", "POST", "/v1/break-glass/end", status=409)


def test_an_emergency_is_ended_by_hand_too(house):
    before, ruleset = house.live(), house.put_in()
    asked = house.propose(ruleset.hash, kind="break-glass")
    house.sign(asked)
    house("approver", "POST", f"/v1/break-glass/{asked['id']}/use", status=200)
    assert house("approver", "POST", "/v1/break-glass/end", status=200) == {"now": None}
    assert house.live() == before


def test_of_two_processes_that_end_an_emergency_one_is_quicker_and_the_other_content(house, monkeypatch):
    before, ruleset = house.live(), house.put_in()
    asked = house.propose(ruleset.hash, kind="break-glass", lasts_hours=1)
    house.sign(asked)
    house("approver", "POST", f"/v1/break-glass/{asked['id']}/use", status=200)
    service = house.served.service
    slow, quick = make_break_glass(service), make_break_glass(service)
    real, ended, over = slow._rulesets.document, [], service.clock.now() + timedelta(hours=1)
    for desk in (slow, quick):
        monkeypatch.setattr(desk, "_clock", SimpleNamespace(now=lambda: over))

    def document(digest):
        ended.append(quick.look())
        return real(digest)

    monkeypatch.setattr(slow, "_rulesets", SimpleNamespace(document=document, activate=slow._rulesets.activate))
    assert slow.look() is None
    assert [each.proposal for each in ended] == [asked["id"]]
    assert house.live() == before


def test_who_comes_second_to_an_emergency_hears_that_it_is_done(house, monkeypatch):
    before, ruleset = house.live(), house.put_in()
    asked = house.propose(ruleset.hash, kind="break-glass", lasts_hours=1)
    house.sign(asked)
    slow, quick = make_break_glass(house.served.service), make_break_glass(house.served.service)
    real = slow._rulesets

    quicker = [lambda: quick.use(asked["id"], "tests"), lambda: quick.end("tests")]

    def document(digest):
        quicker.pop(0)()
        return real.document(digest)

    monkeypatch.setattr(slow, "_rulesets", SimpleNamespace(document=document, activate=real.activate))
    with pytest.raises(ConflictError, match="used already"):
        slow.use(asked["id"], "tests")
    with pytest.raises(ConflictError, match="nothing decides by break-glass"):
        slow.end("tests")
    assert house.live() == before


@pytest.mark.parametrize("how", ["date", "signer", "author", "drift"])
def test_a_sign_off_that_lapses_pauses_rejecting(house, how, monkeypatch):
    house.go_live()
    service, desks = house.served.service, house.served.state.desks
    oversee, incidents = Overseeing(service), StoredIncidents(service.engine, service.journal)
    assert desks.sign_offs.lapsed() == ()
    service.live._checked = 0.0
    assert service.live.ruleset()
    assert not service.live.paused("web")
    if how == "date":
        now = service.clock.now()
        monkeypatch.setattr(type(service.clock), "now", lambda _: now + timedelta(days=181))
        assert service.live.paused("web")  # at once, and not when the job comes round
    elif how == "drift":
        now = service.clock.now()
        finding = Finding(Guard.SCORE_DRIFT, "web", 9, now.date(), (), Severity.NOTICE, pauses=False)
        drift = incident_of(finding, service.new_id("inc", now), now)
        incidents.open(drift, "guards", now)
    else:
        who = "approver2" if how == "signer" else "rule-author"
        left = house.browsers.pop(who)("GET", "/v1/session").json()["person"]["id"]
        desks.people.desk.disable(left, "tests")
    (said,) = desks.sign_offs.lapsed()
    oversee.step()
    monkeypatch.undo()
    (incident,) = [each for each in incidents.unclosed() if each.guard == "sign-off"]
    assert (said in incident.figures[0], incident.pauses) == (True, True)
    service.live._checked = 0.0
    service.live.ruleset()
    assert "sign-off" in service.live.paused("web")
    assert Overseeing(service).step()  # it has its incident
    assert len([each for each in incidents.unclosed() if each.guard == "sign-off"]) == 1
    for each in incidents.unclosed():
        incidents.close(each.id, "tests", "done", service.clock.now(), renew=False)


# ── everybody and everything ─────────────────────────────────────────────────────────────────────

#: Every route of sign-off and the scope it needs, written down once more by hand; True: for people only.
TABLE = [
    ("GET", "/v1/proposals", "rulesets:read", False),
    ("POST", "/v1/proposals", "proposals:write", True),
    ("GET", "/v1/proposals/none", "rulesets:read", False),
    ("GET", "/v1/proposals/none/attachments/card", "rulesets:read", False),
    ("POST", "/v1/proposals/none/comments", "proposals:write", True),
    ("POST", "/v1/proposals/none/sign", "sign-offs:write", True),
    ("POST", "/v1/proposals/none/decline", "sign-offs:write", True),
    ("POST", "/v1/proposals/none/withdraw", "proposals:write", True),
    ("GET", "/v1/sign-offs/none", "rulesets:read", False),
    ("GET", "/v1/break-glass", "rulesets:read", False),
    ("POST", "/v1/break-glass/none/use", "rulesets:write", True),
    ("POST", "/v1/break-glass/end", "rulesets:write", False),
]


def test_the_table_has_every_route():
    declared = sorted((access_of(each).scope, access_of(each).person) for each in proposals.ROUTES)
    assert declared == sorted((scope, person) for _, _, scope, person in TABLE)
    assert all(access_of(each).confirmed for each in proposals.ROUTES if access_of(each).scope == "sign-offs:write")
    assert len(rulesets.ROUTES) == 10


@pytest.mark.parametrize("role", PEOPLES_ROLES)
def test_a_person_may_do_what_their_role_says_and_nothing_else(house, role):
    browser = browser_of(house.served, role)
    for method, path, scope, _ in TABLE:
        status = browser(method, path, {} if method == "POST" else None).status_code
        allowed = scope in PEOPLES_ROLES[role]
        assert status in ({200, 404, 409, 422} if allowed else {403}), (method, path, status)


def test_no_key_does_what_only_people_may(house):
    for method, path, _, person in TABLE:
        if person:
            answer = house.served(method, path, json={})
            assert (answer.status_code, "no key" in answer.text) == (403, True), path
            assert house.served(method, path, key=None, json={}).status_code in {401, 403}, path
