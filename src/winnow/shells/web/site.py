"""All pages, as the HTTP application takes them in."""

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import Request, Router
from litestar.di import Provide

from winnow.errors import InvalidInputError
from winnow.shells.http.site import Site
from winnow.shells.http.state import State
from winnow.shells.web.failing import failure
from winnow.shells.web.pages import PAGES
from winnow.shells.web.posted import posted
from winnow.shells.web.strip import StripReader
from winnow.shells.web.view import Shared, View


def site(state: State) -> Site:
    """The pages of a running service; raises InvalidInputError for settings that cannot be."""
    config = state.service.config
    shared = Shared(state, StripReader(state), _zone(config.text("pages.zone")), config.text("pages.language"))

    def view(request: Request[Any, Any, Any]) -> View:
        return View(shared, request)

    dependencies = {"view": Provide(view, sync_to_thread=False), "form": Provide(posted)}
    return Site([Router("/", route_handlers=PAGES)], dependencies, partial(failure, shared))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        fix = "use a name such as Europe/Berlin"
        raise InvalidInputError(f"`{name}` is no time zone", where="pages.zone", fix=fix) from None
