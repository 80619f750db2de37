"""What the API takes and gives about rulesets in shadow, as types; see `types`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.learning.shadow import Changed, Judged, Pair, Shadow, ShadowReport

_HASH = Meta(
    description="SHA-256 of the ruleset's content.",
    examples=["5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"],
)
_OUTCOME = Meta(description="accept, tag, review or reject.", examples=["tag"])
_SHARE = Meta(description="Share of the leads it decides, over 0 to 1.", examples=[1.0])
_TIME = "2026-11-22T08:30:00Z"


class ShadowIn(Struct, forbid_unknown_fields=True):
    """How much of the traffic."""

    share: Annotated[float, _SHARE] = 1.0


class ShadowOut(Struct):
    """A ruleset that is in shadow."""

    ruleset: Annotated[str, _HASH]
    share: Annotated[float, _SHARE]
    started_at: Annotated[datetime, Meta(description="When it was put there.", examples=[_TIME])]
    started_by: Annotated[
        str, Meta(description="The key that put it there.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6t1wy"])
    ]


class ReadIn(Struct, forbid_unknown_fields=True):
    """That somebody has read the report."""

    leads: Annotated[int, Meta(description="How many leads it was over when they read it.", examples=[1200], ge=1)]


class CountOut(Struct):
    """Leads with these two outcomes."""

    live: Annotated[str, _OUTCOME]
    shadow: Annotated[
        str | None, Meta(description="The same, of the one in shadow; null: it failed.", examples=["review"])
    ]
    leads: Annotated[int, Meta(description="How many.", examples=[12])]
    labels: Annotated[int, Meta(description="Of how many the truth is known.", examples=[5])]
    junk: Annotated[int, Meta(description="How many of those were junk.", examples=[4])]


class SourceOut(Struct):
    """The leads of one source."""

    source: Annotated[str, Meta(description="Its name; empty: none was given.", examples=["web"])]
    leads: Annotated[int, Meta(description="Leads of it.", examples=[400])]
    stricter: Annotated[int, Meta(description="Those it would treat more severely.", examples=[12])]
    milder: Annotated[int, Meta(description="Those it would treat less severely.", examples=[3])]


class ChangedOut(Struct):
    """A lead the two would treat differently."""

    decision: Annotated[str, Meta(description="The id of the live decision.", examples=["1042"])]
    lead_id: Annotated[str, Meta(description="The id of the lead.", examples=["web-1042"])]
    source: Annotated[str, Meta(description="Its source; empty: none was given.", examples=["web"])]
    live: Annotated[str, _OUTCOME]
    shadow: Annotated[str, _OUTCOME]


class ShadowReportOut(Struct):
    """How a ruleset in shadow differed from the live one, over all the time it was there."""

    ruleset: Annotated[str, _HASH]
    running: Annotated[bool, Meta(description="Whether it is in shadow now.", examples=[True])]
    share: Annotated[float, _SHARE]
    leads: Annotated[int, Meta(description="Leads it has decided.", examples=[1200])]
    failed: Annotated[int, Meta(description="Leads it could not decide.", examples=[0])]
    days: Annotated[
        float, Meta(description="Days from the first of them to the last, without those out of shadow.", examples=[8.5])
    ]
    stricter: Annotated[int, Meta(description="Leads it would treat more severely.", examples=[17])]
    milder: Annotated[int, Meta(description="Leads it would treat less severely.", examples=[3])]
    counts: Annotated[list[CountOut], Meta(description="Leads by both outcomes.")]
    sources: Annotated[list[SourceOut], Meta(description="The same by source.")]
    changed: Annotated[list[ChangedOut], Meta(description="The newest leads that differ.")]
    against: Annotated[
        dict[str, int],
        Meta(description="Leads by the hash of the ruleset that was live.", examples=[{"5f2b8c0d": 1200}]),
    ]
    read_by: Annotated[
        str | None,
        Meta(description="Who said last that they have read this.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6t1wy"]),
    ] = None
    read_at: Annotated[datetime | None, Meta(description="When.", examples=[_TIME])] = None
    read_leads: Annotated[int, Meta(description="Over how many leads it was then.", examples=[1200])] = 0


def shadow_out(shadow: Shadow) -> ShadowOut:
    """A ruleset in shadow as it is answered."""
    return ShadowOut(shadow.ruleset, shadow.share, shadow.started_at, shadow.started_by)


def report_out(report: ShadowReport) -> ShadowReportOut:
    """A report as it is answered."""
    return ShadowReportOut(
        ruleset=report.ruleset,
        running=report.running,
        share=report.share,
        leads=report.leads,
        failed=report.failed,
        days=round(report.days, 3),
        stricter=report.stricter,
        milder=report.milder,
        counts=[_count(pair, report) for pair in sorted(report.counts, key=_severity)],
        sources=[_source(name, report.by_source[name]) for name in sorted(report.by_source)],
        changed=[_changed(each) for each in report.changed],
        against=dict(report.against),
        read_by=report.read_by,
        read_at=report.read_at,
        read_leads=report.read_leads,
    )


def _severity(pair: Pair) -> tuple[int, int]:
    live, shadow = pair
    return live, -1 if shadow is None else shadow


def _count(pair: Pair, report: ShadowReport) -> CountOut:
    live, shadow = pair
    judged = report.judged.get(pair, Judged(0, 0))
    return CountOut(live.word, None if shadow is None else shadow.word, report.counts[pair], judged.labels, judged.junk)


def _source(name: str, counts: Mapping[Pair, int]) -> SourceOut:
    whole = ShadowReport("", running=False, share=1.0, first=None, last=None, counts=counts)
    return SourceOut(name, whole.leads, whole.stricter, whole.milder)


def _changed(each: Changed) -> ChangedOut:
    return ChangedOut(str(each.decision), each.lead, each.source, each.live.word, each.shadow.word)
