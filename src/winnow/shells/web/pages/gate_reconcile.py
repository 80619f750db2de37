"""What a CRM or a mail server did, held against the permits that were given: who went past the gate."""

from typing import Any

from litestar import Response, get, post

from winnow.bootstrap.reconciling import activities_in_text, make_reconcile
from winnow.core.apikeys import Scope
from winnow.core.govern.terms import Channel
from winnow.errors import InvalidInputError, WinnowError
from winnow.services.reconcile import COLUMNS, Report, Sight
from winnow.shells.http.access import TheService, page
from winnow.shells.web import gate_words, governing
from winnow.shells.web.consent_forms import channel_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
_MOST_LETTERS, _MOST_BYTES = 4_000_000, 16_000_000
_SHOWN, _LONGEST_COLUMN = 100, 100


@get("/gate/reconcile", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def reconcile_page(view: TheView) -> Response[bytes]:
    """Where an export of activities is pasted or chosen."""
    return _reconciling(view, Form({}))


@post(
    "/gate/reconcile",
    opt=page(Scope.PERMITS_READ, most_bytes=_MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def reconcile(view: TheView, form: TheForm, service: TheService) -> Response[bytes]:
    """The report; nothing of the file is kept, and addresses are shown to whoever may see leads."""
    try:
        text = form.text("activities", most=_MOST_LETTERS)
        if not text:
            raise InvalidInputError("there is nothing to look at", fix="choose a file, or paste its text")
        rows = activities_in_text(text, "activities")
        by = form.text("by", most=_LONGEST_COLUMN)
        sight = Sight(view.can(Scope.DECISIONS_READ), view.can(Scope.CONSENT_READ))
        report = make_reconcile(service).reconcile(rows, channel_in(form, "channel"), by, sight)
        if not report.contacts and not report.unread:
            raise InvalidInputError("there is no activity in it", fix="export it again")
    except WinnowError as error:
        error.where = error.where or "activities"
        return _reconciling(view, form, failure=error)
    return _reconciling(view, form, report=report)


def _reconciling(
    view: View, form: Form, *, report: Report | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    return view.page(
        "gate/reconcile.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=failure,
        text=form.text("activities", most=_MOST_BYTES),
        report=report,
        columns=COLUMNS,
        channels=tuple(Channel),
        shown=_SHOWN,
        words_of=gate_words,
        common=governing,
    )


PAGES: list[Any] = [reconcile_page, reconcile]
