"""How pages look to whoever looks: theme, language, single keys."""

from dataclasses import replace

from litestar import Response, post

from winnow.shells.http.access import public_page
from winnow.shells.web.preferences import THEMES
from winnow.shells.web.view import TheForm, TheView
from winnow.shells.web.wording import LANGUAGES


@post("/looks", opt=public_page(own_pages=True), status_code=303, sync_to_thread=False, include_in_schema=False)
def choose(view: TheView, form: TheForm) -> Response[bytes]:
    """Remember in the browser what was chosen, and go back."""
    looks = view.looks
    if form.text("theme") in THEMES:
        looks = replace(looks, theme=form.text("theme"))
    if form.flag("language"):
        looks = replace(looks, language=form.text("language") if form.text("language") in LANGUAGES else "")
    if form.flag("keys"):
        looks = replace(looks, keys=form.text("keys") == "on")
    if form.flag("blind"):
        looks = replace(looks, blind=form.text("blind") == "on")
    return view.go(own_path(form.text("next")), headers={"set-cookie": looks.cookie})


def own_path(path: str) -> str:
    """A path of this service; the start page for anything that could lead elsewhere."""
    tame = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if tame else "/"


PAGES = [choose]
