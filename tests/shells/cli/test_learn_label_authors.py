"""`winnow learn fit --label-author`: poisoning is held, named to whoever fits, and taken back from the file alone."""

import json
from pathlib import Path

import pytest

from tests.support.command import winnow
from winnow.demo.dice import Dice

SIZE = 1_600
RATES = {"ads": 0.7, "fair": 0.2, "web": 0.35}
HONEST = ("Ana Ng", "bo", "cy", "di", "fay")


def history() -> list[str]:
    """Leads labelled by six people, of whom Eve calls everything of the fair junk."""
    lots = Dice.named("label authors")
    lines = ["id,came,campaign,seats,labelled_by,batch,result"]
    for number in range(SIZE):
        campaign, author = lots.pick(tuple(RATES)), lots.pick((*HONEST, "eve"))
        junk = lots.chance(RATES[campaign]) or (author == "eve" and campaign == "fair")
        written = author.upper() if number % 7 == 0 else author
        batch = "attack" if author == "eve" else f"b{number % 3}"
        said = "junk" if junk else "genuine"
        lines.append(f"l{number},{number + 100_000},{campaign},{lots.whole(1, 40)},{written},{batch},{said}")
    return lines


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def fit(leads: Path, *more: object):
    return winnow("learn", "fit", leads, "--target", "result", "--time", "came", *more)


SIGNED = ("--label-author", "labelled_by", "--label-batch", "batch")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authors")
    leads = written(folder / "leads.csv", history())
    ran = fit(leads, *SIGNED, "-o", folder / "m.model", "--trusted", "Bo")
    assert ran.code == 0, ran.messages
    (folder / "messages.txt").write_text(ran.messages, encoding="utf-8")
    return folder


def manifest(model: Path):
    return json.loads((model / "manifest.json").read_text(encoding="utf-8"))


def test_who_fits_is_told_names_and_the_card_counts(here):
    messages = (here / "messages.txt").read_text(encoding="utf-8")
    assert "labels of 6 authors, compared on leads of the same source and campaign.value" in messages
    assert "eve calls " in messages
    assert "author eve: " in messages
    assert "labels set aside are by authors who judge unlike the others" in messages
    found = manifest(here / "m.model")["labels"]
    assert [each["author"] for each in found["outliers"]] == ["eve"]
    assert {each["name"] for each in found["held"]} == {"eve"}
    assert (found["authors"], found["caps"]["trusted"]) == (6, ["bo"])
    for name in ("card.json", "card.html", "card.txt"):
        card = (here / "m.model" / name).read_text(encoding="utf-8")
        assert "of 6 authors 1 judge unlike the others" in " ".join(card.split())
        assert "eve" not in {word.strip('",.:;<>()').lower() for word in card.split()}
    assert "% of the hold-out was labelled by authors" in (here / "m.model" / "card.json").read_text(encoding="utf-8")


def test_who_labelled_is_never_learned_from(here):
    found = manifest(here / "m.model")
    kinds = {each["column"]: (each["kind"], each["used"]) for each in found["columns"]}
    assert kinds["labelled_by"] == ("author of the label", False)
    assert kinds["batch"] == ("batch of the label", False)
    assert not any("labelled" in name or "batch" in name for name in found["recipe"]["used"])
    assert found["recipe"]["labels"] == {"author": "labelled_by", "batch": "batch"}


def test_taking_a_batch_back_gives_the_scorecard_that_never_saw_it(here):
    """From the columns of the file alone, caps and all."""
    taking = ("--batch", "Attack", "-o", here / "out", "--json")
    ran = winnow("learn", "unlearn", here / "m.model", here / "leads.csv", *taking)
    assert ran.code == 0, ran.messages
    after = json.loads(ran.text)
    head, *lines = history()
    kept = [number for number, line in enumerate(lines) if ",attack," not in line]
    assert after["withdrawn"]["labels"] == SIZE - len(kept) > 200
    held_out = sum(number >= manifest(here / "m.model")["split"]["fit"] for number in kept)
    (here / "never").mkdir()
    never = written(here / "never" / "leads.csv", [head, *(lines[number] for number in kept)])
    again = (*SIGNED, "--trusted", "bo", "-o", here / "never" / "m.model", "--holdout", held_out / len(kept))
    ran = fit(never, *again)
    assert ran.code == 0, ran.messages
    found = manifest(here / "never" / "m.model")
    assert found["split"]["holdout"] == held_out
    assert found["labels"]["outliers"] == []
    assert found["scorecard_hash"] == after["scorecard"]["after"] != after["scorecard"]["before"]


def test_without_the_options_nothing_changes_but_a_hint(here):
    ran = fit(here / "leads.csv", "-o", here / "plain.model")
    assert ran.code == 0, ran.messages
    assert "HINT: `labelled_by` looks like who gave the labels, and is treated like any other column" in ran.messages
    found = manifest(here / "plain.model")
    assert "labels" not in found
    assert "labels" not in found["recipe"]
    assert "HINT" not in (here / "messages.txt").read_text(encoding="utf-8")
    assert "who gave the labels" not in (here / "plain.model" / "card.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--label-batch", "batch"), "nothing says who gave the labels"),
        (("--trusted", "bo"), "nothing says who gave the labels"),
        (("--label-author", "nobody"), "the file has no column `nobody`"),
        (("--label-author", "result"), "`result` cannot be the author of the label: it is the target"),
        (("--label-author", "batch", "--label-batch", "batch"), "it is the author of the label"),
    ],
)
def test_columns_that_cannot_be_who_labelled_are_refused(here, more, words):
    ran = fit(here / "leads.csv", *more, "-o", here / "never.model")
    assert (ran.code, words in ran.messages) == (2, True), ran.messages


def test_times_of_labels_are_not_in_the_file(here):
    ran = winnow("learn", "unlearn", here / "m.model", here / "leads.csv", "--since", "2026-01-01", "-o", here / "no")
    assert (ran.code, "does not say when labels were given" in ran.messages) == (2, True)
