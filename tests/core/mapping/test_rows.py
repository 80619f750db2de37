"""Excerpts of unreadable rows are short and can be written anywhere."""

import pytest

from tests.support.naughty import NAUGHTY, STORABLE
from winnow.core.lead import Lead
from winnow.core.mapping import compile_mapping, parse_mapping
from winnow.core.mapping.clean import REPLACEMENT, has_trouble, storable
from winnow.core.mapping.rows import EXCERPT, BadRow, RawRow, bad_row, read_leads
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


def test_every_row_becomes_a_lead_or_a_reason():
    read = compile_mapping(parse_mapping('id = "a"\nreceived_at = "b"'), ["a", "b"])
    rows: list[RawRow | BadRow] = [RawRow(2, ["1", ""]), BadRow(3, "broken", "x"), RawRow(4, ["2", "soon"])]
    lead, broken, unreadable = read_leads(rows, read)
    assert lead == Lead("1")
    assert broken is rows[1]
    assert isinstance(unreadable, BadRow)
    assert (unreadable.line, unreadable.raw) == (4, "2,soon")
    assert unreadable.reason.startswith("`soon` in column `b` is not a time; ")
