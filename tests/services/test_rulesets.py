"""The desk of the rulesets: who may activate one, and which one that is."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.cases import NOW
from winnow.adapters.rulesets import read_ruleset
from winnow.core.govern.signing import Basis
from winnow.errors import InvalidRuleError, InvalidRulesetError, NotAllowedError, NotFoundError, WinnowError
from winnow.ports import Ground, KnownRuleset
from winnow.services.rulesets import RulesetDesk

LIVE = read_ruleset(None)
GROUND = Ground(Basis.SIGNED, 7)
BOUND = replace(LIVE, lists_snapshot="ab" * 32)


class World:
    """Rulesets in a dict."""

    def __init__(self, ground=lambda *_: GROUND):
        self.kept, self.active = {BOUND.hash: BOUND}, []
        here: Any = self
        self.desk = RulesetDesk(here, lambda: BOUND, here, ground)

    def now(self):
        return NOW

    def add(self, ruleset, *_):
        self.kept.setdefault(ruleset.hash, ruleset)

    def activate(self, ruleset, actor, now, ground):
        self.kept[ruleset.hash] = ruleset
        self.active.append((ruleset.hash, actor, now, ground))

    def document(self, digest):
        return self.kept[digest].document

    def live(self):
        return self.kept[self.active[-1][0]] if self.active else None

    def known(self, digest):
        """Those that people added; what the service bound by itself is none of them."""
        if digest == BOUND.hash:
            raise NotFoundError("the service keeps it by itself")
        return KnownRuleset(digest, self.kept[digest].id, NOW, "wk_1", live=False)


def test_what_an_installation_binds_a_ruleset_to_is_left_out():
    world = World()
    assert world.desk.add(BOUND.document, "wk_1").hash == LIVE.hash
    assert world.desk.activate(BOUND.hash, "wk_2").hash == LIVE.hash
    assert world.active == [(LIVE.hash, "wk_2", NOW, GROUND)]
    assert world.desk.live().bound is BOUND


def test_of_a_bound_ruleset_is_told_what_is_known_of_the_one_it_was():
    world = World()
    world.add(LIVE)
    assert world.desk.known(BOUND.hash).hash == LIVE.hash


def test_a_ruleset_that_may_not_be_activated_is_not():
    asked = []

    def refused(ruleset, actor):
        asked.append((ruleset.hash, actor))
        raise NotAllowedError("nobody has signed it")

    world = World(refused)
    with pytest.raises(NotAllowedError):
        world.desk.activate(BOUND.hash, "wk_2")
    with pytest.raises(NotAllowedError):
        world.desk.check(BOUND, "wk_2")
    assert (asked, world.active) == ([(LIVE.hash, "wk_2")] * 2, [])


def test_no_ruleset_is_live_before_the_first():
    with pytest.raises(WinnowError, match="no ruleset is live"):
        World().desk.live()


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "a" * 65, "A" * 64, "%"])
def test_what_is_no_hash_is_not_looked_for(digest):
    with pytest.raises(NotFoundError):
        World().desk.document(digest)


def test_nothing_that_cannot_decide_is_kept():
    world = World()
    rule = {"id": "x", "when": "form.pasted > 1", "text": "t", "owner": "o", "reason": "r", "points": 5}
    for call, error in (
        (lambda: world.desk.add({**LIVE.document, "rules": [rule]}, "wk_1"), InvalidRuleError),
        (lambda: world.desk.add_text("id = 1", "wk_1"), InvalidRulesetError),
        (lambda: world.desk.add_text("a" + ".a" * 300 + " = 1", "wk_1"), InvalidRulesetError),
    ):
        with pytest.raises(error):
            call()
    assert list(world.kept) == [BOUND.hash]
