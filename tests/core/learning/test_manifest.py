import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.learned import TableTrainer, made_study
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.card.described import Scored, bin_counts, rounding_facts
from winnow.core.learning.card.document import card_document
from winnow.core.learning.card.filled import card_facts
from winnow.core.learning.feedback.caps import Caps
from winnow.core.learning.fitting import examined as examination
from winnow.core.learning.fitting.examined import Examined, Override
from winnow.core.learning.fitting.points import RoundingLoss, scores
from winnow.core.learning.leaks import Suspicion
from winnow.core.learning.leaks import Verdict as LeakVerdict
from winnow.core.learning.made import File, Made
from winnow.core.learning.manifest import manifest_document
from winnow.core.learning.reading.columns import Column
from winnow.core.learning.reading.copies import Copies
from winnow.core.learning.reading.labels import Labels, Verdict
from winnow.core.learning.reading.recipe import Recipe
from winnow.core.learning.reading.survey import Counts
from winnow.core.learning.study import Study
from winnow.core.mapping import LeadMapping, Take
from winnow.core.scorecard import CategoryFeature
from winnow.ports import FitSettings
from winnow.services.learn import Commission, Learning, Terms

LABELS = Labels("Verdict", "junk", {"spam": Verdict.JUNK, "genuine": Verdict.GENUINE})
DECLARED = (
    DeclaredSignal("lead_source.value", "custom.lead_source", Reading.TEXT, "lead source"),
    DeclaredSignal("visits.value", "custom.visits", Reading.NUMBER, "visits"),
)
COLUMNS = (
    Column("Lead Source", "category", "3 words", True, "custom.lead_source", ("lead_source.value",)),
    Column("Age", "number", "800 numbers", True, "custom.visits", ("visits.value",)),
    Column("Closed By", "category", "2 words", True, "custom.closed_by", ("closed_by.value",)),
    Column("Mail", "field", "it is emails", True, "emails"),
    Column("Ref", "id", "it names leads"),
)
TIMED = LeadMapping({"received_at": Take(columns=("created_at",))})
COUNTS = Counts(810, 800, 6, 1, 3, ("line 7: odd",))


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 1, 12, tzinfo=UTC)


def made(
    study: Study | None = None,
    *overrides: Override,
    mapping: LeadMapping = TIMED,
    order: str | None = None,
    caps: Caps | None = None,
) -> Made:
    commission = Commission(
        study=study or made_study(),
        file=File("leads.csv", "abc", COUNTS),
        recipe=Recipe(LABELS, mapping, DECLARED, frozenset(), order=order),
        columns=COLUMNS,
        cells={"spam": 280, "genuine": 520, "?": 6},
        terms=Terms("small", "Bo", FitSettings(falling=frozenset({"visits.value"})), {"rule": 100}, caps),
        author="Ann",
        version="1",
        overrides=overrides,
    )
    return Learning(TableTrainer(), Noon()).fit(commission)


def documented(found: Made) -> Any:
    """The manifest as it is read back."""
    return json.loads(json.dumps(manifest_document(found), allow_nan=False))


@pytest.fixture(scope="module")
def usual() -> Made:
    return made()


def test_the_manifest_is_plain_data_whose_only_date_of_making_is_one_field(usual):
    document = documented(usual)
    assert document["made_at"] == "2026-11-01T12:00:00Z"
    assert json.dumps(document).count("2026-11-01") == 1
    assert document["data"] == {
        "file": "leads.csv",
        "sha256": "abc",
        "rows": 810,
        "labelled": 800,
        "unlabelled": 6,
        "without_time": 1,
        "unreadable": 3,
    }
    assert document["split"]["holdout_from"] == 3600.0 * document["split"]["fit"] == 3600.0 * 640
    assert document["time"] == {
        "column": "created_at",
        "by": "time",
        "first": "1970-01-01T00:00:00Z",
        "last": "1970-02-03T07:00:00Z",
    }
    assert document["target"]["values"] == [
        {"value": "genuine", "leads": 520, "counts_as": "not junk"},
        {"value": "spam", "leads": 280, "counts_as": "junk"},
        {"value": "?", "leads": 6, "counts_as": "not used"},
    ]
    assert document["settings"]["falling"] == ["visits.value"]


def test_every_column_says_whether_it_was_used_and_why(usual):
    found = {each["column"]: each for each in documented(usual)["columns"]}
    assert {name: each["used"] for name, each in found.items()} == {
        "Lead Source": True,
        "Age": True,
        "Closed By": False,
        "Mail": True,
        "Ref": False,
    }
    assert found["Closed By"]["why"] == "it knows the future"
    assert found["Closed By"]["suspicion"] == "refused"
    assert (found["Age"]["why"], found["Ref"]["why"]) == ("800 numbers", "it names leads")


def test_the_card_tells_what_the_manifest_does(usual):
    facts = card_facts(usual)
    assert (facts.id, facts.author, facts.owner, facts.scorecard_hash) == ("small", "Ann", "Bo", usual.card_hash)
    assert facts.meaning == "`spam` in the column `Verdict`"
    assert (facts.fit.leads, facts.holdout.leads) == (640, 160)
    assert [each.part for each in facts.slices] == ["fit"] * 4 + ["hold-out"] * 4
    assert sum(each.leads for each in facts.slices) == 800
    assert facts.quality is not None
    assert 0.5 < facts.quality.auc.value < 1
    assert [each.outcome for each in facts.bands] == ["tag", "review"]
    used = {each.column: each.used for each in facts.columns}
    assert used == {"Lead Source": True, "Age": True, "Closed By": False, "Mail": True, "Ref": False}
    assert {each.signal: each.direction for each in facts.columns if each.direction} == {"visits.value": "falling"}
    assert [check.result for check in facts.checks] == ["passed", "passed", "used", "not testable"]
    assert any("3 rows" in each for each in facts.unknowns)
    assert card_document(facts)["id"] == "small"


def test_an_override_is_on_the_card_with_its_name_and_reason():
    found = made(None, Override("Closed By", "told by the form", "Bo"))
    facts = card_facts(found)
    override = {"by": "Bo", "why": "told by the form"}
    told = next(each for each in facts.columns if each.column == "Closed By")
    assert (told.used, told.override.by, told.override.why, told.suspicion) == (
        True,
        "Bo",
        "told by the form",
        "refused",
    )
    columns = {each["column"]: each for each in documented(found)["columns"]}
    assert columns["Closed By"]["override"] == override
    check = next(each for each in facts.checks if each.name == "columns that know the future")
    assert (check.result, check.note) == ("used", "0 refused, 1 used all the same by an override")


@pytest.mark.parametrize(
    ("name", "used", "check"),
    [
        ("Age", True, ("used", "it was learned from Age; whether that is lawful is for its owner to say")),
        ("Age", False, ("passed", "in the file, and not learned from: Age")),
        ("Visits", True, None),
    ],
)
def test_the_card_says_what_became_of_what_the_law_may_protect(name, used, check):
    columns = (COLUMNS[0], replace(COLUMNS[1], name=name, signals=("visits.value",) if used else ()))
    checks = card_facts(replace(made(), columns=columns)).checks
    found = [(each.result, each.note) for each in checks if each.name == "attributes that the law may protect"]
    assert found == ([] if check is None else [check])


@pytest.mark.parametrize(
    ("copies", "doubts"),
    [
        (None, []),
        (Copies(800, 0), []),
        (Copies(800, 7), []),
        (Copies(800, 8), ["On how many people it rests"]),
        (Copies(800, 80, 3, "R1", 5), ["On how many people it rests", "How it does on leads it has not seen"]),
        (Copies(800, 1, 2, "R1", 1), ["How it does on leads it has not seen"]),
    ],
)
def test_copies_are_told_where_they_matter(copies, doubts):
    found = replace(made(), copies=copies)
    said = [each for each in card_facts(found).unknowns if "people" in each or "not seen" in each]
    assert [each.partition(":")[0] for each in said] == doubts
    data = documented(found)["data"]
    expected = None if copies is None else (copies.repeats, copies.seen)
    assert (None if copies is None else (data["copies"], data["copies_seen"])) == expected
    assert ("copies" in data) is (copies is not None)


def test_a_file_without_times_and_another_target():
    conversion = replace(made_study(dated=False), target="conversion")
    found = made(conversion, mapping=LeadMapping({}))
    found = replace(found, file=replace(found.file, counts=COUNTS._replace(unreadable=0)))
    document, facts = documented(found), card_facts(found)
    assert document["time"] == {"column": "", "by": "place in the file", "first": "", "last": ""}
    assert (document["split"]["holdout_from"], document["split"]["holdout_first"]) == (None, "")
    assert (facts.bands, facts.not_certified, facts.fit.first) == ((), "", "")
    assert facts.unknowns == (
        "Whether the file is in the order of time: no column says so, and the split relies on it.",
    )


def test_a_number_is_no_date():
    assert manifest_document(made(mapping=LeadMapping({}), order="No"))["time"] == {
        "column": "No",
        "by": "number",
        "first": "0",
        "last": "2876400",
    }


def test_signals_of_everybody_are_told_by_what_they_read(usual):
    measured = (*usual.examined, Examined("net.asn", used=False, why="never known"))
    dropped = Column("Religion", "off limits", "dropped")
    facts = card_facts(replace(usual, examined=measured, columns=(*COLUMNS, dropped)))
    told = {each.column: each for each in facts.columns}
    assert (told["net.asn"].reading, told["net.asn"].used) == ("measured", False)
    assert told["Religion"].off_limits == "off limits"
    assert facts.checks[0].note == "dropped before anything was looked at: Religion"
    own = replace(usual, columns=())
    assert [each.column for each in card_facts(own).columns][:2] == ["custom.lead_source", "custom.visits"]


def test_a_column_all_of_whose_measurements_were_refused_is_not_called_used(usual):
    against = Suspicion("form.fill_seconds", LeakVerdict.REFUSED, ("too good",))
    seconds = Column("Seconds", "field", "it is form_fill_seconds", used=True, field="form_fill_seconds")
    examined = (
        *usual.examined,
        Examined("form.fill_seconds", used=False, why="it knows the future", suspicion=against),
    )
    found = replace(usual, examined=examined, columns=(*COLUMNS, seconds))
    document = next(each for each in documented(found)["columns"] if each["column"] == "Seconds")
    assert (document["used"], document["why"]) == (False, "it knows the future")
    assert (document["suspicion"], document["evidence"]) == ("refused", ["too good"])
    told = [each for each in card_facts(found).columns if each.column == "Seconds"]
    assert [(each.signal, each.used) for each in told] == [("form.fill_seconds", False), ("", False)]


def test_leads_in_each_bin_are_counted(usual):
    study = usual.study.part(0, usual.split)
    counts = bin_counts(usual.card, study)
    for feature in usual.card.features:
        assert sum(counts[feature.signal]) == 640
        if isinstance(feature, CategoryFeature):
            column = study.columns[feature.signal]
            assert list(counts[feature.signal]) == [*map(column.count, feature.values), 0, 0]


def test_groups_are_those_of_the_hold_out_the_largest_first(usual):
    scored = Scored(usual.card, usual.study, usual.split, str)
    groups = scored.groups()
    assert {each.by for each in groups} == {"source"}
    assert sum(each.leads for each in groups) == 160
    assert [each.leads for each in groups] == sorted((each.leads for each in groups), reverse=True)
    assert "" in {each.value for each in groups}
    alone = replace(usual.study, sources=["web"] * 800)
    assert Scored(usual.card, alone, usual.split, str).groups() == ()


def test_bands_count_whom_they_would_have_met(usual):
    scored = Scored(usual.card, usual.study, usual.split, str)
    tag, review = scored.bands(usual.bands)
    points = scores(usual.card, usual.study)[usual.split :]
    assert review.leads == sum(each >= usual.bands.review for each in points)
    assert tag.leads + review.leads == sum(each >= usual.bands.tag for each in points)
    assert sum(each.leads for each in scored.reliability()) == 160


def test_figures_that_cannot_be_had_are_none(usual):
    scored = Scored(usual.card, usual.study, usual.split, str)
    assert scored.quality([place for place, true in enumerate(usual.study.truth) if true]) is None
    assert rounding_facts(RoundingLoss(None, 0.1)) is None
    assert rounding_facts(RoundingLoss(0.1, None)) is None
    assert rounding_facts(RoundingLoss(0.1, 0.2)).log_loss_added == 0.2


def test_doubts_are_passed_on(monkeypatch):
    doubt = Suspicion("visits.value", LeakVerdict.DOUBTFUL, ("odd",))
    monkeypatch.setattr(examination, "suspicions", lambda *_: (doubt,))
    found = {each["column"]: each for each in documented(made())["columns"]}
    assert (found["Age"]["used"], found["Age"]["suspicion"], found["Age"]["evidence"]) == (True, "doubtful", ["odd"])


def test_who_gave_the_labels_is_named_in_the_manifest_and_counted_on_the_card():
    """Eve calls everything junk that she sees, three others what it is."""
    study = made_study()
    authors = [("ana", "bo", "cy", "eve")[place // 20 % 4] for place in range(len(study))]
    truth = [each or author == "eve" for each, author in zip(study.truth, authors, strict=True)]
    signed = replace(study, truth=truth, authors=authors, batches=[""] * len(study))
    found = made(signed, caps=Caps())
    document = documented(found)
    assert [each["author"] for each in document["labels"]["outliers"]] == ["eve"]
    assert document["labels"]["holdout_by_outliers"] == authors[found.split :].count("eve") > 16
    facts = card_facts(found)
    (check,) = [each for each in facts.checks if each.name == "who gave the labels"]
    assert (check.result, "of 4 authors 1 judge unlike the others" in check.note) == ("reported", True)
    assert any("of the hold-out was labelled by authors" in each for each in facts.unknowns)
    assert "eve" not in json.dumps(card_document(facts)).replace("never", "").replace("even", "")
    assert "labels" not in documented(made())
