"""What a CRM or a mail server did, held against the permits that were given: who went past the gate."""

from litestar import post
from litestar.params import JSONBody

from winnow.bootstrap.reconciling import make_reconcile
from winnow.core.apikeys import Caller, Scope
from winnow.errors import InvalidInputError
from winnow.services.reconcile import Sight
from winnow.shells.http.access import TheKey, TheService, needs
from winnow.shells.http.described import problems
from winnow.shells.http.problem import INVALID_INPUT
from winnow.shells.http.reconciliation_types import ReconciliationIn, ReconciliationOut, reconciliation_out

_MOST_BYTES = 20_000_000


@post(
    "/v1/reconciliations",
    opt=needs(Scope.PERMITS_READ, most_bytes=_MOST_BYTES),
    status_code=200,
    sync_to_thread=True,
    summary="Find contacts without a permit",
    tags=["permits"],
    responses=problems(INVALID_INPUT),
)
def reconcile(service: TheService, key: TheKey, data: JSONBody[ReconciliationIn]) -> ReconciliationOut:
    """An export of activities against the permits, the mail that left, and what people had said by then.

    Nothing of it is kept. Rows that cannot be read are told, and not taken for covered.
    """
    report = make_reconcile(service).reconcile(data.activities(), data.channel, data.by or "", sight_of(key))
    if not report.contacts and not report.unread:
        raise InvalidInputError("there is no activity in it", where="csv", fix="export it again")
    return reconciliation_out(report)


def sight_of(key: Caller) -> Sight:
    """What whoever asks may see of people: addresses are lead data, and what somebody said is consent."""
    return Sight(Scope.DECISIONS_READ in key.scopes, Scope.CONSENT_READ in key.scopes)


ROUTES = [reconcile]
