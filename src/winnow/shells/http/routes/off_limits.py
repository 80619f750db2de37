"""What was dropped because it is off limits."""

from datetime import date
from typing import Annotated

from litestar import get
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from winnow.core.apikeys import Scope
from winnow.shells.http.access import TheService, needs
from winnow.shells.http.described import problems
from winnow.shells.http.problem import INVALID_INPUT

_MOST_DAYS = 366

Days = Annotated[
    int,
    QueryParameter(ge=1, le=_MOST_DAYS, description="How many days, today's included.", examples=[Example(value=30)]),
]


class DroppedOut(Struct):
    """How often one thing of one source was dropped on one day."""

    day: Annotated[date, Meta(description="UTC.", examples=["2026-11-22"])]
    source: Annotated[str, Meta(description="Where the leads came from; empty: not said.", examples=["website"])]
    what: Annotated[
        str,
        Meta(
            description="An entry of the policy, `category.NAME` for whatever is called after a category, or "
            "`text.NAME` for what was masked in a text.",
            examples=["category.health"],
        ),
    ]
    number: Annotated[int, Meta(description="How often.", examples=[3])]


class DroppedList(Struct):
    """What was dropped, the newest day first."""

    dropped: Annotated[list[DroppedOut], Meta(description="Names and counts; values are nowhere.")]


@get(
    "/v1/off-limits/dropped",
    opt=needs(Scope.POLICY_READ),
    sync_to_thread=True,
    summary="What was dropped because it is off limits",
    tags=["policy"],
    responses=problems(INVALID_INPUT),
)
def dropped(service: TheService, days: Days = 30) -> DroppedList:
    """By day, source and name. Other processes of the installation add theirs within seconds."""
    found = service.off_limits.since(days)
    return DroppedList([DroppedOut(each.of.day, each.of.source, each.of.what, each.number) for each in found])


ROUTES = [dropped]
