"""Texts made fit to be shown."""

import pytest

from winnow.shells.cards.shown import cut, day, short_day, shown, shown_all, width


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain ünïcode 字", "plain ünïcode 字"),
        ("a\0b\nc\x1b[0m", "a�b�c�[0m"),
        ("\u202egnp.exe", "�gnp.exe"),
        ("\ud800", "�"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_what_steers_is_replaced(text, safe):
    assert shown(text) == safe
    assert shown_all({text: [text, 1, None, {"k": text}]}) == {safe: [safe, 1, None, {"k": safe}]}


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("字", 2), ("é", 1), ("e\u0301", 1), ("a\u200db", 2), ("", 0)]
)
def test_width(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "kept"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("字字字", 4, "字…"), ("ab cd", 4, "ab…"), ("abc", 1, "…")],
)
def test_cut(text, columns, kept):
    assert cut(text, columns) == kept


@pytest.mark.parametrize(
    ("moment", "long", "short"),
    [
        ("2026-01-05T10:20:00Z", "5 January 2026", "5 Jan 26"),
        ("2005-12-31", "31 December 2005", "31 Dec 05"),
        ("20260105", "20260105", "20260105"),
        ("641567", "641567", "641567"),
        ("-12", "-12", "-12"),
        ("not-a-date", "not-a-date", "not-a-date"),
        ("", "not known", ""),
    ],
)
def test_days(moment, long, short):
    assert (day(moment), short_day(moment)) == (long, short)
