"""Consent: what people said about being contacted, recorded, looked up and imported."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Caller, Scope
from winnow.core.people.accounts import SignedIn
from winnow.errors import InvalidInputError, NotFoundError
from winnow.services.consent import By, Recorder
from winnow.shells.http.access import Actor, TheDesks, TheKey, needs
from winnow.shells.http.consent_types import (
    ConfirmationIn,
    ConfirmationOut,
    ConsentEventsIn,
    ConsentImported,
    ConsentImportIn,
    ConsentOut,
    ConsentRecorded,
    ConsentSearchIn,
    MergeIn,
    UnmergeIn,
    consent_out,
    imported_out,
    said_of,
)
from winnow.shells.http.described import problems
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, TOO_MANY_REQUESTS

_MOST_BYTES = 20_000_000
_MOST_DIGITS = 19

SubjectId = Annotated[
    str,
    PathParameter(
        description="The number that stands for an address.", examples=[Example(value="5718039405514072349")]
    ),
]


@post(
    "/v1/consent-events",
    opt=needs(Scope.CONSENT_WRITE),
    status_code=201,
    sync_to_thread=True,
    summary="Record a yes or a no",
    tags=["consent"],
    responses=problems(INVALID_INPUT, NOT_ALLOWED),
)
def record(desks: TheDesks, key: TheKey, data: JSONBody[ConsentEventsIn]) -> ConsentRecorded:
    """One event or up to 1,000, all or none. What is recorded is never changed.

    A no is in force when this answers. Only a later express act of the person outweighs it; see docs/consent.md.
    """
    numbers = desks.consent.desk.record([said_of(each) for each in data.events], recorder_of(key))
    return ConsentRecorded([str(number) for number in numbers])


@post(
    "/v1/consent/search",
    opt=needs(Scope.CONSENT_READ),
    status_code=200,
    sync_to_thread=True,
    summary="How things stand for an address",
    tags=["consent"],
    responses=problems(INVALID_INPUT),
)
def search(desks: TheDesks, key: TheKey, data: JSONBody[ConsentSearchIn]) -> ConsentOut:
    """Also for one that nothing is known of. The address stands in the body, so that no log of requests has it."""
    found = desks.consent.desk.search(data.email, data.phone, data.country)
    return consent_out(found, evidence=Scope.DECISIONS_READ in key.scopes)


@get(
    "/v1/consent/{subject:str}",
    opt=needs(Scope.CONSENT_READ),
    sync_to_thread=True,
    summary="How things stand for a subject",
    tags=["consent"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, key: TheKey, subject: SubjectId) -> ConsentOut:
    """What is known about an address by the number that stands for it."""
    return consent_out(desks.consent.desk.known(_number(subject)), evidence=Scope.DECISIONS_READ in key.scopes)


@post(
    "/v1/consent/imports",
    opt=needs(Scope.CONSENT_WRITE, most_bytes=_MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    summary="Import a file",
    tags=["consent"],
    responses=problems(INVALID_INPUT),
)
def import_file(desks: TheDesks, actor: Actor, data: JSONBody[ConsentImportIn]) -> ConsentImported:
    """Adds denials, and keeps grants that have evidence as what they are; never takes a denial back."""
    return imported_out(desks.consent.files.take(data.csv, actor))


@post(
    "/v1/consent/merges",
    opt=needs(Scope.CONSENT_WRITE),
    status_code=201,
    sync_to_thread=True,
    summary="Say that two addresses are one person's",
    tags=["consent"],
    responses=problems(INVALID_INPUT, CONFLICT),
)
def merge(desks: TheDesks, actor: Actor, data: JSONBody[MergeIn]) -> ConsentRecorded:
    """Denials of each count for both from now on; grants stay with the address they were given for."""
    desk = desks.consent.desk
    pair = [desk.address(each, None, None, sure=True) for each in data.emails]
    pair += [desk.address(None, each, None, sure=True) for each in data.phones]
    if len(pair) != 2:  # noqa: PLR2004  # a pair
        raise InvalidInputError("it takes two addresses", where="emails", fix="give two in emails and phones together")
    return ConsentRecorded([str(desk.merge((pair[0], pair[1]), data.evidence, actor))])


@post(
    "/v1/consent/unmerges",
    opt=needs(Scope.CONSENT_WRITE),
    status_code=201,
    sync_to_thread=True,
    summary="Take back that two addresses are one person's",
    tags=["consent"],
    responses=problems(INVALID_INPUT, NOT_FOUND),
)
def unmerge(desks: TheDesks, actor: Actor, data: JSONBody[UnmergeIn]) -> ConsentRecorded:
    """Denials that count for either stay; those of later count for their own address only."""
    first, second = map(_number, data.subjects)
    return ConsentRecorded([str(desks.consent.desk.unmerge((first, second), data.evidence, actor))])


@post(
    "/v1/consent/confirmations",
    opt=needs(Scope.CONSENT_WRITE),
    status_code=202,
    sync_to_thread=True,
    summary="Ask by mail for a confirmation",
    tags=["consent"],
    responses=problems(INVALID_INPUT, NOT_FOUND, CONFLICT, TOO_MANY_REQUESTS),
)
def confirmation(desks: TheDesks, data: JSONBody[ConfirmationIn]) -> ConfirmationOut:
    """Double opt-in: the consent counts once the reader of the mail confirms.

    Who said no is asked only if a yes of theirs waits for this, which a form may have brought, and once in 30 days.
    """
    consent = desks.consent
    return ConfirmationOut(consent.links.ask(consent.desk.address(data.email, None, None, sure=True), data.wording))


def recorder_of(key: Caller) -> Recorder:
    """Who records: what a person states counts differently from what the program behind a form does."""
    by = By.PERSON if isinstance(key, SignedIn) else By.PROGRAM
    return Recorder(key.id, by, Scope.SIGN_OFFS_WRITE in key.scopes)


def _number(subject: str) -> int:
    if not (subject.isascii() and subject.isdigit() and len(subject) <= _MOST_DIGITS):
        raise NotFoundError("there is no such subject", fix="take the number from an answer about its address")
    return int(subject)


ROUTES = [record, search, one, import_file, merge, unmerge, confirmation]
