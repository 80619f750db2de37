"""A policy in a file, alone or inside a ruleset, and the hash that permits name."""

from dataclasses import replace
from datetime import date

import pytest

from winnow.core.govern.limits import Limits, Retention
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.policy import Policy, policy_hash
from winnow.core.policy_read import policy_from_toml
from winnow.core.ruleset_read import ruleset_from, ruleset_from_toml
from winnow.core.ruleset_write import policy_document
from winnow.core.tables import Table
from winnow.core.toml_text import MOST_CHARACTERS
from winnow.errors import InvalidRulesetError

TEXT = """\
[policy]
owner = "Ada"
off_limits = ["message"]
packs = ["eu"]

[policy.retention]
network_days = 30

[[policy.examples]]
place = "DE"
channel = "email"
purpose = "marketing"
on = 2026-11-22
needed = "implied"
"""


def test_a_policy_alone() -> None:
    policy = policy_from_toml(TEXT, "policy.toml")
    assert (policy.owner, policy.limits.packs) == ("Ada", ("eu",))
    assert policy.off_limits == {"message"}
    assert policy.limits.retention == Retention(network_days=30)
    assert policy.limits.examples[0].on == date(2026, 11, 22)
    assert policy_document(policy)["packs"] == ["eu"]


def test_a_policy_in_a_whole_ruleset() -> None:
    whole = f'id = "x"\nthresholds = 3\n{TEXT}[scorecard]\nanything = "at all"\n'
    assert policy_from_toml(whole, "ruleset.toml") == policy_from_toml(TEXT, "policy.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "p.toml: there is no policy in it"),
        ("[polcy]\n", "p.toml: there is no policy in it"),
        (f"{TEXT}[polcy]\n", "p.toml:15: polcy: `polcy` is not known here; did you mean `policy`?"),
        ("[policy]\nowner = 3\n", "p.toml:2: policy.owner: `3` is not a text in quotes"),
        ("[policy\n", "p.toml:1:8: not valid TOML"),
        ("[policy]\n[[policy.caps]]\nid = 'a'\nmost = 0\n", "p.toml:4: policy.caps[0].most: `0` is out of bounds"),
        ("[policy]\nexamples = [{ on = 2026-13-01 }]\n", "not valid TOML"),
    ],
)
def test_mistakes_have_their_line(text: str, said: str) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        policy_from_toml(text, "p.toml")
    assert said in str(caught.value)
    assert len(text) < MOST_CHARACTERS


def test_a_day_is_no_moment() -> None:
    with pytest.raises(InvalidRulesetError, match="is not a day"):
        policy_from_toml(TEXT.replace("2026-11-22", "2026-11-22T00:00:00Z"), "p.toml")
    assert Table({"on": "2026-11-22"}).day("on") == date(2026, 11, 22)
    assert Table({}).day("on") is None
    with pytest.raises(InvalidRulesetError, match="is not a day"):
        Table({"on": 3}).day("on")


def test_a_ruleset_keeps_the_limits_and_its_hash_without_them(starter_text: str) -> None:
    ruleset = ruleset_from_toml(starter_text, "starter.toml")
    assert ruleset.policy.limits == Limits()
    assert not set(policy_document(ruleset.policy)) - {"owner", "off_limits", "hard_stops"}
    bound = replace(ruleset, policy=replace(ruleset.policy, limits=Limits(packs=("uk",))))
    assert bound.hash != ruleset.hash
    assert ruleset_from(bound.document).policy == bound.policy


@pytest.fixture
def starter_text() -> str:
    from importlib.resources import files  # noqa: PLC0415  # what the package brings along

    return files("winnow.data").joinpath("starter.toml").read_text(encoding="utf-8")


_RULE = LawRule("a", "Art. 1", date(2020, 1, 1), frozenset({"FR", "DE"}), "t", "s", implied_days={"purchase": 3})
_LAW, _OTHER = (LawPack(name, name, date(2026, 1, 1), (_RULE,)) for name in ("law", "other"))


@pytest.mark.parametrize(
    ("policy", "packs"),
    [
        (Policy("Bo"), (_LAW,)),
        (Policy("Ada", frozenset({"ip"})), (_LAW,)),
        (Policy("Ada", limits=Limits(retention=Retention(1))), (_LAW,)),
        (Policy("Ada"), ()),
        (Policy("Ada"), (replace(_LAW, rules=(replace(_RULE, effective=date(2020, 1, 2)),)),)),
        (Policy("Ada"), (replace(_LAW, rules=(replace(_RULE, implied_days={"purchase": 4}),)),)),
        (Policy("Ada"), (_LAW, _OTHER)),
    ],
)
def test_whatever_changes_an_answer_changes_the_hash(policy: Policy, packs: tuple[LawPack, ...]) -> None:
    assert policy_hash(policy, packs) != policy_hash(Policy("Ada"), (_LAW,))
    assert policy_hash(policy, packs[::-1]) == policy_hash(policy, packs)
