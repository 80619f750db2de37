"""The one click that ends what is sent to somebody, from a mail program or from a page."""

from typing import Annotated
from urllib.parse import quote

from litestar import Response, get, post
from litestar.openapi.spec import Example
from litestar.params import PathParameter

from winnow.shells.http.access import TheDesks, public
from winnow.shells.http.described import problems
from winnow.shells.http.problem import NOT_FOUND

_TEXT = "text/plain"
_GONE = "You will get no more of this.\n"
_EXAMPLE = "WyJ1Iiw0Nyxd.8c1f0d8c5b3e4a6f9d2b7e1a0c4f6e8d9b5a3c7e"

Token = Annotated[str, PathParameter(description="What a mail holds.", examples=[Example(value=_EXAMPLE)])]


@get(
    "/u/{token:str}",
    opt=public(),
    status_code=303,
    sync_to_thread=False,
    media_type=_TEXT,
    summary="Where to unsubscribe",
    tags=["consent"],
    response_description="The page with the button is in `Location`.",
)
def where(token: Token) -> Response[str]:
    """Changes nothing: mail programs follow links by themselves. Leads to a page with the one button."""
    return Response(
        "", status_code=303, media_type=_TEXT, headers={"location": f"/unsubscribe/{quote(token, safe='')}"}
    )


@post(
    "/u/{token:str}",
    opt=public(),
    status_code=200,
    sync_to_thread=True,
    media_type=_TEXT,
    summary="Unsubscribe with one click",
    tags=["consent"],
    responses=problems(NOT_FOUND),
)
def unsubscribe(desks: TheDesks, token: Token) -> Response[str]:
    """Where "unsubscribe" in a mail program leads (RFC 8058): no sign-in, no question, the same answer every time."""
    desks.consent.links.unsubscribe(token)
    return Response(_GONE, media_type=_TEXT, headers={"cache-control": "no-store"})


ROUTES = [where, unsubscribe]
