"""Roll-back: the difference and the leads it concerns first, then one action, then its report."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.govern.signing import Kind
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.rolling_back import LONGEST_REASON
from winnow.shells.http.access import TheDesks, ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web.names import names_in
from winnow.shells.web.pages.rulesets import shown
from winnow.shells.web.posted import Form
from winnow.shells.web.ruleset_changes import FIELDS, changes_between
from winnow.shells.web.view import Asked, TheForm, TheView, View

_ROWS, _WRONG, _MOST_DIGITS = 50, 422, 18


@get("/rulesets/{digest:str}/roll-back", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def prospect(
    request: Asked, view: TheView, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """What going back to it would do, also to some of its leads at a time."""
    return _prospect(view, state_of, signed_in.id, digest, beyond=_number(request.query_params.get("after", "")))


@post(
    "/rulesets/{digest:str}/roll-back",
    opt=page(Scope.RULESETS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def roll_back(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """It decides again within a second, in place of the one whose difference was shown."""
    desk = state_of.desks.rolling_back
    seen = form.text("instead_of", most=64)
    try:
        if not seen:
            raise InvalidInputError("the difference was not looked at", fix="look at this page, then roll back")
        done = desk.roll_back(signed_in.id, form.text("because"), digest, instead_of=seen)
    except NotFoundError:
        raise
    except WinnowError as error:
        return _prospect(view, state_of, signed_in.id, digest, form, error)
    return view.go(f"/rulesets/rollbacks/{done.number}", "ruleset-rolled-back")


@get("/rulesets/rollbacks/{number:int}", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def report(request: Asked, view: TheView, desks: TheDesks, number: FromPath[int]) -> Response[bytes]:
    """How far its leads were looked at, and those it decides otherwise, for whoever may see leads."""
    if not 0 <= number < 10**_MOST_DIGITS:
        raise NotFoundError("there is no such roll-back", fix="see the rulesets")
    done = desks.rolling_back.one(number)
    after = _number(request.query_params.get("after", ""))
    leads = desks.rolling_back.affected(number, after, _ROWS) if view.can(Scope.DECISIONS_READ) else None
    return view.page("rulesets/rolled_back.html", done=done, known=desks.rulesets.known(done.ruleset), leads=leads)


def _number(asked: str) -> int | None:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS else None


def _prospect(  # what the page tells
    view: View,
    state: State,
    me: str,
    digest: str,
    form: Form | None = None,
    failure: WinnowError | None = None,
    *,
    beyond: int | None = None,
) -> Response[bytes]:
    desks = state.desks
    try:
        found = desks.rolling_back.prospect(desks.rulesets.known(digest).hash)
    except NotFoundError:
        raise
    except WinnowError as error:
        return shown(view, state, me, digest, failure=failure or error)
    before, after = (desks.rulesets.document(each.hash) for each in (found.live, found.back))
    return view.page(
        "rulesets/roll_back.html",
        status=_WRONG if failure else 200,
        found=found,
        glance=desks.rolling_back.glance(found, beyond),
        parts=changes_between(before, after),
        fields=FIELDS,
        told=desks.signing.about(Kind.RULESET, found.back.hash),
        name_of=names_in(desks, me, view.words.gettext("you")),
        most=LONGEST_REASON,
        form=form or Form({}),
        failure=failure,
    )


PAGES: list[Any] = [prospect, roll_back, report]
