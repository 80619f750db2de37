"""Nobody teaches the scorecard alone, or against everybody else; what is held back is said and still counts."""

from math import fsum, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.feedback.caps import AUTHOR, CONTRARY, NO_CAPS, SHARE, SOURCE, Caps, Held, capped, weighed
from winnow.core.learning.feedback.vouched import NOBODY, Vouched
from winnow.core.learning.study import Study
from winnow.errors import InvalidInputError

STRICT = Caps(author_share=0.25, least=0.0, contrary=inf)

LABELS = st.lists(
    st.builds(
        Vouched,
        st.booleans(),
        st.sampled_from([NOBODY, "ana", "bo", "cy", "di", "eve", "fay"]),
        st.sampled_from(["web", "fair"]),
        st.sampled_from(["a", "b"]),
    ),
    max_size=400,
)


def said(author, junk, genuine=0, segment="web"):
    return [Vouched(True, author, segment, segment)] * junk + [Vouched(False, author, segment, segment)] * genuine


def carried(labels, weights, truth):
    """What each author carries of a class."""
    found: dict[str, float] = {}
    for label, weight in zip(labels, weights, strict=True):
        if label.truth is truth:
            found[label.author] = found.get(label.author, 0.0) + weight
    return found


def test_labels_of_many_hands_count_fully():
    labels = [label for author in "abcdefgh" for label in said(author, 40, 60)]
    found = capped(labels, Caps())
    assert set(found.weights) == {1.0}
    assert (found.held, found.counting) == ((), 800)


@pytest.mark.parametrize(
    ("junk", "after"),
    [
        ({"ana": 900, "bo": 30, "cy": 30, "di": 30, "fay": 30}, {"ana": 40}),  # a quarter of 160
        ({"ana": 900, "bo": 500, "cy": 40, "di": 40, "fay": 40}, {"ana": 60, "bo": 60}),
        ({"ana": 900, "bo": 300, "cy": 60}, {"ana": 60, "bo": 60}),  # three people: a third each
        ({"ana": 900, "bo": 29}, {}),  # one person, and one who hardly said anything
        ({"ana": 900}, {}),
        ({"ana": 900, NOBODY: 2_700}, {}),
        ({"ana": 2_600, NOBODY: 2_700}, {}),  # a record and a person: half each
        ({"ana": 5_000, "bo": 100, NOBODY: 2_700}, {"ana": 1_400}),
    ],
)
def test_nobody_carries_more_than_the_share_of_a_class(junk, after):
    labels = [label for author, count in junk.items() for label in said(author, count, 10)]
    found = capped(labels, STRICT)
    assert carried(labels, found.weights, True) == pytest.approx({**junk, **after})
    assert {each.name for each in found.held} == set(after)


@given(LABELS)
def test_the_shares_hold_whoever_says_what(labels):
    found = capped(labels, STRICT)
    for truth in (True, False):
        raw = carried(labels, [1.0] * len(labels), truth)
        many = sum(count >= 30 for count in raw.values())
        share = max(0.25, 1 / max(1, many))
        carries = carried(labels, found.weights, truth)
        total = fsum(carries.values())
        for author, weight in carries.items():
            assert author == NOBODY or many == 1 or weight <= share * total * (1 + 1e-6) or weight == raw[author]


@given(LABELS, st.sampled_from([Caps(), STRICT, Caps(contrary=0.0), Caps(source_share=0.5, least=5.0)]))
def test_weights_only_fall_never_to_nothing_and_every_loss_is_said(labels, caps):
    found = capped(labels, caps)
    assert all(0 < weight <= 1 + 1e-12 for weight in found.weights)
    lost = fsum(each.before - each.after for each in found.held)
    assert found.counting == pytest.approx(len(labels) - lost)
    assert all(each.after < each.before for each in found.held)


@given(LABELS)
def test_without_caps_every_label_counts_fully(labels):
    assert capped(labels, NO_CAPS).held == ()


def test_the_trusted_and_the_first_labels_are_not_pressed():
    labels = said("ana", 900) + [label for author in ("bo", "cy", "di", "fay") for label in said(author, 40)]
    assert capped(labels, Caps(trusted=frozenset({"ana"}), contrary=inf)).held == ()
    (held,) = capped(labels, Caps(contrary=inf, least=250)).held
    assert held == Held(AUTHOR, "ana", True, SHARE, 900, 900, 250)


def test_sources_have_a_share_of_their_own():
    labels = [Vouched(True, NOBODY, "web", "x")] * 400 + [Vouched(True, NOBODY, "fair", "x")] * 200
    (held,) = capped(labels, Caps(source_share=0.5)).held
    assert held == Held(SOURCE, "web", True, SHARE, 400, 400, 200)


def test_who_turns_a_segment_is_held_to_what_the_others_say():
    others = [label for author in ("ana", "bo", "cy", "di") for label in said(author, 80, 720)]
    labels = others + said("eve", 100, 0)
    (held,) = capped(labels, Caps(least=1_000), frozenset()).held
    assert (held.name, held.truth, held.why, held.labels) == ("eve", True, CONTRARY, 100)
    assert held.after == pytest.approx(1 + 10)  # a hundredth of each, and what may be contrary
    (outlier,) = capped(labels, Caps(least=1_000)).held
    assert outlier.after == pytest.approx(1)


def test_who_is_held_calls_as_many_junk_as_the_others_do():
    others = [label for author in ("ana", "bo", "cy", "di") for label in said(author, 10, 90)]
    labels = others + said("eve", 60, 90)
    found = capped(labels, Caps(least=1_000))
    junk = carried(labels, found.weights, True)["eve"]
    assert junk / (junk + 90) == pytest.approx(40.5 / 401)


def test_genuine_verdicts_are_held_alike_in_every_segment_concerned():
    others = [label for author in "stuvwxyz" for seg in "ab" for label in said(author, 225, 25, seg)]
    labels = others + said("eve", 20, 60, "a") + said("eve", 0, 120, "b")
    (held,) = capped(labels, Caps(least=1_000, contrary=30.0), frozenset()).held
    assert (held.truth, held.labels) == (False, 180)
    weights = dict(zip(labels, capped(labels, Caps(least=1_000, contrary=30.0), frozenset()).weights, strict=True))
    in_a, in_b = (weights[Vouched(False, "eve", segment, segment)] for segment in "ab")
    assert held.after == pytest.approx(60 * in_a + 120 * in_b)
    assert in_b < in_a < 1


def test_a_study_takes_the_weights_on_top_of_its_own():
    study = Study("junk", (), {}, [True, False], [2.0, 1.0], (), ["1", "2"], ["web", None])
    assert weighed(study, [0.5, 1.0]).weights == [1.0, 1.0]


@pytest.mark.parametrize(
    "wrong",
    [{"author_share": 0.0}, {"source_share": 1.5}, {"contrary": -1.0}, {"least": -1.0}, {"contrary": float("nan")}],
)
def test_caps_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InvalidInputError):
        Caps(**wrong)
