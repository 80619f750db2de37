"""Rulesets: putting them in, comparing them, making one the live one."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError
from winnow.shells.http.access import Actor, TheDesks, TheKey, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, INVALID_RULE, INVALID_RULESET, NOT_ALLOWED, NOT_FOUND
from winnow.shells.http.proposal_types import (
    AffectedOut,
    AffectedPage,
    ProspectOut,
    RollBackIn,
    RollBackOut,
    prospect_out,
    rollback_out,
)
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

#: Any number of so many digits fits into the column.
_MOST_DIGITS = 18

Digest = Annotated[
    str,
    PathParameter(
        description="The hash of a ruleset, or at least eight digits of its beginning.",
        examples=[Example(value="5f2b8c0d9e1a")],
    ),
]

Number = Annotated[
    int, PathParameter(description="The number of a roll-back.", examples=[Example(value=1042)], ge=0, lt=2**62)
]
Back = Annotated[
    str | None,
    QueryParameter(description="Hash of an earlier one; the one before if absent.", examples=[Example(value=None)]),
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
    """Decides within a second. Needs the sign-off of a second person (docs/sign-off.md)."""
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


@get(
    "/v1/rulesets/rollback",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="What rolling back would do",
    tags=["rulesets"],
    responses=problems(NOT_FOUND, NOT_ALLOWED, CONFLICT),
)
def prospect(desks: TheDesks, to: Back = None) -> ProspectOut:
    """How the earlier ruleset differs, and how many leads were decided since it was live last."""
    return prospect_out(desks.rolling_back.prospect(to))


@post(
    "/v1/rulesets/rollback",
    opt=needs(Scope.RULESETS_WRITE, confirmed=True),
    sync_to_thread=True,
    summary="Roll back",
    tags=["rulesets"],
    responses=problems(NOT_FOUND, NOT_ALLOWED, CONFLICT, INVALID_INPUT),
)
def roll_back(desks: TheDesks, actor: Actor, data: JSONBody[RollBackIn]) -> RollBackOut:
    """An earlier ruleset decides again within a second; the sign-off given then counts.

    Leads decided since are looked at anew, and an event `decision.retracted` tells of each it decides otherwise.
    """
    desk = desks.rolling_back
    return rollback_out(desk.roll_back(actor, data.because, data.to, instead_of=data.instead_of or ""))


@get(
    "/v1/rulesets/rollbacks/{number:int}",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="How far a roll-back has come",
    tags=["rulesets"],
    responses=problems(NOT_FOUND),
)
def rollback(desks: TheDesks, number: Number) -> RollBackOut:
    """How many leads were looked at anew, and how many are decided otherwise."""
    return rollback_out(desks.rolling_back.one(number))


@get(
    "/v1/rulesets/rollbacks/{number:int}/leads",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="The leads a roll-back decides otherwise",
    tags=["rulesets"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def rolled_back(desks: TheDesks, key: TheKey, number: Number, limit: Limit = 50, cursor: Cursor = None) -> AffectedPage:
    """Told to those with `decisions:read`, since who they are is lead data; to others the list is empty."""
    if Scope.DECISIONS_READ not in key.scopes:
        return AffectedPage([])
    found = desks.rolling_back.affected(number, _after(cursor), limit)
    return AffectedPage(
        [
            AffectedOut(str(each.decision), each.lead_id, each.source, each.before.word, each.after.word)
            for each in found.items
        ],
        found.next,
    )


def _after(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > _MOST_DIGITS:
        raise InvalidInputError("this is no cursor", where="cursor", fix="take `next` of the page before")
    return int(cursor)


ROUTES = [page, add, live, one, activate, diff, prospect, roll_back, rollback, rolled_back]
