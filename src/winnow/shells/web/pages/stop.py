"""The kill switch: one person stops in a few seconds, two start again, and everybody sees who did what."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.apikeys import Scope
from winnow.core.govern.stop import LONGEST_REASON, StopScope
from winnow.core.people.accounts import Person
from winnow.errors import InvalidInputError, WinnowError
from winnow.ports.stop import PastStop
from winnow.services.stop import Status
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.posted import Form
from winnow.shells.web.stop_choices import EVERYTHING, choices
from winnow.shells.web.trouble_words import who_in
from winnow.shells.web.view import Asked, TheForm, TheView, View

_WRONG = 422
_LATELY = 5
#: So soon after a stop nobody is told that a process has not noticed: each looks several times a second.
_NOTICED_WITHIN = timedelta(seconds=2)
_MOST_DIGITS = 9


@get("/stop", opt=page(Scope.STOP_READ), sync_to_thread=True, include_in_schema=False)
def status(
    request: Asked, view: TheView, desks: TheDesks, service: TheService, signed_in: ThePerson
) -> Response[bytes]:
    """What is stopped, and the form that stops."""
    left = request.query_params.get("left", "")
    on_their_way = int(left) if left.isascii() and left.isdigit() and len(left) <= _MOST_DIGITS else 0
    return _status(view, desks, service, signed_in.id, Form({}), on_their_way=on_their_way)


@post("/stop", opt=page(Scope.STOP_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def engage(view: TheView, form: TheForm, desks: TheDesks, service: TheService, signed_in: ThePerson) -> Response[bytes]:
    """Stop; when the answer is there nothing automatic that it covers is done any more."""
    try:
        scope, target = _wanted(form)
        engaged = desks.stop.engage(scope, target, form.text("reason"), signed_in.id)
    except WinnowError as error:
        return _status(view, desks, service, signed_in.id, form, failure=error)
    there = f"/stop?left={engaged.on_their_way}" if engaged.on_their_way else "/stop"
    return view.go(there, "stopped" if scope is StopScope.ALL else "stopped-one")


@get("/stop/{stop_id:str}", opt=page(Scope.STOP_READ), sync_to_thread=True, include_in_schema=False)
def one(
    view: TheView, desks: TheDesks, service: TheService, signed_in: ThePerson, stop_id: FromPath[str]
) -> Response[bytes]:
    """A stop with what became of it, and where a restart is agreed to."""
    return _one(view, desks, service, signed_in.id, stop_id)


@post(
    "/stop/{stop_id:str}/lift",
    opt=page(Scope.STOP_LIFT, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def lift(  # what handlers may ask for
    view: TheView,
    form: TheForm,
    desks: TheDesks,
    service: TheService,
    signed_in: ThePerson,
    stop_id: FromPath[str],
) -> Response[bytes]:
    """Agree to a restart; with the second of two different people it goes on."""
    try:
        lifted = desks.stop.lift(stop_id, form.text("reason"), signed_in.person)
    except WinnowError as error:
        return _one(view, desks, service, signed_in.id, stop_id, form=form, failure=error)
    return view.go(f"/stop/{stop_id}", "restarted" if lifted.lifted_at else "restart-agreed")


def _wanted(form: Form) -> tuple[StopScope, str]:
    scope, _, target = form.text("what", most=500).partition(":")
    try:
        return StopScope(scope or EVERYTHING), target
    except ValueError:
        raise InvalidInputError(
            "this is nothing that can be stopped", where="what", fix="choose from the list"
        ) from None


def _status(
    view: View,
    desks: Desks,
    service: Service,
    me: str,
    form: Form,
    *,
    on_their_way: int = 0,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    return view.page(
        "stop/page.html",
        status=_WRONG if failure else 200,
        found=_found(desks),
        past=_lately(desks),
        options=choices(desks, view.words) if view.can(Scope.STOP_WRITE) else (),
        on_their_way=on_their_way,
        who=who_in(service, desks, me, view.words),
        most=LONGEST_REASON,
        within=_NOTICED_WITHIN,
        form=form,
        failure=failure,
    )


def _one(
    view: View,
    desks: Desks,
    service: Service,
    me: str,
    stop_id: str,
    *,
    form: Form | None = None,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    past = desks.stop.stop(stop_id)
    others = [each for each in desks.people.desk.all() if _may_still(each, past) and each.id != me]
    return view.page(
        "stop/one.html",
        status=_WRONG if failure else 200,
        past=past,
        agreed=past.first is not None and past.first.by == me,
        others=others,
        who=who_in(service, desks, me, view.words),
        most=LONGEST_REASON,
        form=form or Form({}),
        failure=failure,
    )


def _may_still(person: Person, past: PastStop) -> bool:
    """Whether somebody may agree to a restart and has not."""
    return Scope.STOP_LIFT in person.scopes and (past.first is None or past.first.by != person.id)


def _found(desks: Desks) -> Status:
    """What is stopped; all is while that cannot be read."""
    try:
        return desks.stop.status()
    except WinnowError:
        return Status(None)


def _lately(desks: Desks) -> Sequence[PastStop]:
    """The last ones that are over; none while the database is away."""
    try:
        found = desks.stop.page(None, 2 * _LATELY, drills=False).items
    except WinnowError:
        return ()
    return [each for each in found if each.lifted_at is not None][:_LATELY]


PAGES: list[Any] = [status, engage, one, lift]
