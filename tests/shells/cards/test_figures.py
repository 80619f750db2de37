"""From the card to its charts: which bars, which axis."""

from dataclasses import replace

from tests.support.cards import card_facts
from winnow.core.learning.card.document import BinFacts, FeatureFacts, card_document
from winnow.shells.cards.figures import MOST_BARS, charted, feature_charts, found_charts, over_time
from winnow.shells.cards.svg import Worth


def test_the_most_frequent_values_have_a_bar_the_most_points_first():
    worths = [Worth(str(i), i, i / 100) for i in range(20)]
    assert [each.points for each in charted(worths)] == list(range(19, 19 - MOST_BARS, -1))
    assert charted([Worth("nobody", 900, 0.0)]) == []


def test_one_rare_value_does_not_flatten_all_charts():
    rare = FeatureFacts("a.b", "a", "", "category", (BinFacts("x", 90_000, 2), BinFacts("y", 500, 998)))
    charts = feature_charts(card_document(card_facts(features=(*card_facts().features, rare))))
    assert sum("gap" in str(chart) for chart in charts) == 1
    alone = replace(rare, bins=rare.bins[:1])
    assert "gap" not in str(feature_charts(card_document(card_facts(features=(alone,))))[0])


def test_a_card_nobody_met_still_has_charts():
    unmet = tuple(
        replace(each, bins=tuple(replace(each, leads=0) for each in each.bins)) for each in card_facts().features
    )
    assert len(feature_charts(card_document(card_facts(features=unmet)))) == 3


def test_without_a_figure_there_are_no_dots():
    assert [name for name, _ in found_charts(card_document(card_facts()))] == ["100 junk leads", "100 genuine leads"]
    assert list(found_charts(card_document(card_facts(quality=None)))) == []


def test_the_axis_begins_at_a_coin_or_lower_where_a_figure_does():
    card = card_document(card_facts())
    assert "no better than a coin" in str(over_time(card))
    card["slices"][0]["quality"]["auc"] = {"value": 0.45, "low": 0.4, "high": 0.5}
    card["slices"][1]["quality"]["auc"] = {"value": 0.45, "low": None, "high": None}
    assert "no better than a coin" not in str(over_time(card))
