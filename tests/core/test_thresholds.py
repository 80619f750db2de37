"""Bands, and the certificate without which a score never rejects."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from winnow.core.outcome import Outcome
from winnow.core.thresholds import Bands, Certificate, Thresholds, drawn
from winnow.errors import InvalidRulesetError

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CARD = "c" * 64
#: Which of lead-0 to lead-59 are drawn at a share of 0.05.
LOTS = [6, 26]
GOOD = Certificate(0.995, 400, 3000, CARD, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (-5000, Outcome.ACCEPT),
        (-1, Outcome.ACCEPT),
        (0, Outcome.TAG),
        (999, Outcome.TAG),
        (1000, Outcome.REVIEW),
        (2999, Outcome.REVIEW),
        (3000, Outcome.REJECT),
        (90000, Outcome.REJECT),
    ],
)
def test_a_band_begins_at_its_threshold(score: int, band: Outcome) -> None:
    assert Bands(0, 1000, 3000).band(score) is band


def test_without_a_reject_threshold_the_score_ends_in_review() -> None:
    assert Bands(0, 1000).band(10**9) is Outcome.REVIEW


def test_equal_thresholds_skip_a_band() -> None:
    assert Bands(5, 5, 5).band(5) is Outcome.REJECT
    assert Bands(5, 5, 5).band(4) is Outcome.ACCEPT


@pytest.mark.parametrize("bands", [(2, 1, 3), (0, 4, 3), (2, 1, None), (5, 6, 4)])
def test_thresholds_out_of_order_are_refused(bands: tuple[int, int, int | None]) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        Bands(*bands)
    assert caught.value.what == f"thresholds are out of order: tag {bands[0]}, review {bands[1]}, reject {bands[2]}"
    assert caught.value.fix == "make them tag ≤ review ≤ reject"


def test_a_source_may_have_bands_of_its_own() -> None:
    own, general = Bands(-5, 5), Bands(0, 10)
    thresholds = Thresholds(general, {"fair": own})
    assert thresholds.for_source("fair") is own
    assert thresholds.for_source("web") is general
    assert thresholds.for_source(None) is general


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"precision_bound": 0.99}, True),
        ({"precision_bound": 0.9899}, False),
        ({"labels": 399}, False),
        ({"threshold": 3001}, False),
        ({"threshold": 2999}, True),
        ({"scorecard_hash": "d" * 64}, False),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW + timedelta(microseconds=1)}, True),
    ],
)
def test_a_certificate_allows_only_what_it_proves(change: dict[str, object], allowed: bool) -> None:
    certificate = replace(GOOD, **change)  # type: ignore[arg-type]  # the table holds fitting types
    bands = Bands(0, 1000, 3000)
    assert Thresholds(bands, certificate=certificate).may_reject(bands, CARD, NOW) is allowed


def test_no_certificate_or_no_reject_threshold_never_rejects() -> None:
    bands = Bands(0, 1000, 3000)
    assert Thresholds(bands).may_reject(bands, CARD, NOW) is False
    assert Thresholds(bands, certificate=GOOD).may_reject(Bands(0, 1000), CARD, NOW) is False


@given(
    st.tuples(*[st.integers(-3000, 3000)] * 3),
    st.tuples(*[st.integers(0, 1000)] * 3),
    st.integers(-5000, 5000),
)
def test_raising_thresholds_never_raises_severity(
    limits: tuple[int, int, int], raises: tuple[int, int, int], score: int
) -> None:
    low = sorted(limits)
    high = [limit + more for limit, more in zip(low, raises, strict=True)]
    assume(high == sorted(high))
    assert Bands(*high).band(score) <= Bands(*low).band(score)


@given(st.integers(-5000, 5000), st.integers(0, 5000))
def test_a_higher_score_is_never_milder(score: int, more: int) -> None:
    bands = Bands(0, 1000, 3000)
    assert bands.band(score) <= bands.band(score + more)


# ── The blind sample ──────────────────────────────────────────────────────────────────────────────

REJECTING = Bands(0, 1000, 3000)


@pytest.mark.parametrize(
    ("thresholds", "share"),
    [
        (Thresholds(Bands(0, 1000)), 0.0),
        (Thresholds(REJECTING), 0.03),
        (Thresholds(Bands(0, 1000), {"fair": REJECTING}), 0.03),
        (Thresholds(REJECTING, blind_share=0.02), 0.02),
        (Thresholds(Bands(0, 1000), blind_share=0.05), 0.05),
    ],
)
def test_some_would_be_rejections_are_sampled_wherever_something_rejects(thresholds: Thresholds, share: float) -> None:
    assert thresholds.sampled_share == share


@pytest.mark.parametrize("share", [0.0, 0.0199, 0.0501, 1.0, float("nan")])
def test_a_share_that_measures_nothing_or_costs_too_much_is_refused(share: float) -> None:
    with pytest.raises(InvalidRulesetError, match=r"give 0\.02 to 0\.05") as caught:
        Thresholds(REJECTING, blind_share=share)
    assert caught.value.where == "thresholds.blind_share"


def test_the_lot_falls_on_the_share_it_should() -> None:
    ids = [f"lead-{number}" for number in range(20_000)]
    few, many = ({each for each in ids if drawn(each, CARD, share)} for share in (0.02, 0.05))
    assert len(few) == pytest.approx(400, abs=60)  # three standard deviations
    assert len(many) == pytest.approx(1000, abs=93)
    assert few < many
    assert not any(drawn(each, CARD, 0.0) for each in ids)


def test_another_scorecard_draws_anew() -> None:
    ids = [f"lead-{number}" for number in range(20_000)]
    one, other = ({each for each in ids if drawn(each, card, 0.05)} for card in (CARD, "d" * 64))
    assert len(one & other) == pytest.approx(50, abs=21)


def test_the_lot_is_the_same_on_every_machine_and_for_any_id() -> None:
    assert [number for number in range(60) if drawn(f"lead-{number}", CARD, 0.05)] == LOTS
    assert drawn("\ud800", CARD, 0.5) in {True, False}
