"""Rulesets: what there is, how they differ, and which one decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.bootstrap import ruleset_toml
from winnow.bootstrap.model_cards import card_of
from winnow.core.apikeys import Scope
from winnow.core.govern.signing import Basis, Kind
from winnow.core.learning.ladder import Rung
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.core.toml_text import MOST_CHARACTERS
from winnow.errors import ConflictError, InvalidInputError, NotFoundError, WinnowError
from winnow.services.signing import Told
from winnow.shells.http.access import TheDesks, ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web import signing_words
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.names import names_in
from winnow.shells.web.posted import Form
from winnow.shells.web.ruleset_changes import FIELDS, changes_between
from winnow.shells.web.ruleset_facts import facts_of
from winnow.shells.web.signing_words import lacking_in, stands
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS = 30
_WRONG = 422
_MOST_BYTES = 3_000_000


@get("/rulesets", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def rulesets(request: Asked, view: TheView, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Those that people put in or that were live, the newest first."""
    found = desks.rulesets.page(request.query_params.get("after") or None, _ROWS)
    in_shadow = {each.ruleset: each for each in desks.shadows.running()}
    name_of = names_in(desks, signed_in.id, view.words.gettext("you"))
    signed = {each.hash: _newest(desks.signing.about(Kind.RULESET, each.hash)) for each in found.items}
    return view.page(
        "rulesets/page.html",
        found=found,
        in_shadow=in_shadow,
        signed=signed,
        name_of=name_of,
        stands=stands,
        words_of=signing_words,
    )


@get("/rulesets/put-in", opt=page(Scope.RULESETS_WRITE), sync_to_thread=True, include_in_schema=False)
def put_in_page(view: TheView) -> Response[bytes]:
    """Where a TOML file is chosen or pasted."""
    return view.page("rulesets/put_in.html", text="")


@post(
    "/rulesets/put-in",
    opt=page(Scope.RULESETS_WRITE, most_bytes=_MOST_BYTES),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def put_in(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Compiled and kept when nothing is wrong with it; it decides nothing until it is activated."""
    text = form.text("toml", most=_MOST_BYTES)
    try:
        if not text:
            raise InvalidInputError("there is nothing to put in", fix="choose a TOML file, or paste its text")
        added = desks.rulesets.add_text(text, signed_in.id)
    except WinnowError as error:
        place = str(error.where or "").removeprefix("toml").strip(":")
        wrong = InvalidInputError(f"line {place}: {error.what}" if place else error.what, where="toml", fix=error.fix)
        return view.page("rulesets/put_in.html", status=_WRONG, text=text[:MOST_CHARACTERS], form=form, failure=wrong)
    return view.go(f"/rulesets/{added.hash}", "ruleset-added")


@get("/rulesets/compare", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def compare(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """How any two differ."""
    known = desks.rulesets.page(None, _ROWS).items
    asked = [request.query_params.get(name, "") for name in ("before", "after")]
    live = next((each.hash for each in known if each.live), "")
    before = asked[0] or live
    after = asked[1] or next((each.hash for each in known if each.hash != before), "")
    parts = None
    if before and after and all(asked):
        parts = changes_between(desks.rulesets.document(before), desks.rulesets.document(after))
    return view.page("rulesets/compare.html", known=known, before=before, after=after, parts=parts, fields=FIELDS)


@get("/rulesets/{digest:str}", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def one(view: TheView, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]) -> Response[bytes]:
    """What it decides by, how it differs from the live one, and what keeps it from deciding."""
    return shown(view, state_of, signed_in.id, digest)


@get("/rulesets/{digest:str}/toml", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def as_toml(desks: TheDesks, digest: FromPath[str]) -> Response[str]:
    """The file it can be put in as."""
    ruleset = _ruleset(desks.rulesets.document(digest))
    headers = {"content-disposition": f'attachment; filename="ruleset-{ruleset.hash[:12]}.toml"'}
    headers |= {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(ruleset_toml(ruleset), headers=headers, media_type="application/toml; charset=utf-8")


@post(
    "/rulesets/{digest:str}/activate",
    opt=page(Scope.RULESETS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def activate(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """Decides within a second, once it is signed; only in place of the one whose difference was shown.

    One that was live before is rolled back to, so that the leads decided since are looked at anew.
    """
    desk = state_of.desks.rulesets
    known = desk.known(digest)
    try:
        if desk.check(ruleset_from(desk.document(known.hash)), signed_in.id).basis is Basis.ROLLBACK:
            return view.go(f"/rulesets/{known.hash}/roll-back")
        if form.text("in_place_of", most=100) != desk.live().known.hash:
            raise ConflictError(
                "another ruleset went live since this page was shown", fix="look at the difference again"
            )
        live = desk.activate(digest, signed_in.id)
    except WinnowError as error:
        return shown(view, state_of, signed_in.id, digest, failure=error)
    return view.go(f"/rulesets/{live.hash}", "ruleset-activated")


@post(
    "/rulesets/with-draft",
    opt=page(Scope.RULESETS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def with_draft(view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """A new ruleset: the live one with a draft of a rule in it, in place of the rule of its name if there is one."""
    draft = state_of.desks.rules.draft(form.text("draft", most=200))
    rule = {"text": "", "owner": "", "reason": "", **draft.document}
    return _with_rules(view, state_of, signed_in.id, str(rule["id"]), [rule], f"with-{rule['id']}")


@post(
    "/rulesets/without-rule",
    opt=page(Scope.RULESETS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def without_rule(view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """A new ruleset: the live one without one of its rules."""
    name = form.text("rule", most=100)
    if name not in {rule.id for rule in state_of.desks.rulesets.live().bound.rules}:
        raise NotFoundError(f"the live ruleset has no rule `{name}`", fix="see its rules on the page Rules")
    return _with_rules(view, state_of, signed_in.id, name, [], f"without-{name}")


def _newest(told: Sequence[Told]) -> Told | None:
    """The proposal to show of a ruleset: one that counts as signed, or else the newest."""
    return next((each for each in told if not each.lacking), told[0] if told else None)


def _with_rules(
    view: View, state: State, who: str, name: str, rules: list[Mapping[str, Any]], suffix: str
) -> Response[bytes]:
    desk = state.desks.rulesets
    live = desk.live().known
    document = dict(desk.document(live.hash))
    others = [rule for rule in document.get("rules", []) if rule["id"] != name]  # type: ignore[attr-defined]  # tables
    added = desk.add({**document, "id": f"{live.id}-{suffix}"[:100], "rules": [*others, *rules]}, who)
    return view.go(f"/rulesets/{added.hash}", "ruleset-added")


def shown(
    view: View,
    state: State,
    who: str,
    digest: str,
    *,
    form: Form | None = None,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    """The page of one ruleset; raises NotFoundError."""
    desk = state.desks.rulesets
    known, live = desk.known(digest), desk.live().known
    document = desk.document(known.hash)
    ruleset = _ruleset(document)
    return view.page(
        "rulesets/one.html",
        status=_WRONG if failure else 200,
        known=known,
        live=live,
        ruleset=ruleset,
        about=facts_of(state, ruleset, who),
        parts=[] if known.live else changes_between(desk.document(live.hash), document),
        fields=FIELDS,
        name_of=(name_of := actors_in(state.service, state.desks, who, view.words.gettext("you"))),
        lacks=lacking_in(view.words, name_of),
        stands=stands,
        words_of=signing_words,
        has_card=card_of(state.service.folder, ruleset.scorecard_hash) is not None,
        rungs=(Rung.SHADOW, Rung.TAG, Rung.REVIEW),
        form=form or Form({}),
        failure=failure,
    )


def _ruleset(document: Mapping[str, object]) -> Ruleset:
    return ruleset_from(document)


PAGES = [rulesets, put_in_page, put_in, compare, with_draft, without_rule, one, as_toml, activate]
