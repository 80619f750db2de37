"""Is anything wrong? One page that says so in plain sentences, each with where to go."""

from typing import Any

from litestar import Response, get

from winnow.core.apikeys import Scope
from winnow.shells.http.access import TheDesks, TheService, page
from winnow.shells.web.governance_points import Points, Weight, unseen
from winnow.shells.web.view import TheView


@get("/governance", opt=page(Scope.STOP_READ), sync_to_thread=True, include_in_schema=False)
def governance(view: TheView, desks: TheDesks, service: TheService) -> Response[bytes]:
    """What has to be done now, what should be looked at, and what is as it should be."""
    points = Points(view, service, desks, view.strip, service.clock.now()).all()
    return view.page(
        "governance/page.html",
        now_points=[each for each in points if each.weight is Weight.NOW],
        look_points=[each for each in points if each.weight is Weight.LOOK],
        fine_points=[each for each in points if each.weight is Weight.FINE],
        unseen=unseen(view),
    )


PAGES: list[Any] = [governance]
