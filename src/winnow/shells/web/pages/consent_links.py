"""What people see who follow a link in a mail: to unsubscribe, or to confirm; looking at it changes nothing."""

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.errors import NotFoundError
from winnow.shells.http.access import TheDesks, public_page
from winnow.shells.web.view import TheView, View

_GONE = 404


@get("/unsubscribe/{token:str}", opt=public_page(), sync_to_thread=True, include_in_schema=False)
def leaving_page(view: TheView, desks: TheDesks, token: FromPath[str]) -> Response[bytes]:
    """Asks once more, since mail programs follow links by themselves."""
    try:
        desks.consent.links.leaving(token)
    except NotFoundError:
        return _nowhere(view)
    return view.page("entry/unsubscribe.html", token=token, done=False)


@post(
    "/unsubscribe/{token:str}",
    opt=public_page(own_pages=True),
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def leave(view: TheView, desks: TheDesks, token: FromPath[str]) -> Response[bytes]:
    """The one click of a person; mail programs have theirs at /u."""
    try:
        desks.consent.links.unsubscribe(token)
    except NotFoundError:
        return _nowhere(view)
    return view.page("entry/unsubscribe.html", token=token, done=True)


@get("/c/{token:str}", opt=public_page(), sync_to_thread=True, include_in_schema=False)
def joining_page(view: TheView, desks: TheDesks, token: FromPath[str]) -> Response[bytes]:
    """The words that are to be confirmed."""
    links = desks.consent.links
    try:
        wording = links.wording(links.joining(token))
    except NotFoundError:
        return _nowhere(view)
    return view.page("entry/agree.html", token=token, wording=wording, done=False)


@post("/c/{token:str}", opt=public_page(own_pages=True), status_code=200, sync_to_thread=True, include_in_schema=False)
def join(view: TheView, desks: TheDesks, token: FromPath[str]) -> Response[bytes]:
    """The click that counts as consent; done twice it is done once."""
    try:
        desks.consent.links.confirm(token)
    except NotFoundError:
        return _nowhere(view)
    return view.page("entry/agree.html", token=token, wording=None, done=True)


def _nowhere(view: View) -> Response[bytes]:
    """In the language of whoever followed the link: they need not know what Winnow is."""
    return view.page("entry/nowhere.html", status=_GONE)


PAGES = [leaving_page, leave, joining_page, join]
