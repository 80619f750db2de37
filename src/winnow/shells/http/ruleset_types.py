"""What the API takes and gives about rulesets, as types; see `types`."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from winnow.core.toml_text import MOST_CHARACTERS
from winnow.ports import KnownRuleset

_EXAMPLE_HASH = "5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"
_HASH = Meta(description="SHA-256 of its content.", examples=[_EXAMPLE_HASH])
_DOCUMENT = Meta(
    description="Policy, thresholds, scorecard, rules and lists, as the TOML file has them.",
    examples=[{"id": "starter-1"}],
)


class RulesetIn(Struct, forbid_unknown_fields=True):
    """A ruleset, as text or as tables; either of the two."""

    toml: Annotated[
        Annotated[str, Meta(max_length=MOST_CHARACTERS)] | None,
        Meta(
            description="The text of a TOML file, as `winnow ruleset show --toml` prints one.",
            examples=['id = "starter-2"\n'],
        ),
    ] = None
    document: Annotated[dict[str, Any] | None, _DOCUMENT] = None


class RulesetOut(Struct):
    """A ruleset as it is listed."""

    hash: Annotated[str, _HASH]
    id: Annotated[str, Meta(description="Its name.", examples=["starter-1"])]
    author: Annotated[
        str, Meta(description="The key that added it; `system` for what came with the service.", examples=["system"])
    ]
    added_at: Annotated[datetime, Meta(description="When it was added.", examples=[_EXAMPLE_TIME])]
    live: Annotated[bool, Meta(description="Whether it is the live one.", examples=[True])]
    activated_at: Annotated[
        datetime | None, Meta(description="When it became live the last time; null: never.", examples=[_EXAMPLE_TIME])
    ] = None
    activated_by: Annotated[
        str | None, Meta(description="The key that made it live then.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6t1wy"])
    ] = None


class RulesetPage(Struct):
    """Some rulesets, the newest first."""

    rulesets: Annotated[list[RulesetOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None,
        Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_HASH]),
    ] = None


class RulesetDocument(Struct):
    """A ruleset, whole."""

    hash: Annotated[
        str, Meta(description="SHA-256 of its content; the one asked for, or its beginning.", examples=[_EXAMPLE_HASH])
    ]
    document: Annotated[dict[str, Any], _DOCUMENT]


class LiveRuleset(Struct):
    """The live ruleset."""

    ruleset: Annotated[RulesetOut, Meta(description="As it was activated.")]
    bound_hash: Annotated[
        str,
        Meta(
            description="Its hash in decisions: there it is bound to the lists and the editions of the reference data.",
            examples=[_EXAMPLE_HASH],
        ),
    ]
    document: Annotated[dict[str, Any], _DOCUMENT]


class DifferenceOut(Struct):
    """One place where two rulesets differ."""

    path: Annotated[str, Meta(description="Where.", examples=["thresholds.review"])]
    before: Annotated[Any, Meta(description="What the first says; null: nothing.", examples=[2000])]
    after: Annotated[Any, Meta(description="What the second says; null: nothing.", examples=[1800])]


class RulesetDiff(Struct):
    """How two rulesets differ; no difference means that they decide alike."""

    differences: Annotated[list[DifferenceOut], Meta(description="Every place.")]


def ruleset_out(known: KnownRuleset) -> RulesetOut:
    """A ruleset as it is answered."""
    return RulesetOut(
        hash=known.hash,
        id=known.id,
        author=known.author,
        added_at=known.added_at,
        live=known.live,
        activated_at=known.activated_at,
        activated_by=known.activated_by,
    )
