import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Ran, winnow
from tests.support.learned import TableTrainer, as_csv, rows
from winnow.bootstrap import fitting
from winnow.bootstrap.learning import model_card, study_again
from winnow.core.learning.fitting.points import scores
from winnow.errors import InvalidInputError, MissingExtraError, RefusedByPolicyError


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fitting, "trainer", TableTrainer)
    (tmp_path / "leads.csv").write_text(as_csv(rows()), encoding="utf-8")
    return tmp_path


def fit(*arguments: object) -> Ran:
    return winnow("learn", "fit", "leads.csv", "--target", "Verdict", *arguments)


def manifest(folder: str = "leads.model") -> Any:
    return json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))


def column(name: str, folder: str = "leads.model") -> Any:
    return next(each for each in manifest(folder)["columns"] if each["column"] == name)


def test_a_fit_leaves_a_model_folder_and_says_what_it_did(here):
    ran = fit("--author", "Ann", "--owner", "Bo")
    assert ran.code == 0, ran.messages
    assert {each.name for each in (here / "leads.model").iterdir()} == {
        *("ruleset.toml", "map.toml", "manifest.json", "card.json", "card.html", "card.txt")
    }
    for said in (
        "leads.csv: 800 rows, 800 with an outcome that counts",
        "Verdict = genuine: 520 leads, not junk",
        "`created_at` says when leads came",
        "not learned from, the policy puts it off limits: it was dropped before it was looked at: Religion",
        "REFUSED Closed By (closed_by.value): it knows the future",
        "WARNING: it was learned from Age, which the law may protect",
        "fitting: 100%",
        "next: winnow screen NEW.csv --map leads.model/map.toml --ruleset leads.model/ruleset.toml --shadow",
    ):
        assert said in ran.messages
    assert "Bo answers for it. Ann made it." in ran.text


@pytest.mark.usefixtures("here")
def test_the_manifest_accounts_for_every_column():
    assert fit("--author", "Ann", "--owner", "Bo").code == 0
    found = manifest()
    assert [each["column"] for each in found["columns"]] == list(rows(1)[0])
    assert {each["column"]: (each["kind"], each["used"]) for each in found["columns"]} == {
        "Ref": ("id", False),
        "created_at": ("time", True),
        "Lead Source": ("category", True),
        "Visits": ("number", True),
        "Member": ("yes/no", True),
        "Religion": ("off limits", False),
        "Age": ("number", True),
        "Closed By": ("category", False),
        "Verdict": ("target", False),
    }
    refused = column("Closed By")
    assert (refused["why"], refused["suspicion"], bool(refused["evidence"])) == ("it knows the future", "refused", True)
    assert found["split"]["fit"] + found["split"]["holdout"] == found["data"]["labelled"] == 800
    assert found["time"]["first"] == "2026-01-01T00:00:00Z" < found["split"]["holdout_first"] <= found["time"]["last"]
    assert (found["author"], found["owner"], found["settings"]["seed"]) == ("Ann", "Bo", 1)


@pytest.mark.usefixtures("here")
def test_what_was_refused_is_not_read_again():
    assert fit().code == 0
    read = Path("leads.model/map.toml").read_text(encoding="utf-8")
    assert "Lead Source" in read
    assert not {"Closed By", "Religion", "Verdict"} & {name for name in rows(1)[0] if name in read}
    assert {each["name"] for each in manifest()["recipe"]["declared"]} == set(manifest()["recipe"]["used"])


def test_the_same_seed_and_data_give_the_same_folder_but_for_its_date(here):
    assert fit("-o", "one.model").code == fit("-o", "two/one.model").code - 2 == 0  # `two` is not there
    (here / "two").mkdir()
    assert fit("-o", "two/one.model").code == 0
    for name in ("ruleset.toml", "map.toml", "manifest.json"):
        one, two = ((here / folder / "one.model" / name).read_text(encoding="utf-8") for folder in (".", "two"))
        if name == "manifest.json":
            one, two = (json.dumps({**json.loads(each), "made_at": ""}) for each in (one, two))
        assert one == two


def test_the_draft_screens_new_leads_with_the_scores_of_the_study(here):
    assert fit().code == 0
    drafted = tomllib.loads((here / "leads.model/ruleset.toml").read_text(encoding="utf-8"))
    assert "reject" not in drafted["thresholds"]
    assert drafted["scorecard"]["base"] < drafted["thresholds"]["tag"] <= drafted["thresholds"]["review"]
    ran = winnow(
        *("screen", "leads.csv", "--map", "leads.model/map.toml", "--ruleset", "leads.model/ruleset.toml"),
        *("-o", "out.jsonl", "--json"),
    )
    assert ran.code == 0, ran.messages
    screened = [json.loads(line) for line in (here / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    again = study_again(here / "leads.model", "leads.csv")
    expected = dict(zip(again.study.ids, scores(model_card(here / "leads.model"), again.study), strict=True))
    assert {each["lead_id"]: each["score"] for each in screened} == expected
    assert len(set(expected.values())) > 10
    texts = {reason["text"] for each in screened for reason in each["reasons"]}
    assert any(text.startswith("Lead source") for text in texts)


def test_a_study_read_again_is_split_where_the_fit_split_it(here):
    assert fit("--as", "conversion", "--truth", "genuine=converted,spam=lost").code == 0
    again = study_again(here / "leads.model", "leads.csv")
    assert (again.split, again.ruleset, again.study.target) == (manifest()["split"]["fit"], None, "conversion")
    assert [signal.name for signal in again.study.signals] == manifest()["recipe"]["used"]
    later = [each for each in rows(900) if each["created_at"] > "2026-01-20"]
    (here / "later.csv").write_text(as_csv(later), encoding="utf-8")
    newer = study_again(here / "leads.model", "later.csv")
    assert newer.study.times[newer.split - 1] < manifest()["split"]["holdout_from"] == newer.study.times[newer.split]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ({"holdout_ids": "0"}, "its hold-out reads differently"),
        ({"fit": "many"}, "its hold-out reads differently"),
        (None, "says nothing of `split`"),
    ],
)
def test_a_manifest_that_was_tampered_with_is_noticed(here, broken, complaint):
    assert fit().code == 0
    found = manifest()
    changed = {**found, "split": broken and {**found["split"], **broken}}
    (here / "leads.model/manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(InvalidInputError, match=complaint):
        study_again(here / "leads.model", "leads.csv")


def test_a_model_that_learned_from_what_is_now_off_limits_is_refused(here):
    assert fit().code == 0
    path = here / "leads.model/ruleset.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"custom.health"', '"custom.age"'), encoding="utf-8")
    with pytest.raises(RefusedByPolicyError, match="the model was learned from `Age`"):
        study_again(here / "leads.model", "leads.csv")


def test_another_file_without_times_cannot_be_split(here):
    assert fit("--time", "Ref").code == 2
    bare = [{name: cell for name, cell in each.items() if name != "created_at"} for each in rows()]
    (here / "bare.csv").write_text(as_csv(bare), encoding="utf-8")
    ran = winnow("learn", "fit", "bare.csv", "--target", "Verdict")
    assert ran.code == 0
    assert "WARNING: the order of the file is taken as the order of time" in ran.messages
    assert manifest("bare.model")["time"] == {"column": "", "by": "place in the file", "first": "", "last": ""}
    (here / "other.csv").write_text(as_csv(bare[1:]), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="nobody knows which of its leads are new"):
        study_again(here / "bare.model", "other.csv")
    assert study_again(here / "bare.model", "bare.csv").split == 640


def test_a_number_may_put_leads_in_order(here):
    numbered = [{**each, "created_at": "", "No": str(9000 - place)} for place, each in enumerate(rows())]
    (here / "numbered.csv").write_text(as_csv(numbered), encoding="utf-8")
    ran = winnow("learn", "fit", "numbered.csv", "--target", "Verdict", "--time", "No")
    assert "it says nothing of hours and days" in ran.messages
    again = study_again(here / "numbered.model", "numbered.csv")
    assert again.study.times[0] == 8201.0
    assert manifest("numbered.model")["time"]["last"] == "9000"
    assert "received_at" not in (here / "numbered.model/map.toml").read_text(encoding="utf-8")


def test_a_refused_column_is_used_when_somebody_answers_for_it(here):
    ran = fit("--allow-leak", "Closed By=told by the form", "--by", "Bo")
    assert ran.code == 0, ran.messages
    assert "ALLOWED although it knows the future, allowed by Bo: told by the form" in ran.messages
    assert column("Closed By")["override"] == {"by": "Bo", "why": "told by the form"}
    assert "told by the form" in (here / "leads.model/card.txt").read_text(encoding="utf-8")


def test_lifecycle_weights_directions_and_choices(here):
    weighed = [{**each, "W": "2" if place % 2 else ""} for place, each in enumerate(rows())]
    weighed[3]["Verdict"], weighed[4]["Verdict"], weighed[5]["created_at"] = "", "open", ""
    weighed[6]["created_at"], weighed[7]["W"] = "soon", "-1"
    (here / "leads.csv").write_text(as_csv(weighed), encoding="utf-8")
    (here / "map.toml").write_text(
        'id = "Ref"\nreceived_at = "created_at"\n[custom]\nvisits = "Visits"\n', encoding="utf-8"
    )
    ran = fit(
        *("--map", "map.toml", "--weight", "W", "--truth", "spam=junk,genuine=lost", "--columns", "Visits,Member"),
        *("--leave-out", "Member", "--falling", "Visits", "--seed", 5, "--json"),
    )
    assert ran.code == 0, ran.messages
    assert "WARNING: it was learned from" not in ran.messages
    assert "left out: 2 no outcome that counts, 1 no time, 2 not readable" in ran.messages
    assert "line 8: `soon` in column `created_at` is not a time" in ran.messages
    assert "line 9: `-1` in column `W` is not a weight of 0 or more" in ran.messages
    found = json.loads(ran.text)
    assert found["model"] == "leads.model"
    assert found["quality"]["leads"] == found["manifest"]["split"]["holdout"]
    assert found["manifest"]["recipe"]["used"] == ["visits.value"]
    assert (found["manifest"]["settings"]["falling"], found["manifest"]["settings"]["seed"]) == (["visits.value"], 5)
    again = study_again(here / "leads.model", "leads.csv")
    assert set(again.study.weights) == {1.0, 2.0}


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["--target", "Nope"], 2, "the file has no column `Nope`"),
        (["--target", "Religion"], 4, "the policy puts `Religion` off limits"),
        (["--columns", "Visits,Religion"], 4, "the policy puts `Religion` off limits"),
        (["--columns", "Visit"], 2, "did you mean `Visits`?"),
        (["--leave-out", "Religion", "--as", "X Y"], 2, "`X Y` cannot name what is learned"),
        (["--time", "Lead Source"], 2, "`Lead Source` cannot put leads in order"),
        (["--as", "conversion"], 2, "no lead is conversion"),
        (["--decimal", ";"], 2, "`;` is no decimal sign"),
        (["--truth", "spam=rubbish"], 2, "`spam=rubbish` does not say"),
        (["--allow-leak", "Closed By=because"], 2, "somebody must answer for using a refused column"),
        (["--allow-leak", "Closed By", "--by", "Bo"], 2, "names no column and reason"),
        (["--allow-leak", "Visits=because", "--by", "Bo"], 2, "`Visits` is not refused"),
        (["--rising", "Ref"], 2, "`Ref` is no column or signal that is learned from"),
        (["--columns", "Ref"], 2, "no column is left to learn from"),
        (["--weight", "Lead Source"], 2, "rows cannot be read, such as line 2"),
        (["-o", "leads.csv"], 2, "this is a file"),
        (["-o", "none/leads.model"], 2, "not there or may not be written to"),
    ],
)
def test_what_cannot_be_learned_is_refused_with_what_to_do(here, arguments, code, complaint):
    ran = winnow("learn", "fit", "leads.csv", *([] if "--target" in arguments else ["--target", "Verdict"]), *arguments)
    assert (ran.code, complaint in ran.messages) == (code, True), ran.messages
    assert ran.text == ""
    assert not (here / "leads.model").exists()


def test_that_yes_means_junk_is_a_loud_guess_unless_somebody_says_so(here):
    answers = [{**each, "Verdict": {"spam": "ja", "genuine": "nein"}[str(each["Verdict"])]} for each in rows()]
    (here / "leads.csv").write_text(as_csv(answers), encoding="utf-8")
    ran = fit()
    assert "Verdict = ja: 280 leads, junk" in ran.messages
    assert "WARNING: nothing says that yes in `Verdict` means junk" in ran.messages
    assert "WARNING: nothing says" not in fit("--replace", "--as", "junk").messages


def test_a_column_whose_name_holds_a_comma_is_named_in_quotes(here):
    text = (here / "leads.csv").read_text(encoding="utf-8").replace("Lead Source", '"Lead, Source"', 1)
    (here / "leads.csv").write_text(text, encoding="utf-8")
    assert fit("--leave-out", '"Lead, Source", Visits').code == 0
    left = [each["column"] for each in manifest()["columns"] if each["kind"] == "left out"]
    assert left == ["Lead, Source", "Visits"]


def spelt() -> str:
    """Pay with a decimal comma, staff that may be thousands or fractions."""
    found = rows()
    for place, each in enumerate(found):
        each["Pay"], each["Staff"] = f"{1 + place % 9}.{place:03},5", f"{1 + place % 9}.{place % 90:03}"
    return as_csv(found)


def test_numbers_are_read_as_they_are_written_and_doubt_is_said(here):
    (here / "leads.csv").write_text(spelt(), encoding="utf-8")
    ran = fit()
    assert 'may be over a thousand or a fraction: say --decimal "," or ".": Staff' in ran.messages
    assert "are numbers, written like 1.234,5" in " ".join(ran.messages.split())
    assert (column("Pay")["used"], column("Staff")["used"]) == (True, False)
    assert 'pay = { column = "Pay", decimal = "," }' in Path("leads.model/map.toml").read_text(encoding="utf-8")
    (signal,) = [each for each in manifest()["recipe"]["declared"] if each["name"] == "pay.value"]
    assert (signal["decimal"], study_again(here / "leads.model", "leads.csv").study.columns["pay.value"][7]) == (
        ",",
        8007.5,
    )


@pytest.mark.parametrize(("sign", "staff"), [(",", 8007.0), (".", 8.007)])
def test_what_numbers_do_not_tell_is_told_by_the_user(here, sign, staff):
    (here / "leads.csv").write_text(spelt(), encoding="utf-8")
    assert fit("--decimal", sign).code == 0
    study = study_again(here / "leads.model", "leads.csv").study
    assert (study.columns["staff.value"][7], study.columns["pay.value"][7]) == (staff, 8007.5)


def test_a_map_says_how_numbers_are_written(here):
    (here / "leads.csv").write_text(spelt(), encoding="utf-8")
    (here / "own.toml").write_text(
        'received_at = "created_at"\n[custom]\nstaff = { column = "Staff", decimal = "," }\n', encoding="utf-8"
    )
    assert fit("--map", "own.toml").code == 0
    assert study_again(here / "leads.model", "leads.csv").study.columns["staff.value"][7] == 8007.0


def test_a_column_whose_name_holds_an_equals_sign_is_allowed_in_quotes(here):
    answers = [{**each, 'Score "1"=x': each["Closed By"]} for each in rows()]
    (here / "leads.csv").write_text(as_csv(answers), encoding="utf-8")
    assert column_of(fit("--allow-leak", 'Score "1"=x=why', "--by", "Bo")) == '`Score "1"` is not refused'
    ran = fit("--allow-leak", '"Score ""1""=x"=why = so', "--by", "Bo")
    assert ran.code == 0, ran.messages
    assert column('Score "1"=x')["override"] == {"by": "Bo", "why": "why = so"}


def column_of(ran: Ran) -> str:
    return ran.messages.partition("error: ")[2].partition(",")[0]


def test_times_are_proposed_with_what_to_say_and_never_taken(here):
    timed = []
    for place, each in enumerate(rows()):
        others = {name: cell for name, cell in each.items() if name != "created_at"}
        timed.append({**others, "when (UTC)": each["created_at"], "Stamp": str(1767225600000 + 60_000 * place)})
    (here / "leads.csv").write_text(as_csv(timed), encoding="utf-8")
    ran = fit()
    assert "no column says when leads came" in ran.messages
    assert "--time 'when (UTC)'" in ran.messages
    assert "unix milliseconds since 1970: 2026-01-01 to 2026-01-01): --time Stamp" in ran.messages
    assert fit("--time", "Stamp", "--replace").code == 0
    assert manifest()["time"]["first"] == "2026-01-01T00:00:00Z"
    assert 'as = "unix-milliseconds"' in Path("leads.model/map.toml").read_text(encoding="utf-8")


def test_copies_and_repeated_ids_are_told(here):
    found = rows()
    for place in range(100, 140):
        found[place] = {**found[60], "created_at": found[place]["created_at"]}
    renamed = [{("id" if name == "Ref" else name): cell for name, cell in each.items()} for each in found]
    (here / "leads.csv").write_text(as_csv(renamed), encoding="utf-8")
    ran = fit()
    assert "WARNING: 1 ids in `id` stand in 41 rows, such as `R00060` in 41" in ran.messages
    assert "repeat another one in every column that is used but id and time" in ran.messages
    assert manifest()["data"]["copies"] >= 40
    card = Path("leads.model/card.txt").read_text(encoding="utf-8")
    assert "On how many people it rests" in card


def test_a_further_use_may_be_ruled_out_and_none_taken_out(here):
    assert fit("--not-for", "our Spanish form").code == 0
    card = (here / "leads.model/card.txt").read_text(encoding="utf-8")
    assert "- our Spanish form" in card
    assert "- housing and tenancy" in card


def test_free_text_is_named_with_the_line_of_a_map_that_reads_it(here):
    texts = [{"SMS": f"hello this is text number {place} of them all", "Verdict": each["Verdict"]}
             for place, each in enumerate(rows())]  # fmt: skip
    (here / "leads.csv").write_text(as_csv(texts), encoding="utf-8")
    ran = fit()
    assert ran.code == 2
    assert 'HINT: the text signals read `SMS` when a map (--map FILE) has the line message = "SMS"' in ran.messages
    assert 'text is learned from as the message of a lead: give a map with the line message = "SMS"' in ran.messages


def test_nobody_is_screened_by_a_scorecard_alone(here):
    assert fit("--as", "conversion", "--truth", "genuine=converted,spam=lost").code == 0
    for ruleset in ("leads.model/scorecard.toml", "own.toml"):
        text = (here / "leads.model/scorecard.toml").read_text(encoding="utf-8")
        (here / "own.toml").write_text(text[text.index("[scorecard]") :], encoding="utf-8")
        ran = winnow("screen", "leads.csv", "--ruleset", ruleset)
        assert ran.code == 2
        assert "a scorecard alone is no ruleset" in ran.messages
        assert ruleset in ran.messages


def test_the_target_may_not_be_mapped(here):
    (here / "map.toml").write_text('source = "Verdict"\n', encoding="utf-8")
    ran = fit("--map", "map.toml")
    assert (ran.code, "the map makes `source` of the target" in ran.messages) == (2, True)


def test_too_few_labels_are_refused(here):
    (here / "leads.csv").write_text(as_csv(rows(300)), encoding="utf-8")
    ran = fit()
    assert ran.code == 2
    assert "leads to learn from are junk, and 200 are needed" in ran.messages


def test_a_model_is_replaced_only_when_asked_and_nothing_else_ever(here):
    assert fit().code == 0
    assert "say --replace" in fit().messages
    assert fit("--replace").code == 0
    (here / "leads.model/mine.txt").write_text("mine", encoding="utf-8")
    ran = fit("--replace")
    assert (ran.code, "`mine.txt`, which is no part of a model" in ran.messages) == (2, True)
    assert (here / "leads.model/mine.txt").exists()


def test_folders_of_the_users_beside_a_model_stay(here):
    beside = [here / f"leads.model.{name}" for name in ("before", "partial")]
    for each in beside:
        each.mkdir()
        (each / "mine.txt").write_text("mine", encoding="utf-8")
    assert (fit().code, fit("--replace").code) == (0, 0)
    assert all((each / "mine.txt").exists() for each in beside)
    assert {each.name for each in here.iterdir()} == {"leads.csv", "leads.model", *(each.name for each in beside)}


def test_a_model_can_be_shown(here):
    assert fit().code == 0
    assert (
        winnow("learn", "show", "leads.model").text
        == (here / "leads.model/card.txt").read_text(encoding="utf-8") + "\n"
    )
    found = json.loads(winnow("learn", "show", "leads.model", "--json").text)
    assert found["manifest"] == manifest()
    assert found["card"] == json.loads((here / "leads.model/card.json").read_text(encoding="utf-8"))


def test_a_scorecard_that_was_changed_by_hand_is_not_the_one_its_card_is_about(here):
    assert fit().code == 0
    assert "changed by hand" not in winnow("learn", "show", "leads.model").messages
    draft = here / "leads.model/ruleset.toml"
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace("points = -", "points = -1", 1), encoding="utf-8")
    assert draft.read_text(encoding="utf-8") != text
    assert "changed by hand" in winnow("learn", "show", "leads.model").messages
    assert json.loads(winnow("learn", "show", "leads.model", "--json").text)["edited"] is True


def test_what_is_no_model_is_not_shown(here):
    assert "there is no such folder" in winnow("learn", "show", "nowhere").messages
    (here / "empty").mkdir()
    assert "so it is no model" in winnow("learn", "show", "empty").messages
    (here / "empty/manifest.json").write_text("[]", encoding="utf-8")
    assert "it is no JSON object" in winnow("learn", "show", "empty").messages
    (here / "empty/manifest.json").write_text("{}", encoding="utf-8")
    assert "the model has no card" in winnow("learn", "show", "empty").messages


@pytest.mark.usefixtures("here")
def test_without_the_extra_a_fit_says_how_to_get_it_and_reads_nothing(monkeypatch):
    def missing() -> None:
        raise MissingExtraError("learning needs interpret-core", fix="run pip install 'winnow-crm[learn]'")

    monkeypatch.setattr(fitting, "trainer", missing)
    ran = fit()
    assert (ran.code, "pip install 'winnow-crm[learn]'" in ran.messages, "looking at" in ran.messages) == (
        1,
        True,
        False,
    )


def test_an_interrupted_fit_leaves_nothing(here, monkeypatch):
    class Interrupted(TableTrainer):
        def fit(self, *_):
            raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "trainer", Interrupted)
    ran = fit()
    assert (ran.code, "nothing was written" in ran.messages) == (130, True)
    assert [each.name for each in here.iterdir()] == ["leads.csv"]
