"""One incident: its clock, whom it concerns, what was done about it and learnt, and closing it."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.apikeys import Scope
from winnow.core.govern.stop import LONGEST_REASON
from winnow.core.monitor.finding import Guard
from winnow.core.monitor.incident import Incident, Link, State, Step
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.incidents import LONGEST_NAME
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.log_words import KINDS as ENTRIES
from winnow.shells.web.posted import Form
from winnow.shells.web.trouble_words import LINKS, SEVERITIES, STATES, STEPS, title_of, who_in
from winnow.shells.web.view import Asked, TheForm, TheView, View

T = TypeVar("T", bound=StrEnum)

_WRONG = 422
#: Leads that are shown at a time.
_LEADS = 100
_MOST_DIGITS = 18
_LATELY = 10


@get("/incidents/{incident_id:str}", opt=page(Scope.INCIDENTS_READ), sync_to_thread=True, include_in_schema=False)
def one(  # what handlers may ask for
    request: Asked,
    view: TheView,
    desks: TheDesks,
    service: TheService,
    signed_in: ThePerson,
    incident_id: FromPath[str],
) -> Response[bytes]:
    """All about it."""
    after = request.query_params.get("after", "")
    number = int(after) if _is_number(after) else None
    return _one(view, desks, service, signed_in.id, incident_id, after=number)


@post(
    "/incidents/{incident_id:str}/{act:str}",
    opt=page(Scope.INCIDENTS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def done(  # what handlers may ask for
    view: TheView,
    form: TheForm,
    desks: TheDesks,
    service: TheService,
    signed_in: ThePerson,
    incident_id: FromPath[str],
    act: FromPath[str],
) -> Response[bytes]:
    """Note a step, write down what was done, link, or name leads; each stays on record."""
    if act not in _ACTS:
        raise NotFoundError("this cannot be done about an incident", fix="go back, and reload the page")
    try:
        said = _ACTS[act](desks, incident_id, form, signed_in.id)
    except WinnowError as error:
        return _one(view, desks, service, signed_in.id, incident_id, form=form, failure=error)
    return view.go(f"/incidents/{incident_id}", said)


@post(
    "/incidents/{incident_id:str}/close",
    opt=page(Scope.INCIDENTS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def close(  # what handlers may ask for
    view: TheView,
    form: TheForm,
    desks: TheDesks,
    service: TheService,
    signed_in: ThePerson,
    incident_id: FromPath[str],
) -> Response[bytes]:
    """Close it, which lifts its pause: so whoever does proves anew who they are."""
    renew, lessons = form.flag("renew"), form.text("lessons")
    try:
        desks.guards.close(incident_id, form.text("reason"), signed_in.id, renew=renew, lessons=lessons)
    except WinnowError as error:
        return _one(view, desks, service, signed_in.id, incident_id, form=form, failure=error)
    return view.go(f"/incidents/{incident_id}", "incident-closed")


@get(
    "/incidents/{incident_id:str}/report.txt",
    opt=page(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    include_in_schema=False,
)
def report_text(desks: TheDesks, incident_id: FromPath[str]) -> Response[str]:
    """The report, which names nobody concerned, for people who read."""
    return _file(desks.incidents.report_text(incident_id), incident_id, "txt", "text/plain")


@get(
    "/incidents/{incident_id:str}/report.json",
    opt=page(Scope.INCIDENTS_READ),
    sync_to_thread=True,
    include_in_schema=False,
)
def report_data(desks: TheDesks, incident_id: FromPath[str]) -> Response[str]:
    """The same for programs."""
    text = json.dumps(desks.incidents.report(incident_id), indent=1, ensure_ascii=False)
    return _file(text, incident_id, "json", "application/json")


def _step(desks: Desks, incident_id: str, form: Form, me: str) -> str:
    desks.incidents.step(incident_id, _chosen(Step, form.text("step"), "step"), me)
    return "incident-step"


def _note(desks: Desks, incident_id: str, form: Form, me: str) -> str:
    desks.incidents.note(incident_id, form.text("text"), me)
    return "incident-noted"


def _link(desks: Desks, incident_id: str, form: Form, me: str) -> str:
    kind, name = _chosen(Link, form.text("kind"), "kind"), form.text("id", most=500).strip()
    try:
        if kind is Link.STOP:
            desks.stop.stop(name)
        elif kind is Link.ROLL_BACK:
            desks.rulesets.known(name)
    except NotFoundError as error:  # a slip would stay on record, and lead nowhere
        raise InvalidInputError(str(error), where="id", fix=error.fix) from None
    desks.incidents.link(incident_id, kind, name, me)
    return "incident-linked"


def _leads(desks: Desks, incident_id: str, form: Form, me: str) -> str:
    desks.incidents.add_leads(incident_id, _numbers(form.text("leads")), me)
    return "incident-leads"


#: What can be done about an incident; each returns the code of what to say then.
_ACTS: Final[Mapping[str, Callable[[Desks, str, Form, str], str]]] = {
    "step": _step,
    "note": _note,
    "link": _link,
    "leads": _leads,
}


def _chosen(kinds: type[T], text: str, where: str) -> T:
    try:
        return kinds(text)
    except ValueError:
        raise InvalidInputError("nothing was chosen", where=where, fix="choose from the list") from None


def _numbers(text: str) -> list[int]:
    words = text.replace(",", " ").split()
    wrong = next((word for word in words if not _is_number(word)), None)
    if wrong is not None:
        fix = "leads are named by their numbers, with blanks or commas between them"
        raise InvalidInputError(f"`{wrong[:40]}` is no number of a lead", where="leads", fix=fix)
    return [int(word) for word in words]


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS


def _one(
    view: View,
    desks: Desks,
    service: Service,
    me: str,
    incident_id: str,
    *,
    after: int | None = None,
    form: Form | None = None,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    file = desks.incidents.file(incident_id)
    may_see = view.can(Scope.DECISIONS_READ) and file.people > 0
    return view.page(
        "incidents/one.html",
        status=_WRONG if failure else 200,
        file=file,
        incident=file.incident,
        title=title_of(file.incident),
        leads=desks.incidents.leads(incident_id, after, _LEADS, addresses=False) if may_see else None,
        open_steps=_open_steps(file.incident),
        by_guard=file.incident.guard not in {Guard.PERSON, Guard.LOG, Guard.BREAK_GLASS, Guard.SIGN_OFF},
        states=STATES,
        severities=SEVERITIES,
        steps=STEPS,
        links=LINKS,
        entries=ENTRIES,
        link_options=[(code, view.words.gettext(text)) for code, text in LINKS.items()],
        stops=desks.stop.page(None, _LATELY, drills=False).items if view.can(Scope.STOP_READ) else (),
        who=who_in(service, desks, me, view.words),
        most=LONGEST_REASON,
        longest=LONGEST_NAME,
        form=form or Form({}),
        failure=failure,
    )


def _open_steps(incident: Incident) -> list[Step]:
    """What has not been said of it yet."""
    if incident.state is State.CLOSED:
        return []
    contained = [] if incident.contained_at else [Step.CONTAINED]
    return [*contained, *([] if incident.fixed_at else [Step.FIXED])]


def _file(text: str, incident_id: str, ending: str, media_type: str) -> Response[str]:
    headers = {
        "content-disposition": f'attachment; filename="{incident_id}.{ending}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(text, headers=headers, media_type=media_type)


PAGES: list[Any] = [one, done, close, report_text, report_data]
