"""What a stop covers, and what may be stopped."""

from typing import Any

import pytest

from tests.support.cases import NOW
from winnow.core.govern.stop import UNREADABLE, Halt, Stop, Stops, StopScope, checked_target, checked_words, need_known
from winnow.core.govern.terms import OWN_SYSTEM, Action
from winnow.errors import InvalidInputError

HASH = "0123456789abcdef" * 4


def stop(scope: str, target: str = "", name: str = "stop_1") -> Stop:
    return Stop(name, StopScope(scope), target, "us_1", NOW, "because")


ACT: dict[str, Any] = {"source": "web", "action": Action.REJECT, "system": "ai_1", "rule": "r1", "scorecard": HASH}


@pytest.mark.parametrize(
    ("scope", "target", "missed"),
    [
        ("source", "web", {"source": "fair"}),
        ("action", "reject", {"action": Action.CONTACT}),
        ("ai-system", "ai_1", {"system": "ai_2"}),
        ("rule", "r1", {"rule": "r2"}),
        ("scorecard", HASH, {"scorecard": "f" * 64}),
        ("scorecard", HASH[:8], {"scorecard": "f" * 64}),
    ],
)
def test_a_stop_of_one_thing_covers_acts_that_have_to_do_with_it(scope, target, missed):
    stops = Stops(1, (stop(scope, target),))
    assert stops.covers(**ACT) is stops.standing[0]
    assert stops.covers(**{**ACT, **missed}) is None
    assert stops.covers() is None


def test_a_stop_of_everything_covers_everything_and_nothing_in_force_covers_nothing():
    whole = stop("all")
    assert Stops(1, (whole,)).covers() is whole
    assert Stops(1, (stop("rule", "r9"), whole)).covers(**ACT) is whole
    assert Stops(1).covers(**ACT) is None


def test_what_cannot_be_read_is_stopped():
    assert UNREADABLE.number is None
    assert UNREADABLE.covers() is not None
    assert UNREADABLE.halts("web")[0].scope is StopScope.ALL


def test_of_deciding_a_lead_only_that_is_stopped_which_has_to_do_with_it():
    kinds = {"all": "", "source": "web", "ai-system": "ai_1", "rule": "r"}
    standing = (*[stop(scope, target) for scope, target in kinds.items()], stop("source", "fair"))
    said = "because (stop_1)"
    assert Stops(5, standing).halts("web") == (
        Halt(StopScope.ALL, "", said),
        Halt(StopScope.SOURCE, "web", said),
        Halt(StopScope.RULE, "r", said),
    )
    assert [halt.scope for halt in Stops(5, standing).halts(None)] == [StopScope.ALL, StopScope.RULE]


def test_screening_is_an_ai_system_too_and_stops_like_one():
    own = Halt(StopScope.SYSTEM, OWN_SYSTEM, "because (stop_1)")
    assert Stops(5, (stop("ai-system", OWN_SYSTEM), stop("ai-system", "ai_1"))).halts("web") == (own,)


@pytest.mark.parametrize(
    ("scope", "target", "kept"),
    [
        ("all", " ", ""),
        ("source", " web ", "web"),
        ("action", "reject", "reject"),
        ("scorecard", "0123abcd", "0123abcd"),
        ("rule", "r1", "r1"),
    ],
)
def test_a_target_is_kept_without_blanks(scope, target, kept):
    assert checked_target(StopScope(scope), target) == kept


@pytest.mark.parametrize(
    ("scope", "target", "said"),
    [
        ("all", "web", "names nothing"),
        ("source", " ", "names it"),
        ("source", "x" * 201, "names it"),
        ("rule", "a\nb", "names it"),
        ("action", "breathe", "`breathe` is no action"),
        ("scorecard", "0123abc", "at least 8 digits"),
        ("scorecard", "not a hash", "at least 8 digits"),
    ],
)
def test_a_target_that_nothing_could_meet_is_refused(scope, target, said):
    with pytest.raises(InvalidInputError, match=said):
        checked_target(StopScope(scope), target)


def test_words_are_asked_for_and_hold_no_address():
    assert checked_words(" leads of lead 5 ", "reason", "say why") == "leads of lead 5"
    for text, said in ((" ", "blanks"), ("x" * 2001, "longer than 2,000"), ("ask ana@acme.example", "mail address")):
        with pytest.raises(InvalidInputError, match=said):
            checked_words(text, "reason", "say why")


@pytest.mark.parametrize(
    ("scope", "name", "known", "fix"),
    [
        ("rule", "mailing", {"mailing", "automated"}, None),
        ("rule", "mailng", {"mailing", "automated"}, "`mailing` is the closest"),
        ("rule", "mail", {"automated"}, "name one there is, or stop everything"),
        ("rule", "MAILING", {"mailing"}, "stop everything"),
        ("scorecard", "0123abcd", {"0123abcd" * 8}, None),
        ("scorecard", "123abcd0", {"0123abcd" * 8}, "stop everything"),
        ("ai-system", "writer", {"write"}, "`write` is the closest"),
        ("ai-system", "anything", None, None),
        ("ai-system", "anything", (), "stop everything"),
    ],
)
def test_what_there_is_not_cannot_be_stopped(scope, name, known, fix):
    if fix is None:
        need_known(StopScope(scope), name, known)
        return
    with pytest.raises(InvalidInputError, match="nothing was stopped") as refused:
        need_known(StopScope(scope), name, known)
    assert fix in str(refused.value.fix)
    assert refused.value.where == "target"
