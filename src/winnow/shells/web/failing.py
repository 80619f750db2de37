"""Something went wrong, told as a page: what, where, and what to do about it."""

from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from winnow.errors import NotAuthenticatedError, NotConfirmedError
from winnow.shells.http.failures import explained
from winnow.shells.ways import on_pages
from winnow.shells.web.pages.looks import own_path
from winnow.shells.web.view import Asked, Shared, View


def failure(shared: Shared, request: Asked, error: Exception) -> Response[Any]:
    """The answer to a page that could not be made, or to a form that could not be done."""
    view, said = View(shared, request), explained(shared.state, error)
    ask = _ask(error)
    if ask == "sign-in" and request.method == "GET" and not view.partial:
        return view.go(f"/sign-in?next={quote(_own_path(str(request.url)))}")
    problem = {"fix": None, "where": None, **msgspec.json.decode(said.body)}
    if isinstance(error, HTTPException):  # of the framework: what to do is meant for programs
        problem["fix"] = None
    problem["fix"] = problem["fix"] and on_pages(problem["fix"])
    headers = {"x-ask": ask} if ask else {}
    for name, value in said.headers:
        if name == b"retry-after":
            headers["retry-after"] = value.decode("ascii")
    if view.partial:
        headers |= {"hx-retarget": "#notices", "hx-reswap": "beforeend", "hx-reselect": ".notice"}
        return view.page("parts/notice.html", status=said.status, headers=headers, problem=problem)
    there = own_path(_own_path(request.headers.get("referer", "")))
    return view.page("failure.html", status=said.status, headers=headers, problem=problem, ask=ask, there=there)


def _ask(error: Exception) -> str | None:
    """What the person has to do before it can be tried again; the scripts know these words."""
    if isinstance(error, NotAuthenticatedError):
        return "sign-in"
    return "confirm" if isinstance(error, NotConfirmedError) else None


def _own_path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
