"""Labels of a fit are held to their caps by themselves alone, and everybody who is held is told."""

from dataclasses import replace
from typing import Any

import pytest

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.feedback.caps import CONTRARY, SHARE, Caps
from winnow.core.learning.feedback.comparable import comparable
from winnow.core.learning.feedback.safeguard import (
    caps_document,
    caps_from,
    safeguard_document,
    safeguarded,
)
from winnow.core.learning.study import Study
from winnow.demo.dice import Dice
from winnow.errors import InvalidInputError

RATES = {"fair": 0.05, "web": 0.3, "ads": 0.6}
SIZE = 4_000
SPLIT = 3_200
HONEST = ("ana", "bo", "cy", "di", "fay", "gus")

SIGNALS = tuple(
    DeclaredSignal(f"{name}.value", f"custom.{name}", reading, name).signal
    for name, reading in (
        ("campaign", Reading.TEXT),
        ("noise", Reading.TEXT),
        ("member", Reading.YES_NO),
        ("seats", Reading.NUMBER),
    )
)


def history(*, flipping: bool = True, eve_only_fair: bool = False) -> Study:
    """Leads of three campaigns; Eve, unless she is honest, calls all of the fair junk."""
    lots = Dice.named("safeguard")
    campaigns, authors, truth = [], [], []
    for _ in range(SIZE):
        campaign, author = lots.pick(tuple(RATES)), lots.pick((*HONEST, "eve"))
        if eve_only_fair and author == "eve":
            campaign = "fair"
        campaigns.append(campaign)
        authors.append(author)
        truth.append(lots.chance(RATES[campaign]) or (flipping and author == "eve" and campaign == "fair"))
    columns: dict[str, Any] = {
        "campaign.value": campaigns,
        "noise.value": [lots.pick(("a", "b", None)) for _ in range(SIZE)],
        "member.value": [lots.chance(0.5) for _ in range(SIZE)],
        "seats.value": [float(lots.whole(1, 40)) for _ in range(SIZE)],
    }
    ids, ones = [str(place) for place in range(SIZE)], [1.0] * SIZE
    batches = ["attack" if author == "eve" else "" for author in authors]
    return Study("junk", SIGNALS, columns, truth, ones, (), ids, [None] * SIZE, authors, batches)


def test_who_relabels_a_kind_of_leads_is_named_and_held_there():
    study = history()
    found = safeguarded(study, SPLIT, Caps())
    assert found.examined.names == {"eve"}
    assert found.held_authors == {"eve"}
    assert "campaign.value" in found.by
    fair = [
        weight
        for place, weight in enumerate(found.weights)
        if study.authors[place] == "eve" and study.columns["campaign.value"][place] == "fair" and study.truth[place]
    ]
    assert max(fair) < 0.2
    assert max(found.weights) == 1.0
    others = [weight for weight, author in zip(found.weights, study.authors, strict=False) if author != "eve"]
    assert set(others) == {1.0}
    assert found.holdout_by_outliers == sum(author == "eve" for author in study.authors[SPLIT:]) > 0


def test_who_was_given_other_leads_than_the_rest_is_not_odd():
    found = safeguarded(history(flipping=False, eve_only_fair=True), SPLIT, Caps())
    assert found.examined.names == frozenset()
    assert (set(found.weights), found.held, found.holdout_by_outliers) == ({1.0}, (), 0)


def test_what_was_held_out_says_nothing():
    study = history()
    truth = [*study.truth[:SPLIT], *(not each for each in study.truth[SPLIT:])]
    authors = [*study.authors[:SPLIT], *["eve"] * (SIZE - SPLIT)]
    other = safeguarded(replace(study, truth=truth, authors=authors), SPLIT, Caps())
    assert replace(other, holdout_by_outliers=0) == replace(safeguarded(study, SPLIT, Caps()), holdout_by_outliers=0)
    assert other.holdout_by_outliers == SIZE - SPLIT


def test_shares_do_not_touch_what_probabilities_are_set_right_with():
    study = history(flipping=False)
    authors = ["ana" if int(place) % 10 else author for place, author in zip(study.ids, study.authors, strict=True)]
    found = safeguarded(replace(study, authors=authors), SPLIT, Caps(least=0.0))
    assert {each.why for each in found.held} == {SHARE}
    assert set(found.corrections) == {1.0}
    assert min(found.weights) < 0.5
    free = safeguarded(replace(study, authors=authors), SPLIT, Caps(least=0.0, trusted=frozenset({"ana"})))
    assert free.held == ()


def test_labels_without_an_author_are_counted_and_held_to_nothing():
    study = history()
    found = safeguarded(
        replace(study, authors=["" if each == "eve" else each for each in study.authors]), SPLIT, Caps()
    )
    assert (found.unsigned, found.authors, found.labels) == (study.authors[:SPLIT].count("eve"), len(HONEST), SPLIT)
    assert "eve" not in found.held_authors


def test_a_study_without_authors_is_refused():
    with pytest.raises(InvalidInputError, match="nobody knows who gave the labels"):
        safeguarded(replace(history(), authors=()), SPLIT, Caps())


def test_it_is_plain_data_and_caps_are_read_back():
    found = safeguarded(history(), SPLIT, Caps())
    document: Any = safeguard_document(found)
    (eve,) = document["outliers"]
    assert (eve["author"], document["compared_by"][0]) == ("eve", "source")
    assert {each["why"] for each in document["held"]} == {CONTRARY}
    assert document["counting"] == round(sum(found.weights), 3) < SPLIT == document["labels"]
    caps = Caps(author_share=0.4, trusted=frozenset({"bo", "ana"}))
    assert caps_document(caps)["trusted"] == ["ana", "bo"]
    assert caps_from(caps_document(caps)) == caps


# ── which leads are comparable ───────────────────────────────────────────────────────────────────


def test_leads_are_parted_by_what_tells_and_not_by_noise():
    found = comparable(history(flipping=False))
    assert found.by[0] == "campaign.value"
    assert {segment.split(" · ")[0] for segment in found.segments} == set(RATES)


def test_sources_come_first_and_what_is_rare_stays_together():
    study = history(flipping=False).using(["campaign.value"])
    campaigns = ["odd" if place < 50 else each for place, each in enumerate(study.columns["campaign.value"])]
    sources = ["shop" if place % 2 else None for place in range(SIZE)]
    found = comparable(replace(study, columns={"campaign.value": campaigns}, sources=sources))
    assert set(found.segments) == {
        f"{source} · {campaign}" for source in ("shop", "no source") for campaign in (*RATES, "other")
    }
    assert found.segments[0] == "no source · other"


@pytest.mark.parametrize(("names", "by"), [(["seats.value"], ()), (["noise.value", "member.value"], ())])
def test_without_a_category_that_tells_all_leads_are_alike(names, by):
    study = history(flipping=False).using(names).part(0, 1_000)
    flat = replace(study, truth=[int(place) // 7 % 2 == 0 for place in study.ids])
    found = comparable(flat)
    assert (found.by, set(found.segments)) == (by, {""})


def test_no_leads_are_parted_by_nothing():
    assert comparable(history().part(0, 0)).segments == ()


@pytest.mark.parametrize("broken", [{"authors": ["ana"]}, {"batches": ["b1"]}])
def test_every_label_has_its_author_and_batch_or_none_has(broken):
    with pytest.raises(InvalidInputError, match="differ in length"):
        replace(history().part(0, 10), **broken)
