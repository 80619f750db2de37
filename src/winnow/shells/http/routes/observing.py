"""For whoever runs the service: is it ready, and how is it doing?"""

from ipaddress import ip_address
from time import monotonic
from typing import Annotated, Any

from litestar import Request, Response, get
from msgspec import Meta, Struct

from winnow.core.apikeys import Scope
from winnow.shells.http.access import TheState, public
from winnow.shells.http.asgi import client_of
from winnow.shells.http.described import answer, problems
from winnow.shells.http.metrics import CONTENT_TYPE, metrics
from winnow.shells.http.problem import NOT_ALLOWED, UNAUTHENTICATED, UNAVAILABLE
from winnow.shells.http.readiness import readiness

_OK, _UNAVAILABLE = 200, 503
#: With one of these a proxy passes a request on, so the address it comes from is not the asker's.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Ready(Struct):
    """Whether leads may be sent here."""

    status: Annotated[
        str,
        Meta(
            description="`ready`, `degraded` (leads are taken, look at the parts) or `not ready`.", examples=["ready"]
        ),
    ]
    parts: Annotated[
        dict[str, str],
        Meta(
            description="Recorder, database, spool, log and jobs: `ok`, or what is the matter.",
            examples=[{"database": "ok"}],
        ),
    ]


@get(
    "/readyz",
    opt=public(),
    sync_to_thread=False,
    summary="May leads be sent here?",
    tags=["service"],
    responses={503: answer(Ready, "Leads are refused just now.", {"status": "not ready", "parts": {"spool": "full"}})},
)
def ready(state_of: TheState) -> Response[Ready]:
    """200 also while the database is away, because leads are then kept on disk and decided later."""
    found = readiness(state_of)
    return Response(Ready(found.status, found.parts), status_code=_OK if found.ready else _UNAVAILABLE)


@get(
    "/metrics",
    opt=public(),
    sync_to_thread=True,
    media_type=CONTENT_TYPE,
    summary="Numbers for Prometheus",
    tags=["service"],
    responses=problems(UNAUTHENTICATED, NOT_ALLOWED, UNAVAILABLE),
)
def numbers(request: Request[Any, Any, Any], state_of: TheState) -> Response[bytes]:
    """Prometheus text format. Without a key from this very machine; from elsewhere with the scope `log:read`."""
    if not _from_here(request):
        authorization = request.headers.get("authorization")
        given = authorization.encode("latin-1") if authorization is not None else None
        state_of.door.admit(given, Scope.LOG_READ, client_of(request.scope), monotonic())  # type: ignore[arg-type]  # Litestar's own name for the same
    return Response(metrics(state_of), media_type=CONTENT_TYPE)


def _from_here(request: Request[Any, Any, Any]) -> bool:
    """Whether somebody on this machine asks, and not a proxy on it for somebody elsewhere."""
    try:
        local = ip_address(client_of(request.scope)).is_loopback  # type: ignore[arg-type]  # Litestar's own name for the same
    except ValueError:
        return False
    return local and not any(name in request.headers for name in _FORWARDED)


ROUTES = [ready, numbers]
