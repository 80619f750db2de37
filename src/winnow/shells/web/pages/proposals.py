"""Proposals: what waits for a second person, what it changes, the argument about it, and the signature."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Scope
from winnow.core.govern.signing import Kind, Side
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.signing import LONGEST_TEXT, Told
from winnow.shells.cards import card_html
from winnow.shells.http.access import TheDesks, ThePerson, TheState, page
from winnow.shells.http.state import State
from winnow.shells.web import signing_words
from winnow.shells.web.cards import policy_of
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.posted import Form
from winnow.shells.web.ruleset_changes import FIELDS
from winnow.shells.web.signing_facts import about_of, attachments_of, name_of_subject, officer_lacking, signers_of
from winnow.shells.web.signing_words import figures_in, lacking_in, lasting_in, stands
from winnow.shells.web.view import Asked, TheForm, TheView, View

_ROWS, _WRONG = 30, 422
_MOST_FIGURES = 2_000


@get("/proposals", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def proposals(request: Asked, view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """What waits, mine to sign first; below it what was signed, declined, withdrawn or has lapsed."""
    desk, asked = state_of.desks.signing, request.query_params
    waiting = desk.page(asked.get("waiting") or None, _ROWS, waiting=True)
    settled = desk.page(asked.get("settled") or None, _ROWS, waiting=False)
    mine = {each.filed.proposal.id for each in waiting.items if desk.barred(each, signed_in.person) is None}
    return view.page(
        "proposals/page.html",
        waiting=waiting,
        mine=mine,
        rows=sorted(waiting.items, key=lambda each: each.filed.proposal.id not in mine),
        settled=settled,
        emergency=state_of.desks.break_glass.now(),
        subject_of=lambda told: name_of_subject(state_of.desks, told),
        used_up=lambda told: _used(state_of.desks, told),
        **_said(view, state_of, signed_in.id),
    )


@get("/proposals/{proposal_id:str}", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def one(view: TheView, state_of: TheState, proposal_id: FromPath[str]) -> Response[bytes]:
    """Everything that a signature covers, and what was said about it."""
    return shown(view, state_of, proposal_id)


@get(
    "/proposals/{proposal_id:str}/attachments/{name:str}",
    opt=page(Scope.RULESETS_READ),
    sync_to_thread=True,
    include_in_schema=False,
)
def attachment(view: TheView, desks: TheDesks, proposal_id: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """The very document that a signature covers; a model card as the page it is everywhere."""
    told = desks.signing.told(proposal_id)
    if name not in told.filed.proposal.attachments:
        raise NotFoundError("nothing of that name is attached", fix="see what is, on the page of the proposal")
    document = desks.signing.attachment(proposal_id, name)
    if name == "card":
        text = _card(document)
        if text is not None:
            return view.foreign(text, policy_of(text))
    figures = figures_in(document, leads=view.can(Scope.DECISIONS_READ), most=_MOST_FIGURES)
    return view.page(
        "proposals/attachment.html",
        told=told,
        name=name,
        figures=figures,
        more=len(figures) == _MOST_FIGURES,
        words_of=signing_words,
    )


@post(
    "/proposals/{proposal_id:str}/comments",
    opt=page(Scope.PROPOSALS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def comment(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, proposal_id: FromPath[str]
) -> Response[bytes]:
    """Say something; it stays."""
    try:
        state_of.desks.signing.comment(proposal_id, _side(form), form.text("text"), signed_in)
    except NotFoundError:
        raise
    except WinnowError as error:
        return shown(view, state_of, proposal_id, form, error)
    return view.go(f"/proposals/{proposal_id}", "proposal-commented")


@post(
    "/proposals/{proposal_id:str}/sign",
    opt=page(Scope.SIGN_OFFS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def sign(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, proposal_id: FromPath[str]
) -> Response[bytes]:
    """Agree to exactly what the page has shown; refused to whoever wrote or proposed it."""
    try:
        told = state_of.desks.signing.sign(proposal_id, form.text("hash", most=64), signed_in)
    except NotFoundError:
        raise
    except WinnowError as error:
        return shown(view, state_of, proposal_id, form, error)
    granted = "proposal-granted" if told.filed.proposal.kind is Kind.BREAK_GLASS else "proposal-signed"
    return view.go(f"/proposals/{proposal_id}", "proposal-half" if told.lacking else granted)


@post(
    "/proposals/{proposal_id:str}/decline",
    opt=page(Scope.SIGN_OFFS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def decline(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, proposal_id: FromPath[str]
) -> Response[bytes]:
    """Say no, as somebody who could have signed."""
    try:
        state_of.desks.signing.decline(proposal_id, form.text("because"), signed_in)
    except NotFoundError:
        raise
    except WinnowError as error:
        return shown(view, state_of, proposal_id, form, error)
    return view.go(f"/proposals/{proposal_id}", "proposal-declined")


@post(
    "/proposals/{proposal_id:str}/withdraw",
    opt=page(Scope.PROPOSALS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def withdraw(
    view: TheView, form: TheForm, state_of: TheState, signed_in: ThePerson, proposal_id: FromPath[str]
) -> Response[bytes]:
    """Take one's own proposal back."""
    try:
        state_of.desks.signing.withdraw(proposal_id, form.text("because"), signed_in)
    except NotFoundError:
        raise
    except WinnowError as error:
        return shown(view, state_of, proposal_id, form, error)
    return view.go(f"/proposals/{proposal_id}", "proposal-withdrawn")


def shown(
    view: View, state: State, proposal_id: str, form: Form | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    """The page of one proposal; raises NotFoundError."""
    desks, me = state.desks, view.who.person
    told = desks.signing.told(proposal_id)
    emergency = desks.break_glass.now()
    signers = signers_of(desks, told)
    return view.page(
        "proposals/one.html",
        status=_WRONG if failure else 200,
        told=told,
        about=about_of(desks, told),
        attached=attachments_of(desks, told, leads=view.can(Scope.DECISIONS_READ)),
        signers=[each for each in signers if each.id != me.id],
        officer_lacking=officer_lacking(told, signers),
        barred=desks.signing.barred(told, me),
        used=_used(desks, told),
        emergency=emergency if emergency and emergency.proposal == proposal_id else None,
        lasting=lasting_in(view.words, told.filed.proposal.lasts),
        most=LONGEST_TEXT,
        fields=FIELDS,
        form=form or Form({}),
        failure=failure,
        **_said(view, state, me.id),
    )


def _used(desks: Desks, told: Told) -> bool:
    """Whether it was an act in an emergency, and has been done."""
    proposal = told.filed.proposal
    return proposal.kind is Kind.BREAK_GLASS and desks.break_glass.used(proposal.id)


def _said(view: View, state: State, me: str) -> dict[str, Any]:
    """What both pages say things with."""
    name_of = actors_in(state.service, state.desks, me, view.words.gettext("you"))
    return {
        "name_of": name_of,
        "lacks": lacking_in(view.words, name_of),
        "stands": stands,
        "words_of": signing_words,
    }


def _side(form: Form) -> Side:
    try:
        return Side(form.text("side", most=20))
    except ValueError:
        raise InvalidInputError("no side is chosen", where="side", fix="choose sales, legal or tech") from None


def _card(document: Any) -> str | None:  # noqa: ANN401  # whatever was attached as one
    try:
        return card_html(document)
    except Exception:  # noqa: BLE001  # a template's error, whatever a document that only looks like a card makes of it
        return None


PAGES: list[Any] = [proposals, one, attachment, comment, sign, decline, withdraw]
