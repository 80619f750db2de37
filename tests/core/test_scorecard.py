"""Integer points, bins with an unknown one, pairs and caps."""

from collections.abc import Mapping
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.scorecard import (
    Bin,
    BinValue,
    CategoryFeature,
    NumericFeature,
    PairTable,
    Scorecard,
    Scorer,
    compiled,
    family_of,
)
from winnow.errors import InvalidRulesetError

NOTHING: Mapping[str, int] = {}
UNKNOWN = Bin(0, "unknown")


def numeric(signal: str = "form.seconds", cuts: tuple[float, ...] = (2, 5), unknown: int = 0) -> NumericFeature:
    return NumericFeature(
        signal, cuts, tuple(Bin(100 * (len(cuts) - i), f"bin {i}") for i in range(len(cuts) + 1)), Bin(unknown, "?")
    )


def category(signal: str = "net.kind", unknown: int = 0) -> CategoryFeature:
    bins = (Bin(400, "hosting"), Bin(-50, "home"))
    return CategoryFeature(signal, ("hosting", "home"), bins, Bin(10, "other"), Bin(unknown, "?"))


def card(*features: object, caps: Mapping[str, int] | None = None, pairs: tuple[PairTable, ...] = ()) -> Scorecard:
    caps = {"form": 1000, "net": 1000, "pair": 1000} if caps is None else caps
    return Scorecard("c", -500, features, caps, "Mia", pairs=pairs)  # type: ignore[arg-type]  # features as tables


def scorer(each: Scorecard) -> Scorer:
    return compiled(each, {feature.signal: index for index, feature in enumerate(each.features)})


@pytest.mark.parametrize(
    ("value", "code", "points"),
    [
        (None, 3, 0),
        (-inf, 0, 200),
        (1.999, 0, 200),
        (2, 1, 100),
        (4.999, 1, 100),
        (5, 2, 0),
        (inf, 2, 0),
        (nan, 2, 0),
        (True, 0, 200),
    ],
)
def test_a_number_falls_into_the_bin_whose_lower_cut_it_reaches(value: float | None, code: int, points: int) -> None:
    found = scorer(card(numeric()))([value], NOTHING)
    assert found.codes == bytes([code])
    assert found.score == -500 + points
    assert [reason.points for reason in found.reasons] == ([points] if points else [])


@pytest.mark.parametrize(
    ("value", "code", "points"),
    [("hosting", 0, 400), ("home", 1, -50), ("tor", 2, 10), (7, 2, 10), ("", 2, 10), (None, 3, 0)],
)
def test_a_word_falls_into_its_bin_or_into_other(value: BinValue | None, code: int, points: int) -> None:
    found = scorer(card(category()))([value], NOTHING)
    assert (found.codes, found.score) == (bytes([code]), -500 + points)


def test_a_feature_without_cuts_has_one_bin_and_unknown() -> None:
    single = NumericFeature("form.seconds", (), (Bin(7, "any"),), UNKNOWN)
    score = scorer(card(single))
    assert (score([1.0], NOTHING).codes, score([None], NOTHING).codes) == (b"\0", b"\1")


def test_a_card_of_nothing_scores_its_base() -> None:
    nothing = card(caps={})
    assert (scorer(nothing)([], NOTHING).score, scorer(nothing)([], {"form": 9}).score) == (-500, -500)


def test_reasons_carry_code_family_text_and_source() -> None:
    reason = scorer(card(category()))(["hosting"], NOTHING).reasons[0]
    assert (reason.code, reason.family, reason.text, reason.source) == ("net.kind", "net", "hosting", "scorecard")


def pair(points: tuple[tuple[int, ...], ...], second: str = "net.kind") -> PairTable:
    return PairTable("form.seconds", second, points, "both")


FLAT = ((0, 0, 0, 0),) * 4


def test_a_pair_adds_points_for_two_signals_together() -> None:
    table = ((0, 0, 0, 0), (0, 250, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    both = card(numeric(), category(), pairs=(pair(table),))
    found = scorer(both)([3, "home"], NOTHING)
    assert found.score == -500 + 100 - 50 + 250
    assert [(reason.code, reason.family, reason.points) for reason in found.reasons][-1] == (
        "form.seconds*net.kind",
        "form",
        250,
    )
    assert scorer(both)([3, "hosting"], NOTHING).score == -500 + 100 + 400


def test_a_pair_counts_to_its_own_family_unless_both_signals_share_one() -> None:
    both = card(numeric(), category(), numeric("form.other"))
    assert both.pair_family(pair(FLAT)) == "pair"
    assert both.pair_family(pair(FLAT, "form.other")) == "form"


def test_a_family_adds_no_more_than_its_cap_and_says_what_it_took_back() -> None:
    capped = card(numeric(), numeric("form.other"), category(), caps={"form": 300, "net": 1000})
    found = scorer(capped)([0, 0, "hosting"], NOTHING)
    assert found.score == -500 + 300 + 400
    assert [(reason.code, reason.points) for reason in found.reasons][-1] == ("cap.form", -100)
    assert "(form)" in found.reasons[-1].text
    assert "cap.form" not in [reason.code for reason in scorer(capped)([0, 3, None], NOTHING).reasons]


def test_a_cap_limits_points_towards_junk_only() -> None:
    each = NumericFeature("form.seconds", (), (Bin(-900, "fine"),), UNKNOWN)
    assert scorer(card(each, caps={"form": 0}))([1], NOTHING).score == -1400


def test_points_from_rules_join_their_family_before_the_cap() -> None:
    capped = card(numeric(), caps={"form": 300, "rule": 50})
    found = scorer(capped)([0], {"form": 150, "rule": 90})
    assert found.score == -500 + 300 + 50
    assert {reason.code: reason.points for reason in found.reasons} == {
        "form.seconds": 200,
        "cap.form": -50,
        "cap.rule": -40,
    }


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: numeric(cuts=(5, 2)), "feature `form.seconds` has 2 cuts and 3 bins; give ascending cuts"),
        (lambda: numeric(cuts=(2, 2)), "ascending cuts"),
        (lambda: numeric(cuts=(2, inf)), "feature `form.seconds` has a cut that is no number; give finite cuts"),
        (lambda: numeric(cuts=(nan,)), "give finite cuts"),
        (lambda: NumericFeature("a.b", (1,), (UNKNOWN,), UNKNOWN), "has 1 cuts and 1 bins"),
        (lambda: CategoryFeature("a.b", ("x",), (), UNKNOWN, UNKNOWN), "has 1 values and 0 bins"),
        (lambda: CategoryFeature("a.b", ("x", "x"), (UNKNOWN,) * 2, UNKNOWN, UNKNOWN), "each value once"),
        (lambda: card(numeric(), numeric()), "uses a signal twice"),
        (lambda: card(numeric(unknown=1)), "`form.seconds` adds 1 points when unknown"),
        (lambda: card(category(unknown=5)), "unknown is not guilty"),
        (lambda: card(numeric(), caps={}), "has no cap for family `form`"),
        (lambda: card(numeric(), caps={"form": -1}), "the cap of family `form` is -1"),
        (lambda: card(numeric(cuts=tuple(range(255)))), "over 256 bins"),
        (lambda: card(numeric(), pairs=(pair(FLAT),)), "needs both signals as features"),
        (lambda: card(numeric(), category(), pairs=(pair(FLAT[:3]),)), "`form.seconds` × `net.kind` is not 4 × 4"),
        (lambda: card(numeric(), category(), pairs=(pair(((0,) * 3,) * 4),)), "is not 4 × 4"),
        (lambda: card(numeric(), category(), pairs=(pair((*FLAT[:3], (1, 0, 0, 0))),)), "adds 1 points when unknown"),
        (lambda: card(numeric(), category(), pairs=(pair(((0, 0, 0, 1), *FLAT[1:])),)), "when unknown"),
        (
            lambda: card(numeric(), category(), caps={"form": 1, "net": 1}, pairs=(pair(FLAT),)),
            "no cap for family `pair`",
        ),
    ],
)
def test_an_unsafe_or_malformed_card_is_refused(build: object, message: str) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        build()  # type: ignore[operator]  # a table of builders
    assert message in str(caught.value)


def test_families_and_features_by_name() -> None:
    both = card(numeric(), category())
    assert both.families == ("form", "net", "pair")
    assert both.feature("net.kind") is both.features[1]
    assert both.feature("net.other") is None
    assert family_of("a.b.c") == "a"


POINTS = st.integers(-2000, 2000)
KNOWN = st.builds(Bin, POINTS, st.just("why"))
LENIENT = st.builds(Bin, st.integers(-2000, 0), st.just("unknown"))


@st.composite
def cards(draw: st.DrawFn) -> Scorecard:
    features: list[object] = []
    for name in draw(st.lists(st.sampled_from(["a.x", "a.y", "b.x", "b.y"]), unique=True, min_size=1)):
        cuts = tuple(sorted(draw(st.sets(st.integers(-5, 5), max_size=3))))
        bins = tuple(draw(st.lists(KNOWN, min_size=len(cuts) + 1, max_size=len(cuts) + 1)))
        features.append(NumericFeature(name, cuts, bins, draw(LENIENT)))
    caps = {"a": draw(st.integers(0, 3000)), "b": draw(st.integers(0, 3000))}
    return card(*features, caps=caps)


VALUES = st.lists(st.none() | st.integers(-7, 7), min_size=4, max_size=4)
EXTRA = st.fixed_dictionaries({}, optional={"a": POINTS, "b": POINTS})


@given(cards(), VALUES, EXTRA)
def test_score_is_base_plus_the_sum_of_all_points(
    each: Scorecard, values: list[int | None], extra: dict[str, int]
) -> None:
    found = scorer(each)(values, extra)
    assert found.score == each.base + sum(reason.points for reason in found.reasons) + sum(extra.values())


@given(cards(), VALUES, EXTRA)
def test_no_family_adds_more_than_its_cap(each: Scorecard, values: list[int | None], extra: dict[str, int]) -> None:
    found = scorer(each)(values, extra)
    for family in each.families:
        added = sum(reason.points for reason in found.reasons if reason.family == family) + extra.get(family, 0)
        assert added <= each.caps[family]


@given(cards(), VALUES)
def test_codes_alone_are_enough_to_score_again(each: Scorecard, values: list[int | None]) -> None:
    found = scorer(each)(values, NOTHING)
    sums = dict.fromkeys(each.families, 0)
    for feature, code in zip(each.features, found.codes, strict=True):
        sums[family_of(feature.signal)] += feature.all_bins[code].points
    assert found.score == each.base + sum(min(points, each.caps[family]) for family, points in sums.items())


@given(cards())
def test_unknown_is_never_worth_points_towards_junk(each: Scorecard) -> None:
    score = scorer(each)
    nothing = score([None] * 4, NOTHING)
    assert nothing.score <= each.base
    assert all(reason.points <= 0 for reason in nothing.reasons)
