"""What is done to one case: decided, put off, given back, taken back; for plain forms and for the script of the page.

The script has moved on by itself when it sends a step, and asks apart for what comes next; a plain form is sent to the
queue. Each step of the script has an Idempotency-Key, so that one whose answer was lost is not taken twice; what is
kept of its answer for that must not be about anybody, so it is empty.
"""

from typing import Annotated, Any

from litestar import Response, post
from litestar.params import PathParameter

from winnow.core.apikeys import Scope
from winnow.core.people.accounts import SignedIn
from winnow.core.review.case import Case
from winnow.core.review.disposition import VERDICTS, Spoken
from winnow.errors import ConflictError, InvalidInputError, NotFoundError
from winnow.shells.http.access import ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web.pages.queue import coming, number_in, reader_of, whole
from winnow.shells.web.posted import Form
from winnow.shells.web.queue.reading import AHEAD, Reader
from winnow.shells.web.queue.snoozes import SNOOZES
from winnow.shells.web.view import Asked, TheForm, TheView, View

CaseId = Annotated[int, PathParameter(ge=0, le=10**18 - 1)]

#: A script holds no more cases than these, whatever it says.
_MOST_HELD = 20 * AHEAD
_WORDS = {outcome.word: outcome for outcome in VERDICTS}


def _step(path: str) -> dict[str, Any]:
    return {
        "path": f"/queue/{{case_id:int}}/{path}",
        "opt": page(Scope.CASES_WRITE),
        "status_code": 200,
        "sync_to_thread": True,
        "include_in_schema": False,
    }


@post(**_step("decide"))
def decide(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, case_id: CaseId
) -> Response[bytes]:
    """Accept, accept with a tag, or reject with a reason."""
    outcome = _WORDS.get(form.text("outcome"))
    if outcome is None:
        raise InvalidInputError("no decision was chosen", where="outcome", fix="choose accept, tag or reject")
    reader = reader_of(request, state_of, view, signed_in)
    spoken = Spoken(outcome, form.text("reason") or None, form.text("note"))
    try:
        decided(state_of, case_id, spoken, signed_in)
    except InvalidInputError as error:
        if view.partial:
            raise
        return whole(reader, view, case_id, form=form, failure=error)
    return _on(reader, view, f"decided-{outcome.word}", case_id)


def decided(state: State, number: int, spoken: Spoken, by: SignedIn) -> Case:
    """Close a case; having said the very same before is no conflict: a form may be sent twice."""
    try:
        return state.desks.review.decide(number, spoken, by.id, by.id)
    except ConflictError:
        case = state.desks.review.case(number, by.id)
        why = spoken.verdict(state.clock.now()).why
        closing = case.closing
        if closing is None or (closing.by, closing.outcome, closing.reason) != (by.id, spoken.outcome, why.code):
            raise
        return case


@post(**_step("snooze"))
def snooze(
    request: Asked, state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, case_id: CaseId
) -> Response[bytes]:
    """Put a case off until one of four moments."""
    chosen = SNOOZES.get(form.text("for"))
    if chosen is None:
        raise InvalidInputError("no time was chosen", where="for", fix=f"choose one of {', '.join(SNOOZES)}")
    reader = reader_of(request, state_of, view, signed_in)
    until = chosen[1](state_of.clock.now(), view.words.zone)
    state_of.desks.review.snooze(case_id, signed_in.id, until)
    return _on(reader, view, "snoozed", case_id)


@post(**_step("wake"))
def wake(request: Asked, state_of: TheState, view: TheView, signed_in: ThePerson, case_id: CaseId) -> Response[bytes]:
    """Back into the queue at once, and into the hands of whoever asks."""
    reader = reader_of(request, state_of, view, signed_in)
    state_of.desks.review.claim(case_id, signed_in.id)
    return _on(reader, view, "woken", case_id, back=True)


@post(**_step("undo"))
def undo(request: Asked, state_of: TheState, view: TheView, signed_in: ThePerson, case_id: CaseId) -> Response[bytes]:
    """Take a decision back; one that was taken back already is as wanted."""
    reader = reader_of(request, state_of, view, signed_in)
    try:
        state_of.desks.review.undo(case_id, signed_in.id, signed_in.id)
    except ConflictError:
        if state_of.desks.review.case(case_id, signed_in.id).closing is not None:
            raise
    return _on(reader, view, "undone", case_id, back=True)


@post("/queue/ahead", opt=page(Scope.CASES_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def ahead(request: Asked, state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """The reviewer turned to a case and away from others, which somebody else may have: what comes next."""
    reader = reader_of(request, state_of, view, signed_in)
    shown = form.number("shown")
    if reader.decides:
        for left in _numbers(form, "left") - {shown}:
            _give_back(state_of, left, signed_in)
    return coming(reader, view, shown, _numbers(form, "held"), _numbers(form, "busy"))


@post(**_step("leave"))
def leave(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, case_id: CaseId) -> Response[bytes]:
    """The page was left: give the case back, unless it was opened anew since.

    A browser says so while the next page is on its way, which may have taken the case again; the end of the claim
    tells the two apart.
    """
    claim = state_of.desks.review.case(case_id, signed_in.id).claim
    if claim is not None and claim.until.isoformat() == form.text("until"):
        _give_back(state_of, case_id, signed_in)
    # Not to the queue: the browser would go there, and whoever left would have the next case in hand.
    return view.page("parts/nothing.html")


def _give_back(state: State, number: int, signed_in: SignedIn) -> None:
    """Give a case back that is theirs to give."""
    try:
        state.desks.review.give_back(number, signed_in.id)
    except (ConflictError, NotFoundError):
        return


def _on(reader: Reader, view: View, said: str, number: int, *, back: bool = False) -> Response[bytes]:
    """Nothing for a script, which has moved on; the queue for a form, `back`: with this very case open."""
    if view.partial:
        return view.page("parts/nothing.html")
    more = {"case": number} if back else {"undo": number} if said.startswith("decided") else {}
    return view.go(reader.part.path(**more), said)


def _numbers(form: Form, name: str) -> set[int]:
    found = (number_in(part) for part in form.text(name).split(",")[:_MOST_HELD])
    return {number for number in found if number is not None}


PAGES = [decide, snooze, wake, undo, ahead, leave]
