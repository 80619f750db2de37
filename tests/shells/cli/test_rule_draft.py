"""`winnow rule draft`: what people called junk of late becomes a draft, once, and nothing more."""

import json
from datetime import timedelta

import pytest

from tests.support.command import winnow
from tests.support.screening import a_lead
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.errors import ConflictError
from winnow.ports import Arrival, Label


@pytest.fixture
def at(tmp_path):
    """Forty honest leads that were judged, and twenty forged ones of one source, called junk."""
    service = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    honest = [a_lead(number, source="web", spf="pass") for number in range(40)]
    forged = [a_lead(number, source="ads", spf="fail") for number in range(40, 60)]
    (answer,) = service.intake.take([Arrival([*honest, *forged], [True] * 60)])
    assert not isinstance(answer, ConflictError)
    now = service.clock.now()
    for place, recorded in enumerate(answer):
        verdict = "junk" if place >= 40 else "genuine"
        said_at = now if place >= 40 else now - timedelta(days=20)
        service.labels.add(Label(recorded.id, verdict, "ana", "api"), said_at)
    service.close()
    return ("--data", tmp_path / "data")


def test_a_spike_is_drafted_once_and_decides_nothing(at):
    found = json.loads(winnow("rule", "draft", "--json", *at).text)
    by_name = {each["signal"]: each for each in found}
    forged = by_name["mail.spf"]
    assert (forged["value"], forged["recent"], forged["new"]) == ("fail", [20, 20], True)
    assert forged["before"] == [0, 40]
    assert forged["rule"]["when"] == "mail.spf == 'fail'"
    assert "Over the last 60 decisions it would have fired on 20" in forged["rule"]["reason"]
    assert (by_name["source"]["value"], by_name["source"]["draft"]) == ("ads", None)
    again = json.loads(winnow("rule", "draft", "--json", *at).text)
    assert [(each["draft"], each["new"]) for each in again] == [(each["draft"], False) for each in found]
    shown = winnow("rule", "draft", *at)
    assert f"there is a draft: {forged['draft']}" in shown.text
    assert "no signal says it" in shown.text
    service = open_service(load(flags={"data.folder": str(at[1])}))
    live = service.rulesets.live()
    service.close()
    assert live is not None
    assert not any(rule.id.startswith("spike") for rule in live.rules)


def test_without_labels_there_is_nothing_to_say(tmp_path):
    open_service(load(flags={"data.folder": str(tmp_path / "data")})).close()
    ran = winnow("rule", "draft", "--data", tmp_path / "data")
    assert (ran.code, ran.messages) == (0, "nothing is junk more often than it used to be\n")
