"""What a reviewer may say, and what follows."""

from datetime import timedelta

import pytest

from tests.support.cases import NOW
from winnow.core.outcome import Outcome
from winnow.core.review.disposition import (
    LET_THROUGH,
    LONGEST_NOTE,
    REJECT_REASONS,
    STANDS,
    Spoken,
    second_wanted,
    text_of,
    verdict,
)
from winnow.errors import InvalidInputError

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize("why", REJECT_REASONS)
def test_a_reason_is_named_by_its_code_or_by_its_key(why):
    for name in (why.code, str(why.key)):
        said = verdict(Outcome.REJECT, name, "so", NOW)
        assert (said.why, said.note, said.expires_at) == (why, "so", NOW + STANDS)
    assert text_of(why.code) == why.text


def test_what_is_said_comes_to_the_same_verdict():
    said = Spoken(Outcome.REJECT, "spam", " so ", LATER)
    assert said.verdict(NOW) == verdict(Outcome.REJECT, "spam", " so ", NOW, expires_at=LATER)
    assert Spoken(Outcome.TAG, standing=True).verdict(NOW) == verdict(Outcome.TAG, None, "", NOW, standing=True)


def test_the_keys_are_one_to_nine():
    assert [why.key for why in REJECT_REASONS] == list(range(1, 10))
    assert len({why.code for why in REJECT_REASONS}) == 9


def test_what_says_nothing_of_the_person_is_not_learnt_as_junk_and_decides_no_later_lead():
    found = {why.code: (why.label, why.lasts) for why in REJECT_REASONS}
    assert found["duplicate"] == (None, False)
    assert found["not_for_us"] == ("genuine", False)
    assert found["spam"] == ("junk", True)


@pytest.mark.parametrize("outcome", [Outcome.ACCEPT, Outcome.TAG])
def test_letting_through_needs_no_reason(outcome):
    for reason in (None, LET_THROUGH.code):
        said = verdict(outcome, reason, "  ", NOW, standing=True)
        assert (said.why, said.note, said.expires_at) == (LET_THROUGH, "", None)
    assert text_of(LET_THROUGH.code) == LET_THROUGH.text
    assert text_of("of old") == "of old"


@pytest.mark.parametrize(
    ("outcome", "reason", "note", "more", "where"),
    [
        (Outcome.REVIEW, None, "", {}, "outcome"),
        (Outcome.REJECT, None, "", {}, "reason"),
        (Outcome.REJECT, "genuine", "", {}, "reason"),
        (Outcome.REJECT, "10", "", {}, "reason"),
        (Outcome.REJECT, "other", "  ", {}, "note"),
        (Outcome.REJECT, "spam", "x" * (LONGEST_NOTE + 1), {}, "note"),
        (Outcome.ACCEPT, "spam", "", {}, "reason"),
        (Outcome.ACCEPT, None, "", {"expires_at": NOW}, "expires_at"),
        (Outcome.ACCEPT, None, "", {"expires_at": LATER, "standing": True}, "standing"),
    ],
)
def test_what_cannot_be_a_verdict_is_refused_and_said_why(outcome, reason, note, more, where):
    with pytest.raises(InvalidInputError) as caught:
        verdict(outcome, reason, note, NOW, **more)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("outcome", "decided", "score", "followed"),
    [
        (Outcome.REJECT, Outcome.REVIEW, 0, True),
        (Outcome.REJECT, Outcome.REVIEW, -1, False),
        (Outcome.ACCEPT, Outcome.REVIEW, 0, False),
        (Outcome.TAG, Outcome.REVIEW, -1, True),
        (Outcome.ACCEPT, Outcome.REJECT, -1, False),
    ],
)
def test_following_the_machine_is_recorded_neutrally(outcome, decided, score, followed):
    said = verdict(outcome, "spam" if outcome is Outcome.REJECT else None, "", NOW, expires_at=LATER)
    assert said.expires_at == LATER
    assert said.followed(decided, score) is followed


def test_the_second_look_is_a_lot_that_stays():
    drawn = [number for number in range(20_000) if second_wanted(number, f"lead-{number}", 0.1)]
    assert 1_850 < len(drawn) < 2_150
    assert all(second_wanted(number, f"lead-{number}", 0.2) for number in drawn)
    assert not any(second_wanted(number, f"lead-{number}", 0) for number in range(100))
    assert all(second_wanted(number, f"lead-{number}", 1) for number in range(100))
