"""An AI system entered or described anew; what the answers about it come to is shown before anything is kept."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Scope
from winnow.core.govern.limits import CATEGORIES
from winnow.core.govern.risk import HIGH_RISK_PACK, QUESTIONS, Assessment
from winnow.core.govern.systems import AiSystem, Status
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.errors import WinnowError
from winnow.shells.http.access import TheDesks, ThePerson, page
from winnow.shells.web import governing
from winnow.shells.web.posted import Form
from winnow.shells.web.systems_forms import NONE, entry_of, form_of, mark_of, owners_in
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
#: No id of a system begins like this.
_ADD = "/systems/_add"


@get(_ADD, opt=page(Scope.SYSTEMS_WRITE), sync_to_thread=True, include_in_schema=False)
def add_page(view: TheView, desks: TheDesks) -> Response[bytes]:
    """An empty form."""
    return _editing(view, desks, Form({}))


@post(_ADD, opt=page(Scope.SYSTEMS_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def add(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Shows first what the answers come to; then enters it, unless the policy refuses it."""
    try:
        entry = entry_of(form)
        found = desks.systems.classify(entry["answers"])
        if _to_be_seen(form, found, entry):
            return _editing(view, desks, form, found=found)
        made = desks.systems.add({**entry, "id": form.text("id", most=200)}, signed_in.id)
    except WinnowError as error:
        return _editing(view, desks, form, failure=error)
    return view.go(f"/systems/{made.system.id}", "system-added")


@get("/systems/{system_id:str}/change", opt=page(Scope.SYSTEMS_WRITE), sync_to_thread=True, include_in_schema=False)
def change_page(view: TheView, desks: TheDesks, system_id: FromPath[str]) -> Response[bytes]:
    """The form as it was filled in last."""
    system = desks.systems.registered(system_id).system
    return _editing(view, desks, form_of(system), system=system)


@post(
    "/systems/{system_id:str}/change",
    opt=page(Scope.SYSTEMS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def change(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, system_id: FromPath[str]
) -> Response[bytes]:
    """Only in place of the revision that was looked at."""
    system = desks.systems.registered(system_id).system
    try:
        entry = entry_of(form)
        found = desks.systems.classify(entry["answers"])
        if _to_be_seen(form, found, entry):
            return _editing(view, desks, form, system=system, found=found)
        revision = form.number("revision")
        desks.systems.change(system_id, entry, -1 if revision is None else revision, signed_in.id)
    except WinnowError as error:
        return _editing(view, desks, form, system=system, failure=error)
    return view.go(f"/systems/{system_id}", "system-status" if system.id == OWN_SYSTEM else "system-changed")


def _to_be_seen(form: Form, found: Assessment, entry: dict[str, Any]) -> bool:
    return found.refused is not None or form.text("do") == "look" or form.text("seen") != mark_of(entry["answers"])


def _editing(
    view: View,
    desks: Desks,
    form: Form,
    *,
    system: AiSystem | None = None,
    found: Assessment | None = None,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    policy = desks.policy.in_force().policy
    statuses = [Status.DRAFT, Status.SHADOW, *([] if system is None else [Status.LIVE])]
    return view.page(
        "systems/form.html",
        status=_WRONG if failure or (found and found.refused) else 200,
        form=form,
        system=system,
        own=system is not None and system.id == OWN_SYSTEM,
        found=found,
        mark=mark_of(entry_of(form)["answers"]) if found else form.text("seen"),
        failure=failure,
        questions=QUESTIONS,
        no_answer=NONE,
        pack=HIGH_RISK_PACK,
        policy=policy,
        categories=CATEGORIES,
        statuses=statuses,
        owners=owners_in(desks),
        words_of=governing,
    )


PAGES: list[Any] = [add_page, add, change_page, change]
