"""What leads turned out to be."""

from litestar import post
from litestar.params import JSONBody

from winnow.core.apikeys import Scope
from winnow.ports import Label
from winnow.shells.http.access import Actor, TheService, needs
from winnow.shells.http.decision_types import FeedbackIn, FeedbackOut
from winnow.shells.http.described import problems
from winnow.shells.http.problem import CONFLICT, INVALID_INPUT, NOT_FOUND


@post(
    "/v1/feedback",
    opt=needs(Scope.FEEDBACK_WRITE),
    sync_to_thread=True,
    summary="Report what a lead turned out to be",
    tags=["feedback"],
    responses=problems(NOT_FOUND, CONFLICT, INVALID_INPUT),
)
def report(service: TheService, actor: Actor, data: JSONBody[FeedbackIn]) -> FeedbackOut:
    """Kept for ever beside the decision, which stays as it is; the last report about a lead counts."""
    lead = service.ledger.number_of(data.lead_id, data.source)
    source = service.ledger.decided(lead)[0].source
    now = service.clock.now()
    author = data.author or actor
    number = service.labels.add(Label(lead, data.verdict, author, "api", data.batch), now)
    at = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return FeedbackOut(str(number), data.lead_id, source, data.verdict, author, data.batch, at)


ROUTES = [report]
