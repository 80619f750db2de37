"""What the API gives besides decisions themselves, and takes as feedback, as types; see `types`."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from winnow.shells.http.seen_types import WITHHELD, DecisionSeen, ReasonSeen
from winnow.shells.http.types import Identifier

_LABEL_TEXT = 200

Outcome = Literal["accept", "tag", "review", "reject"]
Verdict = Literal["junk", "genuine", "converted", "lost"]
Label = Annotated[str, Meta(min_length=1, max_length=_LABEL_TEXT)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

_LEAD = {"email": "ana@bluebird.example", "form_fill_seconds": 42.5}
_DECISION: dict[str, Any] = {
    "id": "12",
    "decided_at": "2026-03-01T08:30:00.125000Z",
    "lead_id": "4711",
    "outcome": "review",
    "probability": 0.8022,
    "score": 1400,
    "base": -600,
    "threshold_band": "review",
    "decided_by": "score",
    "reasons": [
        {
            "code": "form.fill_seconds",
            "family": "form",
            "points": 2000,
            "text": "Form filled in under 1.5 seconds",
            "source": "scorecard",
        }
    ],
    "scopes": {"sales": "review", "marketing": "review", "support": "accept", "billing": "accept", "portal": "accept"},
    "unknown": ["net.ip_class"],
    "skipped_rules": [],
    "ruleset": {"id": "starter-1", "hash": "5f" * 32},
    "shadow": False,
}
EXAMPLE_DECISION = _DECISION


class DecisionPage(Struct):
    """Some decisions, the newest first."""

    decisions: Annotated[
        list[DecisionSeen], Meta(description="At most `limit`; may be fewer, or none, also before the last page.")
    ]
    erased: Annotated[
        list[str],
        Meta(description="Numbers of decisions that fit too, and of which nothing else is left.", examples=[["9"]]),
    ] = []
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=["12"])
    ] = None


class StoredLead(Struct):
    """A lead as it is kept, and what was decided about it."""

    id: Annotated[str, Meta(description="Its id within its source.", examples=["4711"])]
    source: Annotated[str | None, Meta(description="Where it came from.", examples=["website"])]
    lead: Annotated[
        dict[str, Any],
        Meta(description="The lead as received, without what is off limits.", examples=[_LEAD]),
    ]
    decisions: Annotated[list[DecisionSeen], Meta(description="Every decision about it; the latest is the last.")]


class StepOut(Struct):
    """One reason on the way from where every lead starts to the score."""

    code: Annotated[str, Meta(description="The reason, see docs/reasons.md.", examples=["form.fill_seconds"])]
    text: Annotated[str, Meta(description="The reason in words.", examples=["Form filled in under 1.5 seconds"])]
    points: Annotated[int, Meta(description="Towards junk; negative: towards genuine.", examples=[2000])]
    before: Annotated[int, Meta(description="The score before it.", examples=[-600])]
    after: Annotated[int, Meta(description="The score after it.", examples=[1400])]


class ChangeOut(Struct):
    """One thing the person could have done differently."""

    signal: Annotated[str, Meta(description="What was measured, see docs/signals.md.", examples=["form.fill_seconds"])]
    label: Annotated[
        str, Meta(description="The same in plain words.", examples=["the time it took to fill in the form"])
    ]
    was: Annotated[
        bool | int | float | str | None, Meta(description="What it was; null when not known.", examples=[1.2])
    ]
    would_be: Annotated[str, Meta(description="What it would have to be.", examples=["6 to under 900"])]


class AlternativeOut(Struct):
    """The outcome the lead would have had after some changes, all of them together."""

    outcome: Annotated[Outcome, Meta(description="The milder outcome.", examples=["accept"])]
    changes: Annotated[list[ChangeOut], Meta(description="What would have to differ.")]


class ExplanationOut(Struct):
    """Why a decision came out as it did, and what would have changed it."""

    id: Annotated[str, Meta(description="The number of the decision.", examples=["12"])]
    lead_id: Annotated[str, Meta(description="The id of the lead.", examples=["4711"])]
    outcome: Annotated[Outcome, Meta(description="The outcome for sales.", examples=["review"])]
    probability: Annotated[float | None, Meta(description=f"Chance of junk, 0.01 to 0.99. {WITHHELD}", examples=[0.8])]
    score: Annotated[
        int | None, Meta(description="`base` plus the points of all reasons; null likewise.", examples=[1400])
    ]
    base: Annotated[int | None, Meta(description="Where every lead starts; null likewise.", examples=[-600])]
    decided_by: Annotated[str, Meta(description="`score`, or the source of what decided.", examples=["score"])]
    reasons: Annotated[list[ReasonSeen], Meta(description="What decided, the weightiest first.")]
    steps: Annotated[
        list[StepOut], Meta(description="From `base` to `score`, the heaviest reason first; none while withheld.")
    ]
    would_be: Annotated[
        list[AlternativeOut],
        Meta(
            description="The smallest changes that lead to milder outcomes, decided again by the same ruleset; none "
            "while withheld, since they tell how far the score is from a threshold."
        ),
    ]
    unknown: Annotated[
        list[str], Meta(description="What could not be measured, and so was not counted.", examples=[["net.ip_class"]])
    ]
    plain: Annotated[
        list[str],
        Meta(
            description="What decided, in words for the person concerned.",
            examples=[["What counted: the time it took to fill in the form."]],
        ),
    ]


class ReceiptOut(Struct):
    """The proof that a decision is in the log; verified by docs/verify_log.py, without Winnow."""

    v: Annotated[int, Meta(description="Edition of the format.", examples=[1])]
    origin: Annotated[str, Meta(description="The name of the log.", examples=["winnow.example/log"])]
    index: Annotated[int, Meta(description="Number of the entry.", examples=[12])]
    kind: Annotated[str, Meta(description="What the entry is about.", examples=["decision"])]
    entry: Annotated[str, Meta(description="The entry, Base64.", examples=["eyJ2IjoxfQ=="])]
    record: Annotated[
        str | None, Meta(description="What was recorded, Base64; null once erased.", examples=["eyJ2IjoxfQ=="])
    ]
    nonce: Annotated[str | None, Meta(description="Its nonce, hexadecimal; null once erased.", examples=["5f" * 32])]
    proof: Annotated[
        list[Hash], Meta(description="Hashes that lead from the entry to the root.", examples=[["5f" * 32]])
    ]
    tree_size: Annotated[int, Meta(description="Entries the checkpoint counts.", examples=[20])]
    checkpoint: Annotated[
        str, Meta(description="The signed checkpoint.", examples=["winnow.example/log\n20\nX19f…\n\n— winnow…\n"])
    ]


class ReplayOut(Struct):
    """Whether a stored decision is derived again byte for byte."""

    id: Annotated[str, Meta(description="The number of the decision.", examples=["12"])]
    same: Annotated[bool, Meta(description="Not one byte differs.", examples=[True])]
    stored: Annotated[Hash, Meta(description="SHA-256 of the decision as it was stored.", examples=["5f" * 32])]
    derived: Annotated[Hash, Meta(description="SHA-256 of the decision as derived now.", examples=["5f" * 32])]


class FeedbackIn(Struct, forbid_unknown_fields=True):
    """What a lead turned out to be."""

    lead_id: Annotated[Identifier, Meta(description="The id of the lead within its source.", examples=["4711"])]
    verdict: Annotated[
        Verdict,
        Meta(
            description="junk, genuine, converted (became a customer) or lost (was real, did not).", examples=["junk"]
        ),
    ]
    source: Annotated[
        Annotated[str, Meta(max_length=_LABEL_TEXT)] | None,
        Meta(description="Where the lead came from; needed where several sources have its id.", examples=["website"]),
    ] = None
    author: Annotated[
        Label | None,
        Meta(description="Who says so; without one, the id of the key.", examples=["mia@acme.example"]),
    ] = None
    batch: Annotated[
        Label | None,
        Meta(description="What it came with, so that all of it can be withdrawn together.", examples=["crm-2026-03"]),
    ] = None


class FeedbackOut(Struct):
    """Feedback as it was recorded."""

    id: Annotated[str, Meta(description="Its number in the log.", examples=["31"])]
    lead_id: Annotated[str, Meta(description="The id of the lead.", examples=["4711"])]
    source: Annotated[str | None, Meta(description="Where the lead came from.", examples=["website"])]
    verdict: Annotated[Verdict, Meta(description="What it turned out to be.", examples=["junk"])]
    author: Annotated[str, Meta(description="Who says so.", examples=["mia@acme.example"])]
    batch: Annotated[str | None, Meta(description="What it came with.", examples=["crm-2026-03"])]
    at: Annotated[str, Meta(description="When, ISO 8601 UTC.", examples=["2026-03-01T08:30:00.125000Z"])]
