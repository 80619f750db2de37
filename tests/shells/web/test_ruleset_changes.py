"""How two rulesets differ is told part by part, in values people can read."""

from dataclasses import replace
from typing import Any

import pytest

from winnow.adapters.rulesets import read_ruleset
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.shells.web.ruleset_changes import FIELDS, changes_between, shown

LIVE = read_ruleset(None)
DOCUMENT: Any = dict(LIVE.document)


def told(after):
    return {
        (part.title, each.about, each.of): (each.before, each.after)
        for part in changes_between(DOCUMENT, after)
        for each in part.changes
    }


def test_equal_rulesets_do_not_differ_nor_do_bound_ones():
    assert changes_between(DOCUMENT, DOCUMENT) == []
    assert changes_between(DOCUMENT, {**DOCUMENT, "lists_snapshot": "ab", "references": [{"name": "psl"}]}) == []


def test_rules_are_new_gone_or_say_something_else():
    first, second, third = LIVE.rules
    after = replace(LIVE, rules=(third, replace(first, owner="Ana"), replace(second, id="mine")))
    found = told(after.document)
    assert found["Rules", first.id, "owner"] == ("nobody yet", "Ana")
    assert found["Rules", "mine", ""][0] is None
    assert second.when in found["Rules", "mine", ""][1]
    assert found["Rules", second.id, ""][1] is None
    assert len(found) == 3  # moving a rule is no change


def test_thresholds_policy_and_note():
    thresholds = {**DOCUMENT["thresholds"], "review": 900, "by_source": {"fair": {"tag": 1, "review": 2}}}
    policy = {**DOCUMENT["policy"], "off_limits": ["custom.health"]}
    found = told({**DOCUMENT, "thresholds": thresholds, "policy": policy, "note": "mine"})
    assert found["Thresholds", "", "review"] == ("1000", "900")
    assert found["Thresholds", "fair", "by_source"] == (None, "tag: 1; review: 2")
    assert found["Policy", "", "off_limits"][1] == "custom.health"
    assert found["Name and note", "", "note"] == (LIVE.note, "mine")


def test_points_of_a_scorecard_are_told_bin_by_bin():
    card = {**DOCUMENT["scorecard"]}
    first, *others = card["features"]
    bins = [{**first["bins"][0], "points": 1234}, *first["bins"][1:]]
    card |= {"features": [{**first, "bins": bins}, *others], "base": -500, "caps": {**card["caps"], "text": 1}}
    found = told({**DOCUMENT, "scorecard": card})
    [(old, new)] = [each for place, each in found.items() if place[1] == "form.fill_seconds < 1.5"]
    assert (old[:5], new[:5]) == ("+1600", "+1234")
    assert found["Scorecard", "", "base"] == ("-600", "-500")
    assert found["Scorecard", "text", "caps"] == ("2000", "1")
    assert len(found) == 3


def test_entries_that_travel_in_a_ruleset():
    entry = ListEntry("partner", ListAction.ALLOW, ListKind.DOMAIN, "acme.example", "Mia", "partner")
    after = replace(LIVE, lists=(entry,)).document
    assert told(after)["List entries in the ruleset", "partner", ""][0] is None
    [part] = changes_between(after, DOCUMENT)
    assert part.changes[0].after is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (["a", 1], "a, 1"),
        ({"a": {"b": None}}, "a: b: None"),
        ("x" * 500, "x" * 400 + "…"),
    ],
)
def test_values_are_told_in_a_line(value, text):
    assert shown(value) == text


def test_fields_have_words():
    rule = {"when", "text", "owner", "reason", "points", "outcome", "scopes", "expires_at", "daily_cap", "examples"}
    assert rule <= set(FIELDS)


def test_parts_of_a_policy_without_a_name_are_told_apart():
    def policy(**limits):
        return {**DOCUMENT, "policy": {"owner": "Ada", **limits}}

    cases = [{"place": place, "told": "granted"} for place in ("DE", "FR")]
    proxies = [{"field": "custom.parish", "stands_for": "religion"}]
    parts = changes_between(policy(examples=cases), policy(examples=cases[1:], proxies=proxies))
    found = {(each.about, each.of): (each.before, each.after) for part in parts for each in part.changes}
    gone, new = "place: DE; told: granted", "field: custom.parish; stands_for: religion"
    assert found == {(gone, ""): (gone, None), ("custom.parish", ""): (None, new)}
