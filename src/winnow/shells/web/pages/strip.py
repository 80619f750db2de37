"""The state of the service by itself, for pages that stay open: what somebody stops is seen everywhere soon."""

from typing import Any

from litestar import Response, get

from winnow.shells.http.access import page_unasked
from winnow.shells.web.view import Asked, TheView

_UNCHANGED = 204


@get("/strip", opt=page_unasked(), sync_to_thread=True, include_in_schema=False)
def strip(request: Asked, view: TheView) -> Response[bytes]:
    """The strip; nothing to whoever has `known` the same."""
    if request.query_params.get("known") == view.strip_version:
        return Response(b"", status_code=_UNCHANGED, headers={"cache-control": "no-store"})
    return view.page("parts/strip.html")


PAGES: list[Any] = [strip]
