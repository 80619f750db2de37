"""`winnow learn unlearn`: from a fitted model and somebody's labels to the model that never saw them."""

import json

import pytest

from tests.support.command import files_in, winnow
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.lead import Lead
from winnow.demo.dice import Dice
from winnow.errors import ConflictError
from winnow.ports import Arrival, Label

SIZE = 1_500
RATES = {"ads": 0.7, "fair": 0.2, "web": 0.35}


def history(folder):
    """A file of leads, and one of labels: Eve calls everything of the fair junk."""
    lots = Dice.named("learn unlearn")
    leads, labels = ["id,came,campaign,seats,result"], ["lead,verdict,author,source,batch,at"]
    for number in range(SIZE):
        campaign, author = lots.pick(tuple(RATES)), lots.pick(("ana", "bo", "cy", "eve"))
        junk = lots.chance(RATES[campaign]) or (author == "eve" and campaign == "fair")
        verdict = "junk" if junk else "genuine"
        came = f"2026-{1 + number * 10 // SIZE:02}-{1 + number * 280 // SIZE % 28:02}"
        leads.append(f"l{number},{came},{campaign},{lots.whole(1, 40)},{verdict}")
        labels.append(f"l{number},{verdict},{author},web,b{number % 5},{came}")
    (folder / "leads.csv").write_text("\n".join(leads) + "\n")
    (folder / "labels.csv").write_text("\n".join(labels) + "\n")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unlearn")
    history(folder)
    ran = winnow("learn", "fit", folder / "leads.csv", "--target", "result", "--time", "came", "-o", folder / "m.model")
    assert ran.code == 0, ran.messages
    return folder


def unlearn(here, *more):
    return winnow("learn", "unlearn", here / "m.model", here / "leads.csv", *more)


def test_labels_of_a_file_are_unlearned(here):
    by_eve = ("--author", "eve", "--labels", here / "labels.csv", "-o", here / "out")
    ran = unlearn(here, *by_eve, "--json")
    assert ran.code == 0, ran.messages
    found = json.loads(ran.text)
    assert files_in(here / "out") == {"unlearned.json", "ruleset.toml", "rescreen.csv"}
    assert found["scorecard"]["before"] != found["scorecard"]["after"]
    assert found["withdrawn"]["author"] == "eve"
    assert found["withdrawn"]["labels"] == len(found["withdrawn"]["leads_without_truth"]) > 300
    fair = [each for each in found["points"] if each["values"] == "fair"]
    assert fair[0]["after"] < fair[0]["before"]
    assert found["affected"]
    lines = (here / "out" / "rescreen.csv").read_text().splitlines()
    assert lines[0] == "lead,source,outcome_before,outcome_after,score_before,score_after"
    assert [line.split(",")[0] for line in lines[1:]] == [each["lead"] for each in found["affected"]]
    assert winnow("ruleset", "show", here / "out" / "ruleset.toml", "--json").code == 0
    again = unlearn(here, *by_eve)
    assert (again.code, "by that name already" in again.messages) == (2, True)
    dry = unlearn(here, "--author", "eve", "--labels", here / "labels.csv", "--dry-run")
    assert "nothing was written or withdrawn" in dry.messages
    assert f"→ {found['scorecard']['after'][:12]}" in dry.text


def test_labels_of_the_service_are_withdrawn_and_the_log_says_so(here, tmp_path):
    data = tmp_path / "data"
    service = open_service(load(flags={"data.folder": str(data)}))
    (answer,) = service.intake.take([Arrival([Lead("l3"), Lead("l4")], [True, True])])
    assert not isinstance(answer, ConflictError)
    one, two = answer
    for recorded, author in ((one, "eve"), (two, "ana")):
        service.labels.add(Label(recorded.id, "junk", author, "api", "b1"), service.clock.now())
    service.close()
    given = ("--author", "eve", "--data", data, "-o", tmp_path / "out")
    assert unlearn(here, *given, "--dry-run").code == 0
    ran = unlearn(here, *given)
    assert (ran.code, "withdrew 1 labels" in ran.messages) == (0, True)
    service = open_service(load(flags={"data.folder": str(data)}))
    assert [each.said.author for each in service.labels.standing()] == ["ana"]
    service.close()
    gone = unlearn(here, "--author", "eve", "--data", data, "-o", tmp_path / "out2")
    assert (gone.code, "there are no labels of author eve" in gone.messages) == (1, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "nothing says which labels"),
        (("--since", "yesterday"), "is no time"),
        (("--author", "eve", "--labels", "none.csv"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_refused(here, more, words):
    ran = unlearn(here, *more, "-o", here / "never")
    assert (ran.code, words in ran.messages) == (2, True)
    assert not (here / "never").exists()


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("lead,author\nl1,eve\n", "there is no column `verdict`", ""),
        ("lead,verdict\nl1,\n", "the label has no verdict", ":2"),
        ("lead,verdict\nl1,maybe\n", "`maybe` is no verdict", ""),
        ("lead,verdict,at\nl1,junk,soon\n", "`soon` is no time", ":2"),
        ("", "there is no column `lead`", ""),
    ],
)
def test_a_file_of_labels_that_cannot_be_read_is_refused(here, tmp_path, text, what, line):
    file = tmp_path / "labels.csv"
    file.write_text(text)
    ran = unlearn(here, "--author", "eve", "--labels", file, "-o", tmp_path / "out")
    assert ran.code == 2
    assert f"error: {what}\n  where: {file}{line}\n" in ran.messages


def test_labels_of_two_places_at_once_are_refused_and_a_mistyped_folder_makes_no_service(here, tmp_path):
    both = unlearn(here, "--author", "eve", "--labels", here / "labels.csv", "--data", tmp_path / "none")
    assert (both.code, "these are both" in both.messages) == (2, True)
    nowhere = unlearn(here, "--author", "eve", "--data", tmp_path / "none")
    assert (nowhere.code, "no installation here" in nowhere.messages) == (2, True)
    assert not (tmp_path / "none").exists()
