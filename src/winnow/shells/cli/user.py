"""`winnow user`: people who sign in, for whoever has the machine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.people.accounts import PEOPLES_ROLES, Person
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.bootstrap.people import People
    from winnow.services.people import Link

app = typer.Typer(help="People who sign in (docs/people.md).", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
_LONGEST_LINE = 1024

Email = Annotated[str, typer.Argument(help="Their mail address.")]
Role = Annotated[list[str], typer.Option("--role", help=f"May be repeated: {', '.join(PEOPLES_ROLES)}.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read their password from stdin, one line; otherwise they choose it.")
]


@app.command("create")
def create(
    email: Email,
    role: Role,
    name: Annotated[str | None, typer.Option("--name", help="Their name; otherwise the address up to the @.")] = None,
    password_stdin: FromStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make an account; without a password, print what its owner chooses one with, once, within a week."""
    people = _people(config, data, store)
    called = name or email.partition("@")[0]
    if password_stdin:
        _show(people.desk.create(email, called, role, _password(), _ACTOR), as_json=as_json)
    else:
        _show_link(_invited(people.desk.invite(email, called, role, _ACTOR), config, data, store), as_json=as_json)


@app.command("list")
def show(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List everybody who has or had an account."""
    people = _people(config, data, store).desk.all()
    if as_json:
        output.data([_document(person) for person in people])
    for person in () if as_json else people:
        output.out.print(Text(printable(_line(person))))
    if not people:
        output.say("nobody yet; next: winnow user create ana@bluebird.example --role admin")


@app.command("roles")
def roles(
    email: Email,
    role: Role,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody these roles in place of those they have, in force at their next request."""
    desk = _people(config, data, store).desk
    _show(desk.set_roles(desk.called(email).id, role, _ACTOR), as_json=as_json)


@app.command("reset")
def reset(
    email: Email,
    password_stdin: FromStdin = False,
    authenticator: Annotated[
        bool, typer.Option("--authenticator", help="Theirs is lost: ask for no code any more.")
    ] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody choose another password, within a day, and try again if they tried too often.

    With --password-stdin they get that one, and all their sessions end.
    """
    people = _people(config, data, store)
    person = people.desk.called(email)
    if password_stdin:
        people.desk.set_password(person.id, _password(), _ACTOR, authenticator=authenticator)
        _show(people.desk.person(person.id), as_json=as_json)
    else:
        _show_link(people.desk.reset(person.id, _ACTOR, authenticator=authenticator), as_json=as_json)
    people.unlock(person.email)


@app.command("disable")
def disable(
    email: Email, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Shut somebody out, at once and everywhere; the last administrator stays."""
    desk = _people(config, data, store).desk
    _show(desk.disable(desk.called(email).id, _ACTOR), as_json=as_json)


@app.command("enable")
def enable(
    email: Email, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Let somebody in again, with the password and roles they had."""
    desk = _people(config, data, store).desk
    _show(desk.enable(desk.called(email).id, _ACTOR), as_json=as_json)


@app.command("digest")
def digest(
    email: Email,
    wanted: Annotated[str, typer.Argument(help="on or off; reviewers get it unless it is off.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Send somebody a mail about the queue each day, or no more."""
    from winnow.bootstrap.mailing import make_digest  # noqa: PLC0415  # see _people

    if wanted not in {"on", "off"}:
        raise InvalidInputError(f"`{wanted[:20]}` is neither on nor off", where="wanted", fix="write on or off")
    service = opened(config, data, store)
    person = _people(config, data, store).desk.called(email)
    _show(make_digest(service).set_wanted(person.id, wanted=wanted == "on"), as_json=as_json)


def _invited(link: "Link", config: Path | None, data: Path | None, store: str | None) -> "Link":
    """The same link, which is also sent where a mail server is set."""
    from winnow.bootstrap.mailing import make_mail  # noqa: PLC0415  # see _people

    mail = make_mail(opened(config, data, store))
    if mail is not None:
        mail.room.invite(link.person, link.token, link.until)
        output.say("the running service sends it by mail, too")
    return link


def _show(person: Person, *, as_json: bool) -> None:
    if as_json:
        output.data(_document(person))
    else:
        output.say(_line(person))


def _show_link(link: "Link", *, as_json: bool) -> None:
    if as_json:
        output.data({**_document(link.person), "token": link.token, "until": link.until.isoformat()})
        return
    output.say(_line(link.person))
    output.say(f"good once, until {link.until:%Y-%m-%d %H:%M} UTC, with POST /v1/session/join (docs/people.md):")
    print(link.token)


def _line(person: Person) -> str:
    steps = "  two steps" if person.two_steps else ""
    roles = ", ".join(sorted(person.roles))
    return f"{person.id}  {person.standing}  {person.email}  {person.name}  ({roles}){steps}"


def _document(person: Person) -> dict[str, object]:
    times = {name: getattr(person, name) for name in ("created_at", "joined_at", "disabled_at")}
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "roles": sorted(person.roles),
        "standing": person.standing.value,
        "two_steps": person.two_steps,
        "created_by": person.created_by,
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }


def _password() -> str:
    """The first line of stdin."""
    try:
        return sys.stdin.readline(_LONGEST_LINE).rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidInputError("the password is not text in UTF-8", where="stdin", fix="send it as UTF-8") from None


def _people(config: Path | None, data: Path | None, store: str | None) -> "People":
    from winnow.bootstrap.people import make_people  # noqa: PLC0415  # a second that other commands need not wait

    return make_people(opened(config, data, store))
