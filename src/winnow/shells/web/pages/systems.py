"""The register of AI systems: what each is for, who answers for it, what it may do and what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Scope
from winnow.core.canonical import differences
from winnow.core.govern.risk import assess
from winnow.core.govern.signing import Kind
from winnow.core.govern.systems import Mode, Revision, Status, document_of
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.errors import WinnowError
from winnow.services.signing import Told, Wanted
from winnow.services.systems import LONGEST_NOTE, Registered
from winnow.shells.http.access import TheDesks, ThePerson, page
from winnow.shells.web import governing
from winnow.shells.web.names import names_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS = 50
_WRONG = 422
#: Revisions that are shown; the command line has them all.
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A revision, and which parts of the entry it changed."""

    revision: Revision
    parts: tuple[str, ...]


@get("/systems", opt=page(Scope.SYSTEMS_READ), sync_to_thread=True, include_in_schema=False)
def systems(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """The register, in the order of the ids."""
    found = desks.systems.page(request.query_params.get("after") or None, _ROWS)
    every = desks.systems.all()
    return view.page(
        "systems/page.html",
        found=found,
        count=len(every),
        overdue=[each for each in every if each.overdue],
        stuck=[each for each in every if each.system.status is Status.LIVE and each.standing.mode is not Mode.LIVE],
        words_of=governing,
        own=OWN_SYSTEM,
    )


@get("/systems/{system_id:str}", opt=page(Scope.SYSTEMS_READ), sync_to_thread=True, include_in_schema=False)
def one(view: TheView, desks: TheDesks, signed_in: ThePerson, system_id: FromPath[str]) -> Response[bytes]:
    """Everything about one, and what may be done."""
    return shown(view, desks, signed_in.id, system_id)


@post(
    "/systems/{system_id:str}/status",
    opt=page(Scope.SYSTEMS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def set_status(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, system_id: FromPath[str]
) -> Response[bytes]:
    """Draft, shadow or live; whether it may act is worked out whenever it asks."""
    try:
        wanted = {**document_of(desks.systems.registered(system_id).system), "status": form.text("status", most=40)}
        revision = form.number("revision")
        desks.systems.change(system_id, wanted, -1 if revision is None else revision, signed_in.id)
    except WinnowError as error:
        return shown(view, desks, signed_in.id, system_id, failure=error)
    return view.go(f"/systems/{system_id}", "system-status")


@post(
    "/systems/{system_id:str}/review",
    opt=page(Scope.SYSTEMS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def review(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, system_id: FromPath[str]
) -> Response[bytes]:
    """It still is what the register says; sets the day of the next look."""
    try:
        until = form.day("next_review", view.words.zone)
        day = None if until is None else until.astimezone(view.words.zone).date()
        desks.systems.review(system_id, form.text("note"), signed_in.id, day)
    except WinnowError as error:
        return shown(view, desks, signed_in.id, system_id, form=form, failure=error)
    return view.go(f"/systems/{system_id}", "system-reviewed")


@post(
    "/systems/{system_id:str}/propose",
    opt=page(Scope.PROPOSALS_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def propose(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, system_id: FromPath[str]
) -> Response[bytes]:
    """Ask a second person to sign exactly what stands in the register."""
    try:
        desks.systems.registered(system_id)
        wanted = Wanted(Kind.AI_SYSTEM, system_id, form.text("because"))
        told = desks.signing.propose(wanted, signed_in)
    except WinnowError as error:
        return shown(view, desks, signed_in.id, system_id, form=form, failure=error)
    return view.go(f"/proposals/{told.filed.proposal.id}", "system-proposed")


@get("/systems/{system_id:str}/retire", opt=page(Scope.SYSTEMS_WRITE), sync_to_thread=True, include_in_schema=False)
def retire_page(view: TheView, desks: TheDesks, system_id: FromPath[str]) -> Response[bytes]:
    """What it means, before it is done."""
    return _retiring(view, desks, system_id)


@post(
    "/systems/{system_id:str}/retire",
    opt=page(Scope.SYSTEMS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def retire(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, system_id: FromPath[str]
) -> Response[bytes]:
    """For good; the entry stays."""
    try:
        desks.systems.retire(system_id, form.text("note"), signed_in.id)
    except WinnowError as error:
        return _retiring(view, desks, system_id, form=form, failure=error)
    return view.go(f"/systems/{system_id}", "system-retired")


def shown(
    view: View, desks: Desks, me: str, system_id: str, form: Form | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    """The page of one system; raises NotFoundError."""
    found = desks.systems.registered(system_id)
    history = _steps(desks.systems.history(system_id)) if found.system.revision else ()
    return view.page(
        "systems/one.html",
        status=_WRONG if failure else 200,
        found=found,
        about=assess(found.system.traits, desks.policy.in_force().policy.limits.packs),
        proposals=_proposals(desks, found),
        history=history[:_SHOWN],
        older=max(0, len(history) - _SHOWN),
        words_of=governing,
        own=found.system.id == OWN_SYSTEM,
        purposes={each.name for each in desks.policy.in_force().policy.limits.purposes},
        name_of=names_in(desks, me, view.words.gettext("you")),
        most=LONGEST_NOTE,
        form=form or Form({}),
        failure=failure,
    )


def _proposals(desks: Desks, found: Registered) -> Sequence[Told]:
    """What the sign-off knows of exactly what stands there, the newest first."""
    kind = Kind.RULESET if found.system.id == OWN_SYSTEM else Kind.AI_SYSTEM
    return desks.signing.about(kind, found.content_hash) if found.content_hash else ()


def _steps(history: Sequence[Revision]) -> tuple[Step, ...]:
    before = [*history[1:], None]
    return tuple(Step(each, _changed(each, earlier)) for each, earlier in zip(history, before, strict=True))


def _changed(revision: Revision, earlier: Revision | None) -> tuple[str, ...]:
    if earlier is None:
        return ()
    found = differences(document_of(earlier.system), document_of(revision.system))
    names = dict.fromkeys(path.partition(".")[0] for path, _, _ in found)
    return tuple(name for name in names if name in governing.PARTS)


def _retiring(
    view: View, desks: Desks, system_id: str, form: Form | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    return view.page(
        "systems/retire.html",
        status=_WRONG if failure else 200,
        found=desks.systems.registered(system_id),
        most=LONGEST_NOTE,
        form=form or Form({}),
        failure=failure,
    )


PAGES: list[Any] = [systems, one, set_status, review, propose, retire_page, retire]
