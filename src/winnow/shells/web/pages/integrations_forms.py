"""Public forms: which sources may send, what to paste into a page, and a test lead where that does no harm."""

from typing import Final

from litestar import Response, get, post

from winnow.core.apikeys import Scope
from winnow.core.lead import Lead
from winnow.errors import ConflictError, InvalidInputError
from winnow.ports import Arrival
from winnow.shells.http.access import TheService, TheState, page
from winnow.shells.web.navigation import N_
from winnow.shells.web.view import TheForm, TheView

_ANY, _EXAMPLE = "*", "website"
#: Test addresses that always have the same outcome in sandbox mode, and which.
TESTS: Final = {
    "genuine": N_("a lead that is accepted"),
    "review": N_("a lead for the queue"),
    "junk": N_("a lead that is junk"),
}


@get("/integrations/forms", opt=page(Scope.KEYS_READ), sync_to_thread=True, include_in_schema=False)
def forms(view: TheView, service: TheService) -> Response[bytes]:
    """What may be pasted where."""
    config = service.config
    sources = config.texts("serve.forms")
    named = [each for each in sources if each != _ANY]
    return view.page(
        "integrations/forms.html",
        sources=named,
        any_source=_ANY in sources,
        example=named[0] if named else _EXAMPLE,
        origins=config.texts("serve.form_origins"),
        thanks=config.text("serve.form_thanks"),
        tests=TESTS if config.flag("serve.sandbox") else {},
    )


@post("/integrations/forms/test", opt=page(Scope.KEYS_WRITE), status_code=303, include_in_schema=False)
async def test(state_of: TheState, view: TheView, form: TheForm) -> Response[bytes]:
    """Send a test lead; where leads are real there is none."""
    if not state_of.service.config.flag("serve.sandbox"):
        raise ConflictError("test leads are for the sandbox and the demo", fix="set serve.sandbox, or use the demo")
    which = form.text("which")
    if which not in TESTS:
        raise InvalidInputError("there is no such test lead", where="which", fix="choose one of those shown")
    now = state_of.clock.now()
    lead = Lead(
        state_of.new_id("ld", now),
        source=_EXAMPLE,
        received_at=now,
        occurred_at=now,
        channel="form",
        full_name="Test Lead",
        emails=(f"{which}@winnow.example",),
        message="A test lead, sent from the page Integrations.",
    )
    await state_of.groups.submit(Arrival([state_of.masked(lead)], [False]))
    return view.go("/integrations/forms", f"test-{which}")


PAGES = [forms, test]
