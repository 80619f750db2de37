"""What the API takes and gives about keys, as types; see `types`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.apikeys import ROLES, ApiKey, Scope

_EXAMPLE_ID = "wk_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME = "2027-11-22T08:30:00Z"
_NETWORKS = "Where it may be used from, in CIDR notation; anywhere when empty."


class KeyIn(Struct, forbid_unknown_fields=True):
    """A key to be made."""

    name: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)],
        Meta(description="Which program will use it.", examples=["web site"]),
    ]
    scopes: Annotated[
        Annotated[list[str], Meta(min_length=1, max_length=50)],
        Meta(description=f"What it may do: scopes, or roles ({', '.join(ROLES)}).", examples=[["ingest"]]),
    ]
    networks: Annotated[
        Annotated[list[str], Meta(max_length=50)], Meta(description=_NETWORKS, examples=[["203.0.113.0/24"]])
    ] = []
    expires_at: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        Meta(description="When it ends; ISO 8601 with offset. Never when left out.", examples=[_EXAMPLE_TIME]),
    ] = None


class KeyOut(Struct):
    """A key, without its secret."""

    id: Annotated[str, Meta(description="Its id, the first two parts of it.", examples=[_EXAMPLE_ID])]
    name: Annotated[str, Meta(description="Which program uses it.", examples=["web site"])]
    scopes: Annotated[list[Scope], Meta(description="What it may do.", examples=[["leads:write"]])]
    networks: Annotated[list[str], Meta(description=_NETWORKS, examples=[["203.0.113.0/24"]])]
    created_at: Annotated[datetime, Meta(description="When it was made.", examples=["2026-11-22T08:30:00Z"])]
    created_by: Annotated[str, Meta(description="The key that made it, or `command line`.", examples=["command line"])]
    expires_at: Annotated[datetime | None, Meta(description="When it ends; null: never.", examples=[_EXAMPLE_TIME])]
    revoked_at: Annotated[
        datetime | None, Meta(description="When it was revoked; null: it was not.", examples=["2026-11-23T08:30:00Z"])
    ]


class KeyPage(Struct):
    """Some keys, the eldest first."""

    keys: Annotated[list[KeyOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


class KeyMade(Struct):
    """A key that was just made."""

    key: Annotated[KeyOut, Meta(description="The key.")]
    token: Annotated[
        str,
        Meta(
            description="The whole key, for `Authorization: Bearer`; shown this once.",
            examples=[f"{_EXAMPLE_ID}_thesecretisfiftytwolettersanddigits0123456789abcdefg"],
        ),
    ]


def key_out(key: ApiKey) -> KeyOut:
    """A key as it is answered."""
    return KeyOut(
        id=key.id,
        name=key.name,
        scopes=sorted(key.scopes),
        networks=[str(network) for network in key.networks],
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
    )
