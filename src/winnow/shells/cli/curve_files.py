"""Threshold curves as files: JSON for programs, SVG for people; the JSON is the table twin of the drawing."""

import json
from collections.abc import Callable
from pathlib import Path

from winnow.core.whatif.curves import Curve, CurvePoint, curve_document
from winnow.services.simulate import Report
from winnow.shells.cards.drawing import Drawing, chart_style
from winnow.shells.cards.examined import Curve as Line
from winnow.shells.cards.examined import curves_chart
from winnow.shells.cli.console import output, printable

_GAP = 24.0
_ACROSS = "threshold, in points"


def write_curve(path: Path, report: Report) -> None:
    """Write what every threshold would do as JSON."""
    content = {"ruleset": report.draft.id, "hash": report.draft.hash, **curve_document(report.curve)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    output.say(f"wrote {len(report.curve.points):,} thresholds to {printable(str(path))}")


def write_drawing(path: Path, report: Report) -> None:
    """Write the same as a drawing that stands alone."""
    path.write_text(drawn(report.curve), encoding="utf-8")
    output.say(f"drew the thresholds in {printable(str(path))}")


def drawn(curve: Curve) -> str:
    """Two charts, one below the other: how right each threshold is, and how many leads a day it catches."""
    charts = (_shares(curve), _loads(curve))
    width = max(chart.width for chart in charts)
    height = sum(chart.height for chart in charts) + _GAP
    below, parts = 0.0, []
    for chart in charts:
        parts.append(f'<svg y="{below:g}" width="{chart.width:g}" height="{chart.height:g}"{str(chart)[len("<svg") :]}')
        below += chart.height + _GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart alone" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img">'
    )
    return f"{head}<style>{chart_style()}</style>{''.join(parts)}</svg>\n"


def _shares(curve: Curve) -> Drawing:
    lines = [
        _line(
            "junk among the judged leads from here up", curve, lambda each: (each.precision, each.precision_interval)
        ),
        _line("of all junk, found from here up", curve, lambda each: (each.recall, each.recall_interval)),
        _line("of all conversions, lost if stopped here", curve, lambda each: (each.lost, each.lost_interval)),
    ]
    bands = curve.bands
    reject = "never" if bands.reject is None else f"from {bands.reject:+,}"
    desc = (
        f"{curve.leads:,} leads decided by score in {curve.days:,} days. Now: tag from {bands.tag:+,}, "
        f"review from {bands.review:+,}, reject {reject}."
    )
    return curves_chart("What each threshold finds and costs", desc, lines, across=_ACROSS, up="share")


def _line(name: str, curve: Curve, of: Callable[[CurvePoint], tuple[float | None, tuple[float, float]]]) -> Line:
    found = [(float(each.step.threshold), *of(each)) for each in curve.points]
    known = [(at, value, interval) for at, value, interval in found if value is not None]
    return Line(
        words=name,
        points=[(at, value) for at, value, _ in known],
        low=[low for _, _, (low, _) in known],
        high=[high for _, _, (_, high) in known],
    )


def _loads(curve: Curve) -> Drawing:
    mean = [(float(each.step.threshold), each.step.load.mean) for each in curve.points]
    p95 = [(float(each.step.threshold), float(each.step.load.p95)) for each in curve.points]
    lines = [Line("leads a day, on average", mean), Line("leads a day, 19 days of 20 at most", p95)]
    desc = f"Leads with at least so many points a day, over {curve.days:,} days."
    return curves_chart("What each threshold would bring to the queue", desc, lines, across=_ACROSS, up="leads a day")
