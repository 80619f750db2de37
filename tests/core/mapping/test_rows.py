"""Excerpts of unreadable rows are short and can be written anywhere."""

import pytest

from tests.support.naughty import NAUGHTY, STORABLE
from winnow.core.mapping.clean import REPLACEMENT, has_trouble, storable
from winnow.core.mapping.rows import EXCERPT, BadRow, bad_row
from winnow.core.mapping.values import shown


def test_an_excerpt_is_short_and_storable():
    assert bad_row(3, "why", "a\0\ud800" + "x" * 500) == BadRow(3, "why", "a\ufffd\ufffd" + "x" * (EXCERPT - 3))


@pytest.mark.parametrize(("text", "short"), [("a\n b", "a b"), ("x" * 100, "x" * 40 + "…"), ("", "")])
def test_shown(text, short):
    assert shown(text) == short


def test_there_are_enough_naughty_texts_and_they_are_storable_once_cleaned():
    assert len(NAUGHTY) >= 515
    assert len(set(NAUGHTY)) == len(NAUGHTY)
    for text in NAUGHTY:
        storable(text).encode()
        assert "\0" not in storable(text)
        assert has_trouble([text]) or storable(text) == text
    assert all(storable(text).replace(REPLACEMENT, "\0") == text or REPLACEMENT in text for text in STORABLE)
