"""Styles and scripts of the pages."""

from litestar import Request, Response, get
from litestar.datastructures import State as LitestarState

from winnow.core.people.accounts import SignedIn
from winnow.errors import NotFoundError
from winnow.shells.http.access import public
from winnow.shells.web.assets import PREFIX, by_address

_FOR_EVER = "public, max-age=31536000, immutable"


@get(f"{PREFIX}{{name:path}}", opt=public(), sync_to_thread=False, include_in_schema=False)
def static(request: Request[SignedIn, None, LitestarState]) -> Response[bytes]:
    """A file of the package; it never changes at its address."""
    asset = by_address().get(request.url.path)
    if asset is None:
        raise NotFoundError("there is no such file", fix="reload the page")
    headers = {"cache-control": _FOR_EVER, "x-content-type-options": "nosniff", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "content-encoding": "gzip"}, media_type=asset.kind)
    return Response(asset.content, headers=headers, media_type=asset.kind)


PAGES = [static]
