"""What the law changes until a day, and whom that touches: AI systems, leads and contacts of late."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get

from winnow.core.apikeys import Scope
from winnow.core.govern.affected import Effect
from winnow.core.govern.packs import LawPack, LawRule
from winnow.errors import InvalidInputError
from winnow.services.policy import Impact, LeadTouched, SendTouched
from winnow.shells.http.access import TheDesks, page
from winnow.shells.web import governing
from winnow.shells.web.navigation import N_
from winnow.shells.web.posted import Form
from winnow.shells.web.view import TheView, View

Asked = Request[Any, Any, Any]

_WRONG = 422
_ROWS = 50
_MOST_DIGITS = 9
_LEADS = {
    Effect.CLOSED: N_("may be contacted today and not then"),
    Effect.OPENED: N_("may not be contacted today, and then may"),
    Effect.OTHERWISE: N_("the same answer, on other grounds or terms"),
}
_SENDS = {Effect.CLOSED: N_("permitted, would be refused"), Effect.OPENED: N_("refused, would be permitted")}

#: A card: its name, how many were looked at, whether there are more, numbers, where they are listed, for whom, words.
_Card = tuple[str, int, bool, Callable[[Effect], int], str, str, tuple[str, Mapping[Effect, str]]]


@get("/policy/changes", opt=page(Scope.POLICY_READ), sync_to_thread=True, include_in_schema=False)
def changes(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """What the law changes until a day, and whom that touches."""
    form = Form({name: [value] for name, value in request.query_params.items()})
    found, failure = None, None
    try:
        on = day_in(form)
        found = None if on is None else desks.policy.changes(on)
    except InvalidInputError as error:
        failure = error
    today = desks.policy.today()
    return view.page(
        "policy/changes.html",
        status=_WRONG if failure else 200,
        form=form,
        found=found,
        failure=failure,
        today=today,
        coming=_coming(desks.policy.in_force().packs, today),
        words_of=governing,
        reached=_reached,
    )


@get("/policy/changes/leads", opt=page(Scope.DECISIONS_READ), sync_to_thread=True, include_in_schema=False)
def changes_leads(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """The leads that a change touches."""
    found, first = _impact(request, desks), _first(request)
    touched = found.touched
    read, more = (touched.leads_read, touched.leads_more) if touched else (0, False)
    asked = {"title": N_("Leads that are touched"), "texts": _LEADS, "read": read, "more": more}
    return _listed(view, request, found, touched.leads if touched else (), first, **asked)


@get("/policy/changes/sends", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def changes_sends(request: Asked, view: TheView, desks: TheDesks) -> Response[bytes]:
    """The permits that would be refused, and the refusals that would be permits."""
    found, first = _impact(request, desks), _first(request)
    touched = found.touched
    read, more = (touched.sends_read, touched.sends_more) if touched else (0, False)
    asked = {"title": N_("Contacts that come out otherwise"), "texts": _SENDS, "read": read, "more": more}
    return _listed(view, request, found, touched.sends if touched else (), first, **asked)


def _listed(  # one for each thing on the page
    view: View,
    request: Asked,
    found: Impact,
    items: Sequence[LeadTouched] | Sequence[SendTouched],
    first: int,
    **more: Any,  # noqa: ANN401  # what the page shows
) -> Response[bytes]:
    return view.page(
        "policy/touched.html",
        on=found.changes.on,
        needs=found.changes.needs,
        items=items[first : first + _ROWS],
        next=first + _ROWS if len(items) > first + _ROWS else None,
        here=request.url.path,
        words_of=governing,
        **more,
    )


def _impact(request: Asked, desks: TheDesks) -> Impact:
    on = day_in(Form({name: [value] for name, value in request.query_params.items()}))
    if on is None:
        raise InvalidInputError("until which day is not said", where="on", fix="add it to the address: ?on=2027-01-31")
    return desks.policy.changes(on)


def _first(request: Asked) -> int:
    text = request.query_params.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def _reached(found: Impact) -> list[_Card]:
    touched = found.touched
    if touched is None:
        return []
    leads, sends = (N_("Leads"), _LEADS), (N_("Contacts that the gate answered"), _SENDS)
    seen, at = Scope.DECISIONS_READ.value, "/policy/changes"
    return [
        ("leads", touched.leads_read, touched.leads_more, touched.leads_that, f"{at}/leads", seen, leads),
        (
            *("sends", touched.sends_read, touched.sends_more, touched.sends_that),
            *(f"{at}/sends", Scope.PERMITS_READ.value, sends),
        ),
    ]


def _coming(used: Sequence[LawPack], today: date) -> list[tuple[date, list[tuple[str, LawRule]]]]:
    """The days to come on which a rule in use begins or ends, with these rules."""
    days: dict[date, list[tuple[str, LawRule]]] = {}
    for name, rule in ((each.id, rule) for each in used for rule in each.rules):
        for day in (rule.effective, rule.until):
            if day is not None and day > today:
                days.setdefault(day, []).append((name, rule))
    return sorted(days.items())


def day_in(form: Form) -> date | None:
    """The day of the field `on`; None where it is empty."""
    text = form.text("on", most=40)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(f"`{text}` is no day", where="on", fix="write it like 2027-01-31") from None


PAGES: list[Any] = [changes, changes_leads, changes_sends]
