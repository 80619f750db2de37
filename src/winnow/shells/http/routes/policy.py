"""The policy in force, the law packs behind it, and what the law changes until a day."""

from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, QueryParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.policy_types import (
    ChangesOut,
    CheckedOut,
    LawPacksOut,
    PolicyIn,
    PolicyOut,
    changes_out,
    checked_out,
    packs_out,
    policy_out,
)
from winnow.shells.http.problem import INVALID_INPUT, INVALID_RULE, INVALID_RULESET

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
    """Rules of the packs in use that begin or end, what contacts then need, and the AI systems they speak of."""
    return changes_out(desks.policy.changes(on))


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


ROUTES = [in_force, packs, changes, check]
