"""What the API tells of the last days, as types; see `types`."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from winnow.core.monitor.finding import Guard, Severity
from winnow.core.today.certificate import Standing
from winnow.core.today.measures import Of

#: Sources that are listed; so many are not there by nature.
MOST_SOURCES = 100

_TIME, _DAY = "2026-11-22T08:30:00Z", "2026-11-22"
_INCIDENT = "inc_01jd8qg4z5x3n0v7k2m9r6t1wy"

Word = Literal["accept", "tag", "review", "reject"]


class LeadsFilter(Struct, omit_defaults=True):
    """Which leads a number counts: those for which everything holds that is there."""

    of: Annotated[Of, Meta(description="Where they are: among `decisions`, `cases` or `feedback`.", examples=["cases"])]
    since: Annotated[
        datetime | None, Meta(description="From when on it was decided or reported.", examples=["2026-11-16T00:00:00Z"])
    ] = None
    until: Annotated[
        datetime | None, Meta(description="Up to, not including, when.", examples=["2026-11-23T00:00:00Z"])
    ] = None
    source: Annotated[str | None, Meta(description="Of this source; empty: without one.", examples=["website"])] = None
    shelf: Annotated[
        Literal["waiting", "snoozed", "decided"] | None,
        Meta(description="Of cases: where they lie.", examples=["decided"]),
    ] = None
    outcomes: Annotated[
        list[Word], Meta(description="What was decided, of cases: by people. One of these.", examples=[["reject"]])
    ] = []
    decided: Annotated[
        list[Word],
        Meta(description="Of cases and feedback: what had been decided without a person.", examples=[["review"]]),
    ] = []
    by: Annotated[
        list[str],
        Meta(description="What decided: one of these, before the colon of `decided_by`.", examples=[["rule", "score"]]),
    ] = []
    verdicts: Annotated[
        list[str],
        Meta(description="What they were reported as, or are learnt as: one of these.", examples=[["junk"]]),
    ] = []
    otherwise: Annotated[bool, Meta(description="Only those decided otherwise than recommended.", examples=[True])] = (
        False
    )
    overdue: Annotated[bool, Meta(description="Only those that wait for too long.", examples=[True])] = False
    shadow: Annotated[bool, Meta(description="Only those decided in shadow.", examples=[True])] = False


_EXAMPLE_FILTER = {"of": "decisions", "since": "2026-11-16T00:00:00Z", "until": "2026-11-23T00:00:00Z"}


class NumberOut(Struct):
    """A number, and where the leads behind it are."""

    now: Annotated[int, Meta(description="In these days, or as things stand.", examples=[412])]
    before: Annotated[
        int | None, Meta(description="In as many days before; null: it tells how things stand.", examples=[398])
    ]
    share: Annotated[
        float | None,
        Meta(
            description="`now` as a part: of the leads; `otherwise` of the decided; `told_junk` and `missed` of what "
            "was reported. Null: it is no part, or there is nothing.",
            examples=[0.118],
        ),
    ]
    share_before: Annotated[float | None, Meta(description="`before`, likewise.", examples=[0.121])]
    leads: Annotated[
        list[LeadsFilter],
        Meta(description="Where the leads of `now` are: all of these together.", examples=[[_EXAMPLE_FILTER]]),
    ]


class NumbersOut(Struct):
    """Numbers of all sources together, or of one."""

    leads: Annotated[NumberOut, Meta(description="Leads that came.")]
    accepted: Annotated[NumberOut, Meta(description="Accepted without a person.")]
    tagged: Annotated[NumberOut, Meta(description="Sent on with a label.")]
    reviewed: Annotated[NumberOut, Meta(description="Sent to people.")]
    rejected: Annotated[NumberOut, Meta(description="Rejected without a person.")]
    by_machine: Annotated[NumberOut, Meta(description="Of these, by the score or by a rule: what `wrongly` is about.")]
    in_shadow: Annotated[
        NumberOut, Meta(description="Leads decided in shadow, so without effect; in none of the above.")
    ]
    junked: Annotated[NumberOut, Meta(description="Sent to people, who rejected them as junk.")]
    stopped: Annotated[NumberOut, Meta(description="Junk stopped: `rejected` and `junked`.")]
    released: Annotated[NumberOut, Meta(description="Rejected without a person, then let through by one.")]
    good: Annotated[NumberOut, Meta(description="Rejected without a person, then reported to be genuine.")]
    decided: Annotated[NumberOut, Meta(description="Cases that people decided.")]
    otherwise: Annotated[NumberOut, Meta(description="Of these, otherwise than recommended; never told by person.")]
    told: Annotated[
        NumberOut, Meta(description="Reports of what leads turned out to be; those taken back not counted.")
    ]
    told_junk: Annotated[NumberOut, Meta(description="Of these, junk.")]
    missed: Annotated[NumberOut, Meta(description="Of these, junk that was let through without a person.")]
    withdrawn: Annotated[NumberOut, Meta(description="Reports that were taken back: nothing is learnt from them.")]


class WronglyOut(Struct):
    """Good leads among those that the score or a rule rejected, estimated from the blind sample.

    How many of the sample wait is not told: where one case waits, it would say whether that was drawn.
    """

    state: Annotated[
        Literal["nothing stopped", "too few", "estimated"],
        Meta(description="Whether there is enough to say anything.", examples=["estimated"]),
    ]
    leads: Annotated[float | None, Meta(description="About so many; null: too few to say.", examples=[3.1])]
    low: Annotated[float | None, Meta(description="Lower end of the 95 % interval.", examples=[0.9])]
    high: Annotated[float | None, Meta(description="Upper end.", examples=[7.6])]
    rate: Annotated[
        float | None, Meta(description="The part of the rejected that is genuine, estimated.", examples=[0.021])
    ]
    stopped: Annotated[int, Meta(description="Leads that the score or a rule rejected.", examples=[148])]
    labelled: Annotated[int, Meta(description="Leads of the sample whose truth is known.", examples=[47])]
    missing: Annotated[int, Meta(description="Labels that are missing before anything is said.", examples=[0])]


class SeriesOut(Struct):
    """Numbers day by day, from the first day of the window to its last."""

    leads: Annotated[list[int], Meta(description="Leads that came.", examples=[[61, 58, 12, 9, 70, 66, 41]])]
    junk: Annotated[list[int], Meta(description="Junk stopped.", examples=[[7, 5, 1, 2, 9, 8, 4]])]
    decided: Annotated[list[int], Meta(description="Cases that people decided.", examples=[[9, 8, 0, 0, 12, 9, 5]])]


class SourceOut(Struct):
    """What came from one source."""

    source: Annotated[str | None, Meta(description="Which; null: leads without one.", examples=["website"])]
    numbers: Annotated[NumbersOut, Meta(description="Its numbers; the junk rate is the share of `stopped`.")]
    wrongly: Annotated[WronglyOut, Meta(description="Good leads that were wrongly stopped.")]
    days: Annotated[SeriesOut, Meta(description="Day by day.")]


class QueueOut(Struct):
    """What waits for people, and how fast they are."""

    waiting: Annotated[NumberOut, Meta(description="Cases that wait.")]
    overdue: Annotated[NumberOut, Meta(description="Of these, those that should have been decided.")]
    snoozed: Annotated[NumberOut, Meta(description="Cases that were put off.")]
    oldest: Annotated[datetime | None, Meta(description="When the one came that waits longest.", examples=[_TIME])]
    decided_a_day: Annotated[float, Meta(description="Cases decided on a day, on average.", examples=[6.1])]
    decided_a_day_before: Annotated[float, Meta(description="The same before.", examples=[5.7])]
    median_seconds: Annotated[
        float | None,
        Meta(
            description="Seconds from when a lead came to its decision, at the median, to about 4 %; null: none.",
            examples=[5_400.0],
        ),
    ]
    median_seconds_before: Annotated[float | None, Meta(description="The same before.", examples=[6_100.0])]


class FoundOut(Struct):
    """What a guard has found that nobody has dealt with."""

    id: Annotated[str, Meta(description="The incident.", examples=[_INCIDENT])]
    guard: Annotated[Guard, Meta(description="Which guard, see docs/guards.md.", examples=["conversion"])]
    source: Annotated[str | None, Meta(description="Where; null: all sources together.", examples=["website"])]
    severity: Annotated[
        Severity, Meta(description="`notice`: somebody should look · `alarm`: at once.", examples=["alarm"])
    ]
    since: Annotated[date, Meta(description="The first day it is seen on.", examples=[_DAY])]


class PausedOut(Struct):
    """Where nothing is rejected without a person."""

    source: Annotated[str | None, Meta(description="Of which source; null: of all.", examples=["website"])]
    reason: Annotated[str, Meta(description="Why.", examples=["rejecting is paused by the guard `conversion`"])]
    incident: Annotated[str, Meta(description="The incident to close.", examples=[_INCIDENT])]


class GuardsOut(Struct):
    """How the guards see things."""

    looked_at: Annotated[
        datetime | None, Meta(description="When they looked last; null: there was nothing to see.", examples=[_TIME])
    ]
    found: Annotated[list[FoundOut], Meta(description="Incidents that nobody has closed.")]
    pauses: Annotated[list[PausedOut], Meta(description="Pauses in force.")]
    backlog: Annotated[int, Meta(description="Cases that nobody has decided, put off ones too.", examples=[64])]
    backlog_overdue: Annotated[int, Meta(description="Of these, overdue.", examples=[3])]
    backlog_breach: Annotated[bool, Meta(description="Whether people are too far behind with them.", examples=[False])]


class CertificateOut(Struct):
    """Whether the score may reject without a person."""

    state: Annotated[
        Standing,
        Meta(description="`never` had one · `certified` · `lapsed`; see docs/certify.md.", examples=["certified"]),
    ]
    until: Annotated[datetime | None, Meta(description="When it ends, or ended by its date.", examples=[_TIME])]
    why: Annotated[str | None, Meta(description="Why it lapsed.", examples=["the certificate lapsed on 2026-11-20"])]
    rejects: Annotated[bool, Meta(description="Whether the score rejects anything at this moment.", examples=[True])]


class TodayOut(Struct):
    """What the last days came to, and how things stand."""

    at: Annotated[datetime, Meta(description="When it was so.", examples=[_TIME])]
    first: Annotated[date, Meta(description="The first day looked at, UTC.", examples=["2026-11-16"])]
    last: Annotated[date, Meta(description="The last one, which is today and not over.", examples=[_DAY])]
    not_counted: Annotated[
        int,
        Meta(description="Entries of the log not yet counted: 0 unless very many came at once.", examples=[0]),
    ]
    numbers: Annotated[NumbersOut, Meta(description="All sources together.")]
    wrongly: Annotated[WronglyOut, Meta(description="Good leads that were wrongly stopped.")]
    wrongly_before: Annotated[WronglyOut, Meta(description="The same in the days before.")]
    days: Annotated[SeriesOut, Meta(description="Day by day.")]
    queue: Annotated[QueueOut, Meta(description="What waits for people.")]
    sources: Annotated[list[SourceOut], Meta(description=f"One by one, most leads first, {MOST_SOURCES} at most.")]
    more_sources: Annotated[int, Meta(description="Sources that are not listed.", examples=[0])]
    guards: Annotated[GuardsOut, Meta(description="What guards have found.")]
    certificate: Annotated[CertificateOut, Meta(description="Whether the score may reject.")]
