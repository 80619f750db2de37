"""Many cases at once: who would be affected is shown first; one step decides, one step takes all of it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.people.accounts import SignedIn
from winnow.core.review.case import State as Standing
from winnow.core.review.disposition import REJECT_REASONS, VERDICTS, Spoken
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.review_bulk import MOST_LOOKED_AT, Affected
from winnow.shells.http.access import ThePerson, TheState, also_needs, page
from winnow.shells.http.state import State
from winnow.shells.web.names import names_in
from winnow.shells.web.pages.queue import number_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
_WORDS = {outcome.word: outcome for outcome in VERDICTS}
#: A form with so many cases is about 20 bytes for each of them.
_MOST_BYTES = 100_000


@post(
    "/queue/bulk/preview",
    opt=page(Scope.CASES_WRITE, most_bytes=_MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def bulk_preview(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """Whom one decision would be about, and who would be left and why; nothing happens yet."""
    return _bulk_page(state_of, view, form, signed_in)


@post(
    "/queue/bulk",
    opt=page(Scope.CASES_WRITE, most_bytes=_MOST_BYTES),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def bulk(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """Decide them all, in one step."""
    spoken = Spoken(_outcome(form), form.text("reason") or None, form.text("note"))
    try:
        made = state_of.desks.bulk.close(_cases(form), spoken, signed_in.id, signed_in.id)
    except WinnowError as error:
        return _bulk_page(state_of, view, form, signed_in, error)
    if not made.done.cases:
        return view.go("/queue", "bulk-none")
    return view.go(f"/queue?bulk={made.id}", "bulk-some" if made.done.left else "bulk-decided")


@post(
    "/queue/bulk/{bulk_id:str}/undo",
    opt=page(Scope.CASES_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def undo_bulk(state_of: TheState, view: TheView, signed_in: ThePerson, bulk_id: FromPath[str]) -> Response[bytes]:
    """Take all of it back, its list entry too."""
    state_of.desks.bulk.undo(bulk_id, signed_in.id, signed_in.id)
    return view.go("/queue", "bulk-undone")


@post(
    "/queue/shared/preview",
    opt=page(Scope.CASES_WRITE),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def shared_preview(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """Whom an allow entry would let through of the last decisions; nothing happens yet."""
    return _shared_page(state_of, view, form, signed_in)


@post(
    "/queue/shared",
    opt=page(Scope.CASES_WRITE, most_bytes=_MOST_BYTES),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def allow_shared(state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson) -> Response[bytes]:
    """Add the entry, and let through what it would have let through, in one step."""
    kind, value = _shared(form, signed_in)
    spoken = Spoken(Outcome.ACCEPT, note=form.text("reason"))
    try:
        document = {"kind": kind, "value": value, "owner": form.text("owner"), "reason": form.text("reason")}
        ends = form.day("expires", view.words.zone)
        if ends is not None:
            document |= {"expires_at": ends}  # type: ignore[dict-item]  # a moment among texts
        made = state_of.desks.bulk.allow_shared(document, _cases(form), spoken, signed_in.id, signed_in.id)
    except WinnowError as error:
        return _shared_page(state_of, view, form, signed_in, error)
    return view.go(f"/queue?bulk={made.id}", "shared-allowed")


def _bulk_page(
    state: State, view: View, form: Form, signed_in: SignedIn, failure: WinnowError | None = None
) -> Response[bytes]:
    found = state.desks.bulk.preview(_cases(form), signed_in.id)
    return view.page(
        "queue/bulk.html",
        status=_WRONG if failure else 200,
        affected=found,
        outcome_word=_outcome(form).word,
        reject_reasons=REJECT_REASONS,
        form=form,
        failure=failure,
        **_people(state, view, signed_in, found),
    )


def _shared_page(
    state: State, view: View, form: Form, signed_in: SignedIn, failure: WinnowError | None = None
) -> Response[bytes]:
    kind, value = _shared(form, signed_in)
    found = state.desks.bulk.shared_preview(kind, value, MOST_LOOKED_AT, signed_in.id)
    return view.page(
        "queue/shared.html",
        status=_WRONG if failure else 200,
        affected=found,
        kind=kind,
        value=value,
        chosen=set(_cases(form)) if failure else {*found.cases, *found.rejected},
        form=form,
        failure=failure,
        **_people(state, view, signed_in, found),
    )


def _people(state: State, view: View, signed_in: SignedIn, found: Affected) -> dict[str, Any]:
    """Names of everybody a preview tells of, and in whose hands those are that would be left."""
    numbers = [*found.cases, *found.rejected, *found.left]
    leads: Mapping[int, Lead] = state.desks.review.leads(numbers)
    names = {number: _called(lead) for number, lead in leads.items()}
    name_of = names_in(state.desks, signed_in.id, view.words.gettext("you"))
    left = {number: _why(state, number, signed_in.id, view, name_of) for number in found.left}
    return {"names": names, "left": left}


def _called(lead: Lead) -> str:
    who = lead.name or lead.email or lead.phone or ""
    return f"{who} · {lead.company}" if lead.company and lead.company != who else who


def _why(state: State, number: int, who: str, view: View, name_of: Any) -> str:  # noqa: ANN401  # as names_in has it
    """Why a case would be left, with people by their names."""
    try:
        case = state.desks.review.case(number, who)
    except NotFoundError:
        return view.words.gettext("there is no such case")
    now = state.clock.now()
    holder = case.holder(now)
    if case.state(who, now) is Standing.DECIDED:
        by = name_of(case.closing.by) if case.closing else ""
        return view.words.gettext("decided by %(name)s") % {"name": by}
    return view.words.gettext("taken by %(name)s") % {"name": name_of(holder.by) if holder else ""}


def _cases(form: Form) -> Sequence[int]:
    found = [number_in(text) for text in form.texts("case")]
    if not any(number is not None for number in found):
        raise InvalidInputError("no case was selected", where="case", fix="go back and tick some")
    return [number for number in found if number is not None]


def _outcome(form: Form) -> Outcome:
    outcome = _WORDS.get(form.text("outcome"))
    if outcome is None:
        raise InvalidInputError("no decision was chosen", where="outcome", fix="choose accept, tag or reject")
    return outcome


def _shared(form: Form, signed_in: SignedIn) -> tuple[str, str]:
    """What is to be allowed, as kind and value; raises NotAllowedError for who keeps no lists."""
    kind, _, value = form.text("shared").partition(" ")
    if not value:
        raise InvalidInputError("nothing was chosen that leads share", where="shared", fix="choose it at a case")
    also_needs(Scope.LISTS_WRITE, signed_in)
    also_needs(Scope.DECISIONS_READ, signed_in)
    return kind, value


PAGES = [bulk_preview, bulk, undo_bulk, shared_preview, allow_shared]
