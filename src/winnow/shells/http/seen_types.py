"""A decision as it may be seen, as types: as it was answered, but for what is withheld from those who decide cases."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from winnow.shells.http.types import RulesetRef

WITHHELD = "Null while it is withheld from those who may decide the case; see docs/queue.md."


class ReasonSeen(Struct):
    """One line of evidence."""

    code: Annotated[str, Meta(description="Stable name, see docs/reasons.md.", examples=["form.fill_seconds"])]
    family: Annotated[str, Meta(description="Kind of evidence.", examples=["form"])]
    points: Annotated[
        int | None,
        Meta(
            description=f"Thousandths of a logit towards junk; negative: towards genuine. {WITHHELD}", examples=[1600]
        ),
    ]
    text: Annotated[str, Meta(description="In words for a sales rep.", examples=["Form filled in under 1.5 seconds"])]
    source: Annotated[
        str,
        Meta(description="What says so: scorecard, rule:ID, list:ID, policy:ID, customer …", examples=["scorecard"]),
    ]
    strength: Annotated[
        Literal["weak", "medium", "strong"] | UnsetType | None,
        Meta(description="In place of points: how much it weighs beside the strongest.", examples=["strong"]),
    ] = UNSET
    towards: Annotated[
        Literal["junk", "genuine"] | UnsetType | None,
        Meta(description="In place of points: what it speaks for.", examples=["junk"]),
    ] = UNSET


class DecisionSeen(Struct):
    """What was decided about a lead, and why."""

    id: Annotated[str, Meta(description="The number of the decision in the log.", examples=["12"])]
    decided_at: Annotated[str, Meta(description="When, ISO 8601 UTC.", examples=["2026-03-01T08:30:00.125000Z"])]
    lead_id: Annotated[str, Meta(description="The id of the lead within its source.", examples=["4711"])]
    outcome: Annotated[
        str, Meta(description="accept, tag, review or reject: the outcome for sales.", examples=["review"])
    ]
    probability: Annotated[float | None, Meta(description=f"Chance of junk, 0.01 to 0.99. {WITHHELD}", examples=[0.95])]
    score: Annotated[
        int | None, Meta(description="`base` plus the points of all reasons; null likewise.", examples=[3050])
    ]
    base: Annotated[int | None, Meta(description="Where every lead starts; null likewise.", examples=[-600])]
    threshold_band: Annotated[
        str | None, Meta(description="What the score alone asks for; null likewise.", examples=["review"])
    ]
    decided_by: Annotated[str, Meta(description="`score`, or the source of the deciding reason.", examples=["score"])]
    reasons: Annotated[list[ReasonSeen], Meta(description="All evidence, also what did not decide.")]
    scopes: Annotated[
        dict[str, str],
        Meta(
            description="The outcome for sales, marketing, support, billing and portal.",
            examples=[{"sales": "review", "support": "accept"}],
        ),
    ]
    unknown: Annotated[
        list[str],
        Meta(description="Signals that could not be measured, or are off limits.", examples=[["net.ip_class"]]),
    ]
    skipped_rules: Annotated[
        list[str],
        Meta(description="Rules that read an unknown signal and so did not apply.", examples=[["vpn-and-fast"]]),
    ]
    ruleset: Annotated[RulesetRef, Meta(description="What decided.")]
    shadow: Annotated[bool, Meta(description="Recorded only, not to be acted on.", examples=[False])]
