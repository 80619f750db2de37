"""Keys of programs: which there are, a new one shown once, one ended for good."""

import re
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.core.apikeys import ROLES, ApiKey, Scope
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.services.api_keys import KeyDesk
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.posted import Form
from winnow.shells.web.rights import ROLES_IN_WORDS, SCOPES_IN_WORDS, summed_up
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS = 50
_WRONG = 422
_MOST_LETTERS = 200
#: What stands between two networks.
_BETWEEN: Final = re.compile(r"[\s,;]+")


@get("/integrations", opt=page(Scope.KEYS_READ), sync_to_thread=True, include_in_schema=False)
def keys(request: Asked, view: TheView, service: TheService, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """Those that are live, the newest first; or all there ever were."""
    asked = request.query_params
    everything = asked.get("all") == "yes"
    found, more = _page(service.key_desk, asked.get("after", "")[:_MOST_LETTERS], everything=everything)
    return view.page(
        "integrations/keys.html",
        keys=[(key, *summed_up(key.scopes)) for key in found],
        more=more,
        everything=everything,
        actor_name=actors_in(service, desks, signed_in.id, view.words.gettext("you")),
    )


@get("/integrations/keys/new", opt=page(Scope.KEYS_WRITE), sync_to_thread=False, include_in_schema=False)
def new_page(view: TheView) -> Response[bytes]:
    """An empty form."""
    return _form(view, Form({}))


@post(
    "/integrations/keys/new",
    opt=page(Scope.KEYS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def new(view: TheView, form: TheForm, service: TheService, signed_in: ThePerson) -> Response[bytes]:
    """Make a key; the answer shows it, this once."""
    try:
        made = service.key_desk.create(
            form.text("name", most=1_000),
            form.texts("scopes"),
            signed_in.id,
            networks=[each for each in _BETWEEN.split(form.text("networks")) if each],
            expires_at=form.day("expires_at", view.words.zone),
            of=signed_in,
        )
    except WinnowError as error:
        return _form(view, form, failure=error)
    return view.page("integrations/key_made.html", made=made, sends=Scope.LEADS_WRITE in made.key.scopes)


@get("/integrations/keys/{key_id:str}", opt=page(Scope.KEYS_READ), sync_to_thread=True, include_in_schema=False)
def one(
    view: TheView, service: TheService, desks: TheDesks, signed_in: ThePerson, key_id: FromPath[str]
) -> Response[bytes]:
    """A key with all that is known of it."""
    key = next((each for each in service.key_desk.all_keys() if each.id == key_id), None)
    if key is None:
        raise NotFoundError("there is no such key", fix="take one from the list")
    return view.page(
        "integrations/key.html",
        key=key,
        scopes=[words for scope, words in SCOPES_IN_WORDS.items() if scope in key.scopes],
        actor_name=actors_in(service, desks, signed_in.id, view.words.gettext("you")),
    )


@post(
    "/integrations/keys/{key_id:str}/revoke",
    opt=page(Scope.KEYS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def revoke(view: TheView, service: TheService, signed_in: ThePerson, key_id: FromPath[str]) -> Response[bytes]:
    """End a key for good, within a second everywhere."""
    service.key_desk.revoke(key_id, signed_in.id)
    return view.go("/integrations", "key-revoked")


def _page(desk: KeyDesk, after: str, *, everything: bool) -> tuple[list[ApiKey], str | None]:
    known = [key for key in reversed(desk.all_keys()) if everything or key.revoked_at is None]
    ids = [key.id for key in known]
    start = ids.index(after) + 1 if after in ids else 0
    found = known[start : start + _ROWS]
    return found, found[-1].id if start + _ROWS < len(known) else None


def _form(view: View, form: Form, failure: WinnowError | None = None) -> Response[bytes]:
    if isinstance(failure, InvalidInputError):
        failure.where = failure.where or "name"
    return view.page(
        "integrations/key_new.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=failure,
        chosen=form.texts("scopes"),
        roles=[(role, *ROLES_IN_WORDS[role]) for role in ROLES],
        scopes=list(SCOPES_IN_WORDS.items()),
    )


PAGES = [keys, new_page, new, one, revoke]
