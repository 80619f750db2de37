"""What the API takes and gives about allow and block entries, as types; see `types`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope
from winnow.services.lists import MOST_ENTRIES, MOST_LOOKED_AT

_ENTRY_ID = "Its name, in decisions as `list:ID`."
_ACTION = "Lets leads through (`allow`) or holds them (`block`)."
_KIND = "What it is matched by, see docs/lists.md."
_VALUE = "What it matches; brought into one spelling."
_OWNER = "Who answers for it."
_REASON = "Why it exists; shown with every decision."
_SCOPES = "Where it applies."
_SOURCE = (
    "`person` or `import`: somebody decided it, a block rejects; "
    "`feedback` or `rule`: evidence, a block asks for review."
)
_EXPIRES = "From when on it decides nothing; ISO 8601 with offset."

_EXAMPLE_ID = "le_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME = "2027-03-31T00:00:00Z"


class ListEntryIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An allow or block entry to be added."""

    action: Annotated[ListAction, Meta(description=_ACTION, examples=["block"])]
    kind: Annotated[ListKind, Meta(description=_KIND, examples=["cidr"])]
    value: Annotated[str, Meta(min_length=1, max_length=200, description=_VALUE, examples=["192.0.2.0/24"])]
    owner: Annotated[str, Meta(min_length=1, max_length=200, description=_OWNER, examples=["Mia Ruiz"])]
    reason: Annotated[str, Meta(min_length=1, max_length=2_000, description=_REASON, examples=["flood of 3 March"])]
    id: Annotated[
        Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")] | None,
        Meta(description=f"{_ENTRY_ID} Without one, Winnow makes one.", examples=["flood-3-march"]),
    ] = None
    scopes: Annotated[
        list[Scope] | None,
        Meta(description=f"{_SCOPES} Sales and marketing when left out.", examples=[["sales", "marketing"]]),
    ] = None
    source: Annotated[
        str | None,
        Meta(description=f"{_SOURCE} `person` when left out; `import` at the import.", examples=["person"]),
    ] = None
    expires_at: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        Meta(
            description=f"{_EXPIRES} When left out, a block whose source is `feedback` or `rule` stands for 180 days, "
            "and any other entry until it is removed.",
            examples=[_EXAMPLE_TIME],
        ),
    ] = None


class ListImport(Struct, forbid_unknown_fields=True):
    """Many entries, added together or not at all."""

    entries: Annotated[
        Annotated[list[ListEntryIn], Meta(min_length=1, max_length=MOST_ENTRIES)],
        Meta(description=f"Up to {MOST_ENTRIES:,} entries."),
    ]


class ListEntryOut(Struct):
    """An allow or block entry in force, or expired and not yet removed."""

    id: Annotated[str, Meta(description=_ENTRY_ID, examples=[_EXAMPLE_ID])]
    action: Annotated[ListAction, Meta(description=_ACTION, examples=["block"])]
    kind: Annotated[ListKind, Meta(description=_KIND, examples=["cidr"])]
    value: Annotated[str, Meta(description=_VALUE, examples=["192.0.2.0/24"])]
    owner: Annotated[str, Meta(description=_OWNER, examples=["Mia Ruiz"])]
    reason: Annotated[str, Meta(description=_REASON, examples=["flood of 3 March"])]
    scopes: Annotated[list[Scope], Meta(description=_SCOPES, examples=[["marketing", "sales"]])]
    source: Annotated[str, Meta(description=_SOURCE, examples=["person"])]
    created_at: Annotated[datetime | None, Meta(description="When it was added.", examples=["2026-11-22T08:30:00Z"])]
    expires_at: Annotated[
        datetime | None, Meta(description=f"{_EXPIRES} null: it stands until it is removed.", examples=[_EXAMPLE_TIME])
    ]


class ListPage(Struct):
    """Some entries, in the order of their ids."""

    entries: Annotated[list[ListEntryOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


class ListImported(Struct):
    """What an import added."""

    added: Annotated[int, Meta(description="How many entries.", examples=[2])]
    ids: Annotated[
        list[str], Meta(description="Their ids, in the order in which they were sent.", examples=[["le_01k8"]])
    ]


class ListPreviewIn(Struct, forbid_unknown_fields=True):
    """An entry to be tried on past decisions."""

    entry: Annotated[ListEntryIn, Meta(description="The entry; it is not added.")]
    last: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_LOOKED_AT)],
        Meta(description=f"How many decisions to look back, at most {MOST_LOOKED_AT:,}.", examples=[1_000]),
    ] = 1_000


class ListPreviewOut(Struct):
    """What an entry would have matched, whichever entry or rule would have decided."""

    looked_at: Annotated[
        int,
        Meta(description="Decisions that were looked at; fewer than asked for when there are fewer.", examples=[1_000]),
    ]
    hits: Annotated[int, Meta(description="How many of them were about leads that it matches.", examples=[3])]
    outcomes: Annotated[
        dict[str, int], Meta(description="What these were decided.", examples=[{"accept": 2, "review": 1}])
    ]
    ids: Annotated[
        list[str], Meta(description="The numbers of these decisions, the newest first.", examples=[["31", "12"]])
    ]


def entry_out(entry: ListEntry) -> ListEntryOut:
    """An entry as it is answered."""
    return ListEntryOut(
        id=entry.id,
        action=entry.action,
        kind=entry.kind,
        value=entry.value,
        owner=entry.owner,
        reason=entry.reason,
        scopes=sorted(entry.scopes),
        source=entry.source,
        created_at=entry.created_at,
        expires_at=entry.expires_at,
    )
