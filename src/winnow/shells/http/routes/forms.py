"""Public forms: where pages send what visitors filled in, and the script that notes how they did."""

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from litestar import Response, get, route
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import Example
from litestar.params import Body, PathParameter

from winnow.shells.http.access import PUBLIC, described, public
from winnow.shells.http.described import problems
from winnow.shells.http.forms_route import FormsRoute
from winnow.shells.http.problem import NOT_FOUND, TOO_LARGE

_SCRIPT = "text/javascript"
_TEXT = "text/plain"
_HEADERS = {"cache-control": "public, max-age=3600", "cross-origin-resource-policy": "cross-origin"}

Source = Annotated[
    str,
    PathParameter(description="What the leads of the form name as their source.", examples=[Example(value="website")]),
]
Fields = Annotated[
    dict[str, str],
    Body(
        media_type=RequestEncodingType.URL_ENCODED,
        description="What was filled in; see docs/forms.md. Also as multipart/form-data, text/plain or JSON.",
        examples=[Example(value={"name": "Ana Kovač", "email": "ana@bluebird.example"})],
    ),
]


@get("/f/winnow-form.js", opt=public(), sync_to_thread=False, media_type=_SCRIPT, summary="The script", tags=["forms"])
def script() -> Response[bytes]:
    """Two kilobytes that note how a form is filled in; no cookie, no request, no recognising of anybody."""
    return Response(_script(), media_type=_SCRIPT, headers=_HEADERS)


@lru_cache(maxsize=1)
def _script() -> bytes:
    return (files("winnow.shells.http") / "static" / "winnow-form.js").read_bytes()


@route(
    "/f/{source:str}",
    http_method=["POST", "OPTIONS"],  # OPTIONS is what browsers ask before a script may post
    opt=described(PUBLIC, FormsRoute),
    status_code=202,
    media_type=_TEXT,
    summary="Send a form",
    tags=["forms"],
    response_description="Received; always the same. 303 where a page of thanks is set.",
    responses=problems(NOT_FOUND, TOO_LARGE),
)
async def send(source: Source, data: Fields) -> str:
    """For HTML forms and beacons, without a key. When the answer comes, the lead is on disk."""
    raise NotImplementedError  # answered by FormsRoute, which is described here


ROUTES = [script, send]
