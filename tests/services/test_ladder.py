"""Up only with everything that is needed and two people, down at once and with a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.cases import NOW, ruleset, small_card
from winnow.core.learning.ladder import Rung, Standing, subject_of_card, subject_of_rule
from winnow.core.learning.shadow import Judged, ShadowReport
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.errors import ConflictError, InvalidInputError, NotFoundError, RefusedByPolicyError
from winnow.services.ladder import LadderDesk, NobodySigns

ACCEPT, TAG, REVIEW, REJECT = Outcome
RULE = Rule("r", "mail.spf == 'fail'", "text", "Mia", "why", outcome=Outcome.REVIEW)
LEARNED = ruleset(scorecard=replace(small_card(), kind="learned"), rules=(RULE,))
REPORT = ShadowReport(
    LEARNED.hash,
    running=True,
    share=1.0,
    first=NOW - timedelta(days=15),
    last=NOW,
    counts={(ACCEPT, ACCEPT): 900, (ACCEPT, TAG): 300, (ACCEPT, REVIEW): 300},
    judged={(ACCEPT, TAG): Judged(60, 45), (ACCEPT, REVIEW): Judged(120, 110)},
    read_by="Bo",
    read_leads=1_400,
)


class World:
    """Everything in memory: a ladder, one ruleset, its report, and Bo, who signs."""

    def __init__(self, report: ShadowReport | None = REPORT, signer: str | None = "bo", incidents: int = 0) -> None:
        self.at: dict[str, Standing] = {}
        self._report, self._signer = report, signer
        self.asked: list[tuple[str, Rung, str]] = []
        here: Any = self
        self.desk = LadderDesk(here, here, here, here, lambda: incidents, here)

    def now(self):
        return NOW

    def standings(self):
        return list(self.at.values())

    def move(self, standing):
        self.at[standing.subject] = standing

    def document(self, _digest):
        return LEARNED.document

    def report(self, digest, _most):
        if self._report is None:
            raise NotFoundError("never")
        assert digest == LEARNED.hash
        return self._report

    def signed(self, subject, rung, content):
        self.asked.append((subject, rung, content))
        return self._signer


def test_a_scorecard_climbs_rung_by_rung_as_far_as_its_evidence_goes():
    world = World()
    assert world.desk.step("x").lacking == ()
    first = world.desk.promote("x", "ana")
    assert (first.subject, first.rung, first.actor) == (subject_of_card(LEARNED), Rung.TAG, "ana")
    assert first.reason == "evidence over 1,500 leads, signed by bo"
    assert world.desk.promote("x", "ana").rung is Rung.REVIEW
    assert world.asked[-1] == (subject_of_card(LEARNED), Rung.REVIEW, LEARNED.hash)
    with pytest.raises(RefusedByPolicyError, match=r"15\.0 of 28 days.*no certificate"):
        world.desk.promote("x", "ana")
    assert world.desk.standings()[0].rung is Rung.REVIEW


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (World(signer="ana"), "two people"),
        (World(signer=None), "nobody has signed"),
        (World(incidents=1), "incidents are open"),
        (World(report=None), "0 of 500 leads"),
        (World(report=replace(REPORT, read_leads=10)), "difference report"),
        (World(report=replace(REPORT, judged={(ACCEPT, TAG): Judged(60, 20)})), "proven junk"),
    ],
)
def test_whatever_is_lacking_is_said_and_nothing_moves(world, words):
    with pytest.raises(RefusedByPolicyError, match=words):
        world.desk.promote("x", "ana")
    assert world.desk.standings() == ()


def test_down_goes_at_once_with_a_reason_and_never_up():
    world = World()
    world.desk.promote("x", "ana")
    with pytest.raises(InvalidInputError):
        world.desk.demote("x", "  ", "ana")
    with pytest.raises(ConflictError):
        world.desk.demote("x", "why", "ana", to=Rung.TAG)
    assert world.desk.demote("x", " odd ", "ana").rung is Rung.SHADOW
    assert world.desk.standings()[0].reason == "odd"
    with pytest.raises(ConflictError):
        world.desk.demote("x", "odd", "ana")


def test_a_rule_stands_for_itself():
    world = World()
    with pytest.raises(ConflictError, match="highest"):
        world.desk.promote("x", "ana", "r")
    assert world.desk.step("x", "r").lacking is None
    assert world.desk.demote("x", "odd", "ana", to=Rung.TAG, rule="r").subject == subject_of_rule(RULE)
    assert world.desk.promote("x", "ana", "r").rung is Rung.REVIEW
    with pytest.raises(NotFoundError, match="none"):
        world.desk.step("x", "none")


def test_nobody_signs_by_default():
    assert NobodySigns().signed("a", Rung.TAG, "hash") is None
