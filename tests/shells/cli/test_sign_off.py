"""`winnow ruleset propose|sign|sign-offs|activate|rollback` and `winnow proposal`: two people, with their passwords."""

import io
import json
from dataclasses import replace
from unittest.mock import patch

import pytest

from tests.support.people import FastHasher
from winnow.adapters.rulesets import read_ruleset, ruleset_toml
from winnow.bootstrap.people import make_people
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.people import totp
from winnow.errors import (
    CodeNeededError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
)
from winnow.shells.cli.app import app

PASSWORD = "seven quiet lighthouses"
STARTER = read_ruleset(None)
OTHER = replace(STARTER, id="other")


@pytest.fixture(scope="module", autouse=True)
def _quick():  # nobody asks for it by name
    """Passwords are hashed in no time."""
    with patch("winnow.bootstrap.people.Argon2", FastHasher):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An installation with an author and an approver."""
    found = tmp_path_factory.mktemp("signing")
    service = open_service(load(flags={"data.folder": str(found)}))
    desk = make_people(service).desk
    for name, role in (("ana", "rule-author"), ("bo", "approver"), ("cy", "approver"), ("di", "rep")):
        desk.create(f"{name}@x.example", name, [role], PASSWORD, "tests")
    service.close()
    (found / "other.toml").write_text(ruleset_toml(OTHER), encoding="utf-8")
    (found / "report.json").write_text('{"leads": 12}', encoding="utf-8")
    return found


@pytest.fixture
def run(folder, capsys, monkeypatch):
    """`run("ruleset", …)`: what the command printed; with `as_=` by somebody who gives their password."""

    def ran(*words, as_=None, password=PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        who = ["--as", f"{as_}@x.example", "--password-stdin"] if as_ else []
        capsys.readouterr()
        app([*words, *who, "--data", str(folder)], standalone_mode=False)
        return capsys.readouterr()

    return ran


def test_a_file_is_proposed_argued_about_signed_by_another_and_rolled_back(run, folder):
    file = str(folder / "other.toml")
    attached = ("--attach", f"simulation={folder / 'report.json'}")
    made = json.loads(run("ruleset", "propose", file, "--because", "better", *attached, "--json", as_="ana").out)
    assert (made["stage"], made["content"], made["lacking"]) == ("proposed", OTHER.hash, ["nobody has signed it"])
    assert "simulation" in made["attachments"]
    with pytest.raises(NotAllowedError, match="nobody has signed it"):
        run("ruleset", "activate", OTHER.hash[:12])
    for who, error in (("ana", NotAllowedError), ("di", NotAllowedError)):
        with pytest.raises(error):
            run("ruleset", "sign", OTHER.hash[:12], as_=who)
    with pytest.raises(NotAuthenticatedError):
        run("ruleset", "sign", OTHER.hash[:12], as_="bo", password="six quiet lighthouses")
    run("proposal", "comment", made["id"], "fine", "--side", "tech", as_="ana")
    run("proposal", "comment", made["id"], "more of it", "--side", "sales", as_="bo")
    signed = json.loads(run("ruleset", "sign", OTHER.hash[:12], "--json", as_="bo").out)
    assert (signed["stage"], [each["side"] for each in signed["comments"]]) == ("signed", ["tech", "sales"])
    shown = run("ruleset", "sign-offs", OTHER.hash[:12]).out
    assert "signed" in shown
    assert "lacks" not in shown
    run("ruleset", "activate", OTHER.hash[:12])
    assert json.loads(run("proposal", "list", "--json").out)[0]["stage"] == "live"
    assert "starter" in run("ruleset", "rollback").out
    assert "live" in run("proposal", "show", made["id"]).out
    told = run("ruleset", "rollback", "--because", "worse", "--yes")
    assert "decides again" in told.err
    assert "retired" in run("proposal", "list").out
    with pytest.raises(ConflictError):
        run("ruleset", "rollback", STARTER.hash, "--yes")
    assert json.loads(run("ruleset", "rollback", OTHER.hash, "--json").out)["back"] == OTHER.hash


def test_one_signature_of_two_is_not_signed_and_the_list_says_what_is_lacking(run, folder):
    limits = replace(STARTER.policy.limits, scan_texts=not STARTER.policy.limits.scan_texts)
    other = replace(STARTER, id="policy", policy=replace(STARTER.policy, limits=limits))
    (folder / "policy.toml").write_text(ruleset_toml(other), encoding="utf-8")
    run("ruleset", "propose", str(folder / "policy.toml"), "--because", "texts", as_="ana")
    half = json.loads(run("ruleset", "sign", other.hash[:12], "--json", as_="bo").out)
    assert (half["stage"], len(half["sign_offs"])) == ("proposed", 1)
    (row,) = (each for each in run("proposal", "list").out.splitlines() if half["id"] in each)
    assert "  proposed  " in row
    assert row.endswith("(lacks: it changes the policy, and no privacy officer has signed it)")
    assert "  proposed  " in run("proposal", "show", half["id"]).out.splitlines()[0]


def test_a_code_is_asked_for_where_the_account_has_one(run, folder):
    service = open_service(load(flags={"data.folder": str(folder)}))
    people, now = make_people(service), service.clock.now()
    cy = people.desk.called("cy@x.example")
    secret = b"s" * totp.SECRET_BYTES
    service.people.set_secret(cy.id, secret, cy.id, now)
    service.people.use_step(cy.id, totp.step_at(now) - 1, now)
    made = json.loads(run("proposal", "make", "ruleset", OTHER.hash, "--because", "x", "--json", as_="ana").out)
    sign = ("proposal", "sign", made["id"], "--hash", made["hash"])
    with pytest.raises(CodeNeededError):
        run(*sign, as_="cy")
    code = totp.code(secret, totp.step_at(service.clock.now()))
    assert "signed" in run(*sign, "--code", code, as_="cy").out
    service.close()


def test_an_emergency_at_the_command_line(run):
    assert "nothing decides" in run("proposal", "break-glass").err
    words = ("proposal", "make", "break-glass", OTHER.hash, "--because", "a flood", "--hours", "1", "--json")
    asked = json.loads(run(*words, as_="bo").out)
    with pytest.raises(InvalidInputError):
        run("proposal", "break-glass", asked["id"])
    with pytest.raises(NotAllowedError):
        run("proposal", "sign", asked["id"], "--hash", asked["hash"], as_="bo")
    service_word = ("proposal", "sign", asked["id"], "--hash", asked["hash"])
    with pytest.raises(CodeNeededError):
        run(*service_word, as_="cy")


def test_what_is_refused_or_taken_back(run, folder):
    make = ("proposal", "make", "ruleset", OTHER.hash, "--because", "x")
    made = json.loads(run(*make, "--json", as_="ana").out)
    with pytest.raises(NotAllowedError):
        run("proposal", "withdraw", made["id"], "--because", "no", as_="bo")
    assert "withdrawn" in run("proposal", "withdraw", made["id"], "--because", "no", as_="ana").out
    other = json.loads(run(*make, "--json", as_="ana").out)
    assert "declined" in run("proposal", "decline", other["id"], "--because", "no", as_="bo").out
    assert all("lacks" not in each for each in run("proposal", "list").out.splitlines() if other["id"] in each)
    with pytest.raises(NotFoundError):
        run("ruleset", "sign", "0" * 64, as_="bo")
    for wrong in ("simulation", f"simulation={folder / 'other.toml'}", f"simulation={folder / 'none'}"):
        with pytest.raises(InvalidInputError):
            run(*make, "--attach", wrong, as_="ana")


def test_a_ruleset_nobody_proposed_says_so(run, folder):
    service = open_service(load(flags={"data.folder": str(folder)}))
    third = replace(STARTER, id="third")
    service.rulesets.add(third, "tests", service.clock.now())
    service.close()
    assert "nobody has proposed" in run("ruleset", "sign-offs", third.hash).err
    with pytest.raises(NotFoundError):
        run("ruleset", "sign", third.hash, as_="bo")
