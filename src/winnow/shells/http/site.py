"""What pages for people add to the application, which itself knows nothing of pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide

from winnow.shells.http.state import State


@dataclass(frozen=True, slots=True)
class Site:
    """Pages.

    routes: their handlers · dependencies: what these may ask for by name · failure: an error as a page
    """

    routes: Sequence[Router]
    dependencies: Mapping[str, Provide]
    failure: Callable[[Request[Any, Any, Any], Exception], Response[Any]]


#: Makes the pages of a running service; raises WinnowError for settings that cannot be.
MakeSite = Callable[[State], Site]
