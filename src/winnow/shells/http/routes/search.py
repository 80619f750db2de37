"""Looking for decisions: by whom they are about, by what was decided and when, by what people made of it."""

from datetime import date
from typing import Annotated, TypeAlias

from litestar import get
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from winnow.core.apikeys import Scope
from winnow.core.outcome import Outcome as CoreOutcome
from winnow.core.review.findable import Kind
from winnow.services.search import Asked
from winnow.shells.http.access import TheDesks, TheKey, needs
from winnow.shells.http.decision_types import DecisionPage, Outcome
from winnow.shells.http.described import problems
from winnow.shells.http.discretion import seen
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import INVALID_INPUT

_LONGEST = 320


def _text(description: str, example: str) -> QueryParameter:
    return QueryParameter(min_length=1, max_length=_LONGEST, description=description, examples=[Example(value=example)])


Email: TypeAlias = Annotated[str | None, _text("One of the lead's e-mail addresses, in full.", "ana@bluebird.example")]
Phone: TypeAlias = Annotated[
    str | None, _text("One of its phone numbers, best with the country code.", "+493012345678")
]
Domain: TypeAlias = Annotated[
    str | None, _text("The domain of its e-mail address, with or without subdomain.", "bluebird.example")
]
Company: TypeAlias = Annotated[str | None, _text("Its company; legal forms do not matter.", "Bluebird Inc.")]
Reason: TypeAlias = Annotated[
    str | None, _text("A reason code that speaks for holding it, in full; see docs/search.md.", "form.fill_seconds")
]
LeadId: TypeAlias = Annotated[str | None, _text("Its id within its source.", "4711")]
DecisionNumber: TypeAlias = Annotated[str | None, _text("The number of the decision.", "12")]
Source: TypeAlias = Annotated[str | None, _text("Where it came from.", "website")]
OutcomeFilter: TypeAlias = Annotated[
    Outcome | None, QueryParameter(description="Only those with this outcome.", examples=[Example(value="review")])
]
Since: TypeAlias = Annotated[
    date | None,
    QueryParameter(description="Decided on this day or later, UTC.", examples=[Example(value="2026-11-01")]),
]
Until: TypeAlias = Annotated[
    date | None,
    QueryParameter(description="Decided on this day or earlier, UTC.", examples=[Example(value="2026-11-30")]),
]
Changed: TypeAlias = Annotated[
    bool,
    QueryParameter(
        description="true: only those where a person decided otherwise than recommended.",
        examples=[Example(value=True)],
    ),
]
Released: TypeAlias = Annotated[
    bool,
    QueryParameter(
        description="true: only leads that were held or rejected and that a person let through.",
        examples=[Example(value=True)],
    ),
]


@get(
    "/v1/decisions",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="Decisions, the newest first",
    tags=["decisions"],
    responses=problems(INVALID_INPUT),
)
def page(  # one for each thing that can be asked
    desks: TheDesks,
    key: TheKey,
    limit: Limit = 50,
    cursor: Cursor = None,
    outcome: OutcomeFilter = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    email: Email = None,
    phone: Phone = None,
    domain: Domain = None,
    company: Company = None,
    reason: Reason = None,
    lead_id: LeadId = None,
    decision: DecisionNumber = None,
    changed: Changed = False,  # as it stands in the address
    released: Released = False,  # as above
) -> DecisionPage:
    """All that fit everything that is asked for, going back in time page by page.

    Values are found in full only: they are stored as keyed hashes. What was erased is found by nothing that names
    somebody, and otherwise only its number is told.
    """
    by = {
        Kind.EMAIL: email,
        Kind.PHONE: phone,
        Kind.DOMAIN: domain,
        Kind.COMPANY: company,
        Kind.REASON: reason,
    }
    wanted = None if outcome is None else CoreOutcome.parse(outcome)
    asked = Asked(by, decision, lead_id, source, wanted, since, until, changed, released)
    found = desks.search.page(asked, cursor, limit)
    return DecisionPage(seen(found.decisions, desks, key), list(map(str, found.erased)), found.next)


ROUTES = [page]
