"""Two signals together: neighbours become one, squares tell size and side."""

from xml.etree import ElementTree as ET

from tests.support.cards import card_facts
from winnow.core.learning.card.document import PairFacts, card_document
from winnow.shells.cards import card_text
from winnow.shells.cards.figures import pair_charts
from winnow.shells.cards.pairs import Grid, grid, pair_chart
from winnow.shells.cards.svg import Poles

POLES = Poles("junk", "genuine")
PAIR = {
    "first": "a",
    "second": "b",
    "rows": ["r1", "r2", "r3", "r4"],
    "columns": ["c1", "c2", "c3"],
    "points": [[400, 400, 0], [400, 400, 0], [-100, -100, 5], [400, 400, 0]],
}


def squares(drawing, kind):
    return [float(each.get("width", "nan")) for each in ET.fromstring(str(drawing)).iter() if each.get("class") == kind]


def test_equal_neighbours_become_one_and_others_do_not():
    found = grid(PAIR)
    assert found.rows == ("r1 … r2", "r3", "r4")
    assert found.columns == ("c1 … c2", "c3")
    assert found.points == ((400, 0), (-100, 5), (400, 0))


def test_cells_come_by_their_points_and_empty_ones_not_at_all():
    assert list(grid(PAIR).cells()) == [
        ("r1 … r2", "c1 … c2", 400),
        ("r4", "c1 … c2", 400),
        ("r3", "c1 … c2", -100),
        ("r3", "c3", 5),
    ]


def test_squares_are_filled_towards_hollow_away_and_as_large_as_their_points():
    drawing = pair_chart(grid(PAIR), POLES)
    towards, away = squares(drawing, "cell-towards"), squares(drawing, "cell-away")
    assert (len(towards), len(away)) == (3, 1)
    assert away[0] / towards[0] == (100 / 400) ** 0.5
    assert "r3, c1 … c2: −100" in str(drawing)
    assert "3 rows, 2 columns, at most +400 points." in str(drawing)


def test_a_pair_without_points_is_a_drawing_without_squares():
    for empty in (Grid("a", "b", ("r",), ("c",), ((0,),)), Grid("a", "b", (), (), ())):
        assert "cell" not in str(pair_chart(empty, POLES))


def test_all_pairs_of_a_card_are_drawn():
    assert [found.first for found, _ in pair_charts(card_document(card_facts()))] == ["time on the website"]


def test_a_large_pair_is_told_in_part_and_says_so():
    names = tuple(map(str, range(20)))
    large = PairFacts("a", "b", names, ("x", "y"), tuple((i * 7, -i) for i in range(20)))
    told = card_text(card_document(card_facts(pairs=(large,))))
    assert "… and 26 that give fewer points; card.html has them all." in told
