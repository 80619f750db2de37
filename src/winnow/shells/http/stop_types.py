"""What the API takes and gives about the kill switch, as types; see `types`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.govern.stop import LONGEST_REASON, LONGEST_TARGET, Drill, StopScope
from winnow.ports.stop import Agreement, DrillReport, Engaged, PastStop, Replica
from winnow.services.stop import LONGEST_DRILL, Status

_EXAMPLE_ID = "stop_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_PERSON = "us_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_REPLICA = "rp_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"
_EXAMPLE_REASON = "genuine leads of one region are rejected"
_SCOPE = Meta(
    description="What: `all` that is automatic, one `source`, `scorecard`, `rule`, `action` or `ai-system`.",
    examples=["all"],
)
_TARGET = (
    "Which one: the name of a source or rule, the hash of a scorecard or its first 8 digits and more, the name of an "
    "action, the id of an AI system; empty for all."
)
_Reason = Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)]


class StopIn(Struct, forbid_unknown_fields=True):
    """What is to be stopped."""

    reason: Annotated[_Reason, Meta(description="Why; kept for ever.", examples=[_EXAMPLE_REASON])]
    scope: Annotated[StopScope, _SCOPE] = StopScope.ALL
    target: Annotated[Annotated[str, Meta(max_length=LONGEST_TARGET)], Meta(description=_TARGET, examples=[""])] = ""


class LiftIn(Struct, forbid_unknown_fields=True):
    """Why things may go on."""

    reason: Annotated[_Reason, Meta(description="What was found out; kept for ever.", examples=["the rule is mended"])]


class DrillIn(Struct, forbid_unknown_fields=True):
    """How to practise."""

    seconds: Annotated[
        Annotated[int, Meta(ge=0, le=LONGEST_DRILL)],
        Meta(description="For how long it lasts at least; the answer takes as long.", examples=[0]),
    ] = 0
    dry: Annotated[
        bool, Meta(description="true: stop nothing, and only measure when every process would know.", examples=[True])
    ] = True


class AgreementOut(Struct):
    """Somebody who agreed to lift a stop."""

    by: Annotated[str, Meta(description="The id of the person.", examples=[_EXAMPLE_PERSON])]
    at: Annotated[datetime, Meta(description="When.", examples=[_EXAMPLE_TIME])]
    reason: Annotated[str, Meta(description="What they found out.", examples=["the rule is mended"])]


class NoticedOut(Struct):
    """When a process knew of a drill."""

    replica: Annotated[str, Meta(description="The process.", examples=[_EXAMPLE_REPLICA])]
    kind: Annotated[str, Meta(description="`serve` or `worker`.", examples=["serve"])]
    seconds: Annotated[
        float | None,
        Meta(description="So long after the stop was in force; null: not while the drill waited.", examples=[0.21]),
    ]


class DrillOut(Struct):
    """What a drill has shown."""

    acknowledged_seconds: Annotated[
        float, Meta(description="Until nothing automatic was recorded any more.", examples=[0.012])
    ]
    slowest_seconds: Annotated[
        float | None, Meta(description="Until the last process knew; null: one did not.", examples=[0.21])
    ]
    held_seconds: Annotated[float, Meta(description="For how long it was stopped.", examples=[3.0])]
    noticed: Annotated[list[NoticedOut], Meta(description="Each process that ran.")]


class StopOut(Struct):
    """A stop, and what became of it."""

    id: Annotated[str, Meta(description="Its name.", examples=[_EXAMPLE_ID])]
    scope: Annotated[StopScope, _SCOPE]
    target: Annotated[str, Meta(description=_TARGET, examples=[""])]
    reason: Annotated[str, Meta(description="Why.", examples=[_EXAMPLE_REASON])]
    by: Annotated[
        str,
        Meta(description="Who: a person, a key, `command line`, or the `system` itself.", examples=[_EXAMPLE_PERSON]),
    ]
    at: Annotated[datetime, Meta(description="When.", examples=[_EXAMPLE_TIME])]
    drill: Annotated[Drill | None, Meta(description="An exercise: `live` stops, `dry` does not.", examples=["dry"])] = (
        None
    )
    first: Annotated[AgreementOut | None, Meta(description="The first of two who agreed to lift it.")] = None
    second: Annotated[AgreementOut | None, Meta(description="The second, somebody else.")] = None
    lifted_at: Annotated[
        datetime | None, Meta(description="Since when it does not hold any more.", examples=[_EXAMPLE_TIME])
    ] = None
    report: Annotated[DrillOut | None, Meta(description="Of a drill, once it is over.")] = None


class StopPage(Struct):
    """Some stops, the newest first."""

    stops: Annotated[list[StopOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


class ReplicaOut(Struct):
    """A process of the service that runs."""

    id: Annotated[str, Meta(description="Its name.", examples=[_EXAMPLE_REPLICA])]
    kind: Annotated[str, Meta(description="`serve` or `worker`.", examples=["serve"])]
    seen_at: Annotated[datetime, Meta(description="Its last sign of life.", examples=[_EXAMPLE_TIME])]
    knows: Annotated[bool, Meta(description="Whether it has noticed the last change.", examples=[True])]


class StatusOut(Struct):
    """What is stopped."""

    everything: Annotated[bool, Meta(description="Whether all that is automatic is stopped.", examples=[False])]
    readable: Annotated[
        bool, Meta(description="false: nobody can tell what is stopped, and so everything is.", examples=[True])
    ]
    sentence: Annotated[str, Meta(description="What is stopped, in words; empty: nothing.", examples=[""])]
    standing: Annotated[list[StopOut], Meta(description="The stops in force, the eldest first.")]
    replicas: Annotated[list[ReplicaOut], Meta(description="The processes that run.")]


class EngagedOut(Struct):
    """A stop that is in force."""

    stop: Annotated[StopOut, Meta(description="The stop.")]
    log_entry: Annotated[
        int,
        Meta(description="Its entry in the log: nothing automatic that it covers has a later one.", examples=[1_204]),
    ]
    on_their_way: Annotated[
        int,
        Meta(description="Webhook messages that were being sent and cannot be called back.", examples=[0]),
    ]


def stop_out(past: PastStop) -> StopOut:
    """A stop as it is answered."""
    stop = past.stop
    return StopOut(
        id=stop.id,
        scope=stop.scope,
        target=stop.target,
        reason=stop.reason,
        by=stop.by,
        at=stop.at,
        drill=stop.drill,
        first=_agreement_out(past.first),
        second=_agreement_out(past.second),
        lifted_at=past.lifted_at,
        report=None if past.report is None else _drill_out(past.report),
    )


def status_out(status: Status) -> StatusOut:
    """What is stopped as it is answered."""
    replicas = [_replica_out(each, status.number) for each in status.replicas]
    standing = [stop_out(past) for past in status.standing]
    return StatusOut(status.everything, status.readable, status.sentence, standing, replicas)


def engaged_out(engaged: Engaged) -> EngagedOut:
    """A new stop as it is answered."""
    return EngagedOut(stop_out(PastStop(engaged.stop)), engaged.number, engaged.on_their_way)


def _agreement_out(agreement: Agreement | None) -> AgreementOut | None:
    return None if agreement is None else AgreementOut(agreement.by, agreement.at, agreement.reason)


def _drill_out(report: DrillReport) -> DrillOut:
    noticed = [NoticedOut(each.replica, each.kind, each.seconds) for each in report.noticed]
    return DrillOut(report.acknowledged_seconds, report.slowest, report.held_seconds, noticed)


def _replica_out(replica: Replica, number: int | None) -> ReplicaOut:
    return ReplicaOut(replica.id, replica.kind, replica.seen_at, replica.stops == number)
