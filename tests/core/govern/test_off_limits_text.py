"""What people write about off-limits categories: found, masked, and honestly measured."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.off_limits_corpus import CORPUS
from winnow.core.govern.off_limits_text import FINDABLE, MASK, scan

ALL = frozenset(FINDABLE)


@pytest.mark.parametrize(
    ("text", "masked", "found"),
    [
        ("I begin chemotherapy soon", f"I begin {MASK} soon", {"health": 1}),
        ("CHEMOTHERAPY, chemotherapy", f"{MASK}, {MASK}", {"health": 2}),
        ("diagnosed with lupus last year, call me", f"{MASK}, call me", {"health": 1}),
        ("I was diagnosed with it. Call me", f"I was {MASK}. Call me", {"health": 1}),
        ("diagnosed with", MASK, {"health": 1}),
        ("diagnosed", "diagnosed", {}),
        ("multiple choice", "multiple choice", {}),
        ("Je suis diabétique", f"Je suis {MASK}", {"health": 1}),
        ("Ich bin jüdisch.", f"Ich bin {MASK}.", {"religion": 1}),
        ("Ich bin ju\u0308disch.", f"Ich bin {MASK}.", {"religion": 1}),
        ("une scle\u0301rose", f"une {MASK}", {"health": 1}),
        ("我怀孕了", f"我{MASK}了", {"health": 1}),
        ("my religion is Jain, thanks", f"{MASK}", {"religion": 2}),
        ("", "", {}),
        ("nothing at all", "nothing at all", {}),
    ],
)
def test_what_is_told_is_masked_and_counted(text, masked, found):
    assert scan(text, ALL) == (masked, found)


def test_only_the_categories_that_are_asked_for_are_found():
    text = "a pregnant republican"
    assert scan(text, frozenset({"health"})) == (f"a {MASK} republican", {"health": 1})
    assert scan(text, frozenset()) == (text, {})
    assert scan(text, frozenset({"age", "custom.shoe"})) == (text, {})


@given(st.text(), st.sets(st.sampled_from(sorted(FINDABLE))).map(frozenset))
def test_scanning_is_the_same_each_time_and_leaves_nothing_to_find(text, categories):
    found = scan(text, categories)
    assert scan(text, categories) == found
    assert found.found.keys() <= categories
    assert (found.text == text) is (not found.found)


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_stands_around_it_stays(before, after):
    found = scan(f"{before}\n chemotherapy \n{after}", frozenset({"health"}))
    assert "chemotherapy" not in found.text


@pytest.mark.parametrize(
    "text", ["diagnosed with " * 20_000, "a" * 300_000, "i suffer from i suffer from " * 10_000, "怀" * 300_000]
)
@pytest.mark.no_cover
def test_long_texts_take_time_in_proportion(text):
    """Twice the text takes about twice the time, also where much nearly fits."""

    def seconds(of: str) -> float:
        started = time.process_time()
        scan(of, ALL)
        return time.process_time() - started

    scan(text[:1000], ALL)
    short, long = min(seconds(text[: len(text) // 4]) for _ in range(3)), min(seconds(text) for _ in range(2))
    assert long < 16 * short + 0.5  # a quadratic scan would take 16 times as long and more


def test_recall_and_precision_on_our_own_corpus(capsys):
    told = [(wanted, scan(text, ALL).found) for text, wanted in CORPUS]
    hits = sum(wanted in found for wanted, found in told if wanted)
    positives = sum(wanted is not None for wanted, _ in told)
    flagged = sum(bool(found) for _, found in told)
    right = sum(wanted in found for wanted, found in told if found)
    with capsys.disabled():
        print(f"\noff-limits texts: recall {hits}/{positives}, precision {right}/{flagged}, of {len(told)} sentences")  # noqa: T201  # its purpose
    assert (hits, positives, right, flagged) == (50, 67, 50, 58)  # as docs/off-limits.md says
