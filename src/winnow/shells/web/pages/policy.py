"""The policy in force: what is off limits, what is not concluded, what a contact needs, what the law says of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.core.govern.limits import CATEGORIES, SHIPPED_PACKS
from winnow.core.govern.requirement import place_of
from winnow.core.govern.terms import Channel
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.ports.off_limits import Dropped
from winnow.shells.http.access import TheDesks, TheService, page
from winnow.shells.web import entries, governing
from winnow.shells.web.pages.policy_changes import day_in
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheView

Asked = Request[Any, Any, Any]

_WRONG = 422
#: Days over which it is counted what was dropped, and how many lines of it are shown.
_SPANS, _USUAL = (7, 30, 90, 365), 30
_LINES = 300


@get("/policy", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def policy(view: TheView, desks: TheDesks, service: TheService) -> Response[bytes]:
    """All that binds everybody just now."""
    found = desks.policy.in_force()
    counted = Counter[str]()
    for each in service.off_limits.since(_USUAL):
        counted[each.of.what] += each.number
    return view.page(
        "policy/page.html",
        found=found,
        policy=found.policy,
        limits=found.policy.limits,
        counted=counted,
        days=_USUAL,
        examples=desks.policy.examples(),
        categories=CATEGORIES,
        today=desks.policy.today(),
        words_of=governing,
        scopes=entries.SCOPES,
    )


@get("/policy/dropped", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def dropped(request: Asked, view: TheView, service: TheService) -> Response[bytes]:
    """How often what was dropped, day by day; values are nowhere."""
    asked = request.query_params.get("days", "")
    days = next((each for each in _SPANS if str(each) == asked), _USUAL)
    counted = _by_day(service.off_limits.since(days))
    return view.page(
        "policy/dropped.html",
        lines=counted[:_LINES],
        more=max(0, len(counted) - _LINES),
        days=days,
        spans=_SPANS,
        categories=CATEGORIES,
    )


@get("/policy/needed", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def needed(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """What a contact needs: a question, and the answer with the articles that say so."""
    form = Form({name: [value] for name, value in request.query_params.items()})
    found, failure = None, None
    if form.typed.get("channel"):
        try:
            place, channel, on = _place(form), _channel(form), day_in(form) or desks.policy.today()
            found = desks.policy.needed(place, channel, form.text("purpose", most=100) or None, on)
        except WinnowError as error:
            failure = error
    return view.page(
        "policy/needed.html",
        status=_WRONG if failure else 200,
        form=form,
        found=found,
        failure=failure,
        today=desks.policy.today(),
        purposes=desks.policy.in_force().policy.limits.purposes,
        words_of=governing,
    )


@get("/policy/packs", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def packs(view: TheView, desks: TheDesks) -> Response[bytes]:
    """The law packs there are, and which are in use."""
    return view.page(
        "policy/packs.html",
        packs=desks.policy.known,
        used=desks.policy.in_force().policy.limits.packs,
        today=desks.policy.today(),
        shipped=SHIPPED_PACKS,
    )


@get("/policy/packs/{pack_id:str}", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def pack(view: TheView, desks: TheDesks, pack_id: FromPath[str]) -> Response[bytes]:
    """One pack: its rules with their articles, days and sources."""
    found = next((each for each in desks.policy.known if each.id == pack_id), None)
    if found is None:
        raise NotFoundError("there is no such law pack", fix="see those there are under Policy, Law packs")
    return view.page(
        "policy/pack.html",
        pack=found,
        used=found.id in desks.policy.in_force().policy.limits.packs,
        today=desks.policy.today(),
        words_of=governing,
    )


def _by_day(found: Sequence[Dropped]) -> list[tuple[date, str, int]]:
    """What was dropped on each day whatever its source, the newest day first, then the most."""
    counted = Counter[tuple[date, str]]()
    for each in found:
        counted[each.of.day, each.of.what] += each.number
    lines = [(day, what, number) for (day, what), number in counted.items()]
    return sorted(lines, key=lambda line: (-line[0].toordinal(), -line[2], line[1]))


def _place(form: Form) -> str | None:
    text = form.text("place", most=40)
    place = place_of(text)
    if text and place is None:
        what = f"`{text}` is no code of a place"
        raise InvalidInputError(what, where="place", fix="write a country like DE, or a part of one like US-CA")
    return place


def _channel(form: Form) -> Channel:
    text = form.text("channel", most=40)
    if text not in set(Channel):
        raise InvalidInputError(f"`{text}` is no channel", where="channel", fix=f"use one of {', '.join(Channel)}")
    return Channel(text)


PAGES: list[Any] = [policy, dropped, needed, packs, pack]
