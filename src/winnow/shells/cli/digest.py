"""What `winnow queue digest` does: the mail about the queue, shown or sent at once."""

from winnow.bootstrap.mailing import Mail, make_digest, make_mail
from winnow.bootstrap.people import make_people
from winnow.bootstrap.service import Service
from winnow.core.people.accounts import Person
from winnow.errors import InvalidInputError, UnavailableError
from winnow.shells.cli.console import output

_CLEAR = "the queue is clear; nothing is sent"


def show(service: Service, to: str | None) -> None:
    """Print who would get it, and what it says."""
    desk = make_digest(service)
    people = desk.readers() if to is None else [_person(service, to)]
    output.say(f"to {len(people)}: {', '.join(person.email for person in people) or 'nobody'}")
    letter = desk.letter_to(people[0]) if people else None
    if letter is not None:
        print(f"{letter.subject}\n\n{letter.text}", end="")
    elif people:
        output.say(_CLEAR)


def send_to(service: Service, to: str) -> None:
    """Send it to one person; raises UnavailableError when the mail server does not take it."""
    mail, person = _mail(service), _person(service, to)
    letter = make_digest(service).letter_to(person)
    if letter is None:
        output.say(_CLEAR)
        return
    sending = mail.post.send(letter)
    if sending.error is not None:
        raise UnavailableError(sending.error, fix="check the settings under `mail`")
    output.say(f"sent to {person.email}")


def send(service: Service) -> None:
    """Send it to all who did not get it today; what the mail server does not take is tried again by the service."""
    mail, desk = _mail(service), make_digest(service)
    if not desk.queue().waiting:
        output.say(_CLEAR)
        return
    output.say(f"to be sent: {desk.put_due(early=True):,}")
    while mail.room.send_one():
        pass


def _mail(service: Service) -> Mail:
    mail = make_mail(service)
    if mail is None:
        raise InvalidInputError("no mail server is set", where="mail.server", fix="see docs/mail.md")
    return mail


def _person(service: Service, email: str) -> Person:
    return make_people(service).desk.called(email)
