"""What a demo shows of governance: every desk has been used, and nothing is in force at the end that stops anything."""

import pytest

from tests.bootstrap.demo.test_life import rows
from winnow.bootstrap.desks import make_desks
from winnow.core.govern.ask import Question
from winnow.core.govern.consent import Act, Capture, State
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.signing import Kind, Side, Stage
from winnow.core.govern.systems import Mode, Status
from winnow.core.govern.terms import OWN_SYSTEM, Channel
from winnow.core.monitor.finding import Guard
from winnow.demo.rulebook import CALLER, ENRICHER, MARKETING, WRITER


@pytest.fixture(scope="module")
def desks(demo_service):
    return make_desks(demo_service)


@pytest.fixture
def name_of(desks):
    people = {each.id: each.name for each in desks.people.desk.all()}
    return people.__getitem__


def test_nothing_in_force_stops_anything(demo_service, desks):
    assert desks.stop.status().sentence == ""
    assert demo_service.live.paused(None) == ""
    assert desks.sign_offs.standing().lapsed == ()
    assert demo_service.live.ruleset().id == "house-2"


def test_the_register_shows_every_way_to_stand_in_it(desks, name_of):
    found = {each.system.id: each for each in desks.systems.all()}
    assert {name: (each.system.status, each.standing.mode) for name, each in found.items()} == {
        WRITER: (Status.LIVE, Mode.LIVE),
        ENRICHER: (Status.LIVE, Mode.SHADOW),
        CALLER: (Status.DRAFT, Mode.OFF),
        OWN_SYSTEM: (Status.LIVE, Mode.LIVE),
    }
    assert "its owner has left" in found[ENRICHER].standing.because[0]
    assert not found[ENRICHER].owner.scopes
    assert name_of(found[OWN_SYSTEM].system.owner) == "Leila Haddad"


def test_one_proposal_waits_and_the_others_are_history(desks, name_of):
    found = desks.signing.page(None, 20).items
    assert [(each.stage, each.filed.proposal.kind) for each in found] == [
        (Stage.PROPOSED, Kind.RULESET),
        (Stage.RETIRED, Kind.RULESET),
        (Stage.SIGNED, Kind.AI_SYSTEM),
        (Stage.SIGNED, Kind.AI_SYSTEM),
        (Stage.LIVE, Kind.RULESET),
    ]
    waiting, *signed = (desks.signing.told(each.filed.proposal.id) for each in found)
    assert [each.side for each in waiting.comments] == [Side.SALES, Side.LEGAL, Side.TECH]
    proposal = waiting.filed.proposal
    assert {"simulation", "shadow"} == proposal.attachments.keys()
    assert desks.signing.attachment(proposal.id, "simulation")["leads"] > 0
    assert all(each.filed.sign_offs for each in signed)
    assert {name_of(each.signer) for each in signed[-1].filed.sign_offs} == {"Jonas Brandt", "Aiko Tanaka"}
    assert not waiting.legal  # it has the policy that was agreed to


def test_consent_came_in_every_way(demo_service, desks):
    found = {(act, how) for act, how in rows(demo_service, "SELECT act, how FROM consent_events")}
    assert {
        (Act.GRANT, Capture.FORM),
        (Act.GRANT, Capture.VERBAL),
        (Act.OPT_OUT, Capture.FORM),
        (Act.OPT_OUT, Capture.REPLY),
        (Act.OPT_OUT, Capture.IMPORT),
        (Act.OPT_OUT, Capture.LINK),
        (Act.OPT_OUT, Capture.MERGE),
    } <= found
    ((subject,), *_) = rows(demo_service, "SELECT subject FROM consent_events WHERE how = 'verbal'")
    assert desks.consent.ledger.address(subject).kind is AddressKind.PHONE
    assert desks.consent.desk.standing(subject, Channel.PHONE, MARKETING).state is State.EXPIRED


def test_the_gate_has_permitted_and_refused_for_many_reasons(desks):
    answers = desks.gate.answers.page(None, 50)
    assert any(each.asked > 50 and 0 < each.granted < each.asked for each in answers)
    why = {question for each in answers for question in each.why or {}}
    assert why >= {
        Question.SYSTEM,
        Question.DATA,
        Question.OFF_LIMITS,
        Question.INFERENCE,
        Question.EXPLANATION,
        Question.CONSENT,
        Question.LISTS,
        Question.FREQUENCY,
    }
    assert any(each.asked == each.granted == 1 for each in answers)
    concluded = desks.gate.ai_decisions.page(None, 50, ENRICHER)
    assert len(concluded) >= 6
    assert all(each.decision.reasons for each in concluded)


def test_one_bad_day_and_a_drill(demo_service, desks, name_of):
    drill, stop = desks.stop.page(None, 10, drills=True).items[0], desks.stop.page(None, 10).items[-1]
    assert all(each.seconds is not None for each in drill.report.noticed)
    assert len(drill.report.noticed) == 2
    assert (name_of(stop.stop.by), name_of(stop.first.by), name_of(stop.second.by)) == (
        "Mika Aalto",
        "Jonas Brandt",
        "Aiko Tanaka",
    )
    assert len(rows(demo_service, "SELECT id FROM rollbacks WHERE done_at IS NOT NULL")) == 1
    (incident,) = (each for each in desks.guards.page(None, 100).items if each.guard is Guard.PERSON)
    assert name_of(incident.opened_by) == "Tomasz Zielinski"
    assert incident.lessons
    assert incident.opened_at < incident.contained_at < incident.fixed_at < incident.closed_at
    file = desks.incidents.file(incident.id)
    assert len([each for each in file.entries if each.kind == "incident.linked"]) == 2
