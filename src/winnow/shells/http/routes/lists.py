"""Allow and block entries."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import Actor, TheDesks, TheKey, also_needs, needs
from winnow.shells.http.described import problems
from winnow.shells.http.list_types import (
    ListEntryIn,
    ListEntryOut,
    ListImport,
    ListImported,
    ListPage,
    ListPreviewIn,
    ListPreviewOut,
    entry_out,
)
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_ALLOWED, NOT_FOUND

#: Ten thousand entries with long reasons.
_MOST_BYTES = 8_000_000

EntryId = Annotated[str, PathParameter(description="The id of an entry.", examples=[Example(value="flood-3-march")])]


@get(
    "/v1/lists",
    opt=needs(Scope.LISTS_READ),
    sync_to_thread=True,
    summary="Allow and block entries",
    tags=["lists"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None) -> ListPage:
    """All entries that were not removed, also those that have expired, in the order of their ids."""
    found = desks.lists.page(cursor, limit)
    return ListPage([entry_out(entry) for entry in found.items], found.next)


@post(
    "/v1/lists",
    opt=needs(Scope.LISTS_WRITE),
    sync_to_thread=True,
    summary="Add an entry",
    tags=["lists"],
    responses=problems(CONFLICT, INVALID_INPUT),
)
def add(desks: TheDesks, actor: Actor, data: JSONBody[ListEntryIn]) -> ListEntryOut:
    """In force within a second."""
    return entry_out(desks.lists.add(_document(data), actor))


@post(
    "/v1/lists/import",
    opt=needs(Scope.LISTS_WRITE, most_bytes=_MOST_BYTES),
    sync_to_thread=True,
    summary="Add many entries, all or none",
    tags=["lists"],
    responses=problems(CONFLICT, INVALID_INPUT),
)
def add_all(desks: TheDesks, actor: Actor, data: JSONBody[ListImport]) -> ListImported:
    """Their source is `import` unless they say otherwise. One that is wrong keeps all from being added."""
    documents = [{"source": "import", **_document(entry)} for entry in data.entries]
    entries = desks.lists.add_all(documents, actor)
    return ListImported(len(entries), [entry.id for entry in entries])


@post(
    "/v1/lists/preview",
    opt=needs(Scope.LISTS_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Whom an entry would have matched",
    tags=["lists"],
    responses=problems(INVALID_INPUT, NOT_ALLOWED),
)
def preview(desks: TheDesks, key: TheKey, data: JSONBody[ListPreviewIn]) -> ListPreviewOut:
    """Looks at the last decisions and adds nothing. Needs the scope `decisions:read` besides."""
    also_needs(Scope.DECISIONS_READ, key)
    found = desks.lists.preview(_document(data.entry), data.last)
    outcomes = {outcome.word: count for outcome, count in sorted(found.outcomes.items())}
    return ListPreviewOut(found.looked_at, len(found.ids), outcomes, list(map(str, found.ids)))


@get(
    "/v1/lists/{entry_id:str}",
    opt=needs(Scope.LISTS_READ),
    sync_to_thread=True,
    summary="An entry",
    tags=["lists"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, entry_id: EntryId) -> ListEntryOut:
    """One that was removed is not found."""
    return entry_out(desks.lists.entry(entry_id))


@delete(
    "/v1/lists/{entry_id:str}",
    opt=needs(Scope.LISTS_WRITE),
    sync_to_thread=True,
    summary="Remove an entry",
    tags=["lists"],
    responses=problems(NOT_FOUND),
)
def remove(desks: TheDesks, actor: Actor, entry_id: EntryId) -> None:
    """Out of force within a second. What it decided stays as it is; its id is not given again."""
    desks.lists.remove(entry_id, actor)


def _document(entry: ListEntryIn) -> dict[str, Any]:
    """What was sent, as the tables of a ruleset have it."""
    return {name: value for name, value in msgspec.to_builtins(entry).items() if value is not None}


ROUTES = [page, add, add_all, preview, one, remove]
