"""A ruleset, or a step of what is in it up the ladder, proposed to a second person; and the steps themselves."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from winnow.bootstrap.model_cards import card_of
from winnow.core.apikeys import Scope
from winnow.core.govern.signing import LONGEST, Kind
from winnow.core.learning.ladder import Rung
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import InvalidInputError, WinnowError
from winnow.services.signing import Wanted
from winnow.shells.http.access import ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web.pages.rulesets import shown
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView

_MOST_BYTES = 3_000_000
#: Most characters of one attachment.
_MOST = 1_000_000
#: What people can attach as the JSON that the command line writes.
_TYPED = ("simulation", "bias")


@post(
    "/rulesets/{digest:str}/propose",
    opt=page(Scope.PROPOSALS_WRITE, confirmed=True, most_bytes=_MOST_BYTES),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def propose(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """Ask a second person to agree to exactly this ruleset."""
    known = state_of.desks.rulesets.known(digest)
    try:
        attached = _attached(form, state_of, known.hash)
        wanted = Wanted(Kind.RULESET, known.hash, form.text("because"), _lasts(form), attached=attached)
        told = state_of.desks.signing.propose(wanted, signed_in)
    except WinnowError as error:
        return shown(view, state_of, signed_in.id, known.hash, form=form, failure=error)
    return view.go(f"/proposals/{told.filed.proposal.id}", "proposed")


@post(
    "/rulesets/{digest:str}/ladder/propose",
    opt=page(Scope.PROPOSALS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def propose_step(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """Ask a second person to agree to the next step up of its scorecard, or of a rule."""
    known = state_of.desks.rulesets.known(digest)
    rule = form.text("rule", most=200)
    terms = {"rung": form.text("rung", most=20), **({"rule": rule} if rule else {})}
    try:
        told = state_of.desks.signing.propose(
            Wanted(Kind.LADDER, known.hash, form.text("because"), terms=terms), signed_in
        )
    except WinnowError as error:
        return shown(view, state_of, signed_in.id, known.hash, form=form, failure=error)
    return view.go(f"/proposals/{told.filed.proposal.id}", "proposed")


@post(
    "/rulesets/{digest:str}/ladder/promote",
    opt=page(Scope.RULESETS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def promote(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """One rung up, once all that it takes is there."""
    known = state_of.desks.rulesets.known(digest)
    try:
        state_of.desks.ladder.promote(known.hash, signed_in.id, form.text("rule", most=200) or None)
    except WinnowError as error:
        return shown(view, state_of, signed_in.id, known.hash, form=form, failure=error)
    return view.go(f"/rulesets/{known.hash}", "ladder-up")


@post(
    "/rulesets/{digest:str}/ladder/demote",
    opt=page(Scope.RULESETS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def demote(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """Down at once; a reason is all it takes."""
    known = state_of.desks.rulesets.known(digest)
    try:
        rule = form.text("rule", most=200) or None
        state_of.desks.ladder.demote(known.hash, form.text("reason"), signed_in.id, to=_rung(form), rule=rule)
    except WinnowError as error:
        return shown(view, state_of, signed_in.id, known.hash, form=form, failure=error)
    return view.go(f"/rulesets/{known.hash}", "ladder-down")


def _rung(form: Form) -> Rung:
    try:
        return Rung(form.text("to", most=20))
    except ValueError:
        raise InvalidInputError("no rung is chosen", where="to", fix="choose shadow, tag or review") from None


def _lasts(form: Form) -> timedelta | None:
    days = form.number("days")
    if days is not None and not 0 < days <= LONGEST.days:
        raise InvalidInputError("no sign-off lasts so long", where="days", fix=f"give 1 to {LONGEST.days} days")
    return None if days is None else timedelta(days=days)


def _attached(form: Form, state: State, digest: str) -> dict[str, Mapping[str, Any]]:
    found = {name: _document(form, name) for name in _TYPED if form.text(name, most=_MOST)}
    if form.flag("card"):
        ruleset = ruleset_from(state.desks.rulesets.document(digest))
        card = card_of(state.service.folder, ruleset.scorecard_hash)
        if card is not None:
            found["card"] = card
    return found


def _document(form: Form, name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(form.text(name, most=_MOST), parse_constant=_no_number)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        what = "this is no JSON as the command line writes it"
        raise InvalidInputError(what, where=name, fix="use what a command with --json has written")
    return found


def _no_number(text: str) -> None:
    """NaN and infinities, which no signature covers."""
    raise ValueError(text)


PAGES: list[Any] = [propose, propose_step, promote, demote]
