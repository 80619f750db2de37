"""May somebody be served, and what AI systems concluded about people."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from litestar import get, post
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter

from winnow.bootstrap.gatekeeping import Gate
from winnow.core.apikeys import Scope
from winnow.core.govern.ask import Ask
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Action
from winnow.core.outcome import Scope as Served
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports.gate import AiDecision, Recipient
from winnow.shells.http.access import Actor, TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.permit_types import recipient_of
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND, REFUSED_BY_POLICY
from winnow.shells.http.serve_types import AiDecisionIn, AiDecisionOut, ServeIn, ServeOut, ai_decision_out, serve_out

_LONGEST = 200
#: What somebody is served for unless it is said.
_PURPOSE = "marketing"
_WHY = "whether this person may be served"

LeadId = Annotated[
    str | None, QueryParameter(max_length=_LONGEST, description="The id of a lead.", examples=[Example(value="4711")])
]
Source = Annotated[
    str | None,
    QueryParameter(max_length=_LONGEST, description="The source of that lead.", examples=[Example(value="website")]),
]
SubjectId = Annotated[
    str | None,
    QueryParameter(
        pattern="^[0-9]{1,19}$",
        description="The number that stands for an address.",
        examples=[Example(value="4611686018427387904")],
    ),
]
InScope = Annotated[
    Served, QueryParameter(name="scope", description="Where they would be served.", examples=[Example(value="support")])
]
DecisionId = Annotated[
    str, PathParameter(description="The id of a recorded conclusion.", examples=[Example(value="1042")])
]


@post(
    "/v1/serve-checks",
    opt=needs(Scope.SERVE_READ),
    status_code=200,
    sync_to_thread=True,
    summary="Ask whether a person may be served",
    tags=["serving"],
    responses=problems(INVALID_INPUT),
)
def check(desks: TheDesks, data: JSONBody[ServeIn]) -> ServeOut:
    """For support, billing and the portal the answer is yes whatever fails; for marketing and sales it is no then.

    It permits nothing and is not recorded: to contact somebody, ask for a permit.
    """
    return serve_out(desks.gate.serving.may_serve(data.scope, _ask(data), _finder(desks.gate, data)))


@get(
    "/v1/serve-checks",
    opt=needs(Scope.SERVE_READ),
    sync_to_thread=True,
    summary="Ask the same by the id of a lead or person",
    tags=["serving"],
    responses=problems(INVALID_INPUT),
)
def check_by_id(
    desks: TheDesks, served_in: InScope, lead_id: LeadId = None, source: Source = None, subject: SubjectId = None
) -> ServeOut:
    """By ids alone, for addresses have no place in the address of a request, which others write down."""
    sent = ServeIn(served_in, lead_id=lead_id, source=source, subject=subject)
    return serve_out(desks.gate.serving.may_serve(served_in, _ask(sent), _finder(desks.gate, sent)))


def _ask(sent: ServeIn) -> Ask:
    return Ask(sent.system or "", Action.CONTACT, sent.purpose or _PURPOSE, sent.channel, explanation=_WHY)


def _finder(gate: Gate, sent: ServeIn) -> Callable[[], Recipient | None]:
    """What finds whom it is about; raises InvalidInputError unless it is said in one way."""
    given = [each for each in (sent.email, sent.phone, sent.lead_id, sent.subject) if each is not None]
    if len(given) != 1:
        fix = "give one of email, phone, lead_id and subject"
        raise InvalidInputError("it is not clear whom it is about", where="$.lead_id", fix=fix)
    if sent.lead_id is not None:
        return partial(gate.of_lead, sent.lead_id, sent.source)
    if sent.subject is not None:
        return partial(gate.of_subject, int(sent.subject))
    kind = AddressKind.EMAIL if sent.email is not None else AddressKind.PHONE
    return partial(gate.recipient, kind, given[0], sent.place, sent.timezone)


@post(
    "/v1/ai-decisions",
    opt=needs(Scope.AI_DECISIONS_WRITE),
    sync_to_thread=True,
    summary="Record what an AI system concluded about a person",
    tags=["ai-systems"],
    responses=problems(INVALID_INPUT, NOT_FOUND, CONFLICT, REFUSED_BY_POLICY),
)
def conclude(desks: TheDesks, actor: Actor, data: JSONBody[AiDecisionIn]) -> AiDecisionOut:
    """Kept sealed, and a leaf of the log.

    Refused without a reason, for a system or an output that is not in the register, and for what nobody may conclude.
    """
    about = _about(desks.gate, data)
    words = tuple(data.reasons), tuple(data.data_used)
    said = AiDecision(data.system, data.label, data.conclusion, *words, actor, data.permit, data.version)
    number, at = desks.gate.ai_decisions.record(said, about.address)
    return ai_decision_out(number, at, said)


def _about(gate: Gate, data: AiDecisionIn) -> Recipient:
    if (data.about is None) == (data.lead_id is None):
        raise InvalidInputError("it is not clear whom it is about", where="$.about", fix="give `about` or `lead_id`")
    found = recipient_of(gate, data.about) if data.about is not None else gate.of_lead(data.lead_id or "", data.source)
    if found is None or not found.sure:
        fix = "give an e-mail address, or a telephone number with its country"
        raise InvalidInputError("nobody is known by that", where="$.about", fix=fix)
    return found


@get(
    "/v1/ai-decisions/{decision_id:str}",
    opt=needs(Scope.DECISIONS_READ),
    sync_to_thread=True,
    summary="A conclusion as it is on record",
    tags=["ai-systems"],
    responses=problems(NOT_FOUND),
)
def concluded(desks: TheDesks, decision_id: DecisionId) -> AiDecisionOut:
    """What an AI system concluded about a person, and why."""
    if not decision_id.isascii() or not decision_id.isdecimal() or len(decision_id) > len("9223372036854775807") - 1:
        raise NotFoundError("there is no such AI decision", fix="take the id from the answer to it")
    kept, at = desks.gate.ai_decisions.one(int(decision_id))
    return ai_decision_out(int(decision_id), at, kept)


ROUTES = [check, check_by_id, conclude, concluded]
