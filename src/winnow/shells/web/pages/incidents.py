"""Incidents: what guards and people have found, and opening one by hand."""

from typing import Any

from litestar import Response, get, post

from winnow.core.apikeys import Scope
from winnow.core.govern.stop import LONGEST_REASON
from winnow.core.monitor.finding import Severity
from winnow.core.monitor.incident import Kind
from winnow.errors import InvalidInputError, WinnowError
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.posted import Form
from winnow.shells.web.trouble_words import KINDS, SEVERITIES, STATES, title_of, who_in
from winnow.shells.web.view import Asked, TheForm, TheView, View

_ROWS = 50
_WRONG = 422


@get("/incidents", opt=page(Scope.INCIDENTS_READ), sync_to_thread=True, include_in_schema=False)
def incidents(
    request: Asked, view: TheView, desks: TheDesks, service: TheService, signed_in: ThePerson
) -> Response[bytes]:
    """Those nobody has closed, or all, the newest first."""
    every = "all" in request.query_params
    found = desks.guards.page(request.query_params.get("before") or None, _ROWS, unclosed=not every)
    return view.page(
        "incidents/page.html",
        found=found,
        every=every,
        title_of=title_of,
        states=STATES,
        severities=SEVERITIES,
        who=who_in(service, desks, signed_in.id, view.words),
    )


@get("/incidents/_open", opt=page(Scope.INCIDENTS_WRITE), sync_to_thread=False, include_in_schema=False)
def open_page(view: TheView) -> Response[bytes]:
    """An empty form."""
    return _opening(view, Form({}))


@post(
    "/incidents/_open",
    opt=page(Scope.INCIDENTS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def opened(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """For what a person has seen; it stops nothing."""
    try:
        kind, severity = _kind(form.text("kind")), _severity(form.text("severity"))
        since = form.day("since", view.words.zone)
        day = None if since is None else since.astimezone(view.words.zone).date()
        source = form.text("source", most=200) or None
        incident = desks.incidents.open(kind, form.text("what"), severity, signed_in.id, source=source, since=day)
    except WinnowError as error:
        return _opening(view, form, error)
    return view.go(f"/incidents/{incident.id}", "incident-opened")


def _opening(view: View, form: Form, failure: WinnowError | None = None) -> Response[bytes]:
    return view.page(
        "incidents/open.html",
        status=_WRONG if failure else 200,
        kinds=[(code, view.words.gettext(text)) for code, text in KINDS.items()],
        severities=SEVERITIES,
        most=LONGEST_REASON,
        form=form,
        failure=failure,
    )


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise InvalidInputError("say what it is about", where="kind", fix="choose from the list") from None


def _severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError:
        raise InvalidInputError("say how bad it is", where="severity", fix="choose one") from None


PAGES: list[Any] = [incidents, open_page, opened]
