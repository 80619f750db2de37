"""What holds for every page, in both themes and down to 320 pixels: usable by everybody, and nothing gets out."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import offences_by_day_and_night, overflow
from tests.support.governed import system as enrolled
from winnow.core.govern.ask import Ask
from winnow.core.govern.consent import Act
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.stop import StopScope
from winnow.core.govern.terms import Action, Channel
from winnow.core.monitor.finding import Severity
from winnow.core.monitor.incident import Kind, Link
from winnow.core.people.accounts import PEOPLES_ROLES
from winnow.services.consent import By, Recorder, Said
from winnow.services.gatekeep import Asking
from winnow.shells.http.access import PUBLIC, access_of
from winnow.shells.web.pages import PAGES

EVERYBODY = tuple(sorted(PEOPLES_ROLES))
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1440, "height": 900}

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} \u202e' + "long" * 60

#: For an address that names something: what it names, out of a seeded installation.
EXAMPLES = {
    "/leads/{number:int}": lambda seeded: f"/leads/{seeded['held']['id']}",
    "/setup/{token:str}": lambda _: "/setup/nothing",
    "/join/{token:str}": lambda _: "/join/nothing",
    "/static/{name:path}": None,
    "/strip": None,
    "/lists/entries/{entry_id:str}": lambda seeded: f"/lists/entries/{seeded['entry']}",
    "/lists/entries/{entry_id:str}/remove": lambda seeded: f"/lists/entries/{seeded['entry']}/remove",
    "/lists/export": None,
    "/rules/live/{rule_id:str}": lambda _: "/rules/live/mailing",
    "/rules/drafts/{draft_id:str}": lambda seeded: f"/rules/drafts/{seeded['draft']}",
    "/rules/drafts/{draft_id:str}/remove": lambda seeded: f"/rules/drafts/{seeded['draft']}/remove",
    "/rulesets/{digest:str}": lambda seeded: f"/rulesets/{seeded['ruleset']}",
    "/rulesets/{digest:str}/card": lambda seeded: f"/rulesets/{seeded['ruleset']}/card",
    "/rulesets/{digest:str}/toml": None,
    "/rulesets/{digest:str}/roll-back": lambda seeded: f"/rulesets/{seeded['ruleset']}/roll-back",
    "/rulesets/rollbacks/{number:int}": lambda _: "/rulesets/rollbacks/1",
    "/proposals/{proposal_id:str}": lambda _: "/proposals/nothing",
    "/proposals/{proposal_id:str}/attachments/{name:str}": lambda _: "/proposals/nothing/attachments/shadow",
    "/log/{number:str}": lambda seeded: f"/log/{seeded['held']['id']}",
    "/log/{number:str}/receipt": None,
    "/integrations/keys/{key_id:str}": lambda seeded: f"/integrations/keys/{seeded['key']}",
    "/integrations/webhooks/{webhook_id:str}": lambda seeded: f"/integrations/webhooks/{seeded['webhook']}",
    "/systems/{system_id:str}": lambda seeded: f"/systems/{seeded['system']}",
    "/systems/{system_id:str}/change": lambda seeded: f"/systems/{seeded['system']}/change",
    "/systems/{system_id:str}/retire": lambda seeded: f"/systems/{seeded['system']}/retire",
    "/consent/{subject:str}": lambda seeded: f"/consent/{seeded['subject']}",
    "/consent/export": None,
    "/unsubscribe/{token:str}": lambda _: "/unsubscribe/nothing",
    "/c/{token:str}": lambda _: "/c/nothing",
    "/gate/{permit:str}": lambda seeded: f"/gate/{seeded['answer']}",
    "/gate/ai-decisions/{number:str}": lambda _: "/gate/ai-decisions/0",
    "/policy/packs/{pack_id:str}": lambda _: "/policy/packs/eu",
    "/stop/{stop_id:str}": lambda seeded: f"/stop/{seeded['stop']}",
    "/incidents/{incident_id:str}": lambda seeded: f"/incidents/{seeded['incident']}",
    "/incidents/{incident_id:str}/report.txt": None,
    "/incidents/{incident_id:str}/report.json": None,
    "/admin/people/{person_id:str}": lambda seeded: f"/admin/people/{seeded['person']}",
}


@pytest.fixture(scope="module")
def seeded(winnow):
    """Something of everything, with hostile texts."""
    held = winnow.waiting(company=HOSTILE, message=HOSTILE, full_name=HOSTILE[:150], source="website")
    done = winnow.waiting(
        company="Bluebird", message="cheap backlinks http://a.example http://b.example", source="fair"
    )
    winnow.screened(full_name="Bo", email="genuine@winnow.example", source="website")
    entry = {"kind": "domain", "value": "junk.example", "action": "block", "owner": HOSTILE[:150], "reason": HOSTILE}
    entry_id = winnow.desks.lists.add(entry, "tests").id
    rule = {"id": "hostile", "when": "email.free", "text": HOSTILE, "owner": HOSTILE, "reason": HOSTILE, "points": 5}
    draft = winnow.desks.rules.add(rule, "tests").id
    more = {"entry": entry_id, "draft": draft, "ruleset": winnow.desks.rulesets.live().known.hash}
    return {"held": held, "done": done, **more, **_more(winnow), **_of_the_gate(winnow)}


def _of_the_gate(winnow):
    """Somebody who objected, and what the gate says to a system that is not in the register."""
    consent, gate = winnow.desks.consent.desk, winnow.desks.gate
    no = Said(Act.OBJECTION, email="hostile@bluebird.example", evidence=HOSTILE)
    consent.record([no], Recorder("tests", By.PERSON))
    ask = Ask("nobody", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), (HOSTILE[:90],), HOSTILE)
    whom = gate.recipient(AddressKind.EMAIL, "hostile@bluebird.example", "DE", None)
    given = gate.keeper.ask(ask, [whom], Asking("tests"))
    return {"subject": given.kept.subjects[0], "answer": given.kept.terms.answer}


def _more(winnow):
    name = HOSTILE.replace("\u202e", "")[:150]
    key = winnow.service.key_desk.create(name, ["rep", "webhooks:read"], "tests", networks=["2001:db8::/32"]).key.id
    webhook = winnow.desks.webhooks.add(f"https://crm.example/{'long' * 60}", ["*"], "tests").webhook.id
    winnow.desks.webhooks.test(webhook, "tests")
    winnow.desks.webhooks.pause(webhook, "tests")
    person = winnow.desks.people.desk.invite("hostile@people.example", name, ["rep", "reviewer"], "tests").person.id
    system = winnow.desks.systems.add({**enrolled(), "name": name, "purpose": name, "vendor": name}, "tests").system.id
    stop = winnow.desks.stop.engage(StopScope.SOURCE, name, HOSTILE, "tests").stop.id
    incident = winnow.desks.incidents.open(Kind.BIAS, HOSTILE, Severity.SEVERE, "tests", source=name).id
    winnow.desks.incidents.note(incident, HOSTILE, "tests")
    winnow.desks.incidents.link(incident, Link.STOP, name, "tests")
    return {"stop": stop, "incident": incident, "key": key, "webhook": webhook, "person": person, "system": system}


def addresses(seeded):
    found = []
    for handler in PAGES:
        for path in sorted(handler.paths):
            if "GET" in handler.http_methods and access_of(handler).page:
                example = EXAMPLES.get(path, lambda _, path=path: path)
                if example is not None:
                    found.append((example(seeded), access_of(handler).scope == PUBLIC))
    return found


def wrong_with(page, *, inside):
    """As it is, by keyboard, in the dark and in a narrow window."""
    expect(page.locator("h1")).to_have_count(1)
    if inside:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        yield from page.evaluate(_FOCUSABLE_OUT_OF_ORDER)
        page.evaluate("document.activeElement.blur()")
    yield from offences_by_day_and_night(page)
    page.set_viewport_size(NARROW)
    if overflow(page):
        yield f"{overflow(page)} px too wide"


def test_every_page_is_usable_by_everybody(page_of, seeded, watched):
    """Each is asked for once: the server does not know how it will be looked at, and asking takes longest."""
    watched.may_be_refused = True
    inside, outside = page_of(*EVERYBODY), page_of()
    wrong = {}
    for address, public in addresses(seeded):
        page = outside if public else inside
        page.set_viewport_size(WIDE)
        page.goto(address)
        assert "{" not in address, f"{address} needs an example"
        if found := [*wrong_with(page, inside=not public)]:
            wrong[address] = found
    assert wrong == {}


#: A positive tabindex puts things out of order; what can be pressed but not focused cannot be reached.
_FOCUSABLE_OUT_OF_ORDER = """() => [
  ...[...document.querySelectorAll('[tabindex]')].filter(each => each.tabIndex > 0),
  ...[...document.querySelectorAll('[role=button], [onclick]')].filter(each => each.tabIndex < 0),
].map(each => each.outerHTML.slice(0, 200))"""
