"""How the installation is: its parts, what waits, the last backup, versions, and how it is set."""

import re
from collections.abc import Mapping
from typing import Any, Final

from litestar import Response, get

from winnow.bootstrap.health import free_bytes, last_backup, versions
from winnow.config import SETTINGS, Config, Setting
from winnow.core.apikeys import Scope
from winnow.errors import WinnowError
from winnow.shells.http.access import TheService, TheState, page
from winnow.shells.http.readiness import readiness
from winnow.shells.http.state import State
from winnow.shells.web.navigation import N_
from winnow.shells.web.view import TheView

#: Part → what it does. `readiness` says how each is.
PARTS: Final[Mapping[str, str]] = {
    "recorder": N_("Recording decisions"),
    "database": N_("Database"),
    "spool": N_("Leads kept on disk while the database is away"),
    "log": N_("Decision log"),
    "jobs": N_("Work in the background"),
}
_USER_IN_ADDRESS = re.compile(r"//[^/@\s]*@")


@get("/admin/health", opt=page(Scope.PEOPLE_READ), sync_to_thread=True, include_in_schema=False)
def health(view: TheView, state_of: TheState) -> Response[bytes]:
    """What can be said without a database is said also while it is away."""
    ready = readiness(state_of)
    parts = [(words, ready.parts[part]) for part, words in PARTS.items()]
    return view.page(
        "admin/health.html",
        status_word=ready.status,
        parts=parts,
        failing=state_of.operations.failing_jobs,
        spooled=state_of.operations.spooling.depth,
        free=free_bytes(state_of.service),
        is_demo=state_of.service.demo,
        **_stored(state_of),
    )


@get("/admin/settings", opt=page(Scope.ADMIN), sync_to_thread=True, include_in_schema=False)
def settings(view: TheView, service: TheService) -> Response[bytes]:
    """Every setting and where it comes from, as `winnow config show` tells them; no secret."""
    rows = [(each, _shown(each, service.config), service.config.values[each.name].source) for each in SETTINGS]
    return view.page("admin/settings.html", rows=rows)


def _stored(state: State) -> dict[str, Any]:
    """What only the database knows; nothing while it is away."""
    try:
        service = state.service
        return {
            "away": False,
            "deliveries": service.deliveries.counts(),
            "oldest": service.deliveries.oldest_due(),
            "waiting": state.desks.review.waiting(),
            "backup": last_backup(service),
            "versions": versions(service),
        }
    except WinnowError:
        return {"away": True}


def _shown(setting: Setting, config: Config) -> str:
    value = config.text(setting.name)
    if setting.secret and value:
        return "•••"
    return _USER_IN_ADDRESS.sub("//…@", value)


PAGES = [health, settings]
