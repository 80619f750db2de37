"""What the API takes and gives about rules that are being written, as types; see `types`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.cel.limits import MAX_SOURCE
from winnow.core.outcome import Scope
from winnow.core.toml_text import MOST_CHARACTERS
from winnow.ports import RuleDraft
from winnow.services.rules import MOST_LOOKED_AT, RuleFinding
from winnow.shells.http.decision_types import Outcome

_WORDS = Meta(max_length=2_000)
_EXAMPLE_DRAFT = "rd_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME = "2027-03-01T00:00:00Z"


class RuleExampleIn(Struct, forbid_unknown_fields=True):
    """A case that a rule must get right."""

    values: Annotated[
        dict[str, bool | int | float | str],
        Meta(
            description="Signals by name; one that is left out is unknown.",
            examples=[{"email.disposable": True, "velocity.network_hour": 9}],
        ),
    ]
    fires: Annotated[bool, Meta(description="Whether the rule is to fire.", examples=[True])] = True


class RuleIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A rule; docs/rules.md says what each part means. It may be unfinished, but its condition must be a condition."""

    id: Annotated[
        Annotated[str, Meta(min_length=1, max_length=64)],
        Meta(description="Stable name; the reason's code is `rule.ID`.", examples=["throwaway-burst"]),
    ]
    when: Annotated[
        Annotated[str, Meta(max_length=MAX_SOURCE)],
        Meta(description="The condition, in CEL.", examples=["email.disposable && velocity.network_hour >= 5"]),
    ]
    text: Annotated[
        Annotated[str, _WORDS],
        Meta(description="The reason as a sales rep reads it.", examples=["Throw-away address in a burst"]),
    ] = ""
    owner: Annotated[
        Annotated[str, Meta(max_length=200)], Meta(description="Who answers for it.", examples=["Mia Ruiz"])
    ] = ""
    reason: Annotated[
        Annotated[str, _WORDS], Meta(description="Why it exists.", examples=["burst of made-up sign-ups in March"])
    ] = ""
    points: Annotated[
        Annotated[int, Meta(ge=-100_000, le=100_000)],
        Meta(description="Thousandths of a logit towards junk. Either points or an outcome.", examples=[1200]),
    ] = 0
    outcome: Annotated[
        Outcome | None, Meta(description="What it asks for: tag, review or reject.", examples=["review"])
    ] = None
    scopes: Annotated[
        list[Scope] | None,
        Meta(description="Where it applies; sales and marketing when left out.", examples=[["sales", "marketing"]]),
    ] = None
    deterministic: Annotated[
        bool, Meta(description="It states a fact rather than a likelihood; needed to reject.", examples=[False])
    ] = False
    expires_at: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        Meta(description="From when on it does nothing; ISO 8601 with offset.", examples=[_EXAMPLE_TIME]),
    ] = None
    daily_cap: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000_000)] | None, Meta(description="Most actions a day.", examples=[50])
    ] = None
    examples: Annotated[
        Annotated[list[RuleExampleIn], Meta(max_length=50)], Meta(description="Cases that must come out right.")
    ] = []


class RuleDraftOut(Struct):
    """A draft of a rule; it decides nothing. Its `ETag` is that of what it says."""

    id: Annotated[str, Meta(description="The id of the draft.", examples=[_EXAMPLE_DRAFT])]
    rule: Annotated[RuleIn, Meta(description="What it says.")]
    author: Annotated[str, Meta(description="The key that made it.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    created_at: Annotated[datetime, Meta(description="When it was made.", examples=["2026-11-22T08:30:00Z"])]
    changed_at: Annotated[datetime, Meta(description="When it was last changed.", examples=["2026-11-22T08:30:00Z"])]


class RuleDraftPage(Struct):
    """Some drafts, in the order of their ids."""

    drafts: Annotated[list[RuleDraftOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None,
        Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_DRAFT]),
    ] = None


class RuleCheckIn(Struct, forbid_unknown_fields=True):
    """A rule, or the text of a TOML file with `[[rules]]`; either of the two."""

    rule: Annotated[RuleIn | None, Meta(description="One rule.")] = None
    toml: Annotated[
        Annotated[str, Meta(max_length=MOST_CHARACTERS)] | None,
        Meta(
            description="Rules as they stand in a ruleset file; what else is in it is not looked at.",
            examples=['[[rules]]\nid = "pasted"\nwhen = "form.pasted_fields > 3"'],
        ),
    ] = None


class FindingOut(Struct):
    """What is wrong with a rule, or odd about it."""

    rule: Annotated[str, Meta(description="The id of the rule; empty when none could be read.", examples=["pasted"])]
    code: Annotated[
        str,
        Meta(
            description="`unreadable` and `refused` keep it from being used; for the others see docs/rules.md.",
            examples=["refused"],
        ),
    ]
    text: Annotated[str, Meta(description="What was found.", examples=["`form.pasted` is not a signal"])]
    fix: Annotated[str, Meta(description="What to do about it.", examples=["did you mean `form.pasted_fields`?"])]
    where: Annotated[
        str | None, Meta(description="Which part of the rule or of the text.", examples=["rule.when:1:1"])
    ] = None
    line: Annotated[int | None, Meta(description="The line there, from 1.", examples=[1])] = None
    column: Annotated[int | None, Meta(description="The column there, from 1.", examples=[1])] = None
    excerpt: Annotated[
        str | None,
        Meta(
            description="The line, and below it a mark under the very spot.",
            examples=["    form.pasted > 3\n    ^"],
        ),
    ] = None


class RuleCheckOut(Struct):
    """What a check found."""

    ok: Annotated[bool, Meta(description="Whether nothing keeps the rules from being used.", examples=[True])]
    findings: Annotated[list[FindingOut], Meta(description="Everything that is wrong or odd.")]


class RuleTestIn(Struct, forbid_unknown_fields=True):
    """A rule to be tried on past decisions: a draft by its id, or a rule; either of the two."""

    draft: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)] | None,
        Meta(description="The id of a draft.", examples=[_EXAMPLE_DRAFT]),
    ] = None
    rule: Annotated[RuleIn | None, Meta(description="One rule.")] = None
    last: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_LOOKED_AT)],
        Meta(description=f"How many decisions to look back, at most {MOST_LOOKED_AT:,}.", examples=[1_000]),
    ] = 1_000


class MovedOut(Struct):
    """How many decisions would go from one outcome to another."""

    before: Annotated[Outcome, Meta(description="The outcome for sales under the live ruleset.", examples=["accept"])]
    after: Annotated[Outcome, Meta(description="The outcome with the rule in it.", examples=["review"])]
    count: Annotated[int, Meta(description="How many.", examples=[7])]


class RuleTestOut(Struct):
    """What a rule would do to past decisions: the live ruleset as it is against the same with the rule in it."""

    looked_at: Annotated[int, Meta(description="Decisions it was tried on.", examples=[1_000])]
    hits: Annotated[int, Meta(description="How many of them it fires on.", examples=[12])]
    changed: Annotated[int, Meta(description="How many would have another outcome for sales.", examples=[7])]
    moved: Annotated[list[MovedOut], Meta(description="Those, by outcome.")]
    hit_ids: Annotated[
        list[str],
        Meta(
            description="The numbers of the decisions it fires on, the newest first, 50 at most.",
            examples=[["31", "12"]],
        ),
    ]
    changed_ids: Annotated[
        list[str],
        Meta(
            description="The numbers of those with another outcome, the newest first, 50 at most.",
            examples=[["31", "12"]],
        ),
    ]


def draft_out(draft: RuleDraft, rule: RuleIn) -> RuleDraftOut:
    """A draft as it is answered."""
    return RuleDraftOut(draft.id, rule, draft.author, draft.created_at, draft.changed_at)


def finding_out(found: RuleFinding) -> FindingOut:
    """A finding as it is answered."""
    return FindingOut(
        found.rule, found.code, found.text, found.fix, found.where, found.line, found.column, found.excerpt
    )
