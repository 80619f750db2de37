"""Who acts at the command line, where the decision log must name a person: their password is asked for, as anywhere."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.core.apikeys import Scope
from winnow.errors import InvalidInputError, NotAllowedError

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service
    from winnow.core.people.accounts import SignedIn

#: Attempts are counted by where they come from.
_ORIGIN = "command line"
_LONGEST_LINE = 1024

As = Annotated[str, typer.Option("--as", help="Mail address of whoever does it.")]
Code = Annotated[str | None, typer.Option("--code", help="Code of their authenticator, if they use one.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read their password from stdin, one line; otherwise it is asked for.")
]


def person_of(service: "Service", email: str, code: str | None, *, from_stdin: bool) -> "SignedIn":
    """Somebody who has just proved who they are; raises NotAuthenticatedError, CodeNeededError."""
    from winnow.bootstrap.people import make_people  # noqa: PLC0415  # a second that other commands need not wait

    sign_ins = make_people(service).sign_ins
    begun = sign_ins.sign_in(email, _password(from_stdin=from_stdin), code, _ORIGIN)
    sign_ins.sign_out(begun.signed_in)  # nothing more comes of it than this one act
    return begun.signed_in


def need(by: "SignedIn", scope: Scope) -> None:
    """Raise NotAllowedError when somebody's role lacks a scope."""
    if scope not in by.scopes:
        raise NotAllowedError("your role does not allow this", fix=f"ask for a role with `{scope}`")


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        return str(typer.prompt("password", hide_input=True, err=True))
    try:
        return sys.stdin.readline(_LONGEST_LINE).rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidInputError("the password is not text in UTF-8", where="stdin", fix="send it as UTF-8") from None
