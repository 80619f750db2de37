"""The life of a case, step by step."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.cases import NOW
from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND, BLIND_SAMPLE, Reason
from winnow.core.review.case import (
    CLAIM_LASTS,
    LONGEST_SNOOZE,
    Case,
    Closing,
    Kept,
    State,
    between_blanks,
    claimed,
    closed,
    codes_of,
    given_back,
    pattern_of,
    put_off,
    refusal,
    reopened,
)
from winnow.errors import ConflictError, InvalidInputError

CASE = Case(12, 12, "lead-12", "web", Outcome.REVIEW, 1400, ("form.fill_seconds",), NOW, NOW, NOW)
MINUTE = timedelta(minutes=1)


def closing(by="ana", outcome=Outcome.REJECT, number=31):
    return Closing(number, by, NOW, outcome, "spam", followed=True)


def test_a_claim_lapses_after_an_hour():
    case = claimed(CASE, "ana", NOW)
    assert case.state("bo", NOW) is State.CLAIMED
    with pytest.raises(ConflictError, match="taken by `ana` until 2026-11-01 13:00 UTC"):
        claimed(case, "bo", NOW + CLAIM_LASTS - MINUTE)
    assert claimed(case, "ana", NOW + MINUTE).claim.until == NOW + MINUTE + CLAIM_LASTS
    lapsed = NOW + CLAIM_LASTS
    assert case.state("bo", lapsed) is State.OPEN
    assert claimed(case, "bo", lapsed).claim.by == "bo"


def test_only_who_has_it_gives_it_back():
    case = claimed(CASE, "ana", NOW)
    with pytest.raises(ConflictError):
        given_back(case, "bo", NOW)
    assert given_back(case, "ana", NOW) == CASE
    assert given_back(CASE, "bo", NOW) == CASE


def test_a_snooze_ends_by_itself_and_by_a_claim():
    until = NOW + timedelta(days=2)
    case = put_off(claimed(CASE, "ana", NOW), "ana", until, NOW)
    assert (case.state("bo", NOW), case.claim) == (State.SNOOZED, None)
    assert case.state("bo", until) is State.OPEN
    assert claimed(case, "bo", NOW).snoozed_until is None
    for wrong in (NOW, NOW + LONGEST_SNOOZE + MINUTE):
        with pytest.raises(InvalidInputError):
            put_off(CASE, "ana", wrong, NOW)
    with pytest.raises(ConflictError):
        put_off(claimed(CASE, "ana", NOW), "bo", until, NOW)


def test_a_verdict_closes_and_undo_opens():
    case = closed(claimed(CASE, "ana", NOW), closing(), second=False)
    assert (case.kept, case.state("bo", NOW), case.claim) == (Kept.DECIDED, State.DECIDED, None)
    assert "decided by `ana`" in str(refusal(case, "bo", NOW))
    with pytest.raises(ConflictError):
        closed(case, closing("bo"), second=False)
    assert reopened(case) == CASE
    with pytest.raises(ConflictError):
        reopened(CASE)
    with pytest.raises(ConflictError):
        closed(claimed(CASE, "ana", NOW), closing("bo"), second=False)


def test_the_second_reviewer_does_not_see_that_there_was_a_first():
    case = closed(CASE, closing("ana"), second=True)
    assert (case.state("ana", NOW), case.state("bo", NOW)) == (State.DECIDED, State.OPEN)
    assert case.seen_by("bo").closing is None
    assert case.seen_by("bo").state("bo", NOW) is State.OPEN
    assert case.seen_by("ana").closing == closing("ana")
    assert refusal(case, "bo", NOW) is None
    assert "decided" in str(refusal(case, "ana", NOW))
    after = closed(case, closing("bo", Outcome.ACCEPT, 40), second=True)
    assert (after.kept, after.closing) == (Kept.DECIDED, closing("ana"))


def test_a_second_look_waits_since_the_first_verdict_so_that_its_age_does_not_tell():
    hour = timedelta(hours=1)
    first = replace(closing("ana"), at=NOW + 3 * hour)
    case = closed(replace(CASE, due_at=NOW + 4 * hour), first, second=True)
    assert (case.seen_by("bo").opened_at, case.seen_by("bo").due_at) == (NOW + 3 * hour, NOW + 7 * hour)
    assert (case.seen_by("ana").opened_at, case.seen_by("ana").due_at) == (NOW, NOW + 4 * hour)


def test_a_case_that_lost_its_closing_is_still_decided():
    assert refusal(replace(CASE, kept=Kept.DECIDED), "bo", NOW) == "case 12 was decided"


def test_alike_is_what_is_held_for_the_same_reasons():
    reasons = (
        Reason("text.links", "text", 800, "links", "scorecard"),
        Reason("email.free", "email", -200, "free", "scorecard"),
        Reason("form.x", "form", 0, "none", "scorecard"),
        Reason("cap.form", "form", -500, "cap", "scorecard"),
        Reason("list.block", "list", 0, "blocked", "list:e1"),
        Reason("text.links", "text", 100, "links", "scorecard"),
        Reason(BLIND_SAMPLE, "system", 0, "lot", BLIND),
    )
    codes = codes_of(reasons)
    assert codes == ("list.block", "text.links")
    assert between_blanks(codes) == " list.block text.links "
    assert pattern_of(codes) == pattern_of(list(codes)) != pattern_of(codes[:1])
    assert 0 <= pattern_of(codes) < 2**63
