"""What the API takes and gives about many cases at once, as types; see `types`."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from winnow.ports.review import Done
from winnow.services.review_bulk import MOST_AT_ONCE, MOST_LOOKED_AT, Affected, Bulk
from winnow.shells.http.case_types import DispositionIn, Moment

_TIME = "2026-11-22T08:30:00Z"
_BATCH = "bulk_01jd8qg4z5x3n0v7k2m9r6t1wy"

Number = Annotated[str, Meta(pattern="^[0-9]{1,18}$")]
Numbers = Annotated[list[Number], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class CasesIn(Struct, forbid_unknown_fields=True):
    """Cases a bulk action would be about."""

    cases: Annotated[Numbers, Meta(description="Their numbers.", examples=[["12", "13"]])]


class BulkIn(Struct, forbid_unknown_fields=True):
    """One decision about many cases."""

    cases: Annotated[Numbers, Meta(description="Their numbers.", examples=[["12", "13"]])]
    disposition: Annotated[DispositionIn, Meta(description="What is decided about each.")]


class SharedIn(Struct, forbid_unknown_fields=True):
    """What leads share."""

    kind: Annotated[
        Literal["asn", "domain", "host", "cidr", "ip", "company", "reason"],
        Meta(description="A kind of list entry (docs/lists.md), or `reason`: a reason code.", examples=["domain"]),
    ]
    value: Annotated[str, Meta(min_length=1, max_length=200, description="Its value.", examples=["bluebird.example"])]
    last: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_LOOKED_AT)],
        Meta(description=f"How many decisions to look back, at most {MOST_LOOKED_AT:,}.", examples=[1_000]),
    ] = 1_000


class AllowIn(Struct, forbid_unknown_fields=True):
    """An allow entry for what leads share, and those of them that are let through."""

    kind: Annotated[
        Literal["asn", "domain", "host", "cidr", "ip", "company", "reason"],
        Meta(description="As in the preview; `reason` adds no entry.", examples=["domain"]),
    ]
    value: Annotated[str, Meta(min_length=1, max_length=200, description="Its value.", examples=["bluebird.example"])]
    owner: Annotated[str, Meta(min_length=1, max_length=200, description="Who answers for it.", examples=["Mia Ruiz"])]
    reason: Annotated[str, Meta(min_length=1, max_length=2_000, description="Why.", examples=["a partner since 2024"])]
    cases: Annotated[
        Annotated[list[Number], Meta(max_length=MOST_AT_ONCE)],
        Meta(description="Numbers out of the preview: cases and rejected leads.", examples=[["12", "13"]]),
    ] = []
    expires_at: Annotated[Moment | None, Meta(description="When the entry ends.", examples=[_TIME])] = None

    @property
    def document(self) -> dict[str, object]:
        """The entry as a table of a ruleset."""
        said: dict[str, object] = {"kind": self.kind, "value": self.value, "owner": self.owner, "reason": self.reason}
        return said if self.expires_at is None else {**said, "expires_at": self.expires_at}


class AffectedOut(Struct):
    """Whom a bulk action would be about; nothing was done."""

    cases: Annotated[list[str], Meta(description="Cases it would close.", examples=[["12", "13"]])]
    rejected: Annotated[list[str], Meta(description="Rejected leads it would let through.", examples=[["9"]])]
    left: Annotated[
        dict[str, str],
        Meta(
            description="What would be left as it is, and why.",
            examples=[{"14": "case 14 is taken by `wk_01jd8q` until 2026-11-22 09:30 UTC"}],
        ),
    ]
    looked_at: Annotated[int, Meta(description="Decisions that were looked at for it.", examples=[1_000])]


class BulkOut(Struct):
    """A bulk action that was carried out."""

    id: Annotated[str, Meta(description="Undoes it: POST /v1/cases/bulk/ID/undo.", examples=[_BATCH])]
    cases: Annotated[list[str], Meta(description="Cases that were closed.", examples=[["12", "13"]])]
    left: Annotated[
        dict[str, str],
        Meta(description="What was left as it is, and why.", examples=[{"14": "case 14 was decided by `wk_01jd8q`"}]),
    ]
    entry: Annotated[str | None, Meta(description="The list entry that was added.", examples=["le_01jd8q"])]


class UndoneOut(Struct):
    """What taking back a bulk action did."""

    cases: Annotated[list[str], Meta(description="Cases that are as they were before.", examples=[["12", "13"]])]
    left: Annotated[
        dict[str, str],
        Meta(description="What was left as it is, and why.", examples=[{"14": "it was undone before"}]),
    ]


def affected_out(affected: Affected) -> AffectedOut:
    """A preview as it is answered."""
    left = {str(number): why for number, why in affected.left.items()}
    return AffectedOut(list(map(str, affected.cases)), list(map(str, affected.rejected)), left, affected.looked_at)


def bulk_out(bulk: Bulk) -> BulkOut:
    """A bulk action as it is answered."""
    undone = undone_out(bulk.done)
    return BulkOut(bulk.id, undone.cases, undone.left, bulk.entry.id if bulk.entry else None)


def undone_out(done: Done) -> UndoneOut:
    """What became of several cases, as it is answered."""
    left = {str(number): why for number, why in done.left.items()}
    return UndoneOut([str(case.id) for case in done.cases], left)
