"""`winnow ruleset shadow|ladder|promote|demote` on an installation."""

import json
from dataclasses import replace

import pytest

from tests.support.cases import ruleset, small_card
from tests.support.command import winnow
from tests.support.screening import a_lead
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.ports import Arrival

LEARNED = ruleset(id="learned", scorecard=replace(small_card(), kind="learned"))


@pytest.fixture
def at(tmp_path):
    folder = tmp_path / "data"
    service = open_service(load(flags={"data.folder": str(folder)}))
    service.rulesets.add(LEARNED, "mia", service.clock.now())
    service.close()
    return ("--data", folder)


def screen(at, count):
    service = open_service(load(flags={"data.folder": str(at[1])}))
    hasty = [a_lead(number, form_fill_seconds=1.0) for number in range(count)]
    service.intake.take([Arrival(hasty, [True] * count)])
    service.close()


def test_a_ruleset_is_put_in_shadow_read_about_and_taken_out(at):
    digest = LEARNED.hash[:10]
    assert winnow("ruleset", "shadow", "on", digest, *at).code == 0
    screen(at, 3)
    found = json.loads(winnow("ruleset", "shadow", "report", digest, "--json", *at).text)
    assert (found["leads"], found["running"], found["failed"]) == (3, True, 0)
    assert sum(row["leads"] for row in found["counts"]) == 3
    shown = winnow("ruleset", "shadow", "report", digest, *at).text
    assert "3 leads over 0.0 days" in shown
    assert winnow("ruleset", "shadow", "read", digest, "--leads", "4", "--by", "Bo", *at).code == 1
    assert winnow("ruleset", "shadow", "read", digest, "--leads", "3", "--by", "Bo", *at).code == 0
    assert json.loads(winnow("ruleset", "shadow", "report", digest, "--json", *at).text)["read_by"] == "Bo"
    assert winnow("ruleset", "shadow", "off", digest, *at).code == 0
    assert winnow("ruleset", "shadow", "off", digest, *at).code == 1
    assert "not in shadow any more" in winnow("ruleset", "shadow", "report", digest, *at).text
    assert winnow("ruleset", "shadow", "on", digest, "--share", "7", *at).code == 2


def test_nothing_climbs_without_evidence_and_anything_may_fall(at):
    digest = LEARNED.hash
    refused = winnow("ruleset", "promote", digest, *at)
    assert (refused.code, "nobody has signed" in refused.messages) == (4, True)
    step = json.loads(winnow("ruleset", "ladder", digest, "--json", *at).text)
    assert (step["rung"], step["next"], len(step["lacking"])) == ("shadow", "tag", 6)
    assert "for `tag` it lacks:" in winnow("ruleset", "ladder", digest, *at).text
    assert "nothing has climbed" in winnow("ruleset", "ladder", *at).messages
    live = json.loads(winnow("ruleset", "show", "--json").text)["hash"]
    fallen = winnow("ruleset", "demote", live, "--reason", "odd", "--to", "tag", "--by", "Mia", *at)
    assert fallen.messages == "now on the rung `tag`\n"
    (standing,) = json.loads(winnow("ruleset", "ladder", "--json", *at).text)
    assert (standing["rung"], standing["by"], standing["why"]) == ("tag", "Mia", "odd")
    assert "by Mia: odd" in winnow("ruleset", "ladder", *at).text
    assert winnow("ruleset", "demote", live, "--reason", "odd", "--to", "review", *at).code == 1
