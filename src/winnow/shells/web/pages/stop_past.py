"""Stops that were, and drills: how fast everybody would know, or how fast they did."""

from typing import Any

from litestar import Response, get, post

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError, WinnowError
from winnow.services.stop import PATIENCE
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.posted import Form
from winnow.shells.web.trouble_words import who_in
from winnow.shells.web.view import Asked, TheForm, TheView, View

_ROWS = 30
_WRONG = 422
#: For how many seconds a drill really stops everything; 0: it only measures.
SECONDS = (0, 3, 10, 60)


@get("/stop/past", opt=page(Scope.STOP_READ), sync_to_thread=True, include_in_schema=False)
def past(request: Asked, view: TheView, desks: TheDesks, service: TheService, signed_in: ThePerson) -> Response[bytes]:
    """All stops, or drills alone, the newest first."""
    drills = "drills" in request.query_params
    found = desks.stop.page(request.query_params.get("before") or None, _ROWS, drills=drills)
    who = who_in(service, desks, signed_in.id, view.words)
    return view.page("stop/past.html", found=found, drills=drills, who=who)


@get("/stop/drill", opt=page(Scope.STOP_WRITE), sync_to_thread=True, include_in_schema=False)
def drill_page(view: TheView, desks: TheDesks) -> Response[bytes]:
    """What a drill does, before it is done."""
    return _drilling(view, desks, Form({}))


@post("/stop/drill", opt=page(Scope.STOP_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def drill(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Practise; the answer comes when it is over."""
    try:
        seconds = form.number("seconds")
        if seconds not in SECONDS:
            raise InvalidInputError("say how to practise", where="seconds", fix="choose from the list")
        done = desks.stop.drill(signed_in.id, seconds=seconds, dry=seconds == 0)
    except WinnowError as error:
        return _drilling(view, desks, form, failure=error)
    return view.go(f"/stop/{done.stop.id}", "drilled")


def _drilling(view: View, desks: Desks, form: Form, failure: WinnowError | None = None) -> Response[bytes]:
    return view.page(
        "stop/drill.html",
        status=_WRONG if failure else 200,
        running=len(desks.stop.status().replicas),
        seconds=SECONDS,
        patience=int(PATIENCE),
        form=form,
        failure=failure,
    )


PAGES: list[Any] = [past, drill_page, drill]
