"""Hard stops hold back what they cannot check."""

import pytest

from winnow.core.outcome import Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy, PolicyValue
from winnow.errors import InvalidRulesetError


def stop(
    test: Operator = Operator.IS,
    value: PolicyValue = "fail",
    outcome: Outcome = Outcome.REJECT,
    *,
    name: str = "s1",
    owner: str = "Mia",
    text: str = "held",
    scopes: frozenset[Scope] = frozenset({Scope.SALES}),
) -> HardStop:
    return HardStop(name, "mail.dmarc", test, value, outcome, text, owner, scopes)


@pytest.mark.parametrize(
    ("test", "limit", "value", "holds"),
    [
        ("is", "fail", "fail", True),
        ("is", "fail", "pass", False),
        ("is", "fail", None, None),
        ("is", "fail", 3, None),
        ("is", 3, "3", None),
        ("is", True, True, True),
        ("is_not", "pass", "fail", True),
        ("is_not", "pass", "pass", False),
        ("is_not", "pass", None, None),
        ("at_least", 3, 3, True),
        ("at_least", 3, 2.9, False),
        ("at_least", "b", "a", False),
        ("at_most", 3, 3, True),
        ("at_most", 3, 4, False),
        ("at_most", 3, None, None),
    ],
)
def test_a_stop_holds_or_cannot_tell(
    test: str, limit: PolicyValue, value: PolicyValue | None, holds: bool | None
) -> None:
    assert stop(Operator(test), limit).holds(value) is holds


@pytest.mark.parametrize(
    ("values", "hits"),
    [
        ({"mail.dmarc": "fail"}, [(True, Outcome.REJECT)]),
        ({"mail.dmarc": "pass"}, []),
        ({"mail.dmarc": None}, [(False, Outcome.REVIEW)]),
        ({}, [(False, Outcome.REVIEW)]),
        ({"mail.dmarc": 7}, [(False, Outcome.REVIEW)]),
    ],
)
def test_what_cannot_be_checked_is_held_for_a_person(
    values: dict[str, PolicyValue | None], hits: list[tuple[bool, Outcome]]
) -> None:
    found = Policy(hard_stops=(stop(),)).stops(values)
    assert [(hit.verified, hit.outcome) for hit in found] == hits


@pytest.mark.parametrize("outcome", [Outcome.ACCEPT, Outcome.TAG])
def test_a_stop_must_stop(outcome: Outcome) -> None:
    with pytest.raises(InvalidRulesetError, match=f"has the outcome {outcome.word}; a stop must be review or reject"):
        stop(outcome=outcome)


@pytest.mark.parametrize("bad", [{"owner": ""}, {"text": ""}, {"scopes": frozenset()}])
def test_a_stop_needs_owner_text_and_scope(bad: dict[str, object]) -> None:
    with pytest.raises(InvalidRulesetError, match="`s1` lacks an owner, a text or a scope"):
        stop(**bad)  # type: ignore[arg-type]  # the table holds fitting types
