"""Rulesets: putting them in, comparing them, making one the live one."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError
from winnow.shells.http.access import Actor, TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import INVALID_INPUT, INVALID_RULE, INVALID_RULESET, NOT_ALLOWED, NOT_FOUND
from winnow.shells.http.ruleset_types import (
    DifferenceOut,
    LiveRuleset,
    RulesetDiff,
    RulesetDocument,
    RulesetIn,
    RulesetOut,
    RulesetPage,
    ruleset_out,
)

Digest = Annotated[
    str,
    PathParameter(
        description="The hash of a ruleset, or at least eight digits of its beginning.",
        examples=[Example(value="5f2b8c0d9e1a")],
    ),
]


@get(
    "/v1/rulesets",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="Rulesets, the newest first",
    tags=["rulesets"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None) -> RulesetPage:
    """Those that people added or that were live; the editions bound to lists and reference data are not listed."""
    found = desks.rulesets.page(cursor, limit)
    return RulesetPage([ruleset_out(each) for each in found.items], found.next)


@post(
    "/v1/rulesets",
    opt=needs(Scope.RULESETS_WRITE),
    sync_to_thread=True,
    summary="Put a ruleset in",
    tags=["rulesets"],
    responses=problems(INVALID_INPUT, INVALID_RULE, INVALID_RULESET),
)
def add(desks: TheDesks, actor: Actor, data: JSONBody[RulesetIn]) -> RulesetOut:
    """Compiled and kept when nothing is wrong with it; it decides nothing until it is activated."""
    if data.toml is not None and data.document is None:
        return ruleset_out(desks.rulesets.add_text(data.toml, actor))
    if data.document is not None and data.toml is None:
        return ruleset_out(desks.rulesets.add(data.document, actor))
    raise InvalidInputError("a ruleset comes as text or as tables", where="$", fix="send `toml` or `document`")


@get(
    "/v1/rulesets/live",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="The live ruleset",
    tags=["rulesets"],
)
def live(desks: TheDesks) -> LiveRuleset:
    """What decides at this moment."""
    found = desks.rulesets.live()
    return LiveRuleset(ruleset_out(found.known), found.bound.hash, dict(desks.rulesets.document(found.known.hash)))


@get(
    "/v1/rulesets/{digest:str}",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="A ruleset, whole",
    tags=["rulesets"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, digest: Digest) -> RulesetDocument:
    """Every ruleset that ever decided is kept, also under the hash that decisions name."""
    return RulesetDocument(digest, dict(desks.rulesets.document(digest)))


@post(
    "/v1/rulesets/{digest:str}/activate",
    opt=needs(Scope.RULESETS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Make a ruleset the live one",
    tags=["rulesets"],
    responses=problems(NOT_FOUND, NOT_ALLOWED),
)
def activate(desks: TheDesks, actor: Actor, digest: Digest) -> RulesetOut:
    """Decides within a second. Roll-back is activating the one before."""
    return ruleset_out(desks.rulesets.activate(digest, actor))


@get(
    "/v1/rulesets/{before:str}/diff/{after:str}",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="How two rulesets differ",
    tags=["rulesets"],
    responses=problems(NOT_FOUND),
)
def diff(desks: TheDesks, before: Digest, after: Digest) -> RulesetDiff:
    """Tables are matched by their `id` or `signal`, so that moving one is no difference."""
    found = desks.rulesets.differences(before, after)
    return RulesetDiff([DifferenceOut(path, old, new) for path, old, new in found])


ROUTES = [page, add, live, one, activate, diff]
