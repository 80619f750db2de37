"""The wizard: what answers come to, and what is refused."""

import pytest

from winnow.core.govern.risk import HIGH_RISK_PACK, QUESTIONS, Risk, Trait, answers_of, assess, traits_of
from winnow.errors import InvalidInputError, RefusedByPolicyError

NONE: dict[str, list[str]] = {question.id: [] for question in QUESTIONS}


@pytest.mark.parametrize(
    ("traits", "risk"),
    [
        (set(), Risk.MINIMAL),
        ({Trait.SCORES}, Risk.LIMITED),
        ({Trait.TALKS, Trait.ALONE}, Risk.LIMITED),
        *(({trait, Trait.SCORES}, Risk.HIGH) for trait in QUESTIONS[0].choices),
        *(({trait}, Risk.HIGH) for trait in QUESTIONS[1].choices),
    ],
)
def test_the_gravest_answer_decides_and_each_says_why(traits, risk):
    found = assess(frozenset(traits), [HIGH_RISK_PACK])
    assert found.risk is risk
    assert {each.trait for each in found.because} == traits
    assert all(each.text and each.source for each in found.because)


@pytest.mark.parametrize("trait", QUESTIONS[0].choices)
def test_what_bears_on_lives_is_refused_without_the_pack_for_it(trait):
    found = assess(frozenset({trait}))
    with pytest.raises(RefusedByPolicyError, match=HIGH_RISK_PACK):
        found.need_allowed()
    assess(frozenset({trait}), [HIGH_RISK_PACK]).need_allowed()


@pytest.mark.parametrize("trait", [Trait.EXPLOITS, Trait.SOCIAL_SCORING])
def test_what_is_forbidden_no_pack_makes_right(trait):
    with pytest.raises(RefusedByPolicyError, match="whatever the policy says"):
        assess(frozenset({trait}), [HIGH_RISK_PACK]).need_allowed()


def test_every_trait_is_asked_for_once():
    asked = [trait for question in QUESTIONS for trait in question.choices]
    assert sorted(asked) == sorted(Trait)


def test_answers_and_traits_are_the_same_thing():
    every = frozenset(Trait)
    assert traits_of(answers_of(every)) == every
    assert traits_of(NONE) == frozenset()


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({}, "answers"),
        ({**NONE, "mood": ["sad"]}, "answers"),
        ({**NONE, "people": ["credit"]}, "answers.people"),
    ],
)
def test_a_question_left_out_is_no_answer(answers, where):
    with pytest.raises(InvalidInputError) as raised:
        traits_of(answers)
    assert raised.value.where == where
