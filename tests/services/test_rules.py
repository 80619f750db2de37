"""The desk of the rules: what may be kept, what is found about a rule, and what it would have done."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import NOW, facts, lead
from winnow.adapters.rulesets import read_ruleset
from winnow.core.compare import compare
from winnow.core.decide import decide
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.ruleset_read import rule_from
from winnow.errors import InvalidRuleError, InvalidRulesetError
from winnow.ports import PastDecision
from winnow.services.rules import MOST_LOOKED_AT, RuleDesk

RULE = {
    "id": "pasted",
    "when": "form.pasted_fields > 3",
    "text": "Pasted",
    "owner": "Mia",
    "reason": "scripts",
    "outcome": "review",
}
LIVE = read_ruleset(None)


class World:
    """Drafts that are only remembered, and a decision for each count of pasted fields."""

    def __init__(self, pasted=(0, 4, None, 9), live=LIVE):
        self.kept, self.asked, self.pasted, numbers = [], [], pasted, count(1)
        here: Any = self
        self.desk = RuleDesk(here, here, lambda: live, here, lambda prefix, _: f"{prefix}_{next(numbers)}")

    def now(self):
        return NOW

    def add(self, draft):
        self.kept.append(draft)

    def latest(self, most):
        self.asked.append(most)
        yield from self.past()[:most]

    def past(self):
        some = enumerate(self.pasted, 1)
        decided = [(number, lead(id=str(number), form_pasted_fields=pasted)) for number, pasted in some]
        return [PastDecision(number, each, facts(), decide(each, facts(), LIVE).outcome) for number, each in decided]


def test_a_draft_may_be_unfinished_but_its_condition_must_be_one():
    world = World()
    draft = world.desk.add({"id": "x", "when": "form.honeypot", "text": "", "owner": "", "reason": ""}, "wk_1")
    assert world.kept == [draft]
    assert (draft.id, draft.author, draft.created_at) == ("rd_1", "wk_1", NOW)
    for when in ("form.honey", "form.honeypot &&", "[1].all(a, a > 0)", "form.honeypot || " * 200 + "true"):
        with pytest.raises(InvalidRuleError):
            world.desk.add({**RULE, "when": when}, "wk_1")
    assert world.kept == [draft]


@given(st.lists(st.none() | st.integers(0, 12), max_size=12), st.integers(0, 12), st.sampled_from(["tag", "review"]))
def test_a_trial_says_what_comparing_the_decisions_says(pasted, least, outcome):
    world = World(pasted)
    document = {**RULE, "when": f"form.pasted_fields >= {least}", "outcome": outcome}
    trial = world.desk.test(document, 1000)
    tried = replace(LIVE, rules=(*LIVE.rules, rule_from(document)))
    leads = [each.lead for each in world.past()]
    compared = compare(*([decide(each, facts(), ruleset) for each in leads] for ruleset in (LIVE, tried)))
    assert trial.counts == compared.counts
    assert tuple(map(str, trial.changed)) == compared.changed
    assert trial.hits == tuple(number for number, many in enumerate(pasted, 1) if many is not None and many >= least)
    assert trial.looked_at == len(pasted)


def test_a_trial_takes_the_place_of_the_rule_with_its_id():
    live = replace(LIVE, rules=(*LIVE.rules, rule_from(RULE)))
    trial = World(live=live).desk.test({**RULE, "when": "form.pasted_fields > 8"}, 10)
    assert (trial.hits, trial.changed) == ((4,), (2,))


def test_a_trial_looks_back_only_so_far():
    world = World()
    world.desk.test(RULE, 10**9)
    world.desk.test(RULE, 2)
    assert world.asked == [MOST_LOOKED_AT, 2]


def test_what_cannot_be_part_of_the_live_ruleset_is_not_tried():
    world = World()
    for change in ({"outcome": "accept"}, {"when": "form.pasted"}, {"points": 5}):
        with pytest.raises(InvalidRuleError) as caught:
            world.desk.test({**RULE, **change}, 10)
        assert str(caught.value.where).startswith("rule.")
    unknown_cap = {**RULE, "when": "geo.x > 1"}
    with pytest.raises(InvalidRulesetError):
        world.desk.test(unknown_cap, 10)
    assert world.asked == []


def test_a_rule_that_is_to_reject_can_be_tried_before_anybody_signed_it_off():
    document = {**RULE, "outcome": "reject", "deterministic": True}
    assert World().desk.test(document, 10).changed == (2, 4)
    (finding,) = [each for each in World().desk.check(document) if each.forbids]
    assert (finding.code, finding.where) == ("refused", "signed_off_by")


def test_all_that_is_wrong_is_found_at_once():
    found = World().desk.check({**RULE, "text": " ", "owner": "", "when": "form.pasted"})
    assert [(each.code, each.where) for each in found if each.forbids] == [
        ("refused", "text"),
        ("refused", "owner"),
        ("refused", "when:1:1"),
    ]


@given(st.text(max_size=300))
def test_any_text_is_checked(text):
    World().desk.check_text(text)
    World().desk.check({**RULE, "when": text})


def test_rules_may_read_what_the_live_ruleset_and_their_own_text_declare():
    origin = DeclaredSignal("campaign.origin", "custom.origin", Reading.TEXT, "where the enquiry came from")
    own = {**RULE, "when": "campaign.origin == 'import'"}
    desk = World(live=replace(LIVE, signals=(origin,))).desk
    assert desk.add(own, "wk_1").document == own
    assert [each for each in desk.check(own) if each.forbids] == []
    assert desk.test(own, 10).looked_at == 4
    with pytest.raises(InvalidRuleError, match=r"campaign\.origin"):
        World().desk.add(own, "wk_1")
    declared = '[[signals]]\nname = "campaign.origin"\nfield = "custom.origin"\nreading = "text"\nlabel = "origin"\n'
    text = "[[rules]]\n" + "".join(f'{key} = "{value}"\n' for key, value in own.items())
    assert [each.code for each in World().desk.check_text(text)] == ["refused"]
    assert [each for each in World().desk.check_text(declared + text) if each.forbids] == []
