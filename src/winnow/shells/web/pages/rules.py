"""Rules: those that decide, and those that are being written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.plan import kinds_of, signals_of
from winnow.core.rule_lint import lint_rules
from winnow.core.ruleset_write import rule_document
from winnow.core.signals.base import Signal
from winnow.errors import InvalidRulesetError, NotFoundError, WinnowError
from winnow.ports import RuleDraft
from winnow.services.rules import RuleDesk, RuleFinding
from winnow.shells.http.access import TheDesks, ThePerson, TheState, also_needs, page
from winnow.shells.http.state import State
from winnow.shells.web import entries, rule_forms
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_WRONG = 422
_DRAFTS = 50
_NAMED = 10
#: Past decisions a rule is tried on.
LOOKED_BACK = 1_000
_NO_NAME = "draft"
_EMPTY: Mapping[str, Any] = {}
#: A rule about which nothing is said but its condition.
_BARE: Mapping[str, Any] = {"id": _NO_NAME, "text": "-", "owner": "-", "reason": "-", "points": 1}


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What keeps a form from being kept: where in it, and the very spot of the condition."""

    what: str
    fix: str | None
    where: str | None
    excerpt: str | None


@get("/rules", opt=page(Scope.RULES_READ), sync_to_thread=True, include_in_schema=False)
def rules(request: Asked, view: TheView, state_of: TheState) -> Response[bytes]:
    """The live ones with what is odd about them, and the drafts."""
    live = state_of.desks.rulesets.live()
    drafts = state_of.desks.rules.page(request.query_params.get("after") or None, _DRAFTS)
    findings: dict[str, list[Any]] = {}
    for each in lint_rules(live.bound.rules, kinds_of(live.bound.signals), state_of.clock.now()):
        findings.setdefault(each.rule_id, []).append(each)
    return view.page(
        "rules/page.html", live=live, drafts=drafts, findings=findings, words_of=entries, effects=rule_forms.EFFECTS
    )


@get("/rules/live/{rule_id:str}", opt=page(Scope.RULES_READ), sync_to_thread=True, include_in_schema=False)
def live_rule(view: TheView, state_of: TheState, rule_id: FromPath[str]) -> Response[bytes]:
    """A rule of the live ruleset; it cannot be changed, only made a draft of."""
    live = state_of.desks.rulesets.live()
    rule = next((each for each in live.bound.rules if each.id == rule_id), None)
    if rule is None:
        raise NotFoundError(f"the live ruleset has no rule `{rule_id[:64]}`", fix="see its rules on the page Rules")
    found = lint_rules([rule], kinds_of(live.bound.signals), state_of.clock.now())
    return view.page(
        "rules/one.html", rule=rule_document(rule), findings=found, known=live.known, draft=None, **_about(state_of)
    )


@get("/rules/new", opt=page(Scope.RULES_WRITE), sync_to_thread=True, include_in_schema=False)
def new_page(request: Asked, view: TheView, state_of: TheState) -> Response[bytes]:
    """An empty form, or one that begins as a live rule."""
    wanted = request.query_params.get("of", "")
    live = state_of.desks.rulesets.live().bound
    document = next((rule_document(each) for each in live.rules if each.id == wanted), _EMPTY)
    form = rule_forms.typed_of(document, view.words.zone) if document else Form({})
    return _editor(view, state_of, form)


@post("/rules/new", opt=page(Scope.RULES_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def new(view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """Keep a draft; it may be unfinished, but its condition must be one."""
    try:
        draft = state_of.desks.rules.add(_document(view, form), signed_in.id)
    except WinnowError as error:
        return _editor(view, state_of, form, failure=error)
    return view.go(f"/rules/drafts/{draft.id}", "draft-kept")


@get("/rules/drafts/{draft_id:str}", opt=page(Scope.RULES_READ), sync_to_thread=True, include_in_schema=False)
def draft_page(view: TheView, state_of: TheState, draft_id: FromPath[str]) -> Response[bytes]:
    """A draft: to be changed by who may write rules, to be read by others."""
    draft = state_of.desks.rules.draft(draft_id)
    if view.can(Scope.RULES_WRITE):
        return _editor(view, state_of, rule_forms.typed_of(draft.document, view.words.zone), draft=draft)
    found = state_of.desks.rules.check(draft.document)
    return view.page("rules/one.html", rule=draft.document, findings=found, known=None, draft=draft, **_about(state_of))


@post(
    "/rules/drafts/{draft_id:str}",
    opt=page(Scope.RULES_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def change(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, draft_id: FromPath[str]
) -> Response[bytes]:
    """Only from the edition the form was made of, so that nobody's work is overwritten unseen."""
    desk = state_of.desks.rules
    draft = desk.draft(draft_id)
    try:
        desk.replace(draft_id, _document(view, form), form.text("edition", most=100), signed_in.id)
    except WinnowError as error:
        return _editor(view, state_of, form, draft=draft, failure=error)
    return view.go(f"/rules/drafts/{draft_id}", "draft-kept")


@get("/rules/drafts/{draft_id:str}/remove", opt=page(Scope.RULES_WRITE), sync_to_thread=True, include_in_schema=False)
def remove_page(view: TheView, state_of: TheState, draft_id: FromPath[str]) -> Response[bytes]:
    """Whether a draft shall be forgotten."""
    return view.page("rules/remove.html", draft=state_of.desks.rules.draft(draft_id))


@post(
    "/rules/drafts/{draft_id:str}/remove",
    opt=page(Scope.RULES_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def remove(view: TheView, desks: TheDesks, signed_in: ThePerson, draft_id: FromPath[str]) -> Response[bytes]:
    """Forget a draft."""
    desks.rules.remove(draft_id, signed_in.id)
    return view.go("/rules", "draft-removed")


@post("/rules/check", opt=page(Scope.RULES_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def check(view: TheView, form: TheForm, state_of: TheState) -> Response[bytes]:
    """What is wrong with what is being typed, and what its signals mean: a piece for below the condition."""
    condition = form.text("when")
    used = rule_forms.named(condition, _signals(state_of))
    found = _checked(view, form, state_of.desks.rules) if condition else ()
    own = [each for each in found if _of_condition(each)]
    others = [each for each in found if not _of_condition(each)]
    return view.page(
        "rules/checked.html", condition=condition, own=own, others=others, used=used, kinds=rule_forms.KINDS
    )


@post("/rules/try", opt=page(Scope.RULES_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def try_out(view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """What it would have done to the last decisions, as a piece."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    try:
        document = rule_forms.document_of(form, view.words.zone)
        found = state_of.desks.rules.test({**document, "id": document["id"] or _NO_NAME}, LOOKED_BACK)
    except WinnowError as error:
        return view.page("rules/tried.html", found=None, wrong=error)
    moved = [(old.word, new.word, count) for (old, new), count in sorted(found.counts.items()) if old is not new]
    return view.page(
        "rules/tried.html", found=found, wrong=None, moved=moved, hits=found.hits[:_NAMED],
        changed=found.changed[:_NAMED],
    )  # fmt: skip


@get("/rules/tidy", opt=page(Scope.RULES_READ), sync_to_thread=True, include_in_schema=False)
def tidy(view: TheView, state_of: TheState) -> Response[bytes]:
    """Which rules of the live ruleset may go, with the evidence."""
    from winnow.bootstrap.looking_back import tidied  # noqa: PLC0415  # needs the extra `learn`

    found = tidied(state_of.service, "rule:", entries.TIDIED_OVER)
    return view.page("rules/tidy.html", found=found, reproaches=entries.REPROACHES)


def _document(view: View, form: Form) -> dict[str, Any]:
    document = rule_forms.document_of(form, view.words.zone)
    rule_forms.needs_bounds(document)
    return document


def _checked(view: View, form: Form, desk: RuleDesk) -> tuple[RuleFinding, ...]:
    """All findings; where something else in the form cannot be read, that and those about the condition."""
    try:
        document = rule_forms.document_of(form, view.words.zone)
        return desk.check({**document, "id": document["id"] or _NO_NAME})
    except WinnowError as error:
        unreadable = RuleFinding("", "unreadable", error.what, error.fix or "", str(error.where or ""))
        return (unreadable, *filter(_of_condition, desk.check({**_BARE, "when": form.text("when")})))


def _of_condition(finding: RuleFinding) -> bool:
    return (finding.where or "").removeprefix("rule.").startswith("when") or finding.line is not None


def _signals(state: State) -> Mapping[str, Signal]:
    return signals_of(state.desks.rulesets.live().bound.signals)


def _about(state: State) -> dict[str, Any]:
    return {
        "signals": _signals(state),
        "words_of": entries,
        "effects": rule_forms.EFFECTS,
        "kinds": rule_forms.KINDS,
        "rule_words": rule_forms,
    }


def _editor(
    view: View, state: State, form: Form, *, draft: RuleDraft | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    wrong = None
    if failure is not None:
        of_condition = isinstance(failure, InvalidRulesetError) and rule_forms.about_condition(failure)
        where = "when" if of_condition else str(failure.where or "")
        wrong = _Wrong(failure.what, failure.fix, where or None, getattr(failure, "excerpt", None))
    return view.page(
        "rules/editor.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=wrong,
        draft=draft,
        edition=form.text("edition") or (draft.edition if draft else ""),
        scopes=entries.scopes_of(form),
        looked_back=LOOKED_BACK,
        **_about(state),
    )


PAGES = [rules, live_rule, new_page, new, draft_page, change, remove_page, remove, check, try_out, tidy]
