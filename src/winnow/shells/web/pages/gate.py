"""The gate: what systems asked and were answered, each answer with its checks, and whether a token holds."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.permit import Permit
from winnow.errors import BrokenLogError, ConflictError, InvalidInputError, NotFoundError, WinnowError
from winnow.services.gatekeep import spelled
from winnow.shells.http.access import TheDesks, ThePerson, TheState, page
from winnow.shells.web import gate_words, governing
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

#: Answers on a page; one about many people takes a while to look into.
_ROWS = 30
_WRONG = 422
_MOST_DIGITS, _MOST_LETTERS = 18, 100
#: Reasons of one answer that are shown, the most frequent ones.
_SHOWN = 50


@get("/gate", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def answers(request: Asked, view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """Permits and refusals, the newest first."""
    asked = request.query_params
    sought, system = (asked.get(name, "").strip()[:_MOST_LETTERS] for name in ("permit", "system"))
    if sought:
        return view.go(f"/gate/{_permit(sought)}")
    desks = state_of.desks
    found = desks.gate.answers.page(number_in(asked.get("before", "")), _ROWS + 1, system or None)
    return view.page(
        "gate/page.html",
        found=found[:_ROWS],
        older=found[_ROWS - 1].number if len(found) > _ROWS else None,
        system=system,
        systems={each.system.id: each.system.name for each in desks.systems.all()},
        words_of=gate_words,
        common=governing,
        actor_name=actors_in(state_of.service, desks, signed_in.id, view.words.gettext("you")),
    )


@get("/gate/{permit:str}", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def one(view: TheView, state_of: TheState, signed_in: ThePerson, permit: FromPath[str]) -> Response[bytes]:
    """One answer, or the permit or refusal of one person of it; nobody's address is on the page."""
    keeper, desks = state_of.desks.gate.keeper, state_of.desks
    answer, _, place = permit.partition("-")
    kept = keeper.answer(answer)
    alone = place or (0 if len(kept.subjects) == 1 else None)
    shown = None if alone is None else keeper.permit(f"{answer}-{alone}")
    return view.page(
        "gate/one.html",
        permit=shown.id if shown else answer,
        kept=kept,
        shown=shown,
        subject=None if alone is None else kept.subjects[int(alone)],
        refusals=gate_words.refusals_of(kept)[:_SHOWN],
        systems={each.system.id: each.system.name for each in desks.systems.all()},
        words_of=gate_words,
        common=governing,
        actor_name=actors_in(state_of.service, desks, signed_in.id, view.words.gettext("you")),
    )


@get("/gate/verify", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def verify_page(view: TheView, desks: TheDesks) -> Response[bytes]:
    """Where a token is pasted, and the key that anybody may check one with."""
    return _verifying(view, desks)


@post("/gate/verify", opt=page(Scope.PERMITS_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def verify(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Whether a token is genuine and holds; looking at it does not use it up."""
    try:
        wanted = _wanted(desks, form.text("address", most=320))
        permit = desks.gate.keeper.verify("".join(form.text("token").split()), wanted, signed_in.id)
    except (BrokenLogError, ConflictError, NotFoundError) as error:
        return _verifying(view, desks, form=form, against=error)
    except InvalidInputError as error:
        error.where = error.where or "token"
        return _verifying(view, desks, form=form, failure=error)
    return _verifying(view, desks, form=form, holds=permit, with_address=bool(wanted))


def number_in(text: str) -> int | None:
    """A number out of an address of ours; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _permit(text: str) -> str:
    if not all(each.isalnum() or each in "_-" for each in text) or not text.isascii():
        raise NotFoundError("this is no id of a permit", fix="take it from the answer of the gate")
    return text


def _wanted(desks: TheDesks, text: str) -> dict[str, object]:
    if not text:
        return {}
    kind = AddressKind.EMAIL if "@" in text else AddressKind.PHONE
    return {"address": spelled(desks.gate.recipient(kind, text, None, None).address)}


def _verifying(  # one for each thing that may come out
    view: View,
    desks: TheDesks,
    *,
    form: Form | None = None,
    failure: WinnowError | None = None,
    against: WinnowError | None = None,
    holds: Permit | None = None,
    with_address: bool = False,
) -> Response[bytes]:
    return view.page(
        "gate/verify.html",
        status=_WRONG if failure else 200,
        form=form or Form({}),
        failure=failure,
        against=against,
        holds=holds,
        with_address=with_address,
        key=desks.gate.keeper.key,
        common=governing,
    )


PAGES: list[Any] = [answers, one, verify_page, verify]
