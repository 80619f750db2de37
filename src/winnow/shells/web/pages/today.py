"""The start page: what happened, what waits, and whether good leads were stopped; each number opens its leads."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from litestar import Response, get

from winnow.core.apikeys import Scope
from winnow.core.outcome import Outcome
from winnow.core.today.figures import Figures, Wrongly
from winnow.core.today.measures import Behind, Measure, Of, behind, share
from winnow.core.today.window import WINDOWS, Window
from winnow.services.today import Today
from winnow.shells.http.access import TheDesks, page
from winnow.shells.web.charts import bars, line, round_steps
from winnow.shells.web.navigation import N_
from winnow.shells.web.trouble_words import title_of
from winnow.shells.web.view import Asked, TheView, View

#: Sources that are listed; the others are few leads each.
MOST_SOURCES = 50
_USUAL = 7
_CHART = 720.0, 120.0
_SPARK = 96.0, 24.0

#: What is shown of each source besides its leads.
_COLUMNS = (
    (Measure.ACCEPTED, N_("Accepted")),
    (Measure.TAGGED, N_("Tagged")),
    (Measure.REVIEWED, N_("For review")),
    (Measure.REJECTED, N_("Rejected")),
    (Measure.STOPPED, N_("Junk stopped")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with what it was before, its share, and where its leads are (empty: nowhere, or not for this person)."""

    now: int
    before: int
    share: float | None
    links: tuple[str, ...]


@get("/", opt=page(Scope.TODAY_READ), sync_to_thread=True, include_in_schema=False)
def today(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """For everybody who signed in: there is nothing about any person in it."""
    asked = request.query_params.get("days", "")
    days = int(asked) if asked in map(str, WINDOWS) else _USUAL
    found = desks.today.today(days)
    return view.page(
        "today/page.html",
        days=days,
        windows=WINDOWS,
        found=found,
        shown={measure.value: _shown(measure, found.overall, found.window, None, view) for measure in Measure},
        wrongly=_said(found.overall.wrongly),
        chart=_chart(found),
        sources=[_source(name, figures, found.window, view) for name, figures in _listed(found)],
        more_sources=max(0, len(found.sources) - MOST_SOURCES),
        columns=_COLUMNS,
        title_of=title_of,
    )


def _listed(found: Today) -> list[tuple[str, Figures]]:
    return list(found.sources.items())[:MOST_SOURCES]


def _said(wrongly: Wrongly) -> dict[str, object]:
    """The estimate, or why there is none."""
    state = "none" if not wrongly.stopped else "few" if wrongly.leads is None else "estimate"
    return {"state": state, "leads": wrongly.leads, "stopped": wrongly.stopped, "missing": wrongly.missing}


def _chart(found: Today) -> dict[str, object]:
    lines = found.overall.days
    leads, junk = [each.leads for each in lines], [each.junk for each in lines]
    width, height = _CHART
    return {
        "bars": list(zip(bars(leads, junk, width, height), lines, strict=True)),
        "width": width,
        "height": height,
        "most": max(leads, default=0),
        "steps": round_steps(max(leads, default=0)),
    }


def _source(name: str, figures: Figures, window: Window, view: View) -> dict[str, object]:
    width, height = _SPARK
    leads, junk = [each.leads for each in figures.days], [each.junk for each in figures.days]
    most = max([*leads, 1])
    return {
        "name": name,
        "leads": _shown(Measure.LEADS, figures, window, name, view),
        "cells": [_shown(measure, figures, window, name, view) for measure, _ in _COLUMNS],
        "leads_line": line(leads, width, height, most),
        "junk_line": line(junk, width, height, most),
    }


def _shown(measure: Measure, figures: Figures, window: Window, source: str | None, view: View) -> Shown:
    found = (_link(each, window, source) for each in behind(measure) if view.can(_NEEDED[each.of]))
    links = tuple(link for link in found if link)
    part = share(measure, figures.now)
    return Shown(figures.now.get(measure, 0), figures.before.get(measure, 0), part, links)


_NEEDED = {Of.DECISIONS: Scope.DECISIONS_READ, Of.CASES: Scope.CASES_READ, Of.FEEDBACK: Scope.DECISIONS_READ}


def _link(leads: Behind, window: Window, source: str | None) -> str:
    """The page that lists these leads; empty when none lists just these."""
    fields = _days(window.first, window.last)
    if source is not None:
        fields.append(("source", source))
    if leads.of is Of.FEEDBACK or leads.shadow or leads.by:
        return ""
    if leads.of is Of.DECISIONS:
        return f"/leads?{urlencode([*fields, *(('outcome', each.word) for each in leads.outcomes)])}"
    if leads.otherwise or leads.decided == (Outcome.REJECT,):
        return f"/leads?{urlencode([*fields, ('changed' if leads.otherwise else 'released', 'on')])}"
    outcomes = [("outcome", each.word) for each in leads.outcomes]
    return f"/queue?{urlencode([('shelf', 'decided'), *fields, *outcomes])}"


def _days(first: date, last: date) -> list[tuple[str, str]]:
    return [("since", first.isoformat()), ("until", last.isoformat())]


PAGES = [today]
