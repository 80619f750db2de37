"""`winnow learn certify` from a labelled file to a draft that may reject, or to an honest no."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.command import Ran, winnow
from winnow.bootstrap import load_ruleset

LEADS = 4000


def lot(name: str, place: int) -> float:
    return int.from_bytes(sha256(f"{name}/{place}".encode()).digest()[:8]) / 2**64


def rows() -> list[str]:
    """Half of the leads are junk, which two signals tell at once."""
    lines = ["id,received_at,fill,copies,noise,outcome"]
    for place in range(LEADS):
        bad = lot("kind", place) < 0.5
        fill = lot("fill", place) * 2 if bad else 20 + 40 * lot("fill", place)
        copies = 5 + int(4 * lot("copies", place)) if bad else int(3 * lot("copies", place))
        at = f"2026-{1 + place // 600:02}-{1 + place % 600 // 24:02}T{place % 24:02}:00:00Z"
        lines.append(f"{place},{at},{fill:.2f},{copies},{lot('noise', place):.3f},{'junk' if bad else 'genuine'}")
    return lines


def fitted(folder: Path, data: Path) -> Path:
    model = folder / "leads.model"
    ran = winnow(
        "learn", "fit", data, "--target", "outcome", "--time", "received_at", "--columns", "fill,copies,noise",
        "--allow-leak", "fill=seen at once", "--allow-leak", "copies=seen at once", "--by", "Mia",
        "--holdout", "0.4", "-o", model,
    )  # fmt: skip
    assert ran.code == 0, ran.messages
    return model


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("clean")
    data = folder / "leads.csv"
    data.write_text("\n".join(rows()) + "\n")
    return data, fitted(folder, data)


@pytest.fixture
def model(clean: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The data, and a copy of the fitted model that may be changed."""
    return clean[0], Path(shutil.copytree(clean[1], tmp_path / "leads.model"))


def certify(data: Path, model: Path, *more: object) -> Ran:
    return winnow("learn", "certify", model, data, *more)


def test_a_proof_is_shown_and_changes_nothing_until_it_is_applied(model):
    data, folder = model
    before = (folder / "ruleset.toml").read_bytes()
    ran = certify(data, folder, "--json", "--no-rehearse")
    answer = json.loads(ran.text)
    assert (ran.code, answer["certified"], answer["rehearsal"]) == (0, True, None)
    assert answer["labels"] >= 598
    assert answer["wrong"] == 0
    assert answer["bound_at_this_threshold_alone"] >= answer["precision_bound"] == 0.995
    assert answer["holdout_used"] == 1
    assert (folder / "ruleset.toml").read_bytes() == before
    assert json.loads((folder / "certificate.json").read_text()) == answer
    assert "nothing was changed" in ran.messages


def test_what_is_applied_may_reject_and_is_on_the_card(model):
    data, folder = model
    ran = certify(data, folder, "--apply", "--days", "30")
    assert ran.code == 0, ran.messages
    assert "certified: reject from" in ran.text
    assert "rehearsal: " in ran.text
    assert "This takes for granted:" in ran.text
    assert "once a second person has signed it off" in ran.messages
    draft = load_ruleset(folder / "ruleset.toml")
    proof = draft.thresholds.certificate
    assert proof is not None
    assert proof.issued_at is not None
    assert (proof.expires_at - proof.issued_at).days == 30
    assert draft.thresholds.blind_share == 0.03
    assert draft.thresholds.may_reject(draft.thresholds.bands, draft.scorecard_hash, proof.issued_at)
    assert "It may reject from" in (folder / "card.txt").read_text()
    card = json.loads((folder / "card.json").read_text())
    assert card["certificate"]["threshold"] == draft.thresholds.bands.reject
    assert card["scorecard_hash"] == draft.scorecard_hash
    assert {each.name for each in folder.iterdir()} >= {"card.html", "certificate.json", "manifest.json"}
    assert not [each for each in folder.iterdir() if each.name.endswith(".partial")]


def test_the_rejections_of_an_applied_draft_are_those_that_were_counted(model):
    data, folder = model
    answer = json.loads(certify(data, folder, "--json", "--apply", "--no-rehearse").text)
    draft = load_ruleset(folder / "ruleset.toml")
    again = json.loads(certify(data, folder, "--json", "--no-rehearse").text)
    assert answer["threshold"] == draft.thresholds.bands.reject
    assert (again["threshold"], again["flagged"], again["wrong"]) == (answer["threshold"], answer["flagged"], 0)
    assert again["holdout_used"] == 2
    assert again["terms"]["looks"] == 0  # the same scorecard, capped by now: nothing new was learned


def test_another_scorecard_on_the_same_leads_is_paid_for(model):
    data, folder = model
    assert certify(data, folder, "--no-rehearse").code == 0
    draft = (folder / "ruleset.toml").read_text()
    base = load_ruleset(folder / "ruleset.toml").scorecard.base
    (folder / "ruleset.toml").write_text(draft.replace(f"base = {base}", f"base = {base + 1}"))
    ran = certify(data, folder, "--json", "--no-rehearse")
    answer = json.loads(ran.text)
    assert (answer["terms"]["looks"], answer["terms"]["risk_left"]) == (1, 0.025)
    assert "not the one that was fitted" in ran.messages


def test_certifying_and_applying_again_and_again_changes_nothing(model):
    data, folder = model
    found = [json.loads(certify(data, folder, "--json", "--apply", "--no-rehearse").text) for _ in range(3)]
    assert found[0]["lowered_caps"]
    assert [(each["threshold"], each["lowered_caps"], each["terms"]["looks"]) for each in found[1:]] == [
        (found[0]["threshold"], found[0]["lowered_caps"], 0)
    ] * 2


def test_an_honest_no_is_no_failure_and_is_on_the_card(model):
    data, folder = model
    before = (folder / "ruleset.toml").read_bytes()
    ran = certify(data, folder, "--apply", "--no-rehearse", "--least-labels", "5000")
    assert ran.code == 0
    assert ran.text.startswith("not certified: ")
    assert "more labels needed at the precision seen" in ran.text
    assert "rejecting stays off" in ran.messages
    assert (folder / "ruleset.toml").read_bytes() == before
    assert "It may not reject anybody: not certified" in " ".join((folder / "card.txt").read_text().split())
    assert json.loads((folder / "certificate.json").read_text())["certified"] is False


def test_a_file_without_a_newer_lead_proves_nothing(model, tmp_path):
    older = tmp_path / "older.csv"
    older.write_text("\n".join(rows()[:1000]) + "\n")
    ran = certify(older, model[1], "--no-rehearse")
    assert (ran.code, ran.text) == (2, "")
    assert "no lead of the file came after those the model was fitted on" in ran.messages


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--least-precision", "0.98"], "ask for 0.99 to under 1"),
        (["--least-labels", "100"], "ask for 400 or more"),
    ],
)
def test_weaker_terms_are_refused(model, options, message):
    data, folder = model
    ran = certify(data, folder, *options)
    assert (ran.code, ran.text) == (2, "")
    assert message in ran.messages


def test_a_record_that_is_no_json_is_named(model):
    data, folder = model
    (folder / "certificate.json").write_text("{")
    ran = certify(data, folder, "--no-rehearse")
    assert ran.code == 2
    assert "certificate.json" in ran.messages
    assert "how often the hold-out was used" in ran.messages


def test_a_folder_that_is_no_model_is_named(tmp_path):
    ran = certify(tmp_path / "x.csv", tmp_path)
    assert ran.code == 2
    assert "manifest.json" in ran.messages


def test_a_certified_model_names_both_its_scorecards_and_goes_on_working(model, tmp_path):
    data, folder = model
    fit = json.loads((folder / "manifest.json").read_text())["scorecard_hash"]
    assert certify(data, folder, "--apply", "--no-rehearse").code == 0
    text = (folder / "manifest.json").read_text()
    manifest, draft = json.loads(text), load_ruleset(folder / "ruleset.toml")
    assert manifest["scorecard_hash"] == fit != draft.scorecard_hash
    assert manifest["certified_scorecard_hash"] == draft.scorecard_hash
    assert list(manifest).index("certified_scorecard_hash") == list(manifest).index("scorecard_hash") + 1

    shown = json.loads(winnow("learn", "show", folder, "--json").text)
    assert shown["manifest"] == manifest
    assert shown["card"]["scorecard_hash"] == draft.scorecard_hash
    simulated = winnow("simulate", "--labelled", data, "--model", folder, "--json")
    assert simulated.code == 0, simulated.messages
    labels = tmp_path / "labels.csv"
    labels.write_text("lead,verdict,author\n" + "".join(f"{place},junk,eve\n" for place in range(0, 400, 2)))
    ran = winnow(
        "learn", "unlearn", folder, data, "--author", "eve", "--labels", labels, "-o", tmp_path / "out", "--json"
    )
    assert ran.code == 0, ran.messages
    assert json.loads(ran.text)["scorecard"]["before"] == draft.scorecard_hash
    assert load_ruleset(tmp_path / "out" / "ruleset.toml").thresholds.certificate is None

    assert certify(data, folder, "--apply", "--no-rehearse").code == 0
    assert (folder / "manifest.json").read_text() == text
    assert json.loads((folder / "certificate.json").read_text())["terms"]["looks"] == 0
    (folder / "manifest.json").write_text(text.replace(draft.scorecard_hash, "0" * 64))
    assert certify(data, folder, "--apply", "--no-rehearse").code == 0
    current = load_ruleset(folder / "ruleset.toml").scorecard_hash
    assert json.loads((folder / "manifest.json").read_text())["certified_scorecard_hash"] == current


def test_copies_prove_nothing_and_are_told(clean, tmp_path):
    _, folder = clean
    found = rows()
    # the same form sent over and over: half of the newer junk is an old lead with a new id and time
    flood = next(line for line in found[1:] if line.endswith(",junk")).split(",")
    lines = [found[0]]
    for place, line in enumerate(found[1:]):
        cells = line.split(",")
        same = place >= LEADS * 0.6 and place % 2 and cells[-1] == "junk"
        lines.append(",".join([*cells[:2], *flood[2:]]) if same else line)
    data = tmp_path / "copies.csv"
    data.write_text("\n".join(lines) + "\n")
    model = Path(shutil.copytree(folder, tmp_path / "copies.model"))
    ran = certify(data, model, "--no-rehearse")
    assert ran.code == 0, ran.messages
    record = json.loads((model / "certificate.json").read_text())
    assert record["seen"] > 300
    assert record["leads"] + record["seen"] == LEADS * 0.4
    assert f"left out: {record['seen']:,} junk leads that repeat leads the scorecard was learned from" in ran.text
    assert "have the map name what tells them apart" in ran.text
