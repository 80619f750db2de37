"""Rulesets in shadow: deciding live leads without effect, and the report of how they differ."""

from litestar import delete, get, post, put
from litestar.params import JSONBody

from winnow.core.apikeys import Caller, Scope
from winnow.services.shadows import MOST_CHANGED
from winnow.shells.http.access import Actor, TheDesks, TheKey, needs
from winnow.shells.http.described import problems
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, INVALID_RULESET, NOT_FOUND
from winnow.shells.http.routes.rulesets import Digest
from winnow.shells.http.shadow_types import ReadIn, ShadowIn, ShadowOut, ShadowReportOut, report_out, shadow_out


@get(
    "/v1/rulesets/{digest:str}/shadow",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="How a ruleset in shadow differs",
    tags=["rulesets"],
    responses=problems(NOT_FOUND),
)
def report(desks: TheDesks, key: TheKey, digest: Digest) -> ShadowReportOut:
    """Over all the time it was in shadow: by outcome and by source, with the truth where it is known.

    Which leads differ is told to keys with `decisions:read`; to others `changed` is empty.
    """
    return report_out(desks.shadows.report(digest, _shown(key)))


@put(
    "/v1/rulesets/{digest:str}/shadow",
    opt=needs(Scope.RULESETS_WRITE),
    sync_to_thread=True,
    summary="Put a ruleset in shadow",
    tags=["rulesets"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT, INVALID_RULESET),
)
def start(desks: TheDesks, actor: Actor, digest: Digest, data: JSONBody[ShadowIn]) -> ShadowOut:
    """Within a second it decides live leads beside the live one, from the same facts and without any effect."""
    return shadow_out(desks.shadows.start(digest, data.share, actor))


@delete(
    "/v1/rulesets/{digest:str}/shadow",
    opt=needs(Scope.RULESETS_WRITE),
    sync_to_thread=True,
    summary="Take a ruleset out of shadow",
    tags=["rulesets"],
    responses=problems(NOT_FOUND),
)
def stop(desks: TheDesks, actor: Actor, digest: Digest) -> None:
    """What it decided stays, and so does its report."""
    desks.shadows.stop(digest, actor)


@post(
    "/v1/rulesets/{digest:str}/shadow/read",
    opt=needs(Scope.RULESETS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Say that you have read the report",
    tags=["rulesets"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def read(desks: TheDesks, key: TheKey, digest: Digest, data: JSONBody[ReadIn]) -> ShadowReportOut:
    """A step up the ladder takes it: nobody promotes what nobody has looked at."""
    desks.shadows.read(digest, data.leads, key.id)
    return report_out(desks.shadows.report(digest, _shown(key)))


def _shown(key: Caller) -> int:
    """How many leads are named to whoever has the key: who they are is lead data."""
    return MOST_CHANGED if Scope.DECISIONS_READ in key.scopes else 0


ROUTES = [report, start, stop, read]
