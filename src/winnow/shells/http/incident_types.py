"""What the API takes and gives about incidents, as types; see `types`."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.monitor.finding import Guard, Severity
from winnow.core.monitor.incident import Incident, Kind, Link, State, Step
from winnow.core.monitor.incident_report import kind_of
from winnow.services.guards import LONGEST_REASON
from winnow.services.incidents import MOST_LEADS

_EXAMPLE_ID = "inc_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_STOP = "stop_01jd8qg4z5x3n0v7k2m9r6t1wy"
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
            description="`notice`: somebody should look · `alarm`: what is automatic should not go on like this · "
            "`severe`: people were harmed, or a law may be broken.",
            examples=["alarm"],
        ),
    ]
    size: Annotated[int, Meta(description="Leads, labels or cases the finding rests on.", examples=[5_010])]
    since: Annotated[date, Meta(description="The first day it is seen on, UTC.", examples=["2026-11-10"])]
    figures: Annotated[list[str], Meta(description="The numbers, in words.", examples=[[_EXAMPLE_FIGURE]])]
    state: Annotated[
        State,
        Meta(
            description="`open`, `contained` (it does no more harm), `fixed` (its cause is gone) or `closed`.",
            examples=["contained"],
        ),
    ]
    opened_at: Annotated[datetime, Meta(description="When it was found.", examples=[_EXAMPLE_TIME])]
    contained_at: Annotated[
        datetime | None,
        Meta(description="Since when it does no more harm; by a pause, from the beginning.", examples=[_EXAMPLE_TIME]),
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
    kind: Annotated[str, Meta(description="What it is about, or the guard that found it.", examples=["conversion"])]
    opened_by: Annotated[str, Meta(description="Who opened it.", examples=["guards"])]
    contained_by: Annotated[
        str | None, Meta(description="Who said that it does no more harm; null: its pause, or nobody.", examples=[None])
    ]
    fixed_at: Annotated[datetime | None, Meta(description="Since when its cause is gone.", examples=[_EXAMPLE_TIME])]
    fixed_by: Annotated[str | None, Meta(description="Who said so.", examples=["us_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    lessons: Annotated[str | None, Meta(description="What will be done otherwise.", examples=["test on phones"])]


class IncidentIn(Struct, forbid_unknown_fields=True):
    """Something that a person has seen."""

    kind: Annotated[Kind, Meta(description="What it is about.", examples=["wrong-decisions"])]
    what: Annotated[
        Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)],
        Meta(
            description="What happened, without names and addresses; kept for ever.",
            examples=["leads of one region were rejected for their language"],
        ),
    ]
    severity: Annotated[
        Severity,
        Meta(
            description="`notice`, `alarm`, or `severe`: people were harmed, or a law may be broken.",
            examples=["alarm"],
        ),
    ]
    source: Annotated[
        Annotated[str, Meta(max_length=200)] | None,
        Meta(description="Where; null: not at one source.", examples=["web"]),
    ] = None
    since: Annotated[date | None, Meta(description="The day it began, UTC; null: today.", examples=["2026-11-10"])] = (
        None
    )


class StepIn(Struct, forbid_unknown_fields=True):
    """How far it is."""

    step: Annotated[
        Step,
        Meta(description="`contained`: it does no more harm · `fixed`: its cause is gone.", examples=["contained"]),
    ]


class NoteIn(Struct, forbid_unknown_fields=True):
    """What was done."""

    text: Annotated[
        Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)],
        Meta(description="Without names and addresses; kept for ever.", examples=["asked the web team for the log"]),
    ]


class LinkIn(Struct, forbid_unknown_fields=True):
    """What was done about it elsewhere."""

    kind: Annotated[Link, Meta(description="What it was.", examples=["stop"])]
    id: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)],
        Meta(description="Its id; of a roll-back, the hash of the ruleset.", examples=[_EXAMPLE_STOP]),
    ]


class LeadsIn(Struct, forbid_unknown_fields=True):
    """Leads of people concerned."""

    leads: Annotated[
        Annotated[list[Annotated[int, Meta(ge=0)]], Meta(min_length=1, max_length=MOST_LEADS)],
        Meta(description="Their numbers.", examples=[[17, 42]]),
    ]


class LeadCount(Struct):
    """How many are concerned."""

    count: Annotated[int, Meta(description="Leads named by now.", examples=[2])]


class ConcernedOut(Struct):
    """A lead whose person is concerned."""

    lead: Annotated[int, Meta(description="Its number.", examples=[17])]
    addresses: Annotated[
        list[str] | None,
        Meta(
            description="Mail addresses and phone numbers; null: erased, or you may not see leads.",
            examples=[["ana@bluebird.example"]],
        ),
    ]


class ConcernedPage(Struct):
    """Some of them, by number."""

    leads: Annotated[list[ConcernedOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=["42"])
    ] = None


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
    lessons: Annotated[
        Annotated[str, Meta(max_length=LONGEST_REASON)],
        Meta(description="What will be done otherwise; asked for when it is severe.", examples=[""]),
    ] = ""


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
        kind=kind_of(incident),
        opened_by=incident.opened_by,
        contained_by=incident.contained_by,
        fixed_at=incident.fixed_at,
        fixed_by=incident.fixed_by,
        lessons=incident.lessons,
    )
