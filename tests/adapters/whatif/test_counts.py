"""Counting over columns comes to what counting lead by lead comes to."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import NOW, entry, ruleset, scored
from tests.support.whatif import table_of
from winnow.adapters.whatif.counts import tally, threshold_curve
from winnow.adapters.whatif.outcomes import redecide
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.thresholds import Bands, Thresholds
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Move, load
from winnow.errors import InvalidInputError

DRAFT = ruleset(thresholds=Thresholds(Bands(-500, -100)))
LEADS = st.lists(
    st.tuples(
        st.sampled_from(Outcome),
        st.sampled_from(Truth),
        st.integers(0, 4),
        st.sampled_from([None, "DE", "US"]),
        st.booleans(),
        st.sampled_from(Outcome),
    ),
    min_size=1,
    max_size=20,
)


def past(drawn):
    pairs: list[Any] = []
    more: dict[str, list[Any]] = {"outcome": [], "truth": [], "score": []}
    for band, truth, day, country, listed, before in drawn:
        someone, known = scored(band, now=NOW + timedelta(days=day), list_hits=(entry(),) if listed else ())
        pairs.append((replace(someone, country=country), known))
        more["outcome"].append(before)
        more["truth"].append(truth)
        more["score"].append(100 * int(before))
    return pairs, more


@given(LEADS)
@settings(max_examples=50, deadline=None)
def test_moves_days_groups_and_movers(drawn):
    pairs, more = past(drawn)
    table = table_of(pairs, DRAFT, groups=("country",), **more)
    found = tally(table, redecide(table, DRAFT))
    decisions = [decide(one, known, DRAFT) for one, known in pairs]
    moves = [
        Move(before, each.outcome, truth)
        for before, each, truth in zip(more["outcome"], decisions, more["truth"], strict=True)
    ]
    assert found.counts == Counter(moves)
    assert found.decided == Counter(each.decided_by for each in decisions)
    assert found.refs == {
        move: tuple(str(row) for row, each in enumerate(moves) if each == move)
        for move in set(moves)
        if move.before != move.after
    }
    days = sorted({(NOW + timedelta(days=each[2])).date() for each in drawn})
    span = [days[0] + timedelta(days=index) for index in range((days[-1] - days[0]).days + 1)]
    for reviews, outcome in ((found.reviews_before, 0), (found.reviews_after, 1)):
        assert reviews == [
            sum(
                known.now.date() == day and moves[row][outcome] is Outcome.REVIEW
                for row, (_, known) in enumerate(pairs)
            )
            for day in span
        ]
    for country in {each[3] for each in drawn}:
        here = [move for move, each in zip(moves, drawn, strict=True) if each[3] == country]
        assert found.groups["country"][country] == Counter(here)
    changes = [abs(each.after - each.before) for each in found.movers]
    assert changes == sorted(changes, reverse=True)
    assert len(changes) == min(10, found.changed)


def test_only_so_many_leads_are_named():
    pairs, more = past([(Outcome.REVIEW, Truth.JUNK, 0, None, False, Outcome.ACCEPT)] * 5)
    table = table_of(pairs, DRAFT, **more)
    assert list(tally(table, redecide(table, DRAFT), most_refs=2).refs.values()) == [("0", "1")]


def test_two_rulesets_are_compared_where_nothing_was_decided():
    table = table_of([scored(Outcome.TAG), scored(Outcome.REVIEW)], DRAFT, ruleset())
    with pytest.raises(InvalidInputError, match="never decided"):
        tally(table, redecide(table, DRAFT))
    found = tally(table, redecide(table, DRAFT), redecide(table, ruleset()))
    assert found.counts == {
        Move(Outcome.TAG, Outcome.REVIEW, Truth.UNKNOWN): 1,
        Move(Outcome.REVIEW, Outcome.REVIEW, Truth.UNKNOWN): 1,
    }
    assert [(each.score_before, each.score) for each in found.movers] == [(800, 800)]


@given(LEADS)
@settings(max_examples=50, deadline=None)
def test_every_threshold_catches_the_leads_at_or_above_it(drawn):
    pairs, more = past(drawn)
    table = table_of(pairs, DRAFT, **more)
    found = threshold_curve(table, redecide(table, DRAFT))
    decisions = [decide(one, known, DRAFT) for one, known in pairs]
    scored_rows = [row for row, each in enumerate(decisions) if each.decided_by == "score"]
    assert (found.leads, found.others) == (len(scored_rows), len(pairs) - len(scored_rows))
    assert found.bands == DRAFT.thresholds.bands
    days = [known.now.date().toordinal() for _, known in pairs]
    assert found.days == max(days) - min(days) + 1
    for point in found.points:
        caught = [row for row in scored_rows if decisions[row].score >= point.step.threshold]
        assert {truth: n for truth, n in point.step.by_truth.items() if n} == Counter(
            more["truth"][row] for row in caught
        )
        by_day = [sum(days[row] == day for row in caught) for day in range(min(days), max(days) + 1)]
        assert point.step.load == pytest.approx(load(by_day))
    if scored_rows:
        assert found.points[0].step.leads == len(scored_rows)
        assert found.points[-1].step.leads == 0


def test_nothing_at_all_is_counted_too():
    table = table_of([], DRAFT)
    found = redecide(table, DRAFT)
    assert (tally(table, found).total, threshold_curve(table, found).points) == (0, ())
