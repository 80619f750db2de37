"""`winnow system`: the register from the command line, and its exit codes."""

import json

import pytest

from tests.support.command import winnow
from winnow.bootstrap.service import open_service
from winnow.config import load

ENTRY = """
id = "acme-writer"
name = "Acme mail writer"
purpose = "draft answers"
version = "4.2"
vendor = "Acme Inc."
status = "shadow"
answers = { decides = [], practices = [], people = [], contact = ["writes"] }
"""


@pytest.fixture
def at(tmp_path):
    open_service(load(flags={"data.folder": str(tmp_path / "data")})).close()
    return ("--data", tmp_path / "data")


def test_a_system_is_entered_reviewed_and_retired(at, tmp_path):
    file = tmp_path / "writer.toml"
    file.write_text(ENTRY, encoding="utf-8")
    added = winnow("system", "add", file, *at)
    assert (added.code, added.messages) == (0, "")
    assert "not live: nobody owns it" in added.text
    listed = winnow("system", "list", *at)
    assert listed.code == 3  # Winnow's own should be live, and nobody owns it
    assert "acme-writer  shadow  (shadow)  risk limited  Acme mail writer 4.2  Acme Inc.  owner nobody" in listed.text
    reviewed = json.loads(winnow("system", "review", "acme-writer", "--note", "read", "--json", *at).text)
    assert (reviewed["revision"], reviewed["mode"]) == (2, "shadow")
    assert winnow("system", "review", "acme-writer", "--note", "x", "--until", "2020-01-01", *at).code == 2
    assert winnow("system", "retire", "acme-writer", "--note", "contract [ended]", *at).code == 0
    shown = winnow("system", "show", "acme-writer", *at).text
    assert "system.retired  command line  revision 3: contract [ended]" in shown
    listed_json = json.loads(winnow("system", "list", "--json", *at).text)
    assert [each["id"] for each in listed_json] == ["acme-writer", "winnow-screening"]
    assert json.loads(winnow("system", "show", "acme-writer", "--json", *at).text)["status"] == "retired"
    assert winnow("system", "show", "none", *at).code == 1


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ('"4.2"', '"5"', 0, "Acme mail writer 5"),
        ('"shadow"', '"live"', 1, "it cannot go live: nobody owns it"),
        ('id = "acme-writer"', "", 2, "it does not say which system"),
        ('"acme-writer"', '"acme-reader"', 1, "there is no AI system `acme-reader`"),
    ],
)
def test_a_system_is_described_anew(at, tmp_path, old, new, code, told):
    file = tmp_path / "writer.toml"
    file.write_text(ENTRY, encoding="utf-8")
    winnow("system", "add", file, *at)
    file.write_text(ENTRY.replace(old, new), encoding="utf-8")
    changed = winnow("system", "change", file, *at)
    assert changed.code == code
    assert told in changed.text + changed.messages


def test_a_file_that_is_no_description_is_refused(at, tmp_path):
    file = tmp_path / "writer.toml"
    file.write_text("id = ", encoding="utf-8")
    assert winnow("system", "add", file, *at).code == 2
    file.write_text(ENTRY.replace("decides = []", 'decides = ["housing"]'), encoding="utf-8")
    assert winnow("system", "add", file, *at).code == 4


def test_the_wizard_asks_and_answers_without_an_installation():
    asked = winnow("system", "classify")
    assert "Does what it says decide, or help to decide" in asked.text
    assert "--yes credit" in asked.text
    assert len(json.loads(winnow("system", "classify", "--json").text)) == 4
    refused = winnow("system", "classify", "--yes", "credit", "--yes", "scores-people")
    assert (refused.code, refused.text.splitlines()[0]) == (4, "risk: high")
    allowed = winnow("system", "classify", "--yes", "credit", "--pack", "high-risk", "--json")
    assert (allowed.code, json.loads(allowed.text)["refused"]) == (0, None)
    assert winnow("system", "classify", "--yes", "sorcery").code == 2
