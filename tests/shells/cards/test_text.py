"""The card as text: exact, in 100 columns, whatever it holds."""

import sys
from pathlib import Path

import pytest

from tests.shells.cards.test_page import HOSTILE, named
from tests.support.cards import CERTIFICATE, card_facts
from tests.support.naughty import NAUGHTY
from tests.support.project import ROOT
from winnow.core.learning.card.document import PartFacts, card_document
from winnow.shells.cards import card_text
from winnow.shells.cards.columns import COLUMNS, table, wrapped
from winnow.shells.cards.shown import width

FILE = ROOT / "tests" / "golden" / "card.txt"


def text(**changed):
    return card_text(card_document(card_facts(**changed)))


def test_the_small_card_reads_as_it_did():
    assert text() == FILE.read_text(encoding="utf-8"), "if this is meant: python -m tests.shells.cards.test_text"


@pytest.mark.parametrize("hostile", [*HOSTILE, "x" * 500, "字" * 200, " ".join(NAUGHTY)])
def test_no_text_leaves_its_line(hostile):
    lines = card_text(card_document(named(hostile))).split("\n")
    assert max(map(width, lines)) <= COLUMNS
    assert all(letter.isprintable() or letter in "\u200c\u200d" for line in lines for letter in line)


def test_what_is_missing_leaves_no_gap():
    nothing = PartFacts(0, 0)
    bare = text(
        fit=nothing, holdout=nothing, quality=None, rounding=None, features=(), pairs=(), assumptions=(), bands=()
    )
    assert "too few to say" in bare
    assert "Rounding" not in bare
    assert "take for granted" not in bare


def test_a_certificate_is_told():
    told = " ".join(text(certificate=CERTIFICATE).split())
    assert "from +2,600 points, right for at least 995 in 1,000 (lower 95 % bound) on 812 leads" in told
    assert "lapses on 1 February 2027" in told


def test_long_words_are_cut_not_lost_sight_of():
    assert list(wrapped("a " + "b" * 200, "- "))[1] == "  " + "b" * 97 + "…"


def test_the_widest_column_gives_way():
    lines = list(table(("Name", "Points"), [("n" * 150, "7"), ("字字", "12")], (1,)))
    assert [width(line) for line in lines[:3]] == [100, 100, 100]
    assert lines[2].endswith("…       7")
    assert lines[3].endswith(" 12")


if __name__ == "__main__":
    Path(FILE).write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
