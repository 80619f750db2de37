"""Decided by the million or one by one: the same, whatever speaks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import FACTS, NOW, certified, entry, lead, ruleset, scored, small_card
from tests.support.whatif import DRAFTS, PAIRS, SIGNED, same_one_by_one, table_of
from winnow.adapters.whatif.outcomes import redecide
from winnow.adapters.whatif.scores import CardScores
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.facts import NetworkFacts
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.scorecard import Bin, NumericFeature
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import InvalidInputError, WinnowError

ACCEPT, TAG, REVIEW, REJECT = Outcome


@given(PAIRS, DRAFTS)
@settings(max_examples=60, deadline=None)
def test_a_draft_decides_all_at_once_as_it_decides_each(pairs, draft):
    same_one_by_one(pairs, draft, table_of(pairs, draft))


@given(PAIRS, DRAFTS, DRAFTS)
@settings(max_examples=20, deadline=None)
def test_a_table_made_for_two_rulesets_serves_both(pairs, draft, other):
    table = table_of(pairs, draft, other)
    same_one_by_one(pairs, draft, table)
    same_one_by_one(pairs, other, table)


BY_SOURCE = {"fair": Bands(-900, 2500, 3200)}
RULES = (
    Rule("spf", "mail.spf == 'fail'", "text", "Mia", "why", **SIGNED),
    Rule("risky", "1 / velocity.ip_hour >= 0", "text", "Mia", "why", outcome=TAG),
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Outcome).flatmap(lambda band: st.just(scored(band)[0])),
            FACTS,
            st.sampled_from(["web", "fair", None]),
            st.sampled_from(["hosting", "residential", None]),
            st.sampled_from([NOW, NOW + timedelta(days=29, hours=23), NOW + timedelta(days=30)]),
            st.sampled_from(["", "drift"]),
            st.sampled_from([None, "fail"]),
        ),
        max_size=8,
    )
)
@settings(max_examples=80, deadline=None)
def test_a_certificate_rejects_the_same_leads(drawn):
    pairs: list[Any] = []
    for someone, known, source, kind, now, paused, spf in drawn:
        network = NetworkFacts("192.0.2.1", "192.0.2.0/24", kind)
        looked_up = replace(known, network=network, now=now, paused=paused)
        pairs.append((replace(someone, id=str(len(pairs)), source=source, spf=spf), looked_up))
    proven = certified()
    draft = replace(proven, thresholds=replace(proven.thresholds, by_source=BY_SOURCE), rules=RULES)
    same_one_by_one(pairs, replace(draft, scorecard=small_card()), table_of(pairs, draft))


@pytest.mark.parametrize(
    ("fields", "outcome", "by"),
    [
        ({}, REJECT, "score"),
        ({"is_customer": None}, REVIEW, "score"),
        ({"paused": "drift"}, REVIEW, "score"),
        ({"failed": ("x",)}, REVIEW, "score"),
        ({"list_hits": (entry("allow"),)}, ACCEPT, "list:e1"),
        ({"list_hits": (entry("allow", expires_at=NOW),)}, REJECT, "score"),
        ({"now": NOW + timedelta(days=30)}, REVIEW, "score"),
        ({"is_customer": True}, REVIEW, "customer"),
    ],
)
def test_what_speaks_besides_the_score(fields, outcome, by):
    pairs = [scored(REJECT, **fields), scored(ACCEPT)]
    found = redecide(table_of(pairs, certified()), certified())
    assert (found.outcome[0], found.decided_by.at(0)) == (outcome, by)
    assert (found.outcome[1], found.decided_by.at(1)) == (ACCEPT, "score")


AMOUNT = DeclaredSignal("form.amount", "custom.amount", Reading.NUMBER, "amount")
ON_AMOUNT = NumericFeature("form.amount", (1.0, 2.5), (Bin(1, "a"), Bin(2, "b"), Bin(4, "c")), Bin(0, "?"))
COUNT = NumericFeature("text.links", (0.5, 3.0), (Bin(10, "a"), Bin(20, "b"), Bin(40, "c")), Bin(0, "?"))
BROKEN = object()


@pytest.mark.parametrize(
    "amount",
    ["1", "1.0", "2.5", "2.4999", "-0.0", "0.0", "nan", "inf", "1e308", "", None, BROKEN, "9007199254740993"],
)
def test_odd_values_and_values_on_the_cuts(amount):
    card = small_card()
    caps = {**card.caps, "text": 900}
    card = replace(card, features=(*card.features, ON_AMOUNT, COUNT), caps=caps)
    draft = ruleset(
        signals=(AMOUNT,), scorecard=card, rules=(Rule("r", "1.0 / form.amount > 1.0", "t", "M", "w", points=5),)
    )
    known = scored(ACCEPT)[1]
    custom = {} if amount is None else {"amount": amount}
    pairs = [
        (lead(custom=custom, message="https://a.example https://b.example https://c.example"), known),
        (lead(custom={"amount": "7"}, form_fill_seconds="soon"), known),
        (lead(custom={"amount": "7"}, form_fill_seconds=3), known),
        (lead(custom={"amount": "7"}, message=7), known),
    ]
    table = table_of(pairs, draft)
    same_one_by_one(pairs, draft, table)
    assert 1 in table.whole
    assert 2 not in table.whole


def test_a_table_without_a_signal_of_the_draft_says_so():
    table = table_of([scored(ACCEPT)], ruleset())
    draft = ruleset(rules=(Rule("r", "form.honeypot", "t", "Mia", "why", points=5),))
    with pytest.raises(InvalidInputError, match=r"does not hold the signal `form\.honeypot`"):
        redecide(table, draft)
    other = replace(table, signals={**table.signals, "net.ip_class": "2 str x y"})
    with pytest.raises(InvalidInputError, match=r"means something else by `net\.ip_class`"):
        redecide(other, ruleset())


def test_two_rulesets_cannot_mean_different_things_by_one_name():
    sides = [
        ruleset(signals=(replace(AMOUNT, field=field),), scorecard=replace(small_card(), features=(ON_AMOUNT,)))
        for field in ("custom.amount", "custom.sum")
    ]
    with pytest.raises(InvalidInputError, match=r"form\.amount"):
        table_of([], *sides)


def test_a_fast_way_that_goes_astray_is_noticed(monkeypatch):
    table = table_of([scored(REVIEW), scored(ACCEPT, list_hits=(entry(),))], ruleset())
    calm = CardScores.scores
    monkeypatch.setattr(CardScores, "scores", lambda *given: calm(*given) + 1)
    with pytest.raises(WinnowError, match="comes out otherwise"):
        redecide(table, ruleset())


def test_points_beyond_64_bits_are_refused():
    huge = replace(small_card(), base=-(2**63))
    with pytest.raises(InvalidInputError, match="too many"):
        redecide(table_of([], ruleset()), ruleset(scorecard=huge))


def test_great_points_are_added_up_exactly():
    card = small_card()
    great = tuple(
        replace(each, bins=tuple(replace(part, points=part.points * 10**12) for part in each.bins))
        for each in card.features
    )
    wide = replace(card, features=great, caps=dict.fromkeys(card.caps, 10**16))
    draft = ruleset(scorecard=wide, thresholds=Thresholds(Bands(0, 1000)))
    pairs = [scored(band) for band in Outcome]
    same_one_by_one(pairs, draft, table_of(pairs, draft))
    assert redecide(table_of(pairs, draft), draft).score[3] > 2**50


def test_the_blind_sample_falls_on_the_same_leads():
    rejecting = (Rule("spf", "mail.spf == 'fail'", "text", "Mia", "why", **SIGNED),)
    draft = certified(rules=rejecting)
    pairs = []
    for number in range(300):
        someone, known = scored(REJECT if number % 2 else ACCEPT)
        pairs.append((replace(someone, id=f"lead-{number}", spf=None if number % 2 else "fail"), known))
    found = redecide(table_of(pairs, draft), draft)
    assert set(found.outcome.tolist()) == {REVIEW, REJECT}
    assert {found.decided_by.at(row) for row in range(300) if found.outcome[row] == REVIEW} == {"score", "rule:spf"}
    same_one_by_one(pairs, draft, table_of(pairs, draft))
