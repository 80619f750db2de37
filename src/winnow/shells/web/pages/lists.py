"""Allow and block entries: found, added after a look at whom they would have met, and taken out again."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.lists import ListAction, ListKind
from winnow.core.mapping.clean import storable
from winnow.errors import InvalidInputError, WinnowError
from winnow.ports import WantedEntries
from winnow.services.lists import ListDesk, Preview
from winnow.shells.http.access import TheDesks, ThePerson, TheService, also_needs, page
from winnow.shells.web import entries
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS = 50
#: Leads a preview names.
_NAMED = 10
_WRONG = 422
_MOST_LETTERS = 200


@get("/lists", opt=page(Scope.LISTS_READ), sync_to_thread=True, include_in_schema=False)
def lists(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """All that are in force, or some of them."""
    said = {name: _asked(request, name) for name in ("action", "kind", "text", "before")}
    wanted = WantedEntries(
        ListAction(said["action"]) if said["action"] in set(ListAction) else None,
        ListKind(said["kind"]) if said["kind"] in set(ListKind) else None,
        said["text"],
    )
    found = desks.lists.found(wanted, said["before"] or None, _ROWS)
    return view.page(
        "lists/page.html",
        found=found,
        hits=desks.entry_hits.counted(),
        sought=said,
        narrowed=wanted != WantedEntries(),
        words_of=entries,
    )


@get("/lists/add", opt=page(Scope.LISTS_WRITE), sync_to_thread=True, include_in_schema=False)
def add_page(request: Asked, view: TheView, service: TheService) -> Response[bytes]:
    """An empty form, or one that another page has filled in."""
    given = {name: _asked(request, name) for name in ("action", "kind", "value")}
    return _form(view, service, Form({}), given=given)


@post("/lists/preview", opt=page(Scope.LISTS_READ), status_code=200, sync_to_thread=True, include_in_schema=False)
def preview(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Whom an entry would have matched, as a piece for below the form; a wrong value is said there."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    try:
        shown = _preview(view, form, desks.lists)
    except WinnowError as error:
        return view.page("lists/preview.html", shown=None, wrong=error)
    return view.page("lists/preview.html", shown=shown, wrong=None)


@post("/lists/add", opt=page(Scope.LISTS_WRITE), status_code=303, sync_to_thread=True, include_in_schema=False)
def add(view: TheView, form: TheForm, desks: TheDesks, service: TheService, signed_in: ThePerson) -> Response[bytes]:
    """In force within a second. What may concern many is added only after a look at whom."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    try:
        document = entries.document_of(form, view.words.zone)
        if entries.is_broad(document) and form.text("seen") != entries.mark_of(document):
            return _form(view, service, form, shown=_preview(view, form, desks.lists), first_look=True)
        desks.lists.add_looked_at(document, signed_in.id, entries.LOOKED_BACK)
    except InvalidInputError as error:
        error.where = error.where or "value"
        return _form(view, service, form, failure=error)
    return view.go("/lists", "entry-added")


@get("/lists/entries/{entry_id:str}", opt=page(Scope.LISTS_READ), sync_to_thread=True, include_in_schema=False)
def one(view: TheView, desks: TheDesks, entry_id: FromPath[str]) -> Response[bytes]:
    """An entry with all that is known of it."""
    entry, counted = desks.lists.entry(entry_id), desks.entry_hits.counted()
    return view.page("lists/entry.html", entry=entry, hits=counted, removing=False, words_of=entries)


@get("/lists/entries/{entry_id:str}/remove", opt=page(Scope.LISTS_WRITE), sync_to_thread=True, include_in_schema=False)
def remove_page(view: TheView, desks: TheDesks, entry_id: FromPath[str]) -> Response[bytes]:
    """The same, and whether it shall go."""
    entry, counted = desks.lists.entry(entry_id), desks.entry_hits.counted()
    return view.page("lists/entry.html", entry=entry, hits=counted, removing=True, words_of=entries)


@post(
    "/lists/entries/{entry_id:str}/remove",
    opt=page(Scope.LISTS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def remove(view: TheView, desks: TheDesks, signed_in: ThePerson, entry_id: FromPath[str]) -> Response[bytes]:
    """Out of force within a second; what it decided stays."""
    desks.lists.remove(entry_id, signed_in.id)
    return view.go("/lists", "entry-removed")


def _asked(request: Asked, name: str) -> str:
    return storable(request.query_params.get(name, ""))[:_MOST_LETTERS].strip()


def _preview(view: View, form: Form, desk: ListDesk) -> dict[str, object]:
    document = entries.document_of(form, view.words.zone)
    # Who answers for it and why is not what is tried.
    found = desk.preview({**document, "owner": "-", "reason": "-"}, entries.LOOKED_BACK)
    return {
        "found": found,
        "outcomes": [(outcome.word, count) for outcome, count in sorted(found.outcomes.items())],
        "ids": found.ids[:_NAMED],
        "customers": found.customers[:_NAMED],
        "stopped": _stopped(document, found),
        "mark": entries.mark_of(document),
        "broad": entries.is_broad(document),
    }


def _stopped(document: dict[str, object], found: Preview) -> bool:
    return document["action"] == ListAction.BLOCK and bool(found.customers)


def _form(view: View, service: TheService, form: Form, **shown: Any) -> Response[bytes]:  # noqa: ANN401  # as `page`
    usual: dict[str, Any] = {"given": {}, "shown": None, "first_look": False, "failure": None}
    return view.page(
        "lists/add.html",
        status=_WRONG if shown.get("failure") else 200,
        **{**usual, **shown},
        form=form,
        scopes=entries.scopes_of(form),
        customers_known=service.config.path("screen.customers") is not None,
        words_of=entries,
    )


PAGES = [lists, add_page, preview, add, one, remove_page, remove]
