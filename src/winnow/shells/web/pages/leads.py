"""Looking for leads, and everything about one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post

from winnow.core.apikeys import Scope
from winnow.core.outcome import Outcome
from winnow.core.review.findable import Kind
from winnow.errors import InvalidInputError, WinnowError
from winnow.ports import Recorded
from winnow.services.search import Asked as Wanted
from winnow.shells.http.access import TheState, page
from winnow.shells.http.state import State
from winnow.shells.web.posted import Form
from winnow.shells.web.view import Asked, TheForm, TheView, View

ROWS = 50
_WRONG = 422
_LONGEST = 320
#: What names somebody is sent in the body of a form: addresses are remembered by browsers, proxies and logs.
_PERSONAL = {"email": Kind.EMAIL, "phone": Kind.PHONE, "company": Kind.COMPANY, "domain": Kind.DOMAIN}
#: What may stand in an address.
_OPEN = ("source", "outcome", "since", "until", "reason", "decision", "lead_id", "changed", "released")
#: What numbers elsewhere also count by, and nothing is filed under.
_NOT_SEARCHED = ("decided", "by", "verdict", "feedback", "shadow")


@dataclass(frozen=True, slots=True)
class Row:
    """A decision in the list; the name is empty when nothing tells it."""

    id: int
    name: str
    company: str
    source: str
    outcome: str
    decided_at: datetime


@get("/leads", opt=page(Scope.DECISIONS_READ), sync_to_thread=True, include_in_schema=False)
def leads(request: Asked, state_of: TheState, view: TheView) -> Response[bytes]:
    """The newest decisions, or those an address asks for."""
    query = request.query_params
    asked = {name: query[name] for name in (*_OPEN, "after") if name in query}
    if "otherwise" in query:
        asked["changed"] = "on"
    several = len(query.getall("outcome", [])) > 1
    if several:
        del asked["outcome"]
    wider = several or any(name in query for name in _NOT_SEARCHED)
    return _found(state_of, view, Form({name: [value] for name, value in asked.items()}), wider=wider)


@post("/leads", opt=page(Scope.DECISIONS_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def find(state_of: TheState, view: TheView, form: TheForm) -> Response[bytes]:
    """The same for what names somebody, which stays out of the address."""
    return _found(state_of, view, form)


def _found(state: State, view: View, form: Form, *, wider: bool = False) -> Response[bytes]:
    """wider: more was asked for than can be looked up, so that more than that is found."""
    try:
        wanted = _wanted(form)
        found = state.desks.search.page(wanted, form.text("after", most=40) or None, ROWS)
    except WinnowError as error:
        return view.page("leads/page.html", status=_WRONG, form=form, failure=error, **_NOTHING)
    named = any(form.text(name) for name in _PERSONAL)
    kept = {name: form.text(name) for name in (*_PERSONAL, *_OPEN) if form.text(name)}
    return view.page(
        "leads/page.html",
        form=form,
        rows=_rows(state, found.decisions),
        erased=found.erased,
        next=found.next,
        kept=kept,
        older="" if named or found.next is None else f"/leads?{urlencode({**kept, 'after': found.next})}",
        searched=bool(kept),
        wider=wider,
    )


_NOTHING: Mapping[str, Any] = {
    "rows": (),
    "erased": (),
    "next": None,
    "kept": {},
    "older": "",
    "searched": True,
    "wider": False,
}


def _rows(state: State, decisions: Sequence[Recorded]) -> list[Row]:
    people = state.desks.review.leads([each.id for each in decisions])
    rows = []
    for each in decisions:
        lead, said = people.get(each.id), msgspec.json.decode(each.decision)
        name = (lead.name or lead.email or lead.phone or "") if lead else ""
        company = (lead.company or "") if lead else ""
        source = (lead.source or "") if lead else ""
        rows.append(Row(each.id, name, company, source, said["outcome"], each.decided_at))
    return rows


def _wanted(form: Form) -> Wanted:
    """What was asked for; raises InvalidInputError."""
    by: dict[Kind, str | None] = {kind: form.text(name, most=_LONGEST) or None for name, kind in _PERSONAL.items()}
    by[Kind.REASON] = form.text("reason", most=_LONGEST) or None
    return Wanted(
        by,
        form.text("decision", most=40) or None,
        form.text("lead_id", most=_LONGEST) or None,
        form.text("source", most=_LONGEST) or None,
        _outcome(form.text("outcome")),
        _day(form, "since"),
        _day(form, "until"),
        form.flag("changed"),
        form.flag("released"),
    )


def _outcome(word: str) -> Outcome | None:
    try:
        return Outcome.parse(word) if word else None
    except ValueError as error:
        raise InvalidInputError(str(error), where="outcome") from None


def _day(form: Form, name: str) -> date | None:
    text = form.text(name, most=40)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise InvalidInputError(f"`{text}` is no day", where=name, fix="write it like 2026-11-22") from None


PAGES = [leads, find]
