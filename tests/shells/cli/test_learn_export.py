"""`winnow learn export`, and the whole loop: live leads, feedback, a fit of them, a what-if, a certificate."""

import json
import stat
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.command import winnow
from tests.support.learned import TableTrainer
from winnow.adapters.db.tables import events
from winnow.bootstrap import fitting
from winnow.bootstrap.activating import make_ground
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.lead import Lead
from winnow.demo.dice import Dice
from winnow.errors import ConflictError, NotAllowedError
from winnow.ports import Arrival, Label
from winnow.services.rulesets import RulesetDesk

LEADS = 1_000
START = datetime(2026, 10, 1, tzinfo=UTC)
RATES = {"search": 0.3, "fair": 0.2, "ads": 0.75}
AUTHORS = ("Ana Ng", "bo", "cy", "di")


def lead(number: int, campaign: str, seats: int) -> Lead:
    return Lead(
        f"l{number}",
        source="web",
        received_at=START + timedelta(hours=number),
        emails=(f"person{number}@example.com", "second@example.com"),
        phones=("+49 151 2345",),
        message="-reply soon" if number % 2 else "line one\nline, two",
        form_fill_seconds=7.5,
        form_honeypot=False,
        utm={"campaign": campaign},
        custom={"seats": str(seats), "Odd Name": "x", "religion": "a"},
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An installation with labelled leads, of which Eve calls everything of the fair junk, and one without a label."""
    folder = tmp_path_factory.mktemp("installation")
    lots = Dice.named("the loop")
    service = open_service(load(flags={"data.folder": str(folder)}))
    drawn = [(number, lots.pick(tuple(RATES)), lots.whole(1, 40)) for number in range(LEADS)]
    (answer,) = service.intake.take([Arrival([lead(*each) for each in drawn], [True] * LEADS)])
    assert not isinstance(answer, ConflictError)
    for recorded, (number, campaign, _) in zip(answer[:-1], drawn, strict=False):
        author = lots.pick((*AUTHORS, "eve"))
        junk = lots.chance(RATES[campaign]) or (author == "eve" and campaign == "fair")
        verdict = "junk" if junk else lots.pick(("genuine", "converted", "lost"))
        said = Label(recorded.id, verdict, author, "api", "attack" if author == "eve" else f"b{number % 3}")
        service.labels.add(said, service.clock.now())
    wrong = Label(answer[0].id, "lost", "bo", "api", "b9")
    service.labels.add(wrong, service.clock.now())
    service.close()
    return folder


def exported(data, path):
    ran = winnow("learn", "export", "--data", data, "-o", path)
    assert ran.code == 0, ran.messages
    return ran


def test_leads_are_written_with_their_last_label_for_their_owner_alone(data, tmp_path):
    file = tmp_path / "leads.jsonl"
    ran = exported(data, file)
    assert f"{file}: {LEADS:,} leads, {LEADS - 1:,} of them with a label; the log says so" in ran.messages
    assert "it holds personal data" in ran.messages
    assert "left out, since their names are not small letters, digits and _: custom.Odd Name" in ran.messages
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("leads.jsonl", "leads.map.toml")} == {0o600}
    assert {each.name for each in tmp_path.iterdir()} == {"leads.jsonl", "leads.map.toml"}
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert (rows[0]["id"], rows[0]["verdict"], rows[0]["label_author"], rows[0]["label_batch"]) == (
        *("l0", "lost", "bo", "b9"),
    )
    assert (rows[0]["emails"], rows[1]["message"]) == ("person0@example.com|second@example.com", "-reply soon")
    assert (rows[0]["received_at"], rows[0]["form_honeypot"]) == ("2026-10-01T00:00:00Z", "no")
    assert rows[-1]["verdict"] is None
    assert "custom.Odd Name" not in rows[0]
    service = open_service(load(flags={"data.folder": str(data)}))
    with service.engine.connect() as connection:
        assert connection.execute(select(events.c.kind).order_by(events.c.id.desc())).scalar() == "leads.exported"
    service.close()
    again = winnow("learn", "export", "--data", data, "-o", file)
    assert (again.code, "by that name already" in again.messages) == (2, True)


def test_a_spreadsheet_runs_nothing_and_numbers_stay_as_they_are(data, tmp_path):
    ran = winnow("learn", "export", "--data", data, "-o", tmp_path / "leads.csv", "--json")
    text = (tmp_path / "leads.csv").read_text()
    assert ran.code == 0, ran.messages
    assert json.loads(ran.text)["defused"] == LEADS // 2
    assert "'-reply soon" in text
    assert ",+49 151 2345," in text
    assert '"line one\nline, two"' in text


def test_what_is_off_limits_is_kept_back(data, tmp_path):
    ran = exported(data, tmp_path / "leads.jsonl")
    assert "custom.religion" in next(line for line in ran.messages.splitlines() if line.startswith("kept back"))
    assert "religion" not in (tmp_path / "leads.jsonl").read_text()
    assert "religion" not in (tmp_path / "leads.map.toml").read_text()


@pytest.mark.parametrize(
    ("name", "words"), [("leads.xlsx", "its format"), ("none/leads.csv", "no file can be written")]
)
def test_where_nothing_can_be_written_is_refused(data, tmp_path, name, words):
    ran = winnow("learn", "export", "--data", data, "-o", tmp_path / name)
    assert (ran.code, words in ran.messages) == (2, True)


def test_the_loop_from_live_leads_to_a_certificate(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fitting, "trainer", TableTrainer)
    exported(data, "leads.jsonl")
    given = ("--map", "leads.map.toml", "--target", "verdict", "--label-batch", "label_batch")
    ran = winnow("learn", "fit", "leads.jsonl", *given, "--label-author", "label_author", "--trusted", "ANA  ng")
    assert ran.code == 0, ran.messages
    manifest = json.loads((tmp_path / "leads.model" / "manifest.json").read_text())
    assert [each["author"] for each in manifest["labels"]["outliers"]] == ["eve"]
    assert manifest["labels"]["caps"]["trusted"] == ["ana ng"]
    assert {each["column"] for each in manifest["columns"] if each["kind"].endswith("label")} == {
        *("label_author", "label_batch"),
    }
    assert {"utm_campaign.value", "seats.value"} <= set(manifest["recipe"]["used"])
    read = tomllib.loads((tmp_path / "leads.model" / "map.toml").read_text())
    assert not {"label_author", "label_batch", "verdict"} & read.keys()
    simulated = winnow("simulate", "--labelled", "leads.jsonl", "--model", "leads.model", "--json")
    assert simulated.code == 0, simulated.messages
    certified = winnow("learn", "certify", "leads.model", "leads.jsonl", "--json")
    assert certified.code == 0, certified.messages
    assert json.loads(certified.text)["certified"] is False
    _put_in_shadow(data, tmp_path / "leads.model" / "ruleset.toml")
    unlearned = winnow("learn", "unlearn", "leads.model", "leads.jsonl", "--author", "EVE", "-o", "out", "--json")
    assert unlearned.code == 0, unlearned.messages
    assert json.loads(unlearned.text)["withdrawn"]["labels"] > 50
    service = open_service(load(flags={"data.folder": str(data)}))
    assert any(each.said.author == "eve" for each in service.labels.standing())
    service.close()
    there = winnow("learn", "unlearn", "leads.model", "leads.jsonl", "--author", "eve", "-o", "out2", "--data", data)
    assert there.code == 0, there.messages
    service = open_service(load(flags={"data.folder": str(data)}))
    assert not any(each.said.author == "eve" for each in service.labels.standing())
    service.close()


def _put_in_shadow(data, draft):
    """The draft runs beside the live ruleset, and may not take its place yet."""
    service = open_service(load(flags={"data.folder": str(data)}))
    desk = RulesetDesk(service.rulesets, service.live.ruleset, service.clock, make_ground(service))
    digest = desk.add_text(draft.read_text(encoding="utf-8"), "Ana").hash
    ran = winnow("ruleset", "shadow", "on", digest, "--data", data)
    assert ran.code == 0, ran.messages
    (shadow,) = service.shadows.running()
    assert shadow.ruleset == digest
    with pytest.raises(NotAllowedError, match="stands in shadow"):
        desk.activate(digest, "Ana")
    service.close()
