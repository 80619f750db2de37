"""Four outcomes in order of severity, five scopes in two groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.outcome import ACQUISITION_SCOPES, SERVICE_SCOPES, Outcome, Scope


def test_outcomes_are_ordered_by_severity():
    assert Outcome.ACCEPT < Outcome.TAG < Outcome.REVIEW < Outcome.REJECT
    assert [outcome.word for outcome in Outcome] == ["accept", "tag", "review", "reject"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_is_read_from_its_word(outcome):
    assert Outcome.parse(outcome.word) is outcome
    assert Outcome.parse(outcome.word.upper()) is outcome


@pytest.mark.parametrize("word", ["", "block", "accepted", "0", " accept", "réject"])
def test_any_other_word_is_refused(word):
    with pytest.raises(ValueError, match=r"is not an outcome; use one of accept, tag, review, reject") as caught:
        Outcome.parse(word)
    assert str(caught.value).startswith(f"`{word}`")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@given(st.lists(st.sampled_from(Outcome)))
def test_the_severest_of_several_is_among_them_and_none_is_worse(outcomes):
    worst = Outcome.severest(outcomes)
    assert worst in [*outcomes, *([] if outcomes else [Outcome.ACCEPT])]
    assert all(outcome <= worst for outcome in outcomes)


def test_every_scope_either_wins_customers_or_serves_them():
    assert set(Scope) == ACQUISITION_SCOPES | SERVICE_SCOPES
    assert frozenset() == ACQUISITION_SCOPES & SERVICE_SCOPES
    assert [scope.value for scope in Scope] == ["sales", "marketing", "support", "billing", "portal"]
