"""Everything about one lead, for a rep or a reviewer; taking it, releasing it, and saying what it was."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import PathParameter

from winnow.core.apikeys import Scope
from winnow.core.outcome import Outcome
from winnow.core.review.case import State as Standing
from winnow.core.review.disposition import Spoken, text_of
from winnow.core.review.reading import View as For
from winnow.errors import ConflictError, WinnowError
from winnow.services.lead_file import DecisionRead, Erased, LeadFile
from winnow.shells.http.access import ThePerson, TheState, page
from winnow.shells.http.discretion import may_decide
from winnow.shells.web import consent_words, governing
from winnow.shells.web.names import names_in
from winnow.shells.web.pages.lead_consent import consents_of
from winnow.shells.web.pages.looks import own_path
from winnow.shells.web.posted import Form
from winnow.shells.web.queue.evidence import Evidence, evidence_of
from winnow.shells.web.queue.shown import Owner
from winnow.shells.web.view import TheForm, TheView, View

LeadNumber = Annotated[int, PathParameter(ge=0, le=10**18 - 1)]

_GONE, _WRONG = 410, 422


@get("/leads/{number:int}", opt=page(Scope.DECISIONS_READ), sync_to_thread=True, include_in_schema=False)
def lead(state_of: TheState, view: TheView, signed_in: ThePerson, number: LeadNumber) -> Response[bytes]:
    """By the number of any decision about it; a stone where it was erased."""
    return _whole(state_of, view, signed_in, number)


def _whole(
    state: TheState, view: View, signed_in: ThePerson, number: int, failure: WinnowError | None = None
) -> Response[bytes]:
    reads = For.REVIEWER if Scope.LISTS_READ in signed_in.scopes else For.REP
    file = state.desks.lead_files.opened(number, signed_in.id, reads, decides=may_decide(signed_in))
    if isinstance(file, Erased):
        return view.page("leads/erased.html", status=_GONE, file=file)
    last = file.decisions[-1]
    case = file.case
    return view.page(
        "leads/lead.html",
        status=_WRONG if failure else 200,
        file=file,
        last=last,
        rep=reads is For.REP,
        evidence=_evidence(last),
        owners={each.by: Owner(each.owner, "", "") for each in last.reasons if each.owner},
        outcome_now=_outcome_now(file),
        waits=case is not None and case.state(signed_in.id, state.clock.now()) is not Standing.DECIDED,
        name_of=names_in(state.desks, signed_in.id, view.words.gettext("you")),
        reason_text=text_of,
        consents=consents_of(state.desks, file.lead) if Scope.CONSENT_READ in signed_in.scopes else (),
        consent_words=consent_words,
        common=governing,
        failure=failure,
    )


def _outcome_now(file: LeadFile) -> Outcome:
    """What holds: what a person decided, or else the machine."""
    closing = file.case.closing if file.case is not None else None
    return closing.outcome if closing is not None else file.decisions[-1].outcome


def _evidence(read: DecisionRead) -> Evidence:
    """The reasons of a decision, ready to be drawn: with points where they are told."""
    if read.document is not None:
        by = {each.code: each.by for each in read.reasons}
        reasons = [{**each, "source": by.get(each["code"], each["source"])} for each in read.document["reasons"]]
        return evidence_of({**read.document, "reasons": reasons})
    reasons = [
        {
            "code": each.code,
            "text": each.text,
            "source": each.by,
            "points": None,
            "strength": each.strength and each.strength.value,
            "towards": each.towards and each.towards.value,
        }
        for each in read.reasons
    ]
    nothing = dict.fromkeys(("base", "score", "probability"))
    return evidence_of({**nothing, "reasons": reasons, "decided_by": read.decided_by})


@post(
    "/leads/{number:int}/feedback",
    opt=page(Scope.FEEDBACK_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def feedback(
    state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, number: LeadNumber
) -> Response[bytes]:
    """What it turned out to be, in one step."""
    state_of.desks.lead_files.report(number, form.text("verdict"), signed_in.id)
    return _back(view, form, number, "feedback")


@post(
    "/leads/{number:int}/take",
    opt=page(Scope.CASES_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def take(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, number: LeadNumber) -> Response[bytes]:
    """It is theirs; one that waits is released by that."""
    try:
        state_of.desks.lead_files.take(number, signed_in.id, signed_in.id)
    except ConflictError as error:
        return _whole(state_of, view, signed_in, number, error)
    return _back(view, form, number, "taken")


@post(
    "/leads/{number:int}/release",
    opt=page(Scope.CASES_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def release(
    state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, number: LeadNumber
) -> Response[bytes]:
    """Let it through, whatever was decided by machine."""
    spoken = Spoken(Outcome.ACCEPT, note=form.text("note", most=2_000))
    try:
        state_of.desks.review.release(number, spoken, signed_in.id, signed_in.id)
    except ConflictError as error:
        return _whole(state_of, view, signed_in, number, error)
    return _back(view, form, number, "released")


def _back(view: View, form: Form, number: int, said: str) -> Response[bytes]:
    """Where the form was; nothing for a script that has moved on and wants no other page."""
    if view.partial and form.flag("next"):
        return view.page("parts/nothing.html")
    there = own_path(form.text("next")) if form.flag("next") else f"/leads/{number}"
    return view.go(there, said)


PAGES = [lead, feedback, take, release]
