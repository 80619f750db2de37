"""`winnow policy`: files are checked without an installation; what is in force needs one."""

import json
from datetime import date

import pytest

from tests.support.command import winnow
from winnow.core.govern.changes import what_changes
from winnow.core.govern.limits import Limits
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.systems import AiSystem
from winnow.core.govern.terms import Channel, Needed
from winnow.services.policy import Impact, SystemTouched
from winnow.shells.cli.policy import _change_lines

POLICY = """\
[policy]
owner = "Ada"

[[policy.examples]]
place = "DE"
channel = "email"
purpose = "marketing"
on = 2026-11-22
needed = "implied"
allowed = false
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_a_file_is_checked(file, tmp_path):
    assert winnow("policy", "check", file).messages.strip() == "nothing wrong with it: 1 of its 1 examples hold"
    other = tmp_path / "other.toml"
    other.write_text('[policy]\nowner = "Bo"\n', encoding="utf-8")
    assert "it has no examples" in winnow("policy", "check", other).messages
    found = winnow("policy", "diff", file, other)
    assert (found.code, found.text.splitlines()[0]) == (3, "owner: Ada → Bo")
    assert json.loads(winnow("policy", "diff", file, other, "--json").text)[0]["after"] == "Bo"
    assert winnow("policy", "diff", file, file).code == 0


def test_an_example_that_does_not_hold_is_named(file, tmp_path):
    file.write_text(POLICY.replace('"implied"', '"opt-out"'), encoding="utf-8")
    for command in (("policy", "check"), ("policy", "apply", "--data", tmp_path / "none")):
        found = winnow(*command, file)
        assert found.code == 2
    found = winnow("policy", "check", file)
    assert "policy.examples[0]" in found.messages
    assert "does not hold: it needs implied" in found.messages
    assert winnow("policy", "check", tmp_path / "missing.toml").code == 2
    file.write_bytes(b"\xff\xfe\x00")
    assert "not a text in UTF-8" in winnow("policy", "check", file).messages


def test_a_ruleset_with_such_a_policy_is_not_used(tmp_path):
    path = tmp_path / "ruleset.toml"
    text = winnow("ruleset", "show", "--toml").text
    path.write_text(text + POLICY.replace('[policy]\nowner = "Ada"\n', "").replace("false", "true"), encoding="utf-8")
    found = winnow("ruleset", "hash", path)
    assert found.code == 2
    assert "does not hold: it is not allowed" in found.messages


def test_packs_are_listed():
    found = winnow("policy", "packs")
    assert "gdpr-21  GDPR Art. 21(2) and (3)  from 2018-05-25" in found.text
    packs = json.loads(winnow("policy", "packs", "--json").text)["packs"]
    assert [(each["id"], each["used"]) for each in packs][:2] == [("california", None), ("canada", None)]


def test_what_is_in_force_what_changes_and_what_is_to_come(file, tmp_path):
    at = ("--data", tmp_path / "data")
    assert winnow("policy", "show", *at).code == 2  # there is no installation yet
    assert winnow("system", "list", *at).code in {0, 3}
    shown = json.loads(winnow("policy", "show", "--json", *at).text)
    assert shown["packs"] == ["eu", "uk", "california", "canada", "us-federal"]
    assert "law packs: eu, uk, california, canada, us-federal" in winnow("policy", "show", *at).text
    changes = winnow("policy", "changes", "--on", "2100-01-01", *at)
    assert changes.code == 0
    until = json.loads(winnow("policy", "changes", "--on", "2100-01-01", "--json", *at).text)
    assert until["on"] == "2100-01-01"
    assert winnow("policy", "changes", "--on", "2020-01-01", *at).code == 2
    kept = winnow("policy", "apply", file, *at)
    assert (kept.code, len(kept.text.strip())) == (0, 64)
    assert json.loads(winnow("policy", "show", "--json", *at).text) == shown


def test_what_changes_in_plain_lines():
    mail = frozenset({Channel.EMAIL})
    first = LawRule("a", "Art. 1", date(2027, 1, 1), frozenset({"DE", "FR"}), "A yes.", "", needed=Needed.EXPRESS,
                    channels=mail)  # fmt: skip
    also = LawRule("b", "Art. 2", date(2020, 1, 1), frozenset({"DE"}), "B.", "", date(2027, 2, 1), mail,
                   needed=Needed.EXPRESS)  # fmt: skip
    packs = (LawPack("law", "", date(2026, 1, 1), (first, also)),)
    changes = what_changes(Limits(), packs, date(2026, 11, 22), date(2027, 2, 1))
    mailer = AiSystem("mailer", "Mailer", "mails", "1", channels=mail)
    impact = Impact(changes, (SystemTouched(mailer, changes.rules[0]),), (412, *[None] * (len(changes.needs) - 1)))
    assert list(_change_lines(impact)) == [
        "2027-01-01  law.a begins  Art. 1",
        "    A yes.",
        "2027-02-01  law.b ends  Art. 2",
        "    B.",
        "marketing by email (DE): express still, on other grounds or terms; 412 addresses said yes to it",
        "marketing by email (FR): opt-out → express",
        "marketing by email (place not known): express still, on other grounds or terms",
        "service by email (DE): express still, on other grounds or terms",
        "service by email (FR): opt-out → express",
        "service by email (place not known): express still, on other grounds or terms",
        "AI system mailer is spoken of by law.a (2027-01-01)",
    ]
    nothing = what_changes(Limits(), packs, date(2026, 1, 1), date(2026, 1, 2))
    assert "nothing changes" in next(_change_lines(Impact(nothing, (), ())))
