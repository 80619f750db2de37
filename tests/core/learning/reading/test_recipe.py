import json
from dataclasses import replace

import pytest

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.reading.labels import Labels, Verdict
from winnow.core.learning.reading.recipe import Recipe, need_allowed, recipe_document, recipe_from
from winnow.core.mapping import LeadMapping, Take
from winnow.errors import InvalidRulesetError, RefusedByPolicyError

LABELS = Labels("Verdict", "junk", {"spam": Verdict.JUNK, "ham": Verdict.GENUINE})
VISITS = DeclaredSignal("visits.value", "custom.visits", Reading.NUMBER, "visits")
MAPPING = LeadMapping({"custom.visits": Take(columns=("Visits",)), "ip": Take(columns=("IP",))})
RECIPE = Recipe(LABELS, MAPPING, (VISITS,), frozenset({"custom.health"}), frozenset({"visits.value"}), "W", "No")


def test_a_recipe_survives_being_written_as_json():
    written = json.loads(json.dumps(recipe_document(RECIPE, ["visits.value"])))
    assert recipe_from(written, MAPPING) == RECIPE
    signed = replace(RECIPE, author="By", batch="Batch")
    assert recipe_from(json.loads(json.dumps(recipe_document(signed, ["visits.value"]))), MAPPING) == signed
    assert "labels" not in written
    bare = Recipe(LABELS, MAPPING, (), frozenset(), frozenset())
    assert recipe_from(json.loads(json.dumps(recipe_document(bare, []))), MAPPING) == bare


def test_what_orders_leads_is_told():
    timed = LeadMapping({"received_at": Take(columns=("at",))})
    assert RECIPE.ordered_by == "number"
    assert Recipe(LABELS, MAPPING, (), frozenset()).ordered_by == "place in the file"
    assert Recipe(LABELS, timed, (), frozenset()).ordered_by == "time"


def test_a_broken_recipe_is_named_with_its_place():
    broken = {**recipe_document(RECIPE, []), "target": {"column": "c", "name": "junk", "meaning": {"spam": "rubbish"}}}
    with pytest.raises(InvalidRulesetError, match="`rubbish` is not known here"):
        recipe_from(broken, MAPPING)


@pytest.mark.parametrize("off_limits", [{"custom.visits"}, {"ip"}, {"custom.ip"}, {"utm.visits"}])
def test_what_a_policy_forbids_may_not_have_been_learned_from(off_limits):
    with pytest.raises(RefusedByPolicyError):
        need_allowed(RECIPE, off_limits)


def test_who_labelled_may_be_off_limits_too():
    signed = replace(RECIPE, author="Labelled By", batch=None)
    need_allowed(signed, {"message"})
    with pytest.raises(RefusedByPolicyError, match="`Labelled By`"):
        need_allowed(signed, {"custom.labelled_by"})


def test_what_it_does_not_forbid_may():
    need_allowed(RECIPE, {"custom.health", "message"})


def test_a_declared_signal_over_a_forbidden_field_is_refused_also_without_its_column():
    with pytest.raises(RefusedByPolicyError, match=r"`custom\.visits`"):
        need_allowed(Recipe(LABELS, LeadMapping({}), (VISITS,), frozenset()), {"custom.visits"})
