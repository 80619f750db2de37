"""What the API takes and gives about proposals, sign-offs, roll-backs and break-glass, as types; see `types`."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from winnow.core.govern.signing import Kind, Side, Stage
from winnow.ports import RollBack
from winnow.services.break_glass import Emergency
from winnow.services.rolling_back import Prospect
from winnow.services.signing import LONGEST_TEXT, Told, Wanted
from winnow.shells.http.ruleset_types import DifferenceOut, RulesetOut, ruleset_out

_ID = Meta(description="Its name.", examples=["prop_01jd8qg4z5x3n0v7k2m9r6t1wy"])
_HASH = Meta(
    description="SHA-256 of everything a signature covers.",
    examples=["5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"],
)
_RULESET = Meta(
    description="Hash of a ruleset.", examples=["5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"]
)
_PERSON = Meta(description="The id of a person.", examples=["us_01jd8qg4z5x3n0v7k2m9r6t1wy"])
_TIME = "2026-11-22T08:30:00Z"
_BECAUSE = Meta(
    description="Why; kept for ever.", examples=["form robots learned to wait"], min_length=1, max_length=LONGEST_TEXT
)
_KIND = Meta(description="What is proposed.", examples=["ruleset"])
_LACKING = Meta(
    description="Why it does not count as signed, in words; empty when it does.", examples=[["nobody has signed it"]]
)


class ProposalIn(Struct, forbid_unknown_fields=True):
    """What is to be agreed to."""

    kind: Annotated[Kind, _KIND]
    name: Annotated[
        str,
        Meta(
            description="Of a ruleset (also for `ladder` and `break-glass`) the hash, or at least eight digits of its "
            "beginning; of an AI system the id.",
            examples=["5f2b8c0d9e1a"],
            max_length=100,
        ),
    ]
    because: Annotated[str, _BECAUSE]
    lasts_hours: Annotated[
        Annotated[int, Meta(ge=1, le=366 * 24)] | None,
        Meta(
            description="How long a sign-off holds; null: 180 days, for `break-glass` 4 hours, which is the most.",
            examples=[2160],
        ),
    ] = None
    terms: Annotated[
        dict[str, str],
        Meta(
            description="For `ladder`: `rung`, and `rule` unless it is about the scorecard.", examples=[{"rung": "tag"}]
        ),
    ] = field(default_factory=dict)
    attached: Annotated[
        dict[str, dict[str, Any]],
        Meta(
            description="`simulation`, `bias`, `card` or `shadow`, as plain tables; a signature covers them. How a "
            "ruleset differed in shadow is attached by itself.",
            examples=[{"simulation": {"leads": 1200}}],
        ),
    ] = field(default_factory=dict)


class SignIn(Struct, forbid_unknown_fields=True):
    """That somebody agrees to exactly what they read."""

    hash: Annotated[str, Meta(description="The proposal's `hash`.", examples=["5f2b8c0d9e1a4f7c"], max_length=64)]


class BecauseIn(Struct, forbid_unknown_fields=True):
    """Why."""

    because: Annotated[str, _BECAUSE]


class CommentIn(Struct, forbid_unknown_fields=True):
    """What somebody has to say about a proposal."""

    side: Annotated[Side, Meta(description="From where they look at it.", examples=["legal"])]
    text: Annotated[
        str, Meta(description="What they say.", examples=["fine with us"], min_length=1, max_length=LONGEST_TEXT)
    ]


class CommentOut(Struct):
    """What somebody said."""

    author: Annotated[str, _PERSON]
    side: Annotated[str, Meta(description="sales, legal or tech.", examples=["legal"])]
    text: Annotated[str, Meta(description="What they said.", examples=["fine with us"])]
    at: Annotated[datetime, Meta(description="When.", examples=[_TIME])]


class SignOffOut(Struct):
    """A second person's agreement."""

    number: Annotated[str, Meta(description="Of its entry in the decision log.", examples=["1042"])]
    signer: Annotated[str, _PERSON]
    privacy: Annotated[bool, Meta(description="Whether as a privacy officer.", examples=[False])]
    at: Annotated[datetime, Meta(description="When.", examples=[_TIME])]
    expires_at: Annotated[datetime, Meta(description="Until when it holds.", examples=["2027-05-21T08:30:00Z"])]


class ProposalOut(Struct):
    """A proposal, which never changes, and what became of it."""

    id: Annotated[str, _ID]
    kind: Annotated[Kind, _KIND]
    subject: Annotated[str, Meta(description="What it is about.", examples=["5f2b8c0d9e1a4f7c"])]
    content: Annotated[str, Meta(description="SHA-256 of the exact content.", examples=["5f2b8c0d9e1a4f7c"])]
    hash: Annotated[str, _HASH]
    stage: Annotated[
        Stage,
        Meta(
            description="`proposed` until it has every signature it needs; then `signed`, `live` or `retired`; or "
            "`withdrawn`, `declined`. `lacking` says what a signature waits for, or why it no longer holds.",
            examples=["proposed"],
        ),
    ]
    because: Annotated[str, _BECAUSE]
    author: Annotated[str, Meta(description="Who proposed it.", examples=["us_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    writer: Annotated[
        str, Meta(description="Who wrote the content, a person or key.", examples=["us_01jd8qg4z5x3n0v7k2m9r6t1wy"])
    ]
    at: Annotated[datetime, Meta(description="When it was proposed.", examples=[_TIME])]
    lasts_seconds: Annotated[int, Meta(description="How long a sign-off of it holds.", examples=[15_552_000])]
    terms: Annotated[dict[str, str], Meta(description="What else is agreed to.", examples=[{"rung": "tag"}])]
    attachments: Annotated[
        dict[str, str], Meta(description="What is attached, by its hash.", examples=[{"simulation": "5f2b8c0d"}])
    ]
    legal: Annotated[
        bool, Meta(description="Whether it changes the policy, so that a privacy officer must sign.", examples=[False])
    ]
    lacking: Annotated[list[str], _LACKING]
    sign_offs: Annotated[list[SignOffOut], Meta(description="Who agreed.")]
    comments: Annotated[list[CommentOut], Meta(description="The argument; empty in a list of proposals.")]
    ended_by: Annotated[str | None, Meta(description="Who withdrew or declined it.", examples=["us_01jd8q"])] = None
    ended_because: Annotated[str | None, Meta(description="Why.", examples=["another one is better"])] = None


class ProposalPage(Struct):
    """Some proposals, the newest first."""

    proposals: Annotated[list[ProposalOut], Meta(description="At most `limit`.")]
    next: Annotated[str | None, Meta(description="The `cursor` of the next page.", examples=[None])] = None


class AttachmentOut(Struct):
    """Something that is attached to a proposal."""

    document: Annotated[dict[str, Any], Meta(description="As it was attached.", examples=[{"leads": 1200}])]
    whole: Annotated[bool, Meta(description="false: without names of leads, which you may not see.", examples=[True])]


class ProspectOut(Struct):
    """What a roll-back would do."""

    live: Annotated[RulesetOut, Meta(description="The one that decides now.")]
    back: Annotated[RulesetOut, Meta(description="The one that would decide again.")]
    differences: Annotated[list[DifferenceOut], Meta(description="Every place where they differ.")]
    leads: Annotated[
        int, Meta(description="Leads decided since it was live last; each is looked at anew.", examples=[412])
    ]
    whole: Annotated[bool, Meta(description="false: there are more leads than were counted.", examples=[True])]
    receivers: Annotated[
        int, Meta(description="Webhooks that are told of each lead that comes out otherwise.", examples=[1])
    ]


class RollBackIn(Struct, forbid_unknown_fields=True):
    """Which ruleset is to decide again."""

    because: Annotated[str, _BECAUSE]
    to: Annotated[str | None, Meta(description="Its hash; null: the one before.", examples=["5f2b8c0d9e1a"])] = None
    instead_of: Annotated[
        str | None,
        Meta(
            description="Hash of the live one whose difference was looked at; refused if another is live meanwhile.",
            examples=[None],
        ),
    ] = None


class RollBackOut(Struct):
    """A ruleset that is back, and how far its leads were looked at anew."""

    number: Annotated[str, Meta(description="Of its entry in the decision log.", examples=["1042"])]
    ruleset: Annotated[str, _RULESET]
    looked_at: Annotated[int, Meta(description="Leads looked at so far.", examples=[400])]
    affected: Annotated[
        int,
        Meta(
            description="Those that it decides otherwise; an event `decision.retracted` tells of each.", examples=[31]
        ),
    ]
    done_at: Annotated[datetime | None, Meta(description="When all were looked at.", examples=[_TIME])]


class AffectedOut(Struct):
    """A lead that would be decided otherwise."""

    decision: Annotated[str, Meta(description="Its last decision.", examples=["1042"])]
    lead_id: Annotated[str, Meta(description="Its id.", examples=["web-1042"])]
    source: Annotated[str, Meta(description="Its source; empty: none was given.", examples=["web"])]
    before: Annotated[str, Meta(description="accept, tag, review or reject.", examples=["tag"])]
    after: Annotated[str, Meta(description="The same, by the ruleset that is back.", examples=["accept"])]


class AffectedPage(Struct):
    """Some of the leads, in the order of their decisions."""

    leads: Annotated[list[AffectedOut], Meta(description="At most `limit`.")]
    next: Annotated[str | None, Meta(description="The `cursor` of the next page.", examples=[None])] = None


class EmergencyOut(Struct):
    """A ruleset that decides by break-glass."""

    proposal: Annotated[str, _ID]
    ruleset: Annotated[str, _RULESET]
    before: Annotated[str, _RULESET]
    since: Annotated[datetime, Meta(description="Since when.", examples=[_TIME])]
    until: Annotated[datetime, Meta(description="When the one before comes back by itself.", examples=[_TIME])]
    because: Annotated[str, _BECAUSE]
    asked_by: Annotated[str, _PERSON]
    granted_by: Annotated[str, _PERSON]


class BreakGlassOut(Struct):
    """Whether anything decides by break-glass."""

    now: Annotated[EmergencyOut | None, Meta(description="null: nothing does.")]


def wanted_of(data: ProposalIn) -> Wanted:
    """What is proposed, as the desk takes it."""
    lasts = None if data.lasts_hours is None else timedelta(hours=data.lasts_hours)
    return Wanted(data.kind, data.name, data.because, lasts, data.terms, data.attached)


def proposal_out(told: Told) -> ProposalOut:
    """A proposal as it is answered."""
    proposal, end = told.filed.proposal, told.filed.end
    return ProposalOut(
        id=proposal.id,
        kind=proposal.kind,
        subject=proposal.subject,
        content=proposal.content,
        hash=proposal.hash,
        stage=told.stage,
        because=proposal.because,
        author=proposal.author,
        writer=proposal.writer,
        at=proposal.at,
        lasts_seconds=int(proposal.lasts.total_seconds()),
        terms=dict(proposal.terms),
        attachments=dict(proposal.attachments),
        legal=told.legal,
        lacking=list(told.lacking),
        sign_offs=[
            SignOffOut(str(each.number), each.signer, each.privacy, each.at, each.expires_at)
            for each in told.filed.sign_offs
        ],
        comments=[CommentOut(each.author, each.side.value, each.text, each.at) for each in told.comments],
        ended_by=None if end is None else end.by,
        ended_because=None if end is None else end.because,
    )


def prospect_out(found: Prospect) -> ProspectOut:
    """What a roll-back would do, as it is answered."""
    places = [DifferenceOut(path, before, after) for path, before, after in found.differences]
    return ProspectOut(
        ruleset_out(found.live), ruleset_out(found.back), places, found.leads, found.whole, found.receivers
    )


def rollback_out(found: RollBack) -> RollBackOut:
    """A roll-back as it is answered."""
    return RollBackOut(str(found.number), found.ruleset, found.looked_at, found.affected, found.done_at)


def emergency_out(found: Emergency | None) -> BreakGlassOut:
    """An emergency as it is answered."""
    if found is None:
        return BreakGlassOut(None)
    names = ("proposal", "ruleset", "before", "since", "until", "because", "asked_by", "granted_by")
    return BreakGlassOut(EmergencyOut(**{name: getattr(found, name) for name in names}))
