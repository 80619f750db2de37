"""The charts: well-formed, within their frame, true to their figures."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.shells.cards.drawing import Drawing, box, words
from winnow.shells.cards.examined import (
    Curve,
    Kept,
    Span,
    Stretch,
    curves_chart,
    dots_chart,
    reliability_chart,
    stretches_chart,
)
from winnow.shells.cards.scale import Scale, around_zero
from winnow.shells.cards.svg import Poles, Worth, bars_chart, step_chart, waterfall_chart

POLES = Poles("junk", "genuine")
SVG = "{http://www.w3.org/2000/svg}"
STEPS = (Worth("low", 900, 0.5), Worth("middle", -100, 0.3), Worth("high", -1500, 0.01, few=True))
UNKNOWN = Worth("unknown", 0, 0.19)


def drawn(drawing: Drawing) -> ET.Element:
    """The drawing, parsed; every place is inside the frame."""
    root = ET.fromstring(drawing.standalone())
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert -0.1 <= float(element.get(name, "0")) <= drawing.width + 0.1
        for name in ("y", "y1", "y2", "cy"):
            assert -0.1 <= float(element.get(name, "0")) <= drawing.height + 0.1
        assert element.get("style") is None
        assert not float(element.get("width", "1")) < 0
        assert not float(element.get("height", "1")) < 0
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    return root


def place(element: ET.Element, name: str) -> float:
    return float(element.get(name, "nan"))


def of_kind(root: ET.Element, kind: str) -> list[ET.Element]:
    return [each for each in root.iter() if kind in (each.get("class") or "").split()]


def texts(root: ET.Element) -> list[str]:
    return [(each.text or "") + "".join(child.tail or "" for child in each) for each in of_kind(root, "words")]


ALL = {
    "steps": step_chart("Points", STEPS, ("10", "20"), unknown=UNKNOWN, poles=POLES),
    "steps without unknown": step_chart("Points", STEPS, ("10", "20"), unknown=None, poles=POLES),
    "no steps": step_chart("Points", (), (), unknown=None, poles=POLES),
    "bars": bars_chart("Points", STEPS, poles=POLES),
    "no bars": bars_chart("Points", (), poles=POLES),
    "waterfall": waterfall_chart(
        "Score", 20, [("fast", 310), ("data centre", 440), ("vouched for", -140)], poles=POLES
    ),
    "waterfall of nothing": waterfall_chart("Score", 0, [], poles=POLES),
    "dots": dots_chart("Found", Span(0.62, 0.57, 0.66), "towards"),
    "reliability": reliability_chart("Kept", [Kept(0.1, Span(0.2, 0.1, 0.3), 50), Kept(1, Span(1), 5)]),
    "no reliability": reliability_chart("Kept", []),
    "time": stretches_chart(
        "Time",
        [Stretch("a", "b", Span(0.8, 0.7, 0.9), learned=True), Stretch("b", "c", None, False)],
        least=0.5,
        floor="coin",
    ),
    "time, all tested": stretches_chart("Time", [Stretch("a", "b", Span(0.8), learned=False)], least=0.5, floor=""),
    "no time": stretches_chart("Time", [], least=0.5, floor=""),
    "curves": curves_chart("C", "D", [Curve("a", [(0, 0), (5, 1)], [0, 0.9], [0.1, 1])], across="x", up="y"),
    "no curves": curves_chart("C", "D", [Curve("a", [])], across="x", up="y"),
}


@pytest.mark.parametrize("name", ALL)
def test_every_chart_is_well_formed_named_and_inside_its_frame(name):
    drawn(ALL[name])
    assert str(ALL[name]) == ALL[name].__html__()
    assert "xmlns" not in str(ALL[name])


def test_steps_go_to_either_side_of_zero_and_rare_ones_are_dashed():
    root = drawn(ALL["steps"])
    towards, away = of_kind(root, "area-towards"), of_kind(root, "area-away")
    assert (len(towards), len(away)) == (1, 3)
    assert place(towards[0], "y") < place(away[0], "y")
    assert (len(of_kind(root, "step")), len(of_kind(root, "step-few"))) == (3, 1)
    assert {"▲ towards junk", "▼ towards genuine", "unknown", "10", "20"} <= set(texts(root))


def test_lead_bars_are_as_high_as_their_share():
    heights = [place(each, "height") for each in of_kind(drawn(ALL["steps"]), "leads")]
    assert heights == pytest.approx([34, 34 * 0.6, 34 * 0.02, 34 * 0.38], abs=0.06)


def test_a_step_beyond_the_axis_is_told_in_figures():
    root = drawn(step_chart("P", STEPS, ("1", "2"), unknown=None, poles=POLES, limits=(-500, 500)))
    assert {"+900", "−1,500"} <= set(texts(root))


def test_labels_of_many_ranges_do_not_touch():
    many = [Worth(str(i), i, 0.02) for i in range(60)]
    root = drawn(step_chart("P", many, [f"{1000 + i}" for i in range(59)], unknown=None, poles=POLES))
    places = [place(each, "x") for each in of_kind(root, "words") if re.fullmatch("10[0-9][0-9]", each.text or "")]
    assert len(places) > 3
    assert all(after - before > 25 for before, after in pairwise(places))


def test_bars_are_as_long_as_their_points():
    root = drawn(ALL["bars"])
    lengths = [place(each, "width") for kind in ("towards", "away") for each in of_kind(root, kind)]
    assert lengths[0] / lengths[2] == pytest.approx(900 / 1500, abs=0.01)
    assert len(of_kind(root, "few")) == 1
    assert {"+900", "−1,500", "50 %", "1 %"} <= set(texts(root))
    assert of_kind(root, "few")[0].findtext(f"{SVG}title", "").endswith("few leads")


def test_a_bar_beyond_the_axis_has_a_gap():
    assert of_kind(drawn(ALL["bars"]), "gap") == []
    root = drawn(bars_chart("P", STEPS, poles=POLES, limits=(-500, 1000)))
    assert len(of_kind(root, "gap")) == 1
    assert len(of_kind(drawn(bars_chart("P", STEPS, poles=POLES, limits=(-2000, 500))), "gap")) == 1


def test_a_waterfall_ends_at_the_score():
    root = drawn(ALL["waterfall"])
    assert [each for each in texts(root) if re.fullmatch("[+−]?[0-9]+", each)] == [
        "+20",
        "+310",
        "+440",
        "−140",
        "+630",
    ]
    first, last = of_kind(root, "total")
    assert place(last, "width") > place(first, "width")
    assert len(of_kind(root, "link")) == 3


def test_dots_are_sure_up_to_the_lower_end_and_faint_up_to_the_upper():
    root = drawn(ALL["dots"])
    assert (len(of_kind(root, "towards")), len(of_kind(root, "perhaps")), len(of_kind(root, "hollow"))) == (66, 9, 34)
    assert len(of_kind(drawn(dots_chart("F", Span(0.05), "away")), "away")) == 5


def test_promises_that_are_kept_lie_on_the_line():
    spot = of_kind(drawn(reliability_chart("K", [Kept(0.5, Span(0.5, 0.4, 0.6), 9)])), "spot")[0]
    middle = of_kind(drawn(ALL["no reliability"]), "divider")[0]
    assert place(spot, "cx") == pytest.approx((place(middle, "x1") + place(middle, "x2")) / 2, abs=0.1)
    assert place(spot, "cy") == pytest.approx((place(middle, "y1") + place(middle, "y2")) / 2, abs=0.1)
    assert len(of_kind(drawn(ALL["reliability"]), "interval")) == 1


def test_time_tells_learned_from_tested_and_known_from_unknown():
    root = drawn(ALL["time"])
    assert (len(of_kind(root, "spot-open")), len(of_kind(root, "spot")), len(of_kind(root, "divider"))) == (1, 0, 1)
    assert {"?", "○ learned from", "● put to the test", "coin", "a", "c"} <= set(texts(root))
    assert "○ learned from" not in texts(drawn(ALL["time, all tested"]))


def test_curves_differ_by_stroke_and_show_their_interval():
    several = [Curve(str(i), [(0, i), (1, 2)]) for i in range(4)]
    root = drawn(curves_chart("C", "D", several, across="x", up="y"))
    assert len(of_kind(root, "curve-2")) == 2
    assert len(of_kind(drawn(ALL["curves"]), "band")) == 1


def test_texts_are_escaped_and_cut():
    bad = Worth('<b>"&\u202e' + "x" * 90, 5, 0.5)
    svg = str(bars_chart('<q "', [bad], poles=Poles("<u>", "&")))
    assert not re.search("<b>|<u>|<q|\u202e", svg)
    root = drawn(bars_chart('<q "', [bad], poles=Poles("<u>", "&")))
    assert any(each.endswith("…") for each in texts(root))


def test_attributes_are_escaped():
    drawing = Drawing(1, 1, "t", "d", (box((0, 0), 1, 1, '"><script>'), words((0, 0), "a", '" onload="x')))
    assert "<script>" not in str(drawing)
    assert ET.fromstring(drawing.standalone()).find(f"{SVG}text").get("onload") is None


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6), st.integers(2, 6))
def test_ticks_are_round_few_and_inside(low, span, about):
    axis = Scale(low, low + span, 0, 100)
    ticks = axis.ticks(about)
    assert len(ticks) <= 2 * about + 4
    assert all(low - 1e-6 <= tick <= low + span + 1e-6 for tick in ticks)
    assert list(ticks) == sorted(set(ticks))


@given(st.lists(st.integers(-5000, 5000), max_size=9))
def test_the_axis_holds_all_points_and_zero(points):
    low, high = around_zero(points)
    assert low <= min([0, *points])
    assert max([0, *points]) <= high
    assert low < high


def test_what_is_beyond_an_axis_stays_at_its_end():
    assert [Scale(0, 10, 100, 200).at(figure) for figure in (-5, 0, 5, 50)] == [100, 100, 150, 200]
    assert Scale(3, 3, 0, 1).at(3) == 0
