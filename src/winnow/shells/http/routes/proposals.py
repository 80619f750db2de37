"""Sign-off: proposing, arguing, agreeing as a second person; what is granted in an emergency."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.core.apikeys import Scope
from winnow.core.govern.attached import without_leads
from winnow.core.govern.signing import Kind
from winnow.shells.http.access import Actor, TheDesks, TheKey, ThePerson, needs, needs_person
from winnow.shells.http.described import problems
from winnow.shells.http.paging import Cursor, Limit
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_ALLOWED, NOT_FOUND
from winnow.shells.http.proposal_types import (
    AttachmentOut,
    BecauseIn,
    BreakGlassOut,
    CommentIn,
    ProposalIn,
    ProposalOut,
    ProposalPage,
    SignIn,
    emergency_out,
    proposal_out,
    wanted_of,
)

ProposalId = Annotated[
    str, PathParameter(description="The id of a proposal.", examples=[Example(value="prop_01jd8qg4z5x3n0v7k2m9r6t1wy")])
]
OfKind = Annotated[
    Kind | None, QueryParameter(description="Only those of this kind.", examples=[Example(value="ruleset")])
]
Content = Annotated[
    str, PathParameter(description="SHA-256 of the exact content.", examples=[Example(value="5f2b8c0d9e1a4f7c")])
]
AttachmentName = Annotated[
    str, PathParameter(description="What it is attached as.", examples=[Example(value="simulation")])
]


@get(
    "/v1/proposals",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="Proposals, the newest first",
    tags=["sign-off"],
    responses=problems(INVALID_INPUT),
)
def page(desks: TheDesks, limit: Limit = 50, cursor: Cursor = None, kind: OfKind = None) -> ProposalPage:
    """Each with how far it has come and what it lacks."""
    found = desks.signing.page(cursor, limit, kind=kind)
    return ProposalPage([proposal_out(each) for each in found.items], found.next)


@post(
    "/v1/proposals",
    opt=needs_person(Scope.PROPOSALS_WRITE, confirmed=True),
    sync_to_thread=True,
    summary="Propose something",
    tags=["sign-off"],
    responses=problems(INVALID_INPUT, NOT_FOUND),
)
def propose(desks: TheDesks, signed_in: ThePerson, data: JSONBody[ProposalIn]) -> ProposalOut:
    """Asks for a second person's agreement to exactly this. It never changes: another wish is another proposal."""
    return proposal_out(desks.signing.propose(wanted_of(data), signed_in))


@get(
    "/v1/proposals/{proposal_id:str}",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="A proposal with the argument about it",
    tags=["sign-off"],
    responses=problems(NOT_FOUND),
)
def one(desks: TheDesks, proposal_id: ProposalId) -> ProposalOut:
    """What it is about, who said what, who agreed."""
    return proposal_out(desks.signing.told(proposal_id))


@get(
    "/v1/proposals/{proposal_id:str}/attachments/{name:str}",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="Something attached to a proposal",
    tags=["sign-off"],
    responses=problems(NOT_FOUND),
)
def attachment(desks: TheDesks, key: TheKey, proposal_id: ProposalId, name: AttachmentName) -> AttachmentOut:
    """The very document that a signature covers; without names of leads for those who lack `decisions:read`."""
    document = desks.signing.attachment(proposal_id, name)
    whole = Scope.DECISIONS_READ in key.scopes
    return AttachmentOut(dict(document) if whole else without_leads(document), whole)


@post(
    "/v1/proposals/{proposal_id:str}/comments",
    opt=needs_person(Scope.PROPOSALS_WRITE),
    sync_to_thread=True,
    summary="Say something about a proposal",
    tags=["sign-off"],
    responses=problems(INVALID_INPUT, NOT_FOUND),
)
def comment(desks: TheDesks, signed_in: ThePerson, proposal_id: ProposalId, data: JSONBody[CommentIn]) -> ProposalOut:
    """Kept for ever, with who said it and from which side."""
    return proposal_out(desks.signing.comment(proposal_id, data.side, data.text, signed_in))


@post(
    "/v1/proposals/{proposal_id:str}/sign",
    opt=needs_person(Scope.SIGN_OFFS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Agree as a second person",
    tags=["sign-off"],
    responses=problems(NOT_FOUND, NOT_ALLOWED, CONFLICT, INVALID_INPUT),
)
def sign(desks: TheDesks, signed_in: ThePerson, proposal_id: ProposalId, data: JSONBody[SignIn]) -> ProposalOut:
    """Whoever wrote or proposed it may not; the database itself refuses that. Break-glass is granted like this, too."""
    return proposal_out(desks.signing.sign(proposal_id, data.hash, signed_in))


@post(
    "/v1/proposals/{proposal_id:str}/decline",
    opt=needs_person(Scope.SIGN_OFFS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Decline a proposal",
    tags=["sign-off"],
    responses=problems(NOT_FOUND, NOT_ALLOWED, CONFLICT, INVALID_INPUT),
)
def decline(desks: TheDesks, signed_in: ThePerson, proposal_id: ProposalId, data: JSONBody[BecauseIn]) -> ProposalOut:
    """By somebody who could have signed it; also after somebody did, as long as it did not go live."""
    return proposal_out(desks.signing.decline(proposal_id, data.because, signed_in))


@post(
    "/v1/proposals/{proposal_id:str}/withdraw",
    opt=needs_person(Scope.PROPOSALS_WRITE),
    status_code=200,
    sync_to_thread=True,
    summary="Take your proposal back",
    tags=["sign-off"],
    responses=problems(NOT_FOUND, NOT_ALLOWED, CONFLICT, INVALID_INPUT),
)
def withdraw(desks: TheDesks, signed_in: ThePerson, proposal_id: ProposalId, data: JSONBody[BecauseIn]) -> ProposalOut:
    """As long as it did not go live."""
    return proposal_out(desks.signing.withdraw(proposal_id, data.because, signed_in))


@get(
    "/v1/sign-offs/{content:str}",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="Who agreed to an exact content",
    tags=["sign-off"],
    responses=problems(INVALID_INPUT),
)
def sign_offs(desks: TheDesks, content: Content, kind: OfKind = None) -> ProposalPage:
    """Everything that was proposed about it, the newest first; `kind` is `ruleset` unless another is named."""
    return ProposalPage([proposal_out(each) for each in desks.signing.about(kind or Kind.RULESET, content)])


@get(
    "/v1/break-glass",
    opt=needs(Scope.RULESETS_READ),
    sync_to_thread=True,
    summary="Does anything decide by break-glass?",
    tags=["sign-off"],
)
def break_glass(desks: TheDesks) -> BreakGlassOut:
    """Which ruleset, until when, who asked and who granted it."""
    return emergency_out(desks.break_glass.now())


@post(
    "/v1/break-glass/{proposal_id:str}/use",
    opt=needs_person(Scope.RULESETS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="Use what was granted in an emergency",
    tags=["sign-off"],
    responses=problems(NOT_FOUND, NOT_ALLOWED, CONFLICT),
)
def use(desks: TheDesks, signed_in: ThePerson, proposal_id: ProposalId) -> BreakGlassOut:
    """The ruleset decides until the time is up, and rejects nothing without a person. Opens an incident."""
    return emergency_out(desks.break_glass.use(proposal_id, signed_in.id))


@post(
    "/v1/break-glass/end",
    opt=needs(Scope.RULESETS_WRITE, confirmed=True),
    status_code=200,
    sync_to_thread=True,
    summary="End an emergency before its time",
    tags=["sign-off"],
    responses=problems(CONFLICT),
)
def end(desks: TheDesks, actor: Actor) -> BreakGlassOut:
    """The ruleset before decides again within a second."""
    desks.break_glass.end(actor)
    return emergency_out(desks.break_glass.now())


ROUTES = [
    *(page, propose, one, attachment, comment, sign, decline, withdraw),
    *(sign_offs, break_glass, use, end),
]
