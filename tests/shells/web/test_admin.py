"""People, health and settings as pages."""

import re
from datetime import timedelta

import pytest
from msgspec import structs

from tests.support.seeing import PASSWORD, text_of
from winnow.bootstrap.health import note_backup
from winnow.bootstrap.people import make_people
from winnow.bootstrap.stores import back_up
from winnow.config import load
from winnow.core.apikeys import ROLES, Scope
from winnow.core.people.accounts import PEOPLES_ROLES, Standing
from winnow.errors import StoreAwayError, WinnowError
from winnow.shells.web.rights import ROLES_IN_WORDS, SCOPES_IN_WORDS, STANDINGS, summed_up

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def desk(seen):
    return seen.served.state.desks.people.desk


def invite(seen, **fields):
    said = {"email": "bo@people.example", "name": "Bo", "roles": ["rep"], **fields}
    return seen.post("/admin/people/invite", "admin", fields=said)


def link_in(page):
    return re.search(r"http://localhost(/join/\w+)", page.text)[1]


def test_an_invitation_leads_to_a_password_and_straight_in(seen, desk):
    page = invite(seen, email="new@people.example", name="Nora New")
    assert page.status_code == 200
    assert "It is not sent by mail." in page.text
    listed = text_of(seen.get("/admin", "auditor"))
    assert "Nora New new@people.example Sales rep invited, has not joined yet" in listed
    path = link_in(page)
    assert path not in seen.get(f"/admin/people/{desk.called('new@people.example').id}", "admin").text
    answer = seen.post(path, fields={"password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert desk.called("new@people.example").standing is Standing.ACTIVE
    assert "new@people.example Sales rep active" in text_of(seen.get("/admin?text=nora", "admin"))
    assert seen.post(path, fields={"password": PASSWORD}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "nobody"}, "is no mail address"),
        ({"name": ""}, "A name is 1 to 200"),
        ({"roles": []}, "A person without a role can do nothing"),
        ({"roles": ["ingest"]}, "ingest is no role of people"),
        ({"email": "admin@people.example"}, "This mail address has an account"),
    ],
)
def test_an_invitation_that_cannot_be_is_told_and_what_was_typed_stays(seen, fields, told):
    seen.person("admin")
    page = invite(seen, **{"name": HOSTILE, **fields})
    assert page.status_code == 422
    assert told in text_of(page)
    assert HOSTILE not in page.text
    assert ('value="rep" checked' in page.text) is ("roles" not in fields)


def test_an_invitation_is_mailed_where_a_server_is_set(seen, monkeypatch):
    sent = []

    class Room:
        invite = staticmethod(lambda person, token, _until: sent.append((person.email, token)))

    desks = seen.served.state.desks
    monkeypatch.setattr(type(desks), "mail", property(lambda _: type("Mail", (), {"room": Room})), raising=False)
    page = invite(seen, email="mailed@people.example")
    assert "It is sent to mailed@people.example by mail, too." in page.text
    assert sent == [("mailed@people.example", link_in(page).rpartition("/")[2])]


def test_roles_are_changed_and_in_force_at_the_next_step(seen, desk):
    person = seen.person("rep")
    assert seen.get("/lists", "rep").status_code == 403
    answer = seen.post(f"/admin/people/{person}/roles", "admin", fields={"roles": ["reviewer", "rep"]})
    assert answer.headers["location"] == f"/admin/people/{person}?said=roles-changed"
    assert desk.person(person).roles == {"reviewer", "rep"}
    assert seen.get("/lists", "rep").status_code == 200
    page = seen.get(f"/admin/people/{person}", "admin")
    assert page.text.count(" checked") == 2
    wrong = seen.post(f"/admin/people/{person}/roles", "admin", fields={})
    assert (wrong.status_code, "can do nothing" in wrong.text) == (422, True)
    assert desk.person(person).roles == {"reviewer", "rep"}


def test_nobody_changes_their_own_account_or_shuts_themselves_out(seen, desk):
    me = seen.person("admin")
    page = seen.get(f"/admin/people/{me}", "admin")
    assert "This is you." in page.text
    assert f"/admin/people/{me}/" not in page.text
    assert seen.post(f"/admin/people/{me}/roles", "admin", fields={"roles": ["rep"]}).status_code == 422
    assert seen.post(f"/admin/people/{me}/disable", "admin").status_code == 403
    assert desk.person(me).roles == {"admin"}


def test_somebody_shut_out_is_out_at_once_and_let_in_again(seen, desk):
    person = seen.person("reviewer")
    here = f"/admin/people/{person}"
    assert seen.get("/lists", "reviewer").status_code == 200
    assert seen.post(f"{here}/disable", "admin").headers["location"] == f"{here}?said=person-disabled"
    assert seen.get("/lists", "reviewer").status_code == 303
    page = seen.get(here, "admin")
    assert "shut out" in text_of(page)
    assert f"{here}/link" not in page.text
    assert seen.post(f"{here}/link", "admin").status_code == 409
    assert seen.post(f"{here}/enable", "admin").headers["location"] == f"{here}?said=person-enabled"
    assert desk.person(person).standing is Standing.ACTIVE


def test_a_link_gives_another_password_and_lets_try_again(seen, desk):
    person = invite(seen, email="lost@people.example", name=HOSTILE)
    first = link_in(person)
    person = desk.called("lost@people.example")
    page = seen.post(f"/admin/people/{person.id}/link", "admin")
    assert "Invitation for" in page.text
    assert HOSTILE not in page.text
    assert seen.post(first, fields={"password": PASSWORD}).status_code == 404
    assert seen.post(link_in(page), fields={"password": PASSWORD}).status_code == 303
    page = seen.post(f"/admin/people/{person.id}/link", "admin", fields={"authenticator": "on"})
    assert "Another password for" in page.text
    assert seen.post(link_in(page), fields={"password": "another " + PASSWORD}).status_code == 303
    assert HOSTILE not in seen.get(f"/admin/people/{person.id}", "admin").text


def test_an_auditor_sees_people_and_changes_nothing(seen):
    page = seen.get(f"/admin/people/{seen.person('admin')}", "auditor")
    assert page.status_code == 200
    assert 'action="/admin' not in page.text
    assert "/admin/people/invite" not in seen.get("/admin", "auditor").text
    assert seen.get("/admin/people/nobody", "auditor").status_code == 404


def test_who_was_here_last_is_told_as_long_as_it_is_known(seen, desk):
    seen.get("/admin", "admin")
    assert seen.person("admin") in make_people(seen.served.service).sessions.last_seen()
    assert "not lately" not in text_of(seen.get(f"/admin/people/{seen.person('admin')}", "admin"))
    away = desk.invite("away@people.example", "Away", ["rep"], "tests").person
    assert "not lately" in text_of(seen.get(f"/admin/people/{away.id}", "admin"))


def test_many_people_come_page_by_page(seen, desk):
    for number in range(55):
        desk.invite(f"crowd{number}@people.example", f"Crowd {number:02}", ["rep"], "tests")
    found, address = [], "/admin?text=crowd"
    while address:
        page = seen.get(address, "admin")
        found += re.findall(r">(Crowd \d\d)<", page.text)
        more = re.search(r'href="(/admin\?[^"]*after=[^"]*)"', page.text)
        address = more[1].replace("&amp;", "&") if more else ""
    assert found == [f"Crowd {number:02}" for number in range(55)]


def test_health_tells_of_the_backup_honestly(seen, tmp_path):
    service = seen.served.service
    assert "No backup is known." in seen.get("/admin/health", "auditor").text
    made = back_up(service.config, tmp_path / "first.zip", with_keys=False, progress=lambda *_: None)
    page = text_of(seen.get("/admin/health", "admin"))
    assert "There is one of the last day." in page
    assert "first.zip" in page
    assert str(tmp_path) not in page
    old = structs.replace(made, created_at=made.created_at - timedelta(hours=30))
    note_backup(service.engine, old, tmp_path / "old.zip")
    assert "The last backup is older than a day." in seen.get("/admin/health", "admin").text


def test_a_backup_is_made_also_when_that_cannot_be_noted(seen, tmp_path, monkeypatch, caplog):
    def away(*_):
        raise StoreAwayError("away")

    monkeypatch.setattr("winnow.bootstrap.stores.note_backup", away)
    back_up(seen.served.service.config, tmp_path / "there.zip", with_keys=False, progress=lambda *_: None)
    assert (tmp_path / "there.zip").is_file()
    assert "could not be noted" in caplog.text


def test_health_is_told_while_the_database_is_away(seen, monkeypatch):
    def away(*_):
        raise WinnowError("away")

    monkeypatch.setattr("winnow.shells.web.pages.admin_health.versions", away)
    page = seen.get("/admin/health", "admin")
    assert page.status_code == 200
    assert "Versions" not in page.text


def test_the_demo_says_how_it_is_cleared(seen, monkeypatch):
    assert "winnow demo clear" not in seen.get("/admin/health", "admin").text
    monkeypatch.setattr(type(seen.served.service), "demo", property(lambda _: True), raising=False)
    assert "winnow demo clear" in seen.get("/admin/health", "admin").text


def test_settings_are_shown_without_secrets_and_to_administrators_only(seen, monkeypatch):
    address = "postgresql://winnow:hush@db/winnow"
    given = load(flags={"mail.password": "hush hush", "store.url": address, "mail.from": HOSTILE}).values
    monkeypatch.setattr(type(seen.served.service.config), "values", property(lambda _: given), raising=False)
    page = seen.get("/admin/settings", "admin")
    assert page.status_code == 200
    assert "hush" not in page.text
    assert "postgresql://…@db/winnow" in page.text
    assert HOSTILE not in page.text
    assert seen.get("/admin/settings", "auditor").status_code == 403


def test_every_role_right_and_standing_has_words():
    assert set(ROLES_IN_WORDS) == set(ROLES) >= set(PEOPLES_ROLES)
    assert set(SCOPES_IN_WORDS) == set(Scope)
    assert set(STANDINGS) == set(Standing)


@pytest.mark.parametrize(
    ("scopes", "roles", "rest"),
    [
        (set(), [], []),
        (ROLES["ingest"], ["Sender of leads"], []),
        (ROLES["reviewer"], ["Reviewer"], []),
        (ROLES["rep"] | {Scope.KEYS_READ}, ["Sales rep"], ["see keys"]),
        ({Scope.LISTS_READ, Scope.LOG_READ}, [], ["see lists", "look through the decision log"]),
    ],
)
def test_rights_are_summed_up_in_the_fewest_words(scopes, roles, rest):
    assert summed_up(scopes) == (roles, rest)
