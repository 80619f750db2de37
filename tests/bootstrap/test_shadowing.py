"""A ruleset in shadow decides live leads beside the live one and changes nothing; roll-back brings the same bytes."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.support.cases import ruleset, small_card, starter
from tests.support.screening import a_lead
from tests.support.signing import put_live
from winnow.adapters.db.connections import reading
from winnow.adapters.db.learning_tables import shadow_decisions
from winnow.bootstrap.laddering import make_ladder, make_shadows
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.decide import decide
from winnow.core.learning.ladder import Rung
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome
from winnow.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, RefusedByPolicyError
from winnow.ports import Arrival
from winnow.services import screen
from winnow.services.ladder import GUARDS

ACCEPT, TAG, REVIEW, REJECT = Outcome
LEARNED = replace(small_card(), kind="learned")
BLOCKS = ListEntry(
    "block-1", ListAction.BLOCK, ListKind.EMAIL, "person1@bluebird.example", "Mia", "spam", source="rule"
)
STRICT = ruleset(id="strict", lists=(BLOCKS,))


@pytest.fixture
def service(tmp_path):
    running = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    yield running
    running.close()


def at_once(service):
    """Half a second passes."""
    service.live._checked = 0.0


def put_in(service, found):
    service.rulesets.add(found, "mia", service.clock.now())
    return found.hash


def decided(service, number, **fields):
    ((recorded,),) = service.intake.take([Arrival([a_lead(number, **fields)], [True])])
    return json.loads(recorded.decision)


def test_a_ruleset_in_shadow_decides_beside_the_live_one_without_effect(service):
    before = decided(service, 1, form_fill_seconds=60.0)
    desk, digest = make_shadows(service), put_in(service, STRICT)
    desk.start(digest[:12], 1.0, "mia")
    at_once(service)
    alike = decided(service, 1, id="again", form_fill_seconds=60.0)
    assert alike["outcome"] == before["outcome"]
    assert alike["ruleset"] == before["ruleset"]
    decided(service, 2, form_fill_seconds=1.0)
    decided(service, 3, form_fill_seconds=60.0)
    report = desk.report(digest)
    assert report.leads == 3
    # person1 is on a list that only the ruleset in shadow has
    assert [(each.lead, each.shadow) for each in report.changed if each.lead == "again"] == [("again", REVIEW)]
    desk.stop(digest, "mia")
    at_once(service)
    decided(service, 4)
    assert desk.report(digest).leads == 3


def test_a_shadow_that_fails_harms_nobody_and_is_counted(service, monkeypatch):
    desk, digest = make_shadows(service), put_in(service, STRICT)
    desk.start(digest, 1.0, "mia")
    at_once(service)

    def broken(lead, facts, found, *, shadow=False):
        if found.id == "strict":
            raise RuntimeError("a bug")
        return decide(lead, facts, found, shadow=shadow)

    with monkeypatch.context() as patch:
        patch.setattr(screen, "decide", broken)
        assert decided(service, 1)["outcome"] == "accept"
    monkeypatch.setattr(service.rulesets, "ruleset", lambda _: 1 / 0)
    desk.start(digest, 1.0, "mia")
    at_once(service)
    assert decided(service, 2)["outcome"] == "accept"
    assert (desk.report(digest).leads, desk.report(digest).failed) == (0, 2)


def test_only_a_share_is_decided_and_without_any_shadow_nothing_is_written(service):
    decided(service, 1)
    desk, digest = make_shadows(service), put_in(service, STRICT)
    with reading(service.engine) as connection:
        assert connection.execute(select(shadow_decisions)).all() == []
    desk.start(digest, 0.5, "mia")
    at_once(service)
    for number in range(2, 42):
        decided(service, number)
    assert 8 <= desk.report(digest).leads <= 32


def test_what_cannot_be_put_in_shadow_is_refused(service):
    desk, digest = make_shadows(service), put_in(service, STRICT)
    for share in (0.0, 1.5, -1.0, float("nan")):
        with pytest.raises(InvalidInputError):
            desk.start(digest, share, "mia")
    with pytest.raises(NotFoundError):
        desk.report(digest)
    for number in range(3):
        desk.start(put_in(service, replace(STRICT, id=f"s{number}")), 1.0, "mia")
    with pytest.raises(ConflictError, match="3 rulesets"):
        desk.start(digest, 1.0, "mia")
    desk.start(put_in(service, replace(STRICT, id="s1")), 0.5, "mia")  # one of the three begins anew
    assert len(desk.running()) == 3
    with pytest.raises(ConflictError, match="over 0 leads"):
        desk.read(put_in(service, replace(STRICT, id="s1")), 5, "Bo")


# ── roll-back ────────────────────────────────────────────────────────────────────────────────────


def test_rolling_back_brings_the_same_hash_and_the_same_decisions(service):
    def answers():
        at_once(service)
        live = service.live.ruleset()
        found = [decide(lead, facts, live) for lead, facts in asked]
        return live.hash, found

    asked = [
        (each, facts)
        for each, facts in screen.Screener(service.intake._facts, starter()).looked_up(
            [a_lead(number, form_fill_seconds=float(number % 7)) for number in range(40)]
        )
    ]
    now = service.clock.now()
    put_live(service, ruleset(), now=now)
    first = answers()
    put_live(service, replace(starter(), id="other"), now=now)
    assert answers()[0] != first[0]
    put_live(service, ruleset(), now=now)
    assert answers() == first


# ── ladder ───────────────────────────────────────────────────────────────────────────────────────


def test_a_learned_scorecard_does_what_its_rung_allows_from_the_next_moment_on(service):
    ladder, learned = make_ladder(service), ruleset(id="learned", scorecard=LEARNED)
    put_live(service, learned)
    at_once(service)
    hasty = {"form_fill_seconds": 1.0}
    assert decided(service, 1, **hasty)["outcome"] == "review"
    assert ladder.fallen("guard `conversion`, incident 1").rung is Rung.REVIEW
    at_once(service)
    assert decided(service, 2, **hasty)["outcome"] == "review"
    assert ladder.fallen("incident 2").rung is Rung.SHADOW
    at_once(service)
    after = decided(service, 3, **hasty)
    assert (after["outcome"], after["score"]) == ("accept", decided(service, 4, **hasty)["score"])
    assert ladder.fallen("incident 3") is None
    (standing,) = ladder.standings()
    assert (standing.actor, standing.reason, standing.subject) == (
        GUARDS,
        "incident 2",
        f"scorecard {learned.scorecard_hash}",
    )


def test_a_hand_set_scorecard_does_not_fall(service):
    assert make_ladder(service).fallen("incident") is None


def test_nothing_climbs_while_nobody_can_sign(service):
    ladder, digest = make_ladder(service), put_in(service, ruleset(id="learned", scorecard=LEARNED))
    step = ladder.step(digest)
    assert (step.rung, step.next, (step.lacking or ("",))[-1]) == (Rung.SHADOW, Rung.TAG, "nobody has signed")
    with pytest.raises(RefusedByPolicyError, match="nobody has signed"):
        ladder.promote(digest, "mia")
    with pytest.raises(NotAllowedError, match="stands in shadow"):
        ladder.may_activate(ruleset(scorecard=LEARNED), "mia")
    assert ladder.may_activate(ruleset(), "mia")
