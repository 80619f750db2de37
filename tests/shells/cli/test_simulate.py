"""`winnow simulate` and the two `prune`: over an installation, a labelled file, kept leads and a model's history."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from tests.support.cases import starter
from tests.support.command import winnow
from tests.support.screening import a_lead
from tests.support.signing import put_live
from winnow.adapters.rulesets import ruleset_toml
from winnow.bootstrap import looking_back
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import ConflictError
from winnow.ports import Arrival, Label

RULES = (
    Rule("slow", "form.fill_seconds > 100.0", "t", "Mia", "w", outcome=Outcome.REVIEW),
    Rule("slow-again", "form.fill_seconds  > 100.0", "t", "Mia", "w", outcome=Outcome.REVIEW),
    Rule("never", "mail.dmarc == 'odd'", "t", "Mia", "w", outcome=Outcome.TAG),
)
LIVE = replace(starter(), rules=RULES)
STRICT = replace(LIVE, id="strict", thresholds=Thresholds(Bands(LIVE.scorecard.base + 1, LIVE.scorecard.base + 2)))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An installation that has decided 120 leads, some of which were judged; not written to by any test."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    service = open_service(load(flags={"data.folder": str(folder)}))
    put_live(service, LIVE, "Mia")
    service.live._refresh()
    seconds = [200.0 if number % 10 == 0 else 1.0 if number % 3 == 0 else 40.0 for number in range(120)]
    leads = [a_lead(number, form_fill_seconds=each, country="DE") for number, each in enumerate(seconds)]
    (recorded,) = service.intake.take([Arrival(leads, [True] * len(leads))])
    assert not isinstance(recorded, ConflictError)
    for number, each in enumerate(recorded):
        verdict = "converted" if seconds[number] == 200.0 else "junk" if seconds[number] == 1.0 else "genuine"
        service.labels.add(Label(each.id, verdict, "Mia", "api"), service.clock.now())
    service.close()
    return folder


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.toml"
    path.write_text(ruleset_toml(STRICT), encoding="utf-8")
    return path


def test_a_draft_over_an_installation(data, draft, tmp_path):
    files = {name: tmp_path / f"out.{name}" for name in ("json", "svg", "parquet")}
    ran = winnow(
        "simulate", "--draft", draft, "--data", data, "--by", "country", "--value", 900, "--refs", 3,
        "--curves", files["json"], "--svg", files["svg"], "--keep", files["parquet"], "--json",
    )  # fmt: skip
    assert ran.code == 0
    found = json.loads(ran.text)
    assert (found["leads"], found["judged"], found["draft"]["id"], found["against"]) == (120, 120, "strict", None)
    assert sum(sum(row.values()) for row in found["before_after"].values()) == 120
    stopped = {each["name"]: each for each in found["buckets"]}["junk_stopped"]
    assert stopped["count"] > 0
    assert len(stopped["refs"]) + stopped["more"] == stopped["count"]
    assert found["groups"]["country"][0]["name"] == "DE"
    assert found["cost"]["value_lost"]["value"] is not None
    curve = json.loads(files["json"].read_text())
    assert curve["leads"] + curve["decided_otherwise"] == 120
    drawing = files["svg"].read_text()
    assert ET.fromstring(drawing).tag.endswith("svg")
    strange = winnow("simulate", "--draft", draft, "--kept", files["parquet"], "--by", "language")
    assert (strange.code, "cannot be counted by `language`" in strange.messages) == (2, True)
    again = winnow("simulate", "--draft", draft, "--kept", files["parquet"], "--refs", 3, "--value", 900, "--json")
    assert {**json.loads(again.text), "groups": {}} == {**found, "groups": {}} | {
        "draft": json.loads(again.text)["draft"]
    }


def test_a_table_for_people(data, draft):
    ran = winnow("simulate", "--draft", draft, "--data", data)
    assert ran.code == 0
    for part in ("of 120 leads would come out differently", "before ↓", "who is hit", "hours of reps saved", "note:"):
        assert part in ran.text
    assert "person1@" not in ran.text


def test_what_changes_if_a_rule_goes(data):
    ran = winnow("simulate", "--data", data, "--without", "rule:slow", "--json")
    assert json.loads(ran.text)["changed"] == 0  # its double still holds them
    ran = winnow("simulate", "--data", data, "--without", "rule:slow", "--without", "rule:slow-again", "--json")
    changed = json.loads(ran.text)["changed"]
    whole = json.loads(winnow("simulate", "--data", data, "--json").text)["rules_and_lists"]
    assert changed == whole["all_rules_gone"] > 0
    assert [each["hits"] for each in whole["each"]] == [12, 12, 0]


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--since", "soon"), 2, "`soon` is no time"),
        (("--without", "rule:x"), 2, "no rule `x`"),
        (("--by", "emails"), 2, "cannot be counted by `emails`"),
        (("--kept", "nowhere.parquet"), 2, "no such file"),
        (("--labelled", "x.csv", "--kept", "y.parquet"), 2, "another source of leads"),
        (("--labelled", "x.csv"), 2, "name the column with --target"),
        (("--junk-minutes", "-1"), 2, "below 0"),
        (("--value", "nan"), 2, "no number"),
        (("--target", "x"), 2, "how a labelled file is read"),
        (("--model", "x"), 2, "how a labelled file is read"),
        (("--kept", "y.parquet", "--since", "2026-01-01"), 2, "leave --since away"),
        (("--since", "2999-01-01"), 2, "no decided leads"),
    ],
)
def test_what_cannot_be_done_is_said(data, more, code, said):
    ran = winnow("simulate", "--data", data, *more)
    assert (ran.code, ran.data) == (code, b"")
    assert said in " ".join(ran.messages.split())


def test_nothing_is_made_where_there_is_no_installation(tmp_path):
    ladder = [("ruleset", "ladder"), ("ruleset", "promote", "x"), ("ruleset", "demote", "x", "--reason", "x")]
    shadow = [("ruleset", "shadow", "report", "x"), ("ruleset", "shadow", "on", "x")]
    labels = [("learn", "authors"), ("rule", "draft")]
    for command in (("simulate",), ("rule", "prune"), ("list", "prune"), *ladder, *shadow, *labels):
        ran = winnow(*command, "--data", tmp_path / "none")
        assert (ran.code, "no installation here" in ran.messages) == (2, True)
    assert not (tmp_path / "none").exists()


def test_rules_are_proposed_for_pruning(data):
    ran = winnow("rule", "prune", "--data", data, "--json")
    found = json.loads(ran.text)
    assert (ran.code, found["leads"]) == (3, 120)
    assert [(each["name"], each["reproach"]) for each in found["proposals"]] == [
        ("rule:slow", "contradicted"),
        ("rule:slow-again", "duplicate"),
        ("rule:slow-again", "contradicted"),
        ("rule:slow-again", "shadowed"),
        ("rule:never", "never_hit"),
    ]
    shown = winnow("rule", "prune", "--data", data)
    assert "never hit" in shown.text
    assert "nothing is changed" in shown.messages


def test_nothing_is_proposed_where_there_are_no_entries(data):
    ran = winnow("list", "prune", "--data", data, "--json")
    assert (ran.code, json.loads(ran.text)["proposals"]) == (0, [])


LABELS = {True: "spam", False: "sold"}


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "leads.csv"
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "received_at", "email", "form_fill_seconds", "became"])
        for number in range(60):
            junk = number % 3 == 0
            at = (start + timedelta(hours=5 * number)).isoformat()
            rows.writerow([f"l{number}", at, f"p{number}@acme.example", 1 if junk else 50, LABELS[junk]])
        rows.writerow(["nobody-judged", start.isoformat(), "x@acme.example", "50", ""])
        rows.writerow(["odd", start.isoformat(), "x@acme.example", "50", "spam", "and", "more"])
    return path


def test_a_draft_over_a_labelled_file(labelled, draft):
    ran = winnow("simulate", "--draft", draft, "--labelled", labelled, "--target", "became", "--json")
    assert ran.code == 0
    found = json.loads(ran.text)
    assert (found["leads"], found["judged"], found["against"]["id"]) == (61, 60, "starter-1")
    assert {each["name"]: each["count"] for each in found["buckets"] if each["count"]} == {"real_stopped": 40}
    assert "1 rows cannot be read" in ran.messages
    told = winnow(
        "simulate", "--draft", draft, "--labelled", labelled, "--target", "became", "--truth", "spam=genuine,sold=junk",
        "--json",
    )  # fmt: skip
    assert {each["name"]: each["count"] for each in json.loads(told.text)["buckets"]}["junk_stopped"] == 40
    assert "no column `x`" in winnow("simulate", "--labelled", labelled, "--target", "x").messages
    assert "no column says when" not in ran.messages
    labelled.write_text(labelled.read_text().replace("received_at", "noted"))
    (mapping := labelled.with_suffix(".toml")).write_text('id = "id"\nemails = "email"\n')
    timeless = winnow("simulate", "--draft", draft, "--labelled", labelled, "--target", "became", "--map", mapping)
    assert (timeless.code, "no column says when leads came" in timeless.messages) == (0, True)


def test_a_model_is_tried_on_leads_it_has_not_learned_from(labelled, tmp_path, monkeypatch):
    model = tmp_path / "some.model"
    model.mkdir()
    (model / "ruleset.toml").write_text(ruleset_toml(STRICT), encoding="utf-8")
    (model / "manifest.json").write_text(json.dumps({"scorecard_hash": STRICT.scorecard_hash}), encoding="utf-8")
    (model / "map.toml").write_text('id = "id"\nreceived_at = "received_at"\nemails = "email"\n')
    study = SimpleNamespace(target="junk", ids=["l0", "l1", "l2", "l3"], truth=[True, False, False, True])
    monkeypatch.setattr(looking_back, "study_again", lambda *_, **__: SimpleNamespace(study=study, split=2))
    asked = ("simulate", "--labelled", labelled, "--model", model, "--json")
    found = json.loads(winnow(*asked).text)
    assert (found["leads"], found["judged"], found["draft"]["id"]) == (2, 2, "strict")
    study.target = "vip"
    assert "do not say which leads are junk" in winnow(*asked).messages
    (model / "ruleset.toml").unlink()
    assert "has no draft" in winnow(*asked).messages
