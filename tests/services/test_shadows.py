"""A ruleset is put in shadow for a share of the leads that is kept as it was given."""

from typing import Any

import pytest

from tests.support.cases import NOW, ruleset
from winnow.core.learning.shadow import Shadow
from winnow.errors import InvalidInputError
from winnow.services.shadows import LEAST_SHARE, ShadowDesk

DRAFT = ruleset()


class World:
    """Rulesets and shadows in memory."""

    def __init__(self) -> None:
        self.started: list[float] = []
        here: Any = self
        self.desk = ShadowDesk(here, here, here)

    def now(self):
        return NOW

    def document(self, _digest):
        return DRAFT.document

    def running(self):
        return ()

    def start(self, digest, share, actor, now):
        self.started.append(share)
        return Shadow(1, digest, share, now, actor)


@pytest.mark.parametrize("share", [0.0, -0.5, 1.01, float("nan"), 0.0000001])
def test_a_share_of_nothing_or_more_than_all_is_refused(share):
    world = World()
    with pytest.raises(InvalidInputError, match="a share of"):
        world.desk.start("x", share, "ana")
    assert world.started == []


@pytest.mark.parametrize("share", [LEAST_SHARE, 0.5, 1.0])
def test_any_other_is_kept(share):
    assert World().desk.start("x", share, "ana").share == share
