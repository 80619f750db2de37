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
from winnow.services.ladder import LadderDesk

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
        self.meanwhile: list[Standing] = []  # what others do between a look and a step
        here: Any = self
        self.desk = LadderDesk(here, here, here, here, lambda: incidents, here)

    def now(self):
        return NOW

    def standings(self):
        return list(self.at.values())

    def move(self, standing, was):
        for other in self.meanwhile:
            self.at[other.subject] = other
        self.meanwhile = []
        there = self.at.get(standing.subject)
        if was != (there and there.rung):
            raise ConflictError("moved meanwhile")
        self.at[standing.subject] = standing

    def live(self):
        return LEARNED

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


def stands(rung):
    return Standing(subject_of_card(LEARNED), rung, NOW, "guards", "incident")


def test_a_step_up_never_undoes_a_fall_that_came_between():
    world = World()
    world.desk.promote("x", "ana")
    world.meanwhile = [stands(Rung.SHADOW)]
    with pytest.raises(ConflictError):
        world.desk.promote("x", "ana")
    assert [each.rung for each in world.desk.standings()] == [Rung.SHADOW]


def test_a_guards_finding_always_takes_effect():
    world = World()
    assert world.desk.fallen("incident").rung is Rung.REVIEW
    world.meanwhile = [stands(Rung.TAG)]
    assert world.desk.fallen("incident").rung is Rung.SHADOW
    assert world.desk.fallen("incident") is None


def test_to_reject_it_is_judged_by_the_leads_it_would_reject():
    certified = replace(
        REPORT,
        first=NOW - timedelta(days=40),
        counts={(ACCEPT, REJECT): 900, (ACCEPT, REVIEW): 1_600},
        judged={(ACCEPT, REVIEW): Judged(400, 280), (ACCEPT, REJECT): Judged(700, 699)},
        read_leads=2_500,
    )
    world = World(certified)
    world.at[subject_of_card(LEARNED)] = stands(Rung.REVIEW)
    assert world.desk.step("x").lacking == ("no certificate lets it reject by score",)
    world.desk.demote("x", "odd", "ana", to=Rung.REVIEW, rule="r")
    assert world.desk.step("x", "r").lacking == ()  # a rule rejects by its condition, which no certificate is about
