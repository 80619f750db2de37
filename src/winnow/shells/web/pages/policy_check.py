"""A policy that is to come: its text checked, compared with the one in force, and kept as a draft."""

from typing import Any

from litestar import Response, get, post

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.policy_files import policy_toml
from winnow.core.apikeys import Scope
from winnow.core.toml_text import MOST_CHARACTERS
from winnow.errors import InvalidInputError, WinnowError
from winnow.services.policy import Checked
from winnow.shells.http.access import TheDesks, ThePerson, page
from winnow.shells.web.policy_text import SOURCE, mistake_in
from winnow.shells.web.posted import Form
from winnow.shells.web.ruleset_changes import FIELDS, changes_between
from winnow.shells.web.view import TheForm, TheView, View

_WRONG = 422
#: In a form most letters of other scripts take nine bytes.
_MOST_BYTES = 3_000_000


@get("/policy/check", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def check_page(view: TheView, desks: TheDesks) -> Response[bytes]:
    """The policy in force as text, to be changed or replaced."""
    text = policy_toml(desks.policy.in_force().policy)
    return _checking(view, desks, Form({SOURCE: [text]}), text)


@post(
    "/policy/check",
    opt=page(Scope.POLICY_READ, most_bytes=_MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def check(view: TheView, form: TheForm, desks: TheDesks) -> Response[bytes]:
    """Every mistake by its line, or how it differs from the one in force; nothing is kept."""
    text = ""
    try:
        text = _text(form)
        return _checking(view, desks, form, text, found=desks.policy.check(text, SOURCE))
    except WinnowError as error:
        return _checking(view, desks, form, text, failure=mistake_in(text, error))


@post(
    "/policy/keep",
    opt=page(Scope.PROPOSALS_WRITE, most_bytes=_MOST_BYTES),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def keep(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson) -> Response[bytes]:
    """The live ruleset with this policy in it; it binds nobody until it is signed and activated."""
    text = ""
    try:
        text = _text(form)
        kept = desks.policy.draft(text, signed_in.id, SOURCE)
    except WinnowError as error:
        return _checking(view, desks, form, text, failure=mistake_in(text, error))
    return view.go(f"/rulesets/{kept.hash}", "policy-kept")


def _text(form: Form) -> str:
    text = form.text(SOURCE, most=MOST_CHARACTERS)
    if not text:
        raise InvalidInputError("there is nothing to check", fix="choose a TOML file, or paste its text")
    return text.replace("\r\n", "\n")


def _checking(
    view: View,
    desks: Desks,
    form: Form,
    text: str,
    *,
    found: Checked | None = None,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    parts = None
    if found is not None:
        before, after = desks.policy.in_force().policy, found.policy
        parts = changes_between({"policy": desks.policy.document(before)}, {"policy": desks.policy.document(after)})
    return view.page(
        "policy/check.html",
        status=_WRONG if failure else 200,
        form=form,
        text=text or form.typed.get(SOURCE, "")[:MOST_CHARACTERS],
        found=found,
        parts=parts,
        fields=FIELDS,
        failure=failure,
    )


PAGES: list[Any] = [check_page, check, keep]
