"""Break-glass: one act that one person asks for and another grants, seen by everybody, and over by itself."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.govern.signing import LONGEST_EMERGENCY, Kind
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.signing import LONGEST_TEXT, Wanted
from winnow.shells.http.access import ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web import signing_words
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.pages.proposals import shown
from winnow.shells.web.posted import Form
from winnow.shells.web.view import Asked, TheForm, TheView, View

_WRONG, _ROWS = 422, 50
_MOST_HOURS = int(LONGEST_EMERGENCY / timedelta(hours=1))


@get("/break-glass", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def emergency(request: Asked, view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """Whether anything decides by break-glass, and where it is asked for."""
    ruleset = request.query_params.get("ruleset", "")[:64]
    return _page(view, state_of, signed_in.id, Form({"ruleset": [ruleset]} if ruleset else {}))


@post(
    "/break-glass",
    opt=page(Scope.PROPOSALS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def ask(view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """Ask for it; nothing happens before somebody else grants it."""
    try:
        told = state_of.desks.signing.propose(_wanted(form), signed_in)
    except WinnowError as error:
        return _page(view, state_of, signed_in.id, form, error)
    return view.go(f"/proposals/{told.filed.proposal.id}", "break-glass-asked")


@post(
    "/break-glass/{proposal_id:str}/use",
    opt=page(Scope.RULESETS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def use(view: TheView, state_of: TheState, signed_in: ThePerson, proposal_id: FromPath[str]) -> Response[bytes]:
    """Do the one act that was granted."""
    try:
        state_of.desks.break_glass.use(proposal_id, signed_in.id)
    except NotFoundError:
        raise
    except WinnowError as error:
        return shown(view, state_of, proposal_id, failure=error)
    return view.go("/break-glass", "break-glass-used")


@post(
    "/break-glass/end",
    opt=page(Scope.RULESETS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def end(view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """End it before its time."""
    try:
        state_of.desks.break_glass.end(signed_in.id)
    except WinnowError as error:
        return _page(view, state_of, signed_in.id, Form({}), error)
    return view.go("/break-glass", "break-glass-ended")


def _wanted(form: Form) -> Wanted:
    hours = form.number("hours")
    if hours is None or not 0 < hours <= _MOST_HOURS:
        raise InvalidInputError("no such time is granted", where="hours", fix=f"choose 1 to {_MOST_HOURS} hours")
    ruleset = form.text("ruleset", most=64)
    if not ruleset:
        raise InvalidInputError("no ruleset is chosen", where="ruleset", fix="choose the one that is to decide")
    return Wanted(Kind.BREAK_GLASS, ruleset, form.text("because"), timedelta(hours=hours))


def _page(view: View, state: State, me: str, form: Form, failure: WinnowError | None = None) -> Response[bytes]:
    desks = state.desks
    found = desks.break_glass.now()
    return view.page(
        "break_glass/page.html",
        status=_WRONG if failure else 200,
        emergency=found,
        before=desks.rulesets.known(found.before) if found else None,
        deciding=desks.rulesets.known(found.ruleset) if found else None,
        rulesets=[each for each in desks.rulesets.page(None, _ROWS).items if not each.live],
        asked=desks.signing.page(None, _ROWS, kind=Kind.BREAK_GLASS, waiting=True).items,
        hours=[str(each) for each in range(1, _MOST_HOURS + 1)],
        name_of=actors_in(state.service, desks, me, view.words.gettext("you")),
        words_of=signing_words,
        most=LONGEST_TEXT,
        form=form,
        failure=failure,
    )


PAGES: list[Any] = [emergency, ask, use, end]
