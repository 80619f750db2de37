"""The summary says what the facts say, in words for everybody."""

import re
from dataclasses import replace

import pytest

from tests.support.cards import CERTIFICATE, card_facts, quality
from winnow.core.learning.card.document import suppressed
from winnow.core.learning.card.facts import BinFacts, DataFacts, Estimate, FeatureFacts, PartFacts
from winnow.core.learning.card.words import summary, target_words


def said(heading, **changed):
    return " ".join(
        next(each.sentences for each in summary(suppressed(card_facts(**changed))) if each.heading == heading)
    )


GOOD, MAY, UNKNOWN = "How good it is", "What it may do today", "What we do not know"


def test_every_part_says_something():
    assert [bool(each.sentences) for each in summary(card_facts())] == [True] * 5


def test_what_it_finds_and_what_it_costs_come_first():
    assert said(GOOD).startswith(
        "Of 100 junk leads it would find 62 (between 57 and 66) while troubling 5 of 100 genuine leads."
    )
    assert "in 83 of 100 cases (between 80 and 86); tossing a coin would do so in 50" in said(GOOD)
    assert "the newest 400 leads" in said(GOOD)


def test_the_worst_and_the_best_stretch_of_the_test_are_told():
    assert "over 2 stretches of the test it found between 50 and 62 of 100" in said(GOOD)
    assert "stretches" not in said(GOOD, slices=card_facts().slices[:3])


def test_stretches_that_are_alike_are_no_news():
    slices = tuple(replace(each, quality=quality()) for each in card_facts().slices)
    assert "not equally good" not in said(GOOD, slices=slices)


@pytest.mark.parametrize(
    ("worst", "told"),
    [
        (Estimate(0.5, 0.4, 0.56), "It was not equally good all the time: over 2 stretches"),
        (
            Estimate(0.5, 0.4, 0.57),
            "Over 2 stretches of the test it found between 50 and 62 of 100, a difference that may",
        ),
        (Estimate(0.5), "It was not equally good all the time"),
    ],
)
def test_a_difference_between_stretches_that_may_be_chance_is_called_so(worst, told):
    slices = list(card_facts().slices)
    slices[-1] = replace(slices[-1], quality=replace(quality(), recall=worst))
    assert told in said(GOOD, slices=tuple(slices))


def test_a_name_as_long_as_a_page_does_not_drown_a_sentence():
    page = "n" * 4_000
    first, feature = card_facts().columns[0], card_facts().features[0]
    doubted = replace(first, column=page, used=True, suspicion="doubtful")
    bins = tuple(replace(each, words=f"{each.words} {page}") for each in feature.bins)
    changed = {
        "columns": (doubted,),
        "features": (replace(feature, label=page, bins=bins),),
        "groups": (replace(card_facts().groups[0], value=page, quality=None),),
        "data": replace(card_facts().data, sources=(page,)),
    }
    sentences = [each for part in summary(suppressed(card_facts(**changed))) for each in part.sentences]
    assert sum("nnn…" in each for each in sentences) >= 5
    assert max(map(len, sentences)) < 400


@pytest.mark.parametrize(("low", "told"), [(0.5, True), (0.47, True), (0.51, False), (None, False)])
def test_what_is_no_better_than_a_coin_is_told_in_plain_words(low, told):
    found = replace(quality(), auc=Estimate(0.52, low, 0.6))
    plain = "not shown to tell junk leads from genuine leads better than tossing a coin would"
    assert (plain in said(GOOD, quality=found)) is told


def test_a_column_that_is_doubted_twice_is_named_once():
    first = replace(card_facts().columns[0], column="Device", used=True, suspicion="doubtful", override=None)
    assert said(UNKNOWN, columns=(first, replace(first, signal="velocity.device_day"))).count("“Device”") == 1


def test_too_few_leads_are_no_figure():
    assert said(GOOD, quality=None).startswith("Too few to say")


def test_what_it_looks_at_is_named_with_its_poles_and_never_in_log_odds():
    found = said("What it looks at most")
    assert found.startswith("Time on the website, where the lead came from and asked for a copy: all of what moves")
    assert "“under 30 s” points most towards junk, “1,200.5 or more” points most towards genuine" in found
    whole = " ".join(" ".join(each.sentences) for each in summary(card_facts()))
    assert not re.search("log-odds|logit|AUC|recall|precision", whole)


def test_rare_values_are_no_poles():
    rare = FeatureFacts("a.b", "it", "text", "category", (BinFacts("rare", 900, 5), BinFacts("usual", 0, 50)))
    assert "It: no value of it points far." in said("What it looks at most", features=(rare,))
    assert said("What it looks at most", features=()).startswith("Nothing")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "It may not reject anybody: 212 more labels are needed."),
        ({"not_certified": ""}, "It may not reject anybody: nobody has shown that this is right often enough."),
        (
            {"certificate": CERTIFICATE},
            "It may reject from 2,600 points up until 2027-02-01: of the leads there at least",
        ),
        ({"certificate": CERTIFICATE}, "995 in 1,000 are junk, shown on 812 leads"),
        ({"target": "conversion"}, "by how much speaks for converting. It may not screen anybody."),
    ],
)
def test_what_it_may_do(changed, expected):
    assert said(MAY, **changed).startswith("Nothing, until a second person has signed it off")
    assert expected in said(MAY, **changed)


def test_only_junk_is_spoken_of_as_screening():
    assert "review" in said(MAY)
    assert "review" not in said(MAY, target="conversion", certificate=CERTIFICATE)


def test_a_column_that_was_let_through_is_told_with_who_and_why():
    told = said("What it is")
    assert "“stage” may know the future and was refused. Ana Lima allowed it all the same" in told
    assert "filled in by the form itself" in told
    assert "30 in 100 were junk leads (“bad” in the column “verdict”)" in told


def test_what_somebody_wrote_ends_a_sentence_once():
    assert said(MAY, not_certified="more labels are needed.").endswith("more labels are needed.")


def test_without_leads_or_a_meaning_it_still_is_a_sentence():
    assert "0 leads, of which none were junk leads." in said("What it is", fit=PartFacts(0, 0), meaning="")


def test_what_nobody_knows_is_told():
    told = said(UNKNOWN)
    assert "What became of 100 leads in the file" in told
    assert "from anywhere else than chat and webinar" in told
    assert "How it does on source chat and source unknown: too few leads to say." in told
    assert "Stand-ins for off-limits attributes: not testable, no column holds one." in told
    assert "Free text: not testable." in told
    assert "Whether “city” would be known in time" in told
    assert "How it does in winter" in told


def test_there_is_always_something_nobody_knows():
    clean = said(UNKNOWN, data=DataFacts("f", "h", 9, 9, "t"), groups=(), checks=(), columns=(), unknowns=())
    assert clean.startswith("Whether leads will go on being as they were")
    assert "does not say when leads came" in said(UNKNOWN, data=DataFacts("f", "h", 9, 9))


def test_a_figure_without_an_interval_has_none():
    bare = quality()
    changed = type(bare)(
        bare.leads, bare.positives, Estimate(0.5), bare.log_loss, bare.calibration_error, Estimate(0.004)
    )
    assert "find 0.4 while troubling" in said(GOOD, quality=changed)


@pytest.mark.parametrize(
    ("target", "many", "towards"), [("junk", "junk leads", "junk"), ("big", "“big” leads", "“big”")]
)
def test_any_target_can_be_spoken_of(target, many, towards):
    words = target_words(target)
    assert (words.many, words.towards) == (many, towards)
