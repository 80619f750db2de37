"""The policy in force, the law packs behind it, and what the law changes until a day."""

from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, QueryParameter

from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError
from winnow.shells.http.access import TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.policy_change_types import (
    ChangesOut,
    LeadsTouchedOut,
    SendsTouchedOut,
    changes_out,
    leads_out,
    sends_out,
)
from winnow.shells.http.policy_types import (
    CheckedOut,
    LawPacksOut,
    PolicyIn,
    PolicyOut,
    checked_out,
    packs_out,
    policy_out,
)
from winnow.shells.http.problem import INVALID_INPUT, INVALID_RULE, INVALID_RULESET

_MOST_DIGITS = 9

On = Annotated[date, QueryParameter(description="A day to come.", examples=[Example(value="2027-01-01")])]


@get(
    "/v1/policy",
    opt=needs(Scope.POLICY_READ),
    sync_to_thread=True,
    summary="The policy in force",
    tags=["policy"],
)
def in_force(desks: TheDesks) -> PolicyOut:
    """What binds every AI system, campaign and person. It is changed as a part of a ruleset, under four eyes."""
    return policy_out(desks.policy.in_force())


@get(
    "/v1/policy/packs",
    opt=needs(Scope.POLICY_READ),
    sync_to_thread=True,
    summary="Law packs",
    tags=["policy"],
)
def packs(desks: TheDesks) -> LawPacksOut:
    """What laws ask for, as dated data with its sources. Of several in use the strictest holds. No legal advice."""
    desk = desks.policy
    return packs_out(desk.known, desk.in_force().policy.limits.packs, desk.today())


@get(
    "/v1/policy/changes",
    opt=needs(Scope.POLICY_READ),
    sync_to_thread=True,
    summary="What the law changes until a day",
    tags=["policy"],
    responses=problems(INVALID_INPUT),
)
def changes(desks: TheDesks, on: On) -> ChangesOut:
    """Rules of the packs in use that begin or end, what contacts then need, and whom that touches.

    AI systems are those of the register that a rule speaks of. Leads, permits and refusals are the newest of the last
    90 days, so many and no more; the answer says how many were looked at.
    """
    return changes_out(desks.policy.changes(on))


@get(
    "/v1/policy/changes/leads",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="Leads that a change of the law touches",
    tags=["policy"],
    responses=problems(INVALID_INPUT),
)
def changes_leads(desks: TheDesks, on: On, limit: Limit = 50, cursor: Cursor = None) -> LeadsTouchedOut:
    """Of the newest leads of the last 90 days, those that then need something else to be contacted."""
    return leads_out(desks.policy.changes(on), _first(cursor), limit)


@get(
    "/v1/policy/changes/sends",
    opt=needs(Scope.PERMITS_READ),
    sync_to_thread=True,
    summary="Permits and refusals that a change of the law turns",
    tags=["policy"],
    responses=problems(INVALID_INPUT),
)
def changes_sends(desks: TheDesks, on: On, limit: Limit = 50, cursor: Cursor = None) -> SendsTouchedOut:
    """Of the newest answers of the gate of the last 90 days, those that would come out otherwise."""
    return sends_out(desks.policy.changes(on), _first(cursor), limit)


def _first(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > _MOST_DIGITS:
        raise InvalidInputError(f"`{cursor[:20]}` is no cursor", where="cursor", fix="take it from the page before")
    return int(cursor)


@post(
    "/v1/policy/check",
    opt=needs(Scope.POLICY_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Check a policy",
    tags=["policy"],
    responses=problems(INVALID_INPUT, INVALID_RULE, INVALID_RULESET),
)
def check(desks: TheDesks, data: JSONBody[PolicyIn]) -> CheckedOut:
    """Whether it can be read and its examples hold, and how it differs from the one in force. Nothing is kept."""
    return checked_out(desks.policy.check(data.toml))


ROUTES = [in_force, packs, changes, changes_leads, changes_sends, check]
