"""What the API takes and gives about serving people and about conclusions of AI systems, as types; see `types`."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from winnow.core.govern.terms import Channel
from winnow.core.outcome import Scope
from winnow.ports.gate import AiDecision
from winnow.services.serving import Served
from winnow.shells.http.permit_types import CheckOut, Place, RecipientIn, Zone, check_out

_Word: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
_Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
_Address: TypeAlias = Annotated[str, Meta(min_length=1, max_length=320)]

_EXAMPLE_TIME = "2026-11-22T08:30:00Z"


class ServeIn(Struct, forbid_unknown_fields=True):
    """Who wants to serve whom. One of email, phone, lead_id and subject says whom it is about."""

    scope: Annotated[Scope, Meta(description="Where they would be served.", examples=["support"])]
    system: Annotated[_Word | None, Meta(description="Which system, if one.", examples=["acme-chat"])] = None
    channel: Annotated[Channel, Meta(description="How; for marketing and sales.", examples=["email"])] = Channel.EMAIL
    purpose: Annotated[
        _Word | None,
        Meta(description="What for; `marketing` unless you say so.", examples=["marketing"]),
    ] = None
    email: Annotated[_Address | None, Meta(description="E-mail address.", examples=["ana@bluebird.example"])] = None
    phone: Annotated[_Address | None, Meta(description="Telephone number.", examples=["+4930123456"])] = None
    lead_id: Annotated[_Id | None, Meta(description="The id of a lead.", examples=["4711"])] = None
    source: Annotated[_Id | None, Meta(description="The source of that lead.", examples=["website"])] = None
    subject: Annotated[
        Annotated[str, Meta(pattern="^[0-9]{1,19}$")] | None,
        Meta(description="The number that stands for an address.", examples=["4611686018427387904"]),
    ] = None
    place: Annotated[Place | None, Meta(description="Country, or part of one.", examples=["DE"])] = None
    timezone: Annotated[Zone | None, Meta(description="IANA time zone.", examples=["Europe/Berlin"])] = None


class ServeOut(Struct):
    """Whether they may be served."""

    serve: Annotated[bool, Meta(description="Whether they may.", examples=[True])]
    why: Annotated[
        str, Meta(description="In a sentence.", examples=["no block of marketing or sales counts for support"])
    ]
    checks: Annotated[list[CheckOut], Meta(description="What was asked; of support, billing and portal nothing.")]


def serve_out(served: Served) -> ServeOut:
    """The answer."""
    return ServeOut(served.serve, served.why, [check_out(check) for check in served.checks])


class AiDecisionIn(Struct, forbid_unknown_fields=True):
    """What an AI system concluded about somebody. Either an address or a lead says about whom."""

    system: Annotated[_Word, Meta(description="Its id in the register.", examples=["acme-scorer"])]
    label: Annotated[_Word, Meta(description="The name of the output, as registered.", examples=["likely_buyer"])]
    conclusion: Annotated[
        Annotated[str, Meta(min_length=1, max_length=2_000)],
        Meta(description="What it came to: words, or a value.", examples=["likely to buy within three months"]),
    ]
    reasons: Annotated[
        Annotated[list[Annotated[str, Meta(max_length=2_000)]], Meta(max_length=50)],
        Meta(description="Why, in words a person understands.", examples=[["asked for a price list twice this month"]]),
    ]
    data_used: Annotated[
        Annotated[list[_Word], Meta(min_length=1, max_length=60)],
        Meta(description="Categories of data it used.", examples=[["behaviour"]]),
    ]
    about: Annotated[RecipientIn | None, Meta(description="Whom it is about, by an address.")] = None
    lead_id: Annotated[_Id | None, Meta(description="Whom it is about, as a lead.", examples=["4711"])] = None
    source: Annotated[_Id | None, Meta(description="The source of that lead.", examples=["website"])] = None
    permit: Annotated[_Id | None, Meta(description="The permit for it.", examples=["pm_01jd8qg4z5-0"])] = None
    version: Annotated[_Id | None, Meta(description="Of the system.", examples=["4.2"])] = None


class AiDecisionOut(Struct):
    """A conclusion as it is on record."""

    id: Annotated[str, Meta(description="Also its number in the decision log.", examples=["1042"])]
    recorded_at: Annotated[datetime, Meta(description="When it was recorded.", examples=[_EXAMPLE_TIME])]
    system: Annotated[str, Meta(description="Which system concluded it.", examples=["acme-scorer"])]
    label: Annotated[str, Meta(description="The name of the output.", examples=["likely_buyer"])]
    conclusion: Annotated[str, Meta(description="What it came to.", examples=["likely to buy within three months"])]
    reasons: Annotated[
        list[str], Meta(description="Why, in words.", examples=[["asked for a price list twice this month"]])
    ]
    data_used: Annotated[list[str], Meta(description="Categories of data it used.", examples=[["behaviour"]])]
    permit: Annotated[str | None, Meta(description="The permit it was done under.", examples=[None])]
    version: Annotated[str | None, Meta(description="Of the system.", examples=["4.2"])]
    reported_by: Annotated[str, Meta(description="Who reported it.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6"])]


def ai_decision_out(number: int, at: datetime, kept: AiDecision) -> AiDecisionOut:
    """The answer."""
    return AiDecisionOut(
        str(number),
        at,
        kept.system,
        kept.label,
        kept.conclusion,
        list(kept.reasons),
        list(kept.data),
        kept.permit,
        kept.version,
        kept.actor,
    )
