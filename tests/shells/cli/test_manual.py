"""Every command, option, setting and exit code is explained, in the command itself and in docs/."""

import re

import pytest

from tests.support.command import winnow
from tests.support.project import ROOT, SOURCE
from winnow.config import SETTINGS
from winnow.shells.cli.manual import Command, Parameter, commands

EVERY = [parameter for command in commands() for parameter in command.parameters]


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_a_command_explains_itself(command: Command):
    verbs = command.name.split()[1:]
    shown = winnow(*verbs, "-h", env={"COLUMNS": "200"})
    assert (shown.code, shown.messages) == (0, "")
    assert command.meaning.split("\n\n")[0].rstrip(".") in " ".join(shown.text.split())
    for parameter in command.parameters:
        name = parameter.written.split(" ")[0].rstrip(",")
        assert name in shown.text or name.lower() in shown.text
    assert winnow(*verbs, "--help", env={"COLUMNS": "200"}).text == shown.text


@pytest.mark.parametrize("parameter", EVERY, ids=lambda parameter: parameter.written)
def test_a_parameter_has_a_sentence_of_its_own(parameter: Parameter):
    assert re.fullmatch(r".{8,}[.\])]", parameter.meaning)


def test_groups_show_their_verbs_and_a_bare_command_the_next_step():
    bare = winnow()
    assert bare.code == 2
    assert "Next step: winnow demo make" in bare.text
    for group in ("rule", "ruleset", "demo", "config"):
        shown = winnow(group)
        assert shown.code == 2
        verbs = [command.name.split()[2] for command in commands() if command.name.startswith(f"winnow {group} ")]
        assert verbs
        assert [verb for verb in verbs if f" {verb} " not in shown.text] == []


def test_every_setting_is_on_its_page():
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert [each.name for each in SETTINGS if f"`{each.name}` | `{each.variable}`" not in page] == []


def test_every_setting_is_used_somewhere():
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "config.py")
    assert [each.name for each in SETTINGS if f'"{each.name}"' not in code] == []


def test_every_document_a_command_names_is_there():
    named = set(
        re.findall(r"docs/[a-z-]+\.md", "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")))
    )
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
