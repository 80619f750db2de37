"""The gate: every question is answered, and only yes to all of them lets anything through."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from winnow.core.govern.ask import NOT_READ, Ask, Common, Grant, OfPerson, Question, Refusal
from winnow.core.govern.consent import EXPRESS, Ground, Standing, State
from winnow.core.govern.gate import MOST_AGE, Prepared, may
from winnow.core.govern.gate_person import scope_of
from winnow.core.govern.gate_system import explains
from winnow.core.govern.limits import Cap, ConsentRule, Limits, Proxy, Purpose, PurposeKind
from winnow.core.govern.packs import Hours, LawPack, LawRule
from winnow.core.govern.stop import UNREADABLE, Stop, Stops, StopScope
from winnow.core.govern.systems import AiSystem, Mode, Status
from winnow.core.govern.systems import Standing as SystemStanding
from winnow.core.govern.terms import Action, Answer, Channel, Needed
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SYSTEM = AiSystem(
    "mailer", "Mailer", "writes mail", "1", frozenset({"marketing", "service", "support", "ads"}), "us_owner",
    None, frozenset({"contact", "health", "custom.parish"}), frozenset(), frozenset(Action), frozenset(Channel),
    status=Status.LIVE,
)  # fmt: skip
PURPOSES = (
    Purpose("marketing", PurposeKind.MARKETING, channels=frozenset({Channel.EMAIL, Channel.PHONE})),
    Purpose("service", PurposeKind.SERVICE, data=frozenset({"contact", "health", "custom.parish"})),
    Purpose("support", PurposeKind.SERVICE),
)
OWN_YES = ConsentRule("yes-first", Needed.EXPRESS, "We ask first.", purposes=frozenset({"marketing"}))
LIMITS = Limits(purposes=PURPOSES, packs=(), consent=(OWN_YES,))
COMMON = Common(NOW, Stops(1), SYSTEM, SystemStanding(Mode.LIVE), LIMITS, (), frozenset(), "us_officer")
AGREED = Standing(State.GRANTED, EXPRESS, None, "agreed", (1,), (Ground(EXPRESS, NOW, None, False, 1),))
PERSON = OfPerson("DE", AGREED, (), frozenset({13}), {})
ASK = Ask("mailer", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), (), "the newsletter she asked for")


def stands(state: State, why: str = "said so") -> Standing:
    return Standing(state, None, None, why, (1,))


def answers(ask: Any = ASK, common: Any = COMMON, person: Any = PERSON, now: datetime = NOW) -> dict[str, str]:
    found = may(ask, common, person, now)
    assert isinstance(found, Grant) is all(check.answer is Answer.YES for check in found.checks)
    assert [check.question for check in found.checks] == list(Question)
    return {check.question.value: check.answer.value for check in found.checks if check.answer is not Answer.YES}


def the_refusal(question: str, **given: Any) -> Any:
    found = may(given.get("ask", ASK), given.get("common", COMMON), given.get("person", PERSON), NOW)
    assert isinstance(found, Refusal)
    (check,) = [each for each in found.failing if each.question == question]
    return check


def test_yes_to_everything_is_a_grant():
    assert isinstance(may(ASK, COMMON, PERSON, NOW), Grant)
    assert ASK.document["channel"] == "email"
    assert answers() == {}


# ── the known trap ───────────────────────────────────────────────────────────────────────────────
# Policy engines evaluate `not person.opted_out` to true, or skip the rule, when the attribute is missing, is the text
# "no", is 0 or null, is nested, or was renamed. Here whatever is no standing is no answer, and no answer is no yes.


@dataclass
class Renamed:
    """What a source gives that calls the attribute something else."""

    opted_out: bool = False
    place: str = "DE"
    hits: tuple[()] = ()
    local_hours: frozenset[int] = frozenset()


TRAPS: dict[str, Any] = {
    "missing": OfPerson("DE", hits=(), local_hours=frozenset({13}), contacts={}),
    "the text no": PERSON._replace(consent="no"),  # type: ignore[arg-type]
    "the text granted": PERSON._replace(consent="granted"),  # type: ignore[arg-type]
    "zero": PERSON._replace(consent=0),  # type: ignore[arg-type]
    "false": PERSON._replace(consent=False),  # type: ignore[arg-type]
    "null": PERSON._replace(consent=None),  # type: ignore[arg-type]
    "nested": PERSON._replace(consent={"consent": AGREED}),  # type: ignore[arg-type]
    "in a list": PERSON._replace(consent=[AGREED]),  # type: ignore[arg-type]
    "a state that is a number": PERSON._replace(consent=replace(AGREED, state=0)),  # type: ignore[arg-type]
    "a state that is a word": PERSON._replace(consent=replace(AGREED, state="granted")),  # type: ignore[arg-type]
    "renamed": Renamed(),
    "an empty object": object(),
    "nothing": None,
}


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("rule", [OWN_YES, None], ids=["a yes is needed", "only a no is heeded"])
def test_a_missing_or_mistyped_opt_out_is_never_taken_for_none(trap, rule):
    common = replace(COMMON, limits=replace(LIMITS, consent=(rule,) if rule else ()))
    assert answers(common=common, person=TRAPS[trap])["consent"] == "unknown"


def test_asking_many_does_not_mix_up_people():
    prepared = Prepared(ASK, COMMON, NOW)
    people = [PERSON, *TRAPS.values(), PERSON, PERSON._replace(consent=stands(State.OPTED_OUT)), PERSON] * 2
    found = [isinstance(prepared.of(each), Grant) for each in people]
    assert found == [each is PERSON for each in people]


# ── what is the same for everybody ───────────────────────────────────────────────────────────────


def stop(scope: StopScope = StopScope.ALL, target: str = "") -> Stops:
    return Stops(2, (Stop("stop_1", scope, target, "us_boss", NOW, "too many complaints"),))


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        (stop(), "no"),
        (stop(StopScope.ACTION, "contact"), "no"),
        (stop(StopScope.SYSTEM, "mailer"), "no"),
        (stop(StopScope.SYSTEM, "other"), None),
        (stop(StopScope.SOURCE, "website"), None),
        (UNREADABLE, "no"),
        (NOT_READ, "unknown"),
        (None, "unknown"),
        ((), "unknown"),
        (replace(stop(), standing=None), "unknown"),  # type: ignore[arg-type]
        (Stops(1, ("stop",)), "unknown"),  # type: ignore[arg-type]
    ],
)
def test_a_stop_stops_and_so_does_one_that_cannot_be_read(stops, said):
    assert answers(common=replace(COMMON, stops=stops)).get("stop") == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"system": None, "standing": None}, "no"),
        ({"system": NOT_READ}, "unknown"),
        ({"system": "mailer"}, "unknown"),
        ({"system": replace(SYSTEM, id="other")}, "unknown"),
        ({"standing": None}, "unknown"),
        ({"standing": True}, "unknown"),
        ({"standing": SystemStanding(Mode.SHADOW, ("nobody owns it",))}, "no"),
        ({"standing": SystemStanding(Mode.OFF)}, "no"),
        ({"system": replace(SYSTEM, purposes=frozenset())}, "no"),
        ({"system": replace(SYSTEM, actions=frozenset())}, "no"),
        ({"system": replace(SYSTEM, channels=frozenset())}, "no"),
        ({"system": replace(SYSTEM, inputs=frozenset())}, "no"),
    ],
)
def test_only_a_system_that_is_registered_for_this_and_live_may(changed, said):
    assert answers(common=replace(COMMON, **changed)) == {"ai-system": said}


def test_a_refusal_says_what_who_and_what_can_be_done():
    check = the_refusal("ai-system", common=replace(COMMON, standing=SystemStanding(Mode.SHADOW, ("nobody owns it",))))
    assert check.what == "the system may not act: nobody owns it"
    assert (check.owner, check.fix) == ("us_owner", "do what the register says is missing")
    check = the_refusal("purpose", ask=replace(ASK, purpose="surveys"))
    assert check.owner == "us_officer"
    assert check.because[0].id == "policy.purposes"
    assert "a second person has to sign" in check.fix
    assert check.document["answer"] == "no"
    check = the_refusal("stop", common=replace(COMMON, stops=stop()))
    assert (check.what, check.owner) == ("a kill switch is engaged: too many complaints", "us_boss")


@pytest.mark.parametrize("field", ["system", "standing", "stops", "limits", "packs", "off_limits"])
def test_no_fact_can_be_missing(field):
    missing: dict[str, Any] = {field: NOT_READ}
    assert "unknown" in answers(common=replace(COMMON, **missing)).values()


@pytest.mark.parametrize(
    "read_at",
    [
        NOT_READ,
        None,
        "2026-11-22",
        NOW - MOST_AGE - timedelta(seconds=1),
        NOW + timedelta(seconds=1),
        NOW.replace(tzinfo=None),
    ],
)
def test_what_is_old_is_not_known(read_at):
    assert answers(common=replace(COMMON, read_at=read_at)) == {question.value: "unknown" for question in Question}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"purpose": "surveys"}, {"purpose": "no", "data": "unknown", "ai-system": "no"}),
        ({"channel": Channel.SMS}, {"purpose": "no"}),
        ({"channel": None}, {"purpose": "unknown"}),
        ({"channel": "email!"}, {"purpose": "unknown"}),
        ({"data": ()}, {"data": "no"}),
        ({"data": ("contact", "health")}, {"data": "no"}),
        ({"data": ("contact", 7)}, {"data": "unknown", "off-limits": "unknown"}),
        ({"data": "contact"}, {"data": "unknown", "off-limits": "unknown"}),
        ({"inferences": ("likely pregnant",)}, {"inference": "no"}),
        ({"inferences": ("",)}, {"inference": "unknown"}),
        ({"inferences": ("likely buyer",)}, {}),
        ({"explanation": ""}, {"explanation": "no"}),
        ({"explanation": "n/a"}, {"explanation": "no"}),
        ({"explanation": None}, {"explanation": "unknown"}),
    ],
)
def test_what_is_asked_has_to_be_allowed(changed, said):
    found = answers(replace(ASK, **changed))
    assert {name: found.get(name) for name in said} == said
    assert bool(said) is bool(found)


@pytest.mark.parametrize(
    ("limits", "fields", "data"),
    [
        ({"categories": frozenset({"health"})}, frozenset(), "health"),
        ({"proxies": (Proxy("custom.parish", "religion"),)}, frozenset(), "custom.parish"),
        ({}, frozenset({"custom.parish"}), "custom.parish"),
    ],
)
def test_nothing_off_limits_is_used_whatever_the_purpose_allows(limits, fields, data):
    common = replace(COMMON, limits=replace(LIMITS, **limits), off_limits=fields)
    assert answers(replace(ASK, purpose="service", data=(data,)), common)["off-limits"] == "no"
    assert "off-limits" not in answers(replace(ASK, purpose="service", data=(data,)))


@pytest.mark.parametrize(("text", "enough"), [("she asked us", True), ("1 2 3 4", False), ("yes - - !", False)])
def test_an_explanation_is_made_of_words(text, enough):
    assert explains(text) is enough


# ── what is about one person ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("standing", "with_yes", "with_no_alone"),
    [
        (AGREED, None, None),
        (stands(State.UNKNOWN), "unknown", None),
        (stands(State.EXPIRED), "no", None),
        (stands(State.BARRED), "no", "no"),
        (stands(State.OPTED_OUT), "no", "no"),
        (stands(State.OBJECTED), "no", "no"),
        (replace(AGREED, grounds=()), "no", None),
        (replace(AGREED, grounds=(Ground(EXPRESS, NOW, NOW, False, 1),)), "no", None),
        (replace(AGREED, grounds=(Ground("purchase", None, None, False, 1),)), "no", None),
    ],
)
def test_consent_has_to_be_what_is_needed(standing, with_yes, with_no_alone):
    person = PERSON._replace(consent=standing)
    assert answers(person=person).get("consent") == with_yes
    lenient = replace(COMMON, limits=replace(LIMITS, consent=()))
    assert answers(common=lenient, person=person).get("consent") == with_no_alone


def test_a_refusal_for_consent_says_why_and_what_is_needed():
    check = the_refusal("consent", person=PERSON._replace(consent=stands(State.OPTED_OUT, "the person opted out")))
    assert check.what == "the person opted out; needed is the person's own yes"
    assert (check.because[0].text, check.owner) == ("We ask first.", "us_officer")
    assert "evidence" in check.fix
    check = the_refusal("consent", person=PERSON._replace(consent=stands(State.UNKNOWN)))
    assert check.fix.startswith("ask the person for it")
    waits = replace(stands(State.OPTED_OUT), waits=True)
    assert the_refusal("consent", person=PERSON._replace(consent=waits)).fix.startswith("have the person confirm it")
    never = ConsentRule("never", Needed.PROHIBITED, "We never do this.")
    common = replace(COMMON, limits=replace(LIMITS, consent=(never,)))
    assert the_refusal("consent", common=common).fix == "take another channel, or another purpose"


@pytest.mark.parametrize(("action", "kind"), [(Action.SCORE, None), (Action.TRAIN, None), (Action.SHARE, "unknown")])
def test_what_is_no_contact_goes_on_until_somebody_objects_to_it_all(action, kind):
    ask = replace(ASK, action=action, channel=None)
    for state, said in ((State.OBJECTED, "no"), (State.UNKNOWN, kind), (State.GRANTED, None)):
        standing = AGREED if state is State.GRANTED else stands(state)
        common = replace(COMMON, limits=replace(LIMITS, purposes=(Purpose("marketing", PurposeKind.MARKETING),)))
        assert answers(ask, common, PERSON._replace(consent=standing)).get("consent") == said, state


def entry(action: ListAction = ListAction.BLOCK, **changed: Any) -> ListEntry:
    given = {
        "id": "le_1",
        "kind": ListKind.EMAIL,
        "value": "a@b.example",
        "owner": "us_o",
        "reason": "asked",
        **changed,
    }
    return ListEntry(action=action, **given)


@pytest.mark.parametrize(
    ("hits", "purpose", "said"),
    [
        ((entry(),), "marketing", "no"),
        ((entry(scopes=frozenset({Scope.SALES})),), "marketing", None),
        ((entry(), entry(ListAction.ALLOW, id="le_2")), "marketing", None),
        ((entry(expires_at=NOW),), "marketing", None),
        ((entry(),), "service", None),
        ((entry(scopes=frozenset(Scope)),), "support", None),
        (NOT_READ, "marketing", "unknown"),
        (None, "marketing", "unknown"),
        (("a@b.example",), "marketing", "unknown"),
        ([], "marketing", "unknown"),
    ],
)
def test_who_is_on_a_block_list_is_left_alone(hits, purpose, said):
    assert answers(replace(ASK, purpose=purpose), person=PERSON._replace(hits=hits)).get("block-lists") == said


def test_a_block_may_count_for_a_purpose_of_the_same_name():
    limits = replace(LIMITS, block_scopes=frozenset({Scope.SUPPORT}))
    assert scope_of(PURPOSES[2], limits) is Scope.SUPPORT
    assert scope_of(PURPOSES[0], limits) is None
    assert scope_of(PURPOSES[0], LIMITS) is Scope.MARKETING
    assert scope_of(PURPOSES[1], LIMITS) is None
    assert scope_of(Purpose("newsletter", PurposeKind.MARKETING), LIMITS) is Scope.MARKETING


def calling(hours: Hours | None) -> Common:
    rule = LawRule(
        "hours", "§ 1", NOW.date(), frozenset({"DE"}), "Not at night.", "the law", channels=frozenset({Channel.PHONE}),
        hours=hours,
    )  # fmt: skip
    return replace(COMMON, packs=(LawPack("test", "Test", NOW.date(), (rule,)),))


@pytest.mark.parametrize(
    ("local", "said"),
    [
        (frozenset({8}), None),
        (frozenset({20}), None),
        (frozenset({21}), "no"),
        (frozenset({7, 8}), "no"),
        (frozenset(), "unknown"),
        (frozenset({"8"}), "unknown"),
        (NOT_READ, "unknown"),
        (None, "unknown"),
    ],
)
def test_people_are_called_by_their_own_day(local, said):
    ask, person = replace(ASK, channel=Channel.PHONE), PERSON._replace(local_hours=local)
    assert answers(ask, calling(Hours(8, 21)), person).get("calling-hours") == said
    assert "calling-hours" not in answers(ask, calling(None), person)


@pytest.mark.parametrize(
    ("contacts", "said"),
    [
        ({"week": 1}, None),
        ({"week": 2}, "no"),
        ({"week": 3}, "no"),
        ({}, "unknown"),
        ({"week": None}, "unknown"),
        ({"week": "1"}, "unknown"),
        ({"week": True}, "unknown"),
        ({"week": -1}, "unknown"),
        (NOT_READ, "unknown"),
        (1, "unknown"),
    ],
)
def test_nobody_is_contacted_more_often_than_the_policy_says(contacts, said):
    common = replace(COMMON, limits=replace(LIMITS, caps=(Cap("week", 2, 7),)))
    assert answers(common=common, person=PERSON._replace(contacts=contacts)).get("frequency") == said
    scored = replace(ASK, action=Action.SCORE)
    assert "frequency" not in answers(scored, common, PERSON._replace(contacts=contacts))


def test_memory_of_answers_is_bounded(monkeypatch):
    monkeypatch.setattr("winnow.core.govern.gate._MOST_ALIKE", 1)
    prepared = Prepared(ASK, COMMON, NOW)
    first, second = prepared.of(PERSON), prepared.of(PERSON._replace(contacts={"x": 1}))
    assert len(prepared._alike) == 1
    assert prepared.of(PERSON) is first
    assert isinstance(second, Grant)
