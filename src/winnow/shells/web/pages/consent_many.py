"""Consent out of files and into them: what a file would add and what it refuses is shown before it is taken."""

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post
from litestar.response import Stream

from winnow.bootstrap.consenting import consent_csv
from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError, WinnowError
from winnow.services.consent import COLUMNS, Imported
from winnow.shells.http.access import TheDesks, ThePerson, also_needs, page
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
#: Letters and bytes of what is pasted; in a form most letters of other scripts take nine bytes.
_MOST_LETTERS, _MOST_BYTES = 4_000_000, 16_000_000
_SHOWN = 50


@get("/consent/import", opt=page(Scope.CONSENT_WRITE), sync_to_thread=True, include_in_schema=False)
def import_page(view: TheView) -> Response[bytes]:
    """Where a file is pasted or chosen."""
    return _importing(view, Form({}))


@post(
    "/consent/import",
    opt=page(Scope.CONSENT_WRITE, most_bytes=_MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def import_file(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Shows first what would be recorded, and which lines would not; then records what can be."""
    try:
        text = form.text("csv", most=_MOST_LETTERS)
        if not text:
            raise InvalidInputError("there is nothing to import", fix="choose a CSV file, or paste its text")
        if form.text("do") != "take":
            return _importing(view, form, checked=desks.consent.files.tried(text, signed_in.id))
        done = desks.consent.files.take(text, signed_in.id)
    except WinnowError as error:
        if error.where:
            error.what = f"{error.where}: {error.what}"
        error.where = "csv"
        return _importing(view, form, failure=error)
    return view.page("consent/imported.html", done=done, shown=_SHOWN)


@get("/consent/export", opt=page(Scope.CONSENT_READ), sync_to_thread=True, include_in_schema=False)
def export(desks: TheDesks, signed_in: ThePerson) -> Stream:
    """Everything on record with addresses and evidence, as the import takes it; for those who may see leads."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    headers = {"content-disposition": 'attachment; filename="winnow-consent.csv"', "cache-control": "no-store"}
    lines = _joined(iter(consent_csv(desks.consent.files.rows())))
    return Stream(lines, headers={**headers, "x-content-type-options": "nosniff"}, media_type="text/csv")


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at once: each piece goes out by itself."""
    some: list[str] = []
    for line in lines:
        some.append(line)
        if len(some) == 1_000:  # noqa: PLR2004  # some hundred kilobytes
            yield "".join(some)
            some = []
    yield "".join(some)


def _importing(
    view: View, form: Form, *, checked: Imported | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    return view.page(
        "consent/import.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=failure,
        text=form.text("csv", most=_MOST_BYTES),
        checked=checked,
        columns=COLUMNS,
        shown=_SHOWN,
    )


PAGES: list[Any] = [import_page, import_file, export]
