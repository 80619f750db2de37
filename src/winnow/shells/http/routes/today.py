"""What the last days came to, for whoever begins theirs."""

from typing import Annotated

from litestar import get
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from winnow.core.apikeys import Scope
from winnow.shells.http.access import TheDesks, needs
from winnow.shells.http.described import problems
from winnow.shells.http.problem import INVALID_INPUT
from winnow.shells.http.today_answer import today_out
from winnow.shells.http.today_types import TodayOut

Days = Annotated[int, QueryParameter(description="How many days: 7, 30 or 90.", examples=[Example(value=7)])]


@get(
    "/v1/today",
    opt=needs(Scope.TODAY_READ),
    sync_to_thread=True,
    summary="What the last days came to",
    tags=["today"],
    responses=problems(INVALID_INPUT),
)
def today(desks: TheDesks, days: Days = 7) -> TodayOut:
    """In numbers, each with where the leads behind it are, and beside those of as many days before.

    Numbers only: nothing about a person, neither leads nor reviewers. Days are UTC, and today is one of them.
    """
    return today_out(desks.today.today(days))


ROUTES = [today]
