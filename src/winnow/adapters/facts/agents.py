"""Tells what kind of program a user agent names.

All patterns are searched in one pass of linear time (RE2), so neither a hostile user agent nor an
unlucky pattern can slow a run down.
"""

from collections.abc import Iterable
from functools import lru_cache

import re2
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from winnow.adapters.facts.sources import packaged, shipped
from winnow.core.ruleset import ReferenceSource

#: The more telling class first: an automated browser also calls itself a browser.
_ORDER = ("headless", "tool", "bot", "browser")

_CLASS_OF_TAG = {"browser-automation": "headless", "http-library": "tool"}

#: An engine after the opening every browser has used for thirty years; a bare `Mozilla/5.0` is made up by hand.
_BROWSER = r"^(Mozilla/[45]\.0 \(|Opera/).*(AppleWebKit|Gecko|Trident|Presto|MSIE|KHTML)"

#: Nothing a program sends about itself needs more; the rest is not looked at.
_LONGEST = 500

#: Distinct user agents remembered.
_REMEMBERED = 10_000


class Agents:
    """Answers about user agents, each worked out once."""

    def __init__(self) -> None:
        own, people = shipped("agents"), shipped("agents_of_people")
        crawlers = [entry for entry in CRAWLER_USER_AGENTS_DATA if entry["pattern"] not in people.lines]
        rows = [(entry["pattern"], _class_of(entry.get("tags", ()))) for entry in crawlers]
        rows += [(pattern, agent_class) for agent_class, _, pattern in (line.partition(" ") for line in own.lines)]
        rows.append((_BROWSER, "browser"))
        self._classes = [_ORDER.index(agent_class) for _, agent_class in rows]
        self._patterns = _searched_together(pattern for pattern, _ in rows)
        newest = max((entry.get("addition_date", "") for entry in crawlers), default="").replace("/", "-")
        self._sources = (packaged("crawler-user-agents", newest), own.source, people.source)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._search)

    def sources(self) -> tuple[ReferenceSource, ...]:
        """The editions of the lists behind the answers."""
        return self._sources

    def classify(self, user_agent: str) -> str | None:
        """One of AGENT_CLASSES; None when the text names no program known."""
        return self._remembered(user_agent[:_LONGEST])

    def _search(self, user_agent: str) -> str | None:
        found = self._patterns.Match(user_agent.encode("utf-8", "replace"))
        return _ORDER[min(self._classes[index] for index in found)] if found else None


def _class_of(tags: Iterable[str]) -> str:
    return min((_CLASS_OF_TAG.get(tag, "bot") for tag in tags), key=_ORDER.index, default="bot")


def _searched_together(patterns: Iterable[str]) -> "re2.Set":
    together = re2.Set.SearchSet()
    for pattern in patterns:
        together.Add(pattern)
    together.Compile()
    return together
