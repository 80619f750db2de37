"""A ruleset before it decides: in shadow beside the live one, its report, and the card of its scorecard."""

from litestar import Response, get, post
from litestar.params import FromPath

from winnow.bootstrap.model_cards import card_of
from winnow.core.apikeys import Scope
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import InvalidInputError, NotFoundError
from winnow.shells.cards import card_html
from winnow.shells.http.access import TheDesks, ThePerson, TheService, page
from winnow.shells.web.cards import policy_of
from winnow.shells.web.view import TheForm, TheView

_PERCENT = 100


@post(
    "/rulesets/{digest:str}/shadow",
    opt=page(Scope.RULESETS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def start(
    view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, digest: FromPath[str]
) -> Response[bytes]:
    """It decides live leads beside the live one, and nothing comes of it."""
    share = form.number("share")
    if share is None:
        raise InvalidInputError("no share is given", where="share", fix="give 1 to 100")
    shadow = desks.shadows.start(digest, share / _PERCENT, signed_in.id)
    return view.go(f"/rulesets/{shadow.ruleset}", "shadow-on")


@post(
    "/rulesets/{digest:str}/shadow/stop",
    opt=page(Scope.RULESETS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def stop(view: TheView, desks: TheDesks, signed_in: ThePerson, digest: FromPath[str]) -> Response[bytes]:
    """Out of shadow; the report stays."""
    known = desks.rulesets.known(digest)
    desks.shadows.stop(known.hash, signed_in.id)
    return view.go(f"/rulesets/{known.hash}", "shadow-off")


@post(
    "/rulesets/{digest:str}/shadow/read",
    opt=page(Scope.RULESETS_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def read(view: TheView, form: TheForm, desks: TheDesks, signed_in: ThePerson, digest: FromPath[str]) -> Response[bytes]:
    """Note that the report was read, as it was when the page was shown; a step up the ladder takes that."""
    known = desks.rulesets.known(digest)
    desks.shadows.read(known.hash, form.number("leads") or 0, signed_in.id)
    return view.go(f"/rulesets/{known.hash}", "report-read")


@get("/rulesets/{digest:str}/card", opt=page(Scope.RULESETS_READ), sync_to_thread=True, include_in_schema=False)
def card(view: TheView, desks: TheDesks, service: TheService, digest: FromPath[str]) -> Response[bytes]:
    """The model card of its scorecard, as the page it is everywhere; one there is not says where it would be found."""
    known = desks.rulesets.known(digest)
    ruleset = ruleset_from(desks.rulesets.document(known.hash))
    found = card_of(service.folder, ruleset.scorecard_hash)
    if found is None:
        return view.page("rulesets/no_card.html", status=404, known=known, ruleset=ruleset)
    try:
        text = card_html(found)
    except Exception:  # noqa: BLE001  # a template's error, whatever a file that only looks like a card makes of it
        what = "the card of this scorecard cannot be read"
        raise NotFoundError(what, fix="put the folder of its model into the data folder again") from None
    return view.foreign(text, policy_of(text))


PAGES = [start, stop, read, card]
