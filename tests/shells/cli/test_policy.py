"""`winnow policy`: files are checked without an installation; what is in force needs one."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from tests.support.command import winnow
from tests.support.project import ROOT
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.affected import Effect
from winnow.core.govern.changes import what_changes
from winnow.core.govern.limits import Limits
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.systems import AiSystem
from winnow.core.govern.terms import Channel, Needed
from winnow.services.policy import Impact, LeadTouched, SendTouched, SystemTouched, Touched
from winnow.services.policy.reach import Counted
from winnow.shells.cli.policy_changes import change_lines, touched_lines

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
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
#: What documents tell people to write, by the name of the page.
PAGES = {
    f"{page.stem}-{number}": found
    for page in sorted((ROOT / "docs").glob("*.md"))
    for number, found in enumerate(re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    if found.startswith("[policy]")
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", PAGES)
def test_the_policies_that_the_documents_show_are_policies(tmp_path, name):
    path = tmp_path / "policy.toml"
    path.write_text(PAGES[name], encoding="utf-8")
    checked = winnow("policy", "check", path)
    assert checked.code == 0, checked.messages


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
    open_service(load(flags={"data.folder": str(tmp_path / "data")})).close()
    shown = json.loads(winnow("policy", "show", "--json", *at).text)
    assert shown["packs"] == ["eu", "uk", "california", "canada", "us-federal"]
    assert "law packs: eu, uk, california, canada, us-federal" in winnow("policy", "show", *at).text
    changes = winnow("policy", "changes", "--on", "2100-01-01", *at)
    assert changes.code == 0
    until = json.loads(winnow("policy", "changes", "--on", "2100-01-01", "--json", *at).text)
    assert until["on"] == "2100-01-01"
    assert winnow("policy", "changes", "--on", "2020-01-01", *at).code == 2
    assert f"policy hash {shown['hash']}" in winnow("policy", "show", *at).text
    every = json.loads(winnow("policy", "changes", "--on", "2100-01-01", "--list", "--json", *at).text)
    assert (every["changes"]["on"], every["leads"], every["sends"]) == ("2100-01-01", [], [])
    kept = winnow("policy", "apply", file, *at)
    assert (kept.code, len(kept.text.strip())) == (0, 64)
    assert f"winnow proposal make ruleset {kept.text.strip()} --because" in kept.messages
    incomplete = winnow("policy", "apply", file, "--propose", "--because", "as our lawyers say", *at)
    assert (incomplete.code, "add --as and --because" in incomplete.messages) == (2, True)
    written = tmp_path / "in_force.toml"
    written.write_text(winnow("policy", "show", "--toml", *at).text, encoding="utf-8")
    assert winnow("policy", "apply", written, *at).code == 0
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
    assert list(change_lines(impact)) == [
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
    assert "nothing changes" in next(change_lines(Impact(nothing, (), ())))


def test_packs_of_ones_own(tmp_path):
    """They stand beside the others, and one that cannot be used keeps everything from starting."""
    (tmp_path / "packs").mkdir()
    pack, settings = tmp_path / "packs" / "ours.toml", tmp_path / "winnow.toml"
    settings.write_text(f'[policy]\npacks_folder = "{tmp_path / "packs"}"\n', encoding="utf-8")
    at = ("--config", settings)
    rule = 'id = "a"\narticle = "§ 1"\neffective = 2026-01-01\ntext = "T."\nsource = "s"\n'
    pack.write_text(f'title = "Ours"\nas_of = 2026-01-01\nplaces = ["DE"]\n[[rules]]\n{rule}', encoding="utf-8")
    assert "ours: Ours (as of 2026-01-01)" in winnow("policy", "packs", *at).text
    policy = tmp_path / "policy.toml"
    policy.write_text('[policy]\npacks = ["eu", "ours"]\n', encoding="utf-8")
    assert winnow("policy", "check", policy, *at).code == 0
    assert "there is no law pack `ours`" in winnow("policy", "check", policy).messages
    assert winnow("policy", "diff", policy, policy, *at).code == 0
    # packs are read once in a process, so that the broken one stands in another folder
    settings.write_text(f'[policy]\npacks_folder = "{tmp_path / "broken"}"\n', encoding="utf-8")
    pack = tmp_path / "broken" / "ours.toml"
    pack.parent.mkdir()
    pack.write_text("title = ]", encoding="utf-8")
    for command in (("policy", "packs"), ("policy", "show", "--data", tmp_path / "data")):
        assert winnow(*command, *at).code == 2
    assert all(each in winnow("policy", "packs", *at).messages for each in ("not valid TOML", f"{pack}:1:9"))


def test_whom_it_touches_in_plain_lines():
    mail = frozenset({Channel.EMAIL})
    rule = LawRule(
        "a", "Art. 1", date(2027, 1, 1), frozenset({"DE"}), "A yes.", "", needed=Needed.EXPRESS, channels=mail
    )
    changes = what_changes(Limits(), (LawPack("law", "", date(2026, 1, 1), (rule,)),), NOW.date(), date(2027, 1, 1))
    closed = Effect.CLOSED
    leads = (
        LeadTouched(12, "web", NOW, "DE", (0,), (closed,), closed),
        LeadTouched(9, "", NOW, None, (1,), (closed,), closed),
    )
    sends = (SendTouched("pm_1-0", NOW, "mailer", "DE", 0, closed),)
    none = dict.fromkeys(Effect, 0)
    counts = tuple(Counted({**none, closed: 1}, {**none, closed: 1 - at}) for at in range(len(changes.needs)))
    touched = Touched(NOW, leads, 2_000, True, sends, 1, False, counts)
    impact = Impact(changes, (), (None,) * len(changes.needs), touched)
    lines = list(change_lines(impact))
    for line in (
        "    leads: 1 may be contacted today and not then; sends: 1 permitted, would be refused",
        "of the newest 2000 leads since 2026-11-22: 2 may be contacted today and not then",
        "    place not known: 1 may be contacted today and not then",
        "of all 1 sends since 2026-11-22: 1 permitted, would be refused",
        "    mailer: 1 permitted, would be refused",
    ):
        assert line in lines
    assert list(touched_lines(impact)) == [
        "lead 12 (DE, web): may be contacted today and not then: marketing by email",
        "lead 9 (place not known): may be contacted today and not then: marketing by email",
        "pm_1-0 (DE) by mailer, marketing by email: permitted, would be refused",
    ]
