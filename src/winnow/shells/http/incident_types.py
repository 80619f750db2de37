"""What the API takes and gives about incidents, as types; see `types`."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.monitor.finding import Guard, Severity
from winnow.core.monitor.incident import Incident, State
from winnow.services.guards import LONGEST_REASON

_EXAMPLE_ID = "inc_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"
_EXAMPLE_FIGURE = "source `web`: of 5,010 accepted leads since 2026-11-10, 421 converted (8.4 %)"


class IncidentOut(Struct):
    """Something a guard has found, and what became of it."""

    id: Annotated[str, Meta(description="Its name.", examples=[_EXAMPLE_ID])]
    guard: Annotated[Guard, Meta(description="Which guard found it, see docs/guards.md.", examples=["conversion"])]
    source: Annotated[str | None, Meta(description="Where; null: all sources together.", examples=["web"])]
    about: Annotated[str, Meta(description="The signal it is about; mostly empty.", examples=["net.ip_class"])]
    severity: Annotated[
        Severity,
        Meta(
            description="`notice`: somebody should look · `alarm`: what is automatic should not go on like this.",
            examples=["alarm"],
        ),
    ]
    size: Annotated[int, Meta(description="Leads, labels or cases the finding rests on.", examples=[5_010])]
    since: Annotated[date, Meta(description="The first day it is seen on, UTC.", examples=["2026-11-10"])]
    figures: Annotated[list[str], Meta(description="The numbers, in words.", examples=[[_EXAMPLE_FIGURE]])]
    state: Annotated[
        State,
        Meta(
            description="`open`, `contained` (rejecting without a person is paused for it) or `closed`.",
            examples=["contained"],
        ),
    ]
    opened_at: Annotated[datetime, Meta(description="When it was found.", examples=[_EXAMPLE_TIME])]
    contained_at: Annotated[
        datetime | None,
        Meta(description="When rejecting was paused for it; null: it was not.", examples=[_EXAMPLE_TIME]),
    ]
    closed_at: Annotated[datetime | None, Meta(description="When somebody closed it.", examples=[_EXAMPLE_TIME])]
    closed_by: Annotated[str | None, Meta(description="The key that closed it.", examples=["wk_01jd8q"])]
    reason: Annotated[
        str | None, Meta(description="What was found out and done.", examples=["the form was broken; mended"])
    ]
    renewed: Annotated[
        bool,
        Meta(description="Whether the time since it began became what the guard compares with.", examples=[False]),
    ]


class IncidentPage(Struct):
    """Some incidents, the newest first."""

    incidents: Annotated[list[IncidentOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


class IncidentClose(Struct, forbid_unknown_fields=True):
    """How an incident was dealt with."""

    reason: Annotated[
        Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)],
        Meta(description="What was found out and done; kept for ever.", examples=["the form was broken; mended"]),
    ]
    renew: Annotated[
        bool,
        Meta(
            description="true: things are as they should be since it began, so compare with the time since then. "
            "false: the days from its beginning until now count neither as usual nor as new.",
            examples=[False],
        ),
    ] = False


def incident_out(incident: Incident) -> IncidentOut:
    """An incident as it is answered."""
    return IncidentOut(
        id=incident.id,
        guard=incident.guard,
        source=incident.source,
        about=incident.about,
        severity=incident.severity,
        size=incident.size,
        since=incident.since,
        figures=list(incident.figures),
        state=incident.state,
        opened_at=incident.opened_at,
        contained_at=incident.contained_at,
        closed_at=incident.closed_at,
        closed_by=incident.closed_by,
        reason=incident.reason,
        renewed=incident.renewed,
    )
