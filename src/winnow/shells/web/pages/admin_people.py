"""People with accounts: invited, given other roles, shut out and let in again."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.mailing import pages_of
from winnow.core.apikeys import Scope
from winnow.core.people.accounts import PEOPLES_ROLES, Person
from winnow.errors import InvalidInputError, WinnowError
from winnow.services.people import Link
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.names import names_in
from winnow.shells.web.posted import Form
from winnow.shells.web.rights import ROLES_IN_WORDS, STANDINGS
from winnow.shells.web.view import TheForm, TheView, View

Asked = Request[Any, Any, Any]

_ROWS = 50
_WRONG = 422
_MOST_LETTERS = 200


@get("/admin", opt=page(Scope.PEOPLE_READ), sync_to_thread=True, include_in_schema=False)
def people(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """Everybody, or those whose name or address holds what was typed."""
    asked = request.query_params
    text, after = (asked.get(name, "").strip()[:_MOST_LETTERS] for name in ("text", "after"))
    known = [each for each in desks.people.desk.all() if _fits(each, text.casefold())]
    ids = [each.id for each in known]
    start = ids.index(after) + 1 if after in ids else 0
    found = known[start : start + _ROWS]
    return view.page(
        "admin/people.html",
        people=found,
        count=len(known),
        more=found[-1].id if start + _ROWS < len(known) else None,
        text=text,
        seen=desks.people.sessions.last_seen(),
        roles=ROLES_IN_WORDS,
        standings=STANDINGS,
    )


@get("/admin/people/invite", opt=page(Scope.PEOPLE_WRITE), sync_to_thread=False, include_in_schema=False)
def invite_page(view: TheView, desks: TheDesks) -> Response[bytes]:
    """An empty form."""
    return _inviting(view, desks, Form({}))


@post(
    "/admin/people/invite",
    opt=page(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def invite(view: TheView, form: TheForm, desks: TheDesks, service: TheService, signed_in: ThePerson) -> Response[bytes]:
    """Make an account; the answer shows the link to a password, this once, and it is mailed where that is set up."""
    try:
        link = desks.people.desk.invite(
            form.text("email", most=400), form.text("name", most=400), form.texts("roles"), signed_in.id, signed_in
        )
    except WinnowError as error:
        return _inviting(view, desks, form, failure=error)
    if desks.mail is not None:
        desks.mail.room.invite(link.person, link.token, link.until)
    return _link(view, service, link, mailed=desks.mail is not None)


@get("/admin/people/{person_id:str}", opt=page(Scope.PEOPLE_READ), sync_to_thread=True, include_in_schema=False)
def one(view: TheView, desks: TheDesks, signed_in: ThePerson, person_id: FromPath[str]) -> Response[bytes]:
    """Somebody, and what may be done."""
    return _person(view, desks, signed_in.id, person_id)


@post(
    "/admin/people/{person_id:str}/roles",
    opt=page(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def set_roles(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, person_id: FromPath[str]
) -> Response[bytes]:
    """Give other roles, in force at their next step."""
    try:
        desks.people.desk.set_roles(person_id, form.texts("roles"), signed_in.id, signed_in)
    except WinnowError as error:
        return _person(view, desks, signed_in.id, person_id, form=form, failure=error)
    return view.go(f"/admin/people/{person_id}", "roles-changed")


@post(
    "/admin/people/{person_id:str}/link",
    opt=page(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def link(  # one for each thing that it is told
    view: TheView,
    form: TheForm,
    desks: TheDesks,
    service: TheService,
    signed_in: ThePerson,
    person_id: FromPath[str],
) -> Response[bytes]:
    """A link to choose a password with, this once; links made earlier end."""
    made = desks.people.desk.reset(person_id, signed_in.id, authenticator=form.flag("authenticator"))
    desks.people.unlock(made.person.email)
    return _link(view, service, made, mailed=False)


@post(
    "/admin/people/{person_id:str}/disable",
    opt=page(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def disable(view: TheView, desks: TheDesks, signed_in: ThePerson, person_id: FromPath[str]) -> Response[bytes]:
    """Shut somebody out, at once and everywhere."""
    desks.people.desk.disable(person_id, signed_in.id, signed_in)
    return view.go(f"/admin/people/{person_id}", "person-disabled")


@post(
    "/admin/people/{person_id:str}/enable",
    opt=page(Scope.PEOPLE_WRITE, confirmed=True),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def enable(view: TheView, desks: TheDesks, signed_in: ThePerson, person_id: FromPath[str]) -> Response[bytes]:
    """Let somebody in again, with the password and roles they had."""
    desks.people.desk.enable(person_id, signed_in.id, signed_in)
    return view.go(f"/admin/people/{person_id}", "person-enabled")


def _fits(person: Person, text: str) -> bool:
    return text in person.name.casefold() or text in person.email.casefold()


def _inviting(view: View, desks: Desks, form: Form, failure: WinnowError | None = None) -> Response[bytes]:
    if isinstance(failure, InvalidInputError):
        failure.where = failure.where or "email"
    return view.page(
        "admin/invite.html",
        status=_WRONG if failure else 200,
        form=form,
        failure=failure,
        chosen=form.texts("roles"),
        roles=_roles(),
        mails=desks.mail is not None,
    )


def _person(
    view: View, desks: Desks, me: str, person_id: str, form: Form | None = None, failure: WinnowError | None = None
) -> Response[bytes]:
    person = desks.people.desk.person(person_id)
    return view.page(
        "admin/person.html",
        status=_WRONG if failure else 200,
        person=person,
        own=person.id == me,
        chosen=form.texts("roles") if form else person.roles,
        failure=failure,
        seen=desks.people.sessions.last_seen().get(person.id),
        roles=_roles(),
        standings=STANDINGS,
        name_of=names_in(desks, me, view.words.gettext("you")),
    )


def _link(view: View, service: TheService, made: Link, *, mailed: bool) -> Response[bytes]:
    address = f"{pages_of(service.config) or view.address}/join/{made.token}"
    return view.page("admin/link.html", made=made, address=address, mailed=mailed)


def _roles() -> list[tuple[str, str, str]]:
    return [(role, *ROLES_IN_WORDS[role]) for role in PEOPLES_ROLES]


PAGES = [people, invite_page, invite, one, set_roles, link, disable, enable]
