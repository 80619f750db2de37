"""Rules while they are being written."""

from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post, put
from litestar.openapi.spec import Example
from litestar.params import HeaderParameter, JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError
from winnow.ports import RuleDraft
from winnow.services.rules import Trial
from winnow.shells.http.access import Actor, TheDesks, TheKey, also_needs, needs
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit, check_edition
from winnow.shells.http.problem import (
    CONFLICT,
    INVALID_INPUT,
    INVALID_RULE,
    INVALID_RULESET,
    NOT_ALLOWED,
    NOT_FOUND,
    PRECONDITION_FAILED,
    PRECONDITION_REQUIRED,
)
from winnow.shells.http.rule_types import (
    MovedOut,
    RuleCheckIn,
    RuleCheckOut,
    RuleDraftOut,
    RuleDraftPage,
    RuleIn,
    RuleTestIn,
    RuleTestOut,
    draft_out,
    finding_out,
)

#: Decisions a trial names.
_SHOWN = 50

DraftId = Annotated[
    str, PathParameter(description="The id of a draft.", examples=[Example(value="rd_01jd8qg4z5x3n0v7k2m9r6t1wy")])
]
IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description="The `ETag` of the edition that is to be changed.",
        examples=[Example(value='"5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"')],
    ),
]


@get(
    "/v1/rules/drafts",
    opt=needs(Scope.RULES_READ),
    sync_to_thread=True,
    summary="Drafts of rules",
    tags=["rules"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None) -> RuleDraftPage:
    """In the order in which they were made."""
    found = desks.rules.page(cursor, limit)
    return RuleDraftPage([draft_out(draft, _rule(draft)) for draft in found.items], found.next)


@post(
    "/v1/rules/drafts",
    opt=needs(Scope.RULES_WRITE),
    sync_to_thread=True,
    summary="Keep a draft",
    tags=["rules"],
    responses=problems(INVALID_INPUT, INVALID_RULE),
)
def add(desks: TheDesks, actor: Actor, data: JSONBody[RuleIn]) -> Response[RuleDraftOut]:
    """It decides nothing until a ruleset holds it. A condition that cannot be typed or bounded is refused."""
    return _answer(desks.rules.add(_document(data), actor))


@get(
    "/v1/rules/drafts/{draft_id:str}",
    opt=needs(Scope.RULES_READ),
    sync_to_thread=True,
    summary="A draft",
    tags=["rules"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, draft_id: DraftId) -> Response[RuleDraftOut]:
    """With its `ETag`, which a change must name."""
    return _answer(desks.rules.draft(draft_id))


@put(
    "/v1/rules/drafts/{draft_id:str}",
    opt=needs(Scope.RULES_WRITE),
    sync_to_thread=True,
    summary="Change a draft",
    tags=["rules"],
    responses=problems(
        *(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, PRECONDITION_REQUIRED, INVALID_INPUT, INVALID_RULE),
    ),
)
def change(
    desks: TheDesks, actor: Actor, draft_id: DraftId, data: JSONBody[RuleIn], if_match: IfMatch = None
) -> Response[RuleDraftOut]:
    """Only from the edition that `If-Match` names, so that nobody's work is overwritten unseen."""
    edition = desks.rules.draft(draft_id).edition
    check_edition(if_match, _etag(edition))
    return _answer(desks.rules.replace(draft_id, _document(data), edition, actor))


@delete(
    "/v1/rules/drafts/{draft_id:str}",
    opt=needs(Scope.RULES_WRITE),
    sync_to_thread=True,
    summary="Forget a draft",
    tags=["rules"],
    responses=problems(NOT_FOUND),
)
def remove(desks: TheDesks, actor: Actor, draft_id: DraftId) -> None:
    """The log keeps what it said."""
    desks.rules.remove(draft_id, actor)


@post(
    "/v1/rules/check",
    opt=needs(Scope.RULES_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Check a rule",
    tags=["rules"],
    responses=problems(INVALID_INPUT),
)
def check(desks: TheDesks, data: JSONBody[RuleCheckIn]) -> RuleCheckOut:
    """Types, bounds, examples, and what is odd. Nothing is kept; what is refused here could not be used."""
    if (data.rule is None) is (data.toml is None):
        raise InvalidInputError("either a rule or a text is checked", where="$", fix="send `rule` or `toml`")
    rules = desks.rules
    found = rules.check(_document(data.rule)) if data.toml is None else rules.check_text(data.toml)
    return RuleCheckOut(not any(each.forbids for each in found), list(map(finding_out, found)))


@post(
    "/v1/rules/test",
    opt=needs(Scope.RULES_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Try a rule on past decisions",
    tags=["rules"],
    responses=problems(INVALID_INPUT, INVALID_RULE, INVALID_RULESET, NOT_FOUND, NOT_ALLOWED),
)
def test(desks: TheDesks, key: TheKey, data: JSONBody[RuleTestIn]) -> RuleTestOut:
    """From what was known at the time of each decision. Needs the scope `decisions:read` besides."""
    also_needs(Scope.DECISIONS_READ, key)
    if (data.rule is None) is (data.draft is None):
        raise InvalidInputError("either a rule or a draft is tried", where="$", fix="send `rule` or `draft`")
    document = _document(data.rule) if data.draft is None else desks.rules.draft(data.draft).document
    return _tried(desks.rules.test(document, data.last))


def _tried(trial: Trial) -> RuleTestOut:
    moved = [
        MovedOut(before.word, after.word, count)  # type: ignore[arg-type]  # of the four words
        for (before, after), count in sorted(trial.counts.items())
        if before is not after
    ]
    return RuleTestOut(
        looked_at=trial.looked_at,
        hits=len(trial.hits),
        changed=len(trial.changed),
        moved=moved,
        hit_ids=list(map(str, trial.hits[:_SHOWN])),
        changed_ids=list(map(str, trial.changed[:_SHOWN])),
    )


def _document(rule: RuleIn | None) -> dict[str, Any]:
    """What was sent, as the tables of a ruleset have it."""
    sent: dict[str, Any] = msgspec.to_builtins(rule)
    said = {name: value for name, value in sent.items() if value is not None}
    return {"text": "", "owner": "", "reason": "", **said}


def _rule(draft: RuleDraft) -> RuleIn:
    return msgspec.convert(draft.document, RuleIn)


def _etag(edition: str) -> str:
    return f'"{edition}"'


def _answer(draft: RuleDraft) -> Response[RuleDraftOut]:
    return Response(draft_out(draft, _rule(draft)), headers={"ETag": _etag(draft.edition)})


ROUTES = [page, add, one, change, remove, check, test]
