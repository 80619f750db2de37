"""Whatever goes wrong in the framework, told in the same words as everything else that goes wrong."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from winnow.shells.http.access import access_of
from winnow.shells.http.problem import (
    INVALID_INPUT,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    Answer,
    ProblemType,
    problem,
)
from winnow.shells.http.site import Site
from winnow.shells.http.state import State

Asked = Request[Any, Any, Any]

_SERVER_SIDE = 500
_OF_STATUS: Mapping[int, tuple[ProblemType, str, str]] = {
    404: (NOT_FOUND, "there is nothing at this address", "see GET /v1/openapi.json for what there is"),
    405: (METHOD_NOT_ALLOWED, "this address does not know the method", "see Allow"),
    413: (TOO_LARGE, "the body is too large", "send less at a time"),
    415: (UNSUPPORTED_MEDIA_TYPE, "the body is of a kind that is not read here", "send application/json"),
}


def as_answer(state: State, site: Site | None, request: Asked, error: Exception) -> Response[Any]:
    """The exception handler of the application: a page where somebody looks at pages, else problem details."""
    if site is not None and wants_page(request):
        return site.failure(request, error)
    answer = explained(state, error)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
    return Response(answer.body, status_code=answer.status, headers=headers)


def explained(state: State, error: Exception) -> Answer:
    """What there is to say about an error."""
    return _of_framework(error) or state.answer_to(error)


def wants_page(request: Asked) -> bool:
    """Whether it is a page that failed; of an address where nothing is, whether a browser asked for it."""
    scope: Mapping[str, Any] = request.scope
    if "route_handler" in scope:  # not where there is no such address, whatever the type of the scope says
        return access_of(scope["route_handler"]).page
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def _of_framework(error: Exception) -> Answer | None:
    """The answer for an error of Litestar's; None for all others, and for what it blames on the server."""
    if not isinstance(error, HTTPException) or error.status_code >= _SERVER_SIDE:
        return None
    if error.status_code in _OF_STATUS:
        kind, what, fix = _OF_STATUS[error.status_code]
        answer = problem(kind, what, fix=fix)
        allowed = (error.headers or {}).get("allow")
        return answer if allowed is None else answer._replace(headers=(*answer.headers, (b"allow", _listed(allowed))))
    what, where = _said(error)
    return problem(INVALID_INPUT, what, where, "compare it with the description of the API")


def _said(error: HTTPException) -> tuple[str, str | None]:
    """What does not fit, and the name of the parameter; the general words where nothing more exact is known."""
    extra = error.extra
    first = extra[0] if isinstance(extra, list) and extra and isinstance(extra[0], Mapping) else {}
    what = str(first.get("message") or error.detail.partition(" for path ")[0])
    return what[:1].lower() + what[1:], first.get("key")


def _listed(methods: str) -> bytes:
    """The methods in a fixed order."""
    return ", ".join(sorted(part.strip() for part in methods.split(","))).encode("ascii")
