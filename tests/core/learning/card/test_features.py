"""Every bin is called by the values it holds."""

import pytest

from tests.support.cards import COUNTS, card_facts, scorecard, signals
from winnow.core.declared import WEEKDAY_UNIT
from winnow.core.learning.card.features import bin_words, feature_facts
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature

NOTHING = Bin(0, "")


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        (NumericFeature("a.b", (), (NOTHING,), NOTHING), ("any number", "unknown")),
        (NumericFeature("a.b", (4.0,), (NOTHING,) * 2, NOTHING), ("under 4", "4 or more", "unknown")),
        (
            NumericFeature("a.b", (-0.5, 1200.0, 54321.25), (NOTHING,) * 4, NOTHING),
            ("under -0.5", "-0.5 to under 1,200", "1,200 to under 54,321.2", "54,321.2 or more", "unknown"),
        ),
        (
            CategoryFeature("a.b", (True, False), (NOTHING,) * 2, NOTHING, NOTHING),
            ("yes", "no", "any other value", "unknown"),
        ),
        (CategoryFeature("a.b", ("x",), (NOTHING,), NOTHING, NOTHING), ("x", "any other value", "unknown")),
    ],
)
def test_bins_in_words(feature, words):
    assert bin_words(feature) == words


def test_days_of_the_week_are_called_by_their_names():
    days = NumericFeature("a.b", (2.0, 5.5), (NOTHING,) * 3, NOTHING)
    assert bin_words(days, WEEKDAY_UNIT) == ("Monday", "Tuesday to Friday", "Saturday to Sunday", "unknown")


def test_a_bin_that_repeats_its_label_is_told_without_it():
    seconds = next(each for each in card_facts().features if each.signal == "visit.seconds")
    assert [each.words for each in seconds.bins] == [
        "under 30 s",
        "30 to under 1,200.5",
        "1,200.5 or more",
        "not known",
    ]
    assert seconds.cuts == (30.0, 1200.5)


def test_features_keep_the_order_of_the_card_and_their_counts():
    found = feature_facts(scorecard(), signals(), COUNTS)
    assert [each.signal for each in found] == ["form.copy", "visit.seconds", "campaign.source"]
    assert [[each.leads for each in feature.bins] for feature in found] == [COUNTS[each.signal] for each in found]
    assert [each.kind for each in found] == ["category", "numeric", "category"]
    assert {each.direction for each in found} == {""}


def test_a_pair_is_called_by_its_labels():
    pair = card_facts().pairs[0]
    assert (pair.first, pair.second) == ("time on the website", "where the lead came from")
    assert pair.columns == ("webinar", "chat", "any other value", "unknown")
    assert pair.points[0][1] == 70
