"""The card as a document: nothing is lost, nothing rests on too few leads, nothing tampered with is read."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from tests.support.cards import CERTIFICATE, card_facts, quality
from winnow.core.learning.card.document import FEWEST, FORMAT, GroupFacts, PartFacts, card_document, card_from
from winnow.core.learning.card.facts import NOT_FOR
from winnow.core.learning.card.read import read
from winnow.core.learning.card.weights import weights
from winnow.errors import InvalidInputError

CARD = card_document(card_facts())


def document():
    return deepcopy(CARD)


def test_a_document_is_plain_json_and_gives_the_same_facts_back():
    stored = json.loads(json.dumps(CARD, allow_nan=False))
    assert stored == CARD
    assert card_document(card_from(stored)) == CARD
    assert card_from(stored).quality == card_facts().quality


def test_equal_facts_give_equal_bytes_whatever_the_order_of_their_mappings():
    turned = card_facts(caps=dict(sorted(card_facts().caps.items(), reverse=True)))
    assert json.dumps(card_document(turned)) == json.dumps(CARD)


def test_the_summary_stands_first_and_the_features_come_by_weight():
    assert list(CARD)[:3] == ["format", "summary", "words"]
    assert [each["signal"] for each in CARD["features"]] == ["visit.seconds", "campaign.source", "form.copy"]
    assert sum(each["share"] for each in CARD["features"]) == pytest.approx(1, abs=1e-5)


def test_a_bin_says_how_many_leads_it_had_and_where_it_takes_an_average_lead():
    bins = CARD["features"][0]["bins"]
    assert [each["few"] for each in bins] == [False, False, False, True]
    assert [each["share"] for each in bins] == [0.4, 0.38, 0.2, 0.02]
    assert [each["role"] for each in bins] == ["value", "value", "value", "unknown"]
    assert bins[3]["alone"] == pytest.approx(0.3)
    assert bins[0]["alone"] == pytest.approx(0.5132, abs=1e-4)


@pytest.mark.parametrize(("leads", "positives", "kept"), [(400, 30, True), (400, 29, False), (400, 371, False)])
def test_figures_about_few_leads_are_left_out_whoever_filled_them_in(leads, positives, kept):
    found = quality(leads, positives)
    facts = card_facts(
        quality=found,
        quality_fit=found,
        slices=tuple(replace(each, quality=found) for each in card_facts().slices),
        groups=(GroupFacts("source", "x", leads, found),),
    )
    made = card_document(facts)
    all_figures = [made["quality"], made["quality_fit"], *(each["quality"] for each in made["slices"] + made["groups"])]
    assert [each is not None for each in all_figures] == [kept] * 7
    assert FEWEST == 30


def test_suppressed_figures_do_not_come_back_through_a_document_written_by_others():
    tampered = document()
    tampered["groups"][1]["quality"] = tampered["quality"] | {"positives": 3}
    assert card_from(tampered).groups[1].quality is None


def test_an_empty_card_is_a_card():
    nothing = PartFacts(0, 0)
    facts = card_facts(fit=nothing, holdout=nothing, features=(), quality=None, rounding=None, slices=())
    made = card_document(facts)
    assert card_document(card_from(made)) == made
    assert weights(()) == ()


def test_a_feature_nobody_had_weighs_nothing():
    feature = card_facts().features[0]
    unmet = replace(feature, bins=tuple(replace(each, leads=0) for each in feature.bins))
    made = card_document(card_facts(features=(unmet,)))["features"][0]
    assert (made["weight"], made["share"], made["bins"][0]["share"]) == (0.0, 0.0, 0.0)


def test_a_certificate_is_carried():
    assert card_document(card_facts(certificate=CERTIFICATE))["certificate"]["labels"] == 812


def changed(path, value):
    made = document()
    *way, last = path
    inner = made
    for key in way:
        inner = inner[key]
    if value is KeyError:
        del inner[last]
    else:
        inner[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["format"], "winnow-model-card/9", "format"),
        (["format"], KeyError, "format"),
        (["owner"], KeyError, "owner"),
        (["owner"], 7, "owner"),
        (["base"], 1.5, "base"),
        (["base"], True, "base"),
        (["data"], [], "data"),
        (["data", "rows"], "many", "data.rows"),
        (["columns"], {}, "columns"),
        (["columns", 0, "used"], 1, "columns[0].used"),
        (["quality", "auc", "value"], float("nan"), "quality.auc.value"),
        (["quality", "auc", "value"], None, "quality.auc.value"),
        (["caps"], [], "caps"),
        (["caps", "visit"], "1", "caps.visit"),
        (["pairs", 0, "points", 1, 2], "x", "pairs[0].points[1][2]"),
    ],
)
def test_what_was_tampered_with_is_refused_with_its_place(path, value, where):
    with pytest.raises(InvalidInputError) as caught:
        card_from(changed(path, value))
    assert caught.value.where == where
    assert caught.value.fix


def test_a_card_that_is_no_table_is_refused():
    with pytest.raises(InvalidInputError, match="expected a table"):
        read(PartFacts, [])


def test_whole_numbers_do_for_figures():
    assert card_from(changed(["quality", "auc", "value"], 1)).quality.auc.value == 1.0
    assert CARD["format"] == FORMAT


@pytest.mark.parametrize("own", [(), ("our Spanish form",), NOT_FOR[:1]])
def test_what_a_card_rules_out_for_everybody_cannot_be_taken_out(own):
    facts = card_facts(not_for=own)
    assert facts.not_for[: len(NOT_FOR)] == NOT_FOR
    assert set(facts.not_for) == {*NOT_FOR, *own}
    document = {**card_document(facts), "not_for": list(own)}
    assert card_from(document).not_for == facts.not_for
