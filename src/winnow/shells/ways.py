"""Where to look something up, in the words of each shell: errors from below know the way over HTTP alone."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Way(NamedTuple):
    """The same list elsewhere: a command and a page; None where there is none."""

    command: str | None
    page: str | None


#: By the path of the list over HTTP.
WAYS: Mapping[str, Way] = {
    "/v1/ai-systems": Way("winnow system list", "/systems"),
    "/v1/cases": Way("winnow queue list", "/queue"),
    "/v1/deliveries": Way(None, "/integrations"),
    "/v1/incidents": Way("winnow incident list --all", "/incidents?all=on"),
    "/v1/lists": Way("winnow list export", "/lists"),
    "/v1/proposals": Way("winnow proposal list", "/proposals"),
    "/v1/rules/drafts": Way(None, "/rules"),
    "/v1/rulesets": Way(None, "/rulesets"),
    "/v1/stop": Way("winnow stop status", "/stop"),
    "/v1/webhooks": Way(None, "/integrations"),
}

_NAMED = re.compile(r"GET (/v1(?:/[a-z-]+)+)")
_WITH = re.compile(f"with {_NAMED.pattern}")


def at_command_line(text: str) -> str:
    """The text with commands in place of requests, as far as there are any."""
    return _WITH.sub(_as_command, text)


def on_pages(text: str) -> str:
    """The text with pages in place of requests, as far as there are any."""
    return _WITH.sub(_on_page, text)


def _as_command(found: re.Match[str]) -> str:
    command = _way(found).command
    return f"with `{command}`" if command else found[0]


def _way(found: re.Match[str]) -> Way:
    return WAYS.get(found[1], Way(None, None))


def _on_page(found: re.Match[str]) -> str:
    page = _way(found).page
    return f"on the page {page}" if page else found[0]
