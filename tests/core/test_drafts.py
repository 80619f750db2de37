"""Quickly made frozen objects are frozen objects like any other."""

import pickle
from dataclasses import FrozenInstanceError, astuple, dataclass, fields, replace

import pytest

from winnow.core.decide import Decision
from winnow.core.drafts import draft_of, filled
from winnow.core.facts import EmailFacts, Facts


@dataclass(frozen=True, slots=True)
class Pair:
    first: int
    second: str = "b"


def test_a_quickly_made_object_equals_a_slowly_made_one():
    quick, slow = filled(Pair)(1, "c"), Pair(1, "c")
    assert type(quick) is Pair
    assert quick == slow
    assert hash(quick) == hash(slow)
    assert repr(quick) == repr(slow)
    assert replace(quick, first=2) == Pair(2, "c")
    assert pickle.loads(pickle.dumps(quick)) == slow


def test_nobody_can_set_a_field_afterwards():
    quick = filled(Pair)(1, "c")
    with pytest.raises(FrozenInstanceError):
        quick.first = 2  # type: ignore[misc]  # what must not work


def test_every_field_must_be_given():
    with pytest.raises(TypeError):
        filled(Pair)(1)


def test_a_draft_has_the_slots_and_no_guard():
    draft = draft_of(Pair)()
    draft.first = 7
    assert draft.first == 7
    with pytest.raises(AttributeError):
        draft.third = 1


@pytest.mark.parametrize("cls", [EmailFacts, Facts, Decision])
def test_the_classes_it_is_used_for(cls):
    values = tuple(range(len(fields(cls))))
    assert astuple(filled(cls)(*values)) == values
