"""Permits: may this system do this to these people now, and does a permit still hold."""

from datetime import timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter

from winnow.core.apikeys import Scope
from winnow.core.govern.identity import AddressKind
from winnow.errors import BrokenLogError, ConflictError, InvalidInputError
from winnow.services.gatekeep import spelled
from winnow.shells.http.access import Actor, TheDesks, TheService, needs, public
from winnow.shells.http.described import problems
from winnow.shells.http.idempotency import until
from winnow.shells.http.permit_types import (
    EXAMPLE_PERMIT,
    KeyOut,
    PermitOut,
    PermitsIn,
    PermitsOut,
    VerifiedOut,
    VerifyIn,
    answer_bytes,
    permit_out,
    verified_out,
)
from winnow.shells.http.problem import INVALID_INPUT, NOT_FOUND

#: A hundred thousand recipients with long addresses, places and time zones.
MOST_BYTES = 32_000_000
_JSON = "application/json"
#: For so long a retry with the same Idempotency-Key is told what was found the first time.
_SAID_AGAIN = timedelta(minutes=1)
_BRIEFLY = {"cache-control": "public, max-age=300"}

PermitId = Annotated[
    str, PathParameter(description="The id of a permit or refusal.", examples=[Example(value=EXAMPLE_PERMIT)])
]


@post(
    "/v1/permits",
    opt=needs(Scope.PERMITS_WRITE, most_bytes=MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    summary="Ask whether something may be done to people",
    tags=["permits"],
    responses=problems(INVALID_INPUT),
)
def ask(desks: TheDesks, actor: Actor, data: JSONBody[PermitsIn]) -> Response[PermitsOut]:
    """A permit or a refusal for each recipient, on record when the answer is there.

    Refused is whatever is not known for certain to be allowed; while this cannot be answered (503), nothing is
    permitted. A refusal says what a human can do; there is no way to ignore it.
    """
    given = desks.gate.keeper.ask(data.ask, data.people(desks.gate), data.asking(actor))
    body = answer_bytes(given, tokens=data.with_tokens)
    return Response(body, media_type=_JSON, headers=until(given.kept.terms.expires_at))  # type: ignore[arg-type]  # encoded already


@post(
    "/v1/permits/verify",
    opt=needs(Scope.PERMITS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Check a permit, or use it up",
    tags=["permits"],
    responses=problems(INVALID_INPUT),
)
def verify(desks: TheDesks, service: TheService, actor: Actor, data: JSONBody[VerifyIn]) -> Response[VerifiedOut]:
    """Offline, docs/verify_permit.py does the same but for single use, which is noted here."""
    keeper, wanted = desks.gate.keeper, _wanted(desks, data)
    brief = until(service.clock.now() + _SAID_AGAIN)
    try:
        permit = keeper.verify(data.token, wanted, actor, redeem=data.redeem)
    except (BrokenLogError, ConflictError) as error:
        return Response(VerifiedOut(valid=False, why=error.what), headers=brief)
    return Response(verified_out(permit, redeemed=data.redeem and permit.terms.once), headers=brief)


def _wanted(desks: TheDesks, data: VerifyIn) -> dict[str, object]:
    named = {name: getattr(data, name) for name in ("system", "action", "channel", "purpose")}
    wanted = {name: value for name, value in named.items() if value is not None}
    if data.email is not None and data.phone is not None:
        raise InvalidInputError("a permit is for one address", where="$.phone", fix="send email or phone")
    for kind, text in ((AddressKind.EMAIL, data.email), (AddressKind.PHONE, data.phone)):
        if text is not None:
            wanted["address"] = spelled(desks.gate.recipient(kind, text, None, None).address)
    return wanted


@get(
    "/v1/permits/key",
    opt=public(),
    sync_to_thread=True,
    summary="The key that permits are checked with",
    tags=["permits"],
)
def key(desks: TheDesks) -> Response[KeyOut]:
    """An Ed25519 key as `name+id+key` (c2sp.org/signed-note); get it once, over a way you trust."""
    return Response(KeyOut(str(desks.gate.keeper.key)), headers=_BRIEFLY)


@get(
    "/v1/permits/{permit_id:str}",
    opt=needs(Scope.PERMITS_READ),
    sync_to_thread=True,
    summary="A permit or refusal as it is on record",
    tags=["permits"],
    responses=problems(NOT_FOUND, INVALID_INPUT),
)
def one(desks: TheDesks, permit_id: PermitId) -> PermitOut:
    """With every question that was asked, and the token while it holds."""
    return permit_out(desks.gate.keeper.permit(permit_id))


ROUTES = [ask, verify, one]
#: For anybody: the key is published.
PUBLISHED = [key]
