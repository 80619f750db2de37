"""Many entries at once: put in from a file, given out as one, and gone through for what may go."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from litestar import Response, get, post

from winnow.bootstrap.desks import entries_csv, entries_in_text
from winnow.core.apikeys import Scope
from winnow.core.lists import ListEntry
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.lists import MOST_ENTRIES, ListDesk
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web import entries
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
#: Letters and bytes of what is pasted; in a form most letters of other scripts take nine bytes.
_MOST_LETTERS, _MOST_BYTES = 1_000_000, 4_000_000
_SHOWN = 10
_AT_ONCE = 1_000

#: What entries are called that have no name; their line is told already.
_NAMELESS = re.compile(r"^list entry `line-[0-9]+`: ")


@get("/lists/import", opt=page(Scope.LISTS_WRITE), sync_to_thread=True, include_in_schema=False)
def import_page(view: TheView) -> Response[bytes]:
    """Where a file is pasted or chosen."""
    return _importing(view, Form({}))


@post(
    "/lists/import",
    opt=page(Scope.LISTS_WRITE, most_bytes=_MOST_BYTES),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def import_all(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Shows first what would be added; then adds all of it, or nothing."""
    try:
        documents = _documents(form.text("csv", most=_MOST_LETTERS))
        checked = desks.lists.checked(documents)
        if form.text("do") != "add":
            return _importing(view, form, checked=checked)
        desks.lists.add_all(documents, signed_in.id)
    except WinnowError as error:
        error.where = "csv"
        return _importing(view, form, failure=error)
    return view.go("/lists", "entries-added")


@get("/lists/export", opt=page(Scope.LISTS_READ), sync_to_thread=True, include_in_schema=False)
def export(desks: TheDesks) -> Response[str]:
    """All entries in force, as the import takes them."""
    headers = {"content-disposition": 'attachment; filename="winnow-lists.csv"', "cache-control": "no-store"}
    text = entries_csv(_all(desks.lists))
    return Response(text, headers={**headers, "x-content-type-options": "nosniff"}, media_type="text/csv")


@get("/lists/tidy", opt=page(Scope.LISTS_READ), sync_to_thread=True, include_in_schema=False)
def tidy_page(view: TheView, service: TheService, desks: TheDesks) -> Response[bytes]:
    """What may go, with the evidence."""
    from winnow.bootstrap.looking_back import tidied  # noqa: PLC0415  # needs the extra `learn`

    found = tidied(service, "list:", entries.TIDIED_OVER)
    known = [(each, _entry(desks.lists, each.name.removeprefix("list:"))) for each in found.weeds]
    return view.page("lists/tidy.html", found=found, weeds=known, reproaches=entries.REPROACHES, words_of=entries)


@post("/lists/tidy", opt=page(Scope.LISTS_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def tidy(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Take out those that were chosen; one that somebody else took out meanwhile is passed over."""
    chosen = list(dict.fromkeys(form.texts("entry")))
    if not chosen:
        return view.go("/lists", "nothing-chosen")
    for entry_id in chosen:
        if _entry(desks.lists, entry_id) is not None:
            desks.lists.remove(entry_id, signed_in.id)
    return view.go("/lists", "entries-removed")


def _entry(desk: ListDesk, entry_id: str) -> ListEntry | None:
    """An entry in force; None for one that stands in the ruleset itself, or is gone."""
    try:
        return desk.entry(entry_id)
    except NotFoundError:
        return None


def _documents(text: str) -> list[dict[str, object]]:
    if not text:
        raise InvalidInputError("there is nothing to import", fix="choose a CSV file, or paste its text")
    try:
        documents = entries_in_text(text, "line")
    except InvalidInputError as error:
        place = str(error.where).replace("line:", "line ")
        what = _NAMELESS.sub("", error.what)
        raise InvalidInputError(f"{place}: {what}" if place != "line" else what, fix=error.fix) from None
    return [{**each, "source": "import"} if each["source"] == "person" else each for each in documents]


def _importing(
    view: View, form: Form, *, checked: Sequence[ListEntry] = (), failure: WinnowError | None = None
) -> Response[bytes]:
    return view.page(
        "lists/import.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=failure,
        text=form.text("csv", most=_MOST_BYTES),
        count=len(checked),
        first=checked[:_SHOWN],
        most=MOST_ENTRIES,
        words_of=entries,
    )


def _all(desk: ListDesk) -> Iterator[ListEntry]:
    cursor: str | None = None
    while True:
        found = desk.page(cursor, _AT_ONCE)
        yield from found.items
        if found.next is None:
            return
        cursor = found.next


PAGES: list[Any] = [import_page, import_all, export, tidy_page, tidy]
