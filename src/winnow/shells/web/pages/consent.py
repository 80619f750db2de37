"""Consent: how things stand for one address, what it rests on, and what people said, recorded."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.govern.terms import Action, Channel
from winnow.errors import WinnowError
from winnow.services.consent import By, Known, Recorder
from winnow.shells.http.access import ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web import consent_words, gate_words, governing
from winnow.shells.web.consent_forms import YES, About, about, said_in, subject_number
from winnow.shells.web.consent_question import Answered, answered, reached
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
#: Events that are shown; an export has them all.
_SHOWN = 50


@get("/consent", opt=page(Scope.CONSENT_READ), sync_to_thread=True, include_in_schema=False)
def start(view: TheView) -> Response[bytes]:
    """Where an address is looked for."""
    return view.page("consent/page.html")


@post("/consent/find", opt=page(Scope.CONSENT_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def find(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """Leads to the page of an address by its number; the address itself stands in no URL and no log."""
    try:
        whom = about(form)
        known = whom.known(state_of.desks.consent.desk)
    except WinnowError as error:
        error.where = "address"
        return view.page("consent/page.html", status=_WRONG, form=form, failure=error)
    if known.events or known.links:
        return view.go(f"/consent/{known.subject}")
    return shown(state_of, view, signed_in.id, whom, known)


@get("/consent/{subject:str}", opt=page(Scope.CONSENT_READ), sync_to_thread=True, include_in_schema=False)
def one(state_of: TheState, view: TheView, signed_in: ThePerson, subject: FromPath[str]) -> Response[bytes]:
    """Everything about contact with one address."""
    whom = About(subject_number(subject), "", None)
    return shown(state_of, view, signed_in.id, whom, whom.known(state_of.desks.consent.desk))


@post("/consent/record", opt=page(Scope.CONSENT_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def record(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """A no, which is in force at once, or a yes that was said aloud, which holds for 30 days."""
    whom, desk = about(form), state_of.desks.consent.desk
    recorder = Recorder(signed_in.id, By.PERSON, Scope.SIGN_OFFS_WRITE in signed_in.scopes)
    try:
        said = said_in(form, whom, view.words.zone)
        desk.record([said], recorder)
    except WinnowError as error:
        return shown(state_of, view, signed_in.id, whom, form=form, failure=error)
    if form.text("what") != YES:
        return view.go(_path(state_of, whom), "consent-no")
    standings = whom.known(desk).standings
    about_it = [each.standing for each in standings if (each.channel, each.purpose) == (said.channel, said.purpose)]
    if any(each.waits for each in about_it):
        return view.go(_path(state_of, whom), "consent-waits")
    denied = any(each.denied for each in about_it)
    return view.go(_path(state_of, whom), "consent-denied" if denied else "consent-yes")


@post("/consent/confirm", opt=page(Scope.CONSENT_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def confirm(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """A mail asks them to confirm a yes that waits; see docs/consent.md."""
    whom, consent = about(form), state_of.desks.consent
    try:
        consent.links.ask(whom.address(consent.desk, sure=True), form.text("wording", most=120))
    except WinnowError as error:
        error.where = "wording"
        return shown(state_of, view, signed_in.id, whom, form=form, failure=error)
    return view.go(_path(state_of, whom), "consent-asked")


@post("/consent/merge", opt=page(Scope.CONSENT_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def merge(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """Two addresses are one person's: a no to one counts for both from now on."""
    whom, desk = about(form), state_of.desks.consent.desk
    try:
        other = About(None, form.text("other", most=320), None).address(desk, sure=True)
        desk.merge((whom.address(desk, sure=True), other), form.text("merge_evidence", most=4_000), signed_in.id)
    except WinnowError as error:
        error.where = {"evidence": "merge_evidence"}.get(str(error.where), "other")
        return shown(state_of, view, signed_in.id, whom, form=form, failure=error)
    return view.go(_path(state_of, whom), "consent-merged")


@post("/consent/unmerge", opt=page(Scope.CONSENT_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def unmerge(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """They are not; what counts as denied for either stays so."""
    whom, desk = about(form), state_of.desks.consent.desk
    try:
        pair = whom.known(desk).subject, subject_number(form.text("other", most=19))
        desk.unmerge(pair, form.text("unmerge_evidence", most=4_000), signed_in.id)
    except WinnowError as error:
        error.where = "unmerge_evidence"
        return shown(state_of, view, signed_in.id, whom, form=form, failure=error)
    return view.go(_path(state_of, whom), "consent-unmerged")


@post("/consent/question", opt=page(Scope.CONSENT_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def question(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """What the gate would answer, check by check; nothing is permitted, and nothing recorded."""
    whom = about(form)
    try:
        found = answered(state_of.desks, whom, form)
    except WinnowError as error:
        return shown(state_of, view, signed_in.id, whom, form=form, failure=error)
    return shown(state_of, view, signed_in.id, whom, form=form, answer=found)


def shown(  # one for each thing that it shows
    state: State,
    view: View,
    me: str,
    whom: About,
    known: Known | None = None,
    *,
    form: Form | None = None,
    failure: WinnowError | None = None,
    answer: Answered | None = None,
) -> Response[bytes]:
    """The page of one address; raises NotFoundError."""
    desks = state.desks
    known = known or whom.known(desks.consent.desk)
    events, limits = known.events[::-1], desks.policy.in_force().policy.limits
    waiting = {each.purpose for each in known.standings if each.standing.waits}
    return view.page(
        "consent/person.html",
        status=_WRONG if failure else 200,
        known=known,
        whom=whom,
        rows=consent_words.rows_of(known.standings),
        events=events[:_SHOWN],
        older=max(0, len(events) - _SHOWN),
        systems=[each.system for each in desks.systems.all()],
        purposes=[each.name for each in limits.purposes],
        waiting=[each.id for each in limits.wordings if each.purpose in waiting],
        channels=tuple(Channel),
        reached=reached(known.kind),
        actions=tuple(Action),
        words_of=consent_words,
        gate_words=gate_words,
        common=governing,
        actor_name=actors_in(state.service, desks, me, view.words.gettext("you")),
        form=form or Form({}),
        did=form.text("what") if form else "",
        failure=failure,
        answer=answer,
    )


def _path(state: State, whom: About) -> str:
    desk = state.desks.consent.desk
    return f"/consent/{desk.subject(whom.address(desk)) if whom.subject is None else whom.subject}"


PAGES: list[Any] = [start, find, one, record, confirm, merge, unmerge, question]
