"""The decision log: looked through, verified, and an entry proven; without a word about any lead."""

import json
from datetime import timedelta
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.log_book import LogBook, Wanted, make_log_book
from winnow.bootstrap.receipts import bare_receipt, proven, published_size
from winnow.core.apikeys import Scope
from winnow.core.receipt import Receipt, receipt_document
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.shells.http.access import TheDesks, ThePerson, TheService, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web.log_words import KINDS, actors_called, actors_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS = 50
_SOUGHT = ("kind", "actor", "since", "until")
_MOST_LETTERS, _MOST_DIGITS = 200, 18
#: Seconds somebody who asked for it waits for the end of a verification, before they are shown how far it is.
_PATIENCE: Final = 1.5


@get("/log", opt=page(Scope.LOG_READ), sync_to_thread=True, include_in_schema=False)
def log(request: Asked, view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """How the log stands, and its newest entries or those that are looked for."""
    asked = request.query_params
    if asked.get("number", "").strip():
        return view.go(f"/log/{_number(asked['number'].strip())}")
    said = {name: asked.get(name, "").strip()[:_MOST_LETTERS] for name in _SOUGHT}
    service, desks = state_of.service, state_of.desks
    book, publisher = make_log_book(service), state_of.operations.publisher
    failure, found = None, None
    try:
        wanted = _wanted(said, view, state_of)
        found = book.entries.page(wanted, _before(asked.get("before", "")), _ROWS)
    except InvalidInputError as error:
        failure = error
    return view.page(
        "log/page.html",
        status=422 if failure else 200,
        failure=failure,
        found=found,
        sought=said,
        narrowed=any(said.values()),
        kinds=KINDS,
        actor_name=actors_in(service, desks, signed_in.id, view.words.gettext("you")),
        size=book.entries.size(),
        signed=publisher.newest,
        trouble=publisher.trouble,
        pushed=publisher.pushed(),
        origin=service.origin,
        key=service.log_key,
        **_check(book, state_of, signed_in.id, view),
    )


@post("/log/verify", opt=page(Scope.LOG_READ), status_code=303, sync_to_thread=True, include_in_schema=False)
def verify(view: TheView, form: TheForm, service: TheService, signed_in: ThePerson) -> Response[bytes]:
    """Recompute the whole log and hold it against all that was signed and published; goes on by itself."""
    make_log_book(service).checks.begin(signed_in.id, records=form.flag("records"), patience=_PATIENCE)
    return view.go("/log")


@get("/log/check", opt=page(Scope.LOG_READ), sync_to_thread=True, include_in_schema=False)
def check(view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """How far the verification is, as a piece of the page."""
    if not view.partial:
        return view.go("/log")
    return view.page("log/check.html", **_check(make_log_book(state_of.service), state_of, signed_in.id, view))


@get("/log/{number:str}", opt=page(Scope.LOG_READ), sync_to_thread=True, include_in_schema=False)
def entry(
    view: TheView, service: TheService, desks: TheDesks, signed_in: ThePerson, number: FromPath[str]
) -> Response[bytes]:
    """What the log says of an entry, and that it is in it."""
    found = make_log_book(service).entries.one(_number(number))
    receipt = _receipt(service, found.number)
    return view.page(
        "log/entry.html",
        entry=found,
        receipt=receipt,
        counted=published_size(service),
        holds=receipt is not None and proven(service, receipt),
        key=service.log_key,
        kinds=KINDS,
        actor_name=actors_in(service, desks, signed_in.id, view.words.gettext("you")),
    )


@get("/log/{number:str}/receipt", opt=page(Scope.LOG_READ), sync_to_thread=True, include_in_schema=False)
def receipt(service: TheService, number: FromPath[str]) -> Response[str]:
    """The proof that there is such an entry, for docs/verify_log.py; it tells about nobody."""
    document = receipt_document(bare_receipt(service, _number(number)))
    headers = {
        "content-disposition": f'attachment; filename="receipt-{document["index"]}.json"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(json.dumps(document, indent=1), headers=headers, media_type="application/json")


def _wanted(said: dict[str, str], view: View, state: State) -> Wanted:
    days = Form({name: [said[name]] for name in ("since", "until")})
    until = days.day("until", view.words.zone)
    return Wanted(
        said["kind"] if said["kind"] in KINDS else "",
        actors_called(state.service, state.desks, said["actor"]) if said["actor"] else None,
        days.day("since", view.words.zone),
        until and (until.astimezone(view.words.zone) + timedelta(days=1)),
    )


def _check(book: LogBook, state: State, me: str, view: View) -> dict[str, Any]:
    last = book.checks.last()
    by = last and actors_in(state.service, state.desks, me, view.words.gettext("you"))(last.by)
    return {"check": last, "checked_by": by, "running": last is not None and last.running(state.clock.now())}


def _receipt(service: TheService, number: int) -> Receipt | None:
    """None as long as no checkpoint covers it, or when the published files are not what they should be."""
    try:
        return bare_receipt(service, number)
    except WinnowError:
        return None


def _before(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _number(text: str) -> int:
    number = _before(text)
    if number is None:
        raise NotFoundError("this is no number of an entry", fix="give a whole number")
    return number


PAGES = [log, verify, check, entry, receipt]
