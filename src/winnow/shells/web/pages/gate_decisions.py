"""What AI systems concluded about people, and why: as it was recorded."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from winnow.core.apikeys import Scope
from winnow.errors import NotFoundError
from winnow.shells.http.access import ThePerson, TheState, also_needs, page
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.pages.gate import number_in
from winnow.shells.web.view import TheView

Asked = Request[Any, Any, Any]

_ROWS = 50
_MOST_LETTERS = 100


@get("/gate/ai-decisions", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def decisions(request: Asked, view: TheView, state_of: TheState, signed_in: ThePerson) -> Response[bytes]:
    """The newest first; what was concluded is for those who may see leads."""
    asked, desks = request.query_params, state_of.desks
    system = asked.get("system", "").strip()[:_MOST_LETTERS]
    found = desks.gate.ai_decisions.page(number_in(asked.get("before", "")), _ROWS + 1, system or None)
    return view.page(
        "gate/decisions.html",
        found=found[:_ROWS],
        older=found[_ROWS - 1].number if len(found) > _ROWS else None,
        system=system,
        systems={each.system.id: each.system.name for each in desks.systems.all()},
        actor_name=actors_in(state_of.service, desks, signed_in.id, view.words.gettext("you")),
    )


@get("/gate/ai-decisions/{number:str}", opt=page(Scope.PERMITS_READ), sync_to_thread=True, include_in_schema=False)
def decision(view: TheView, state_of: TheState, signed_in: ThePerson, number: FromPath[str]) -> Response[bytes]:
    """One conclusion with its reasons and the data it used."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    which = number_in(number)
    if which is None:
        raise NotFoundError("there is no such AI decision", fix="take it from the list")
    desks = state_of.desks
    kept, at = desks.gate.ai_decisions.one(which)
    return view.page(
        "gate/decision.html",
        number=which,
        kept=kept,
        at=at,
        systems={each.system.id: each.system.name for each in desks.systems.all()},
        actor_name=actors_in(state_of.service, desks, signed_in.id, view.words.gettext("you")),
    )


PAGES: list[Any] = [decisions, decision]
