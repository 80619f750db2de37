"""What somebody may choose to stop: everything, or one of the things that there are."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from winnow.bootstrap.desks import Desks
from winnow.core.govern.stop import StopScope
from winnow.core.govern.systems import Status
from winnow.core.govern.terms import OWN_SYSTEM, Action
from winnow.errors import WinnowError
from winnow.shells.web.navigation import N_
from winnow.shells.web.trouble_words import ACTIONS
from winnow.shells.web.wording import Words

#: What the form stops if nothing else is chosen.
EVERYTHING: Final = StopScope.ALL.value
#: Days back from which sources are known, and how many of these are listed: those with most leads.
_DAYS, _MOST_SOURCES = 30, 200

#: Value of an option and its text.
Option = tuple[str, str]
_GROUPS: Final = (
    (StopScope.SOURCE, N_("Leads of one source")),
    (StopScope.ACTION, N_("One action, whoever does it")),
    (StopScope.SYSTEM, N_("One AI system")),
    (StopScope.SCORECARD, N_("The scorecard")),
    (StopScope.RULE, N_("One rule")),
)


def choices(desks: Desks, words: Words) -> Sequence[tuple[str, Sequence[Option]]]:
    """Groups of options, each with its name; what cannot be read just now is left out: everything can be stopped."""
    found: dict[StopScope, Callable[[], Iterator[Option]]] = {
        StopScope.SOURCE: lambda: _sources(desks),
        StopScope.ACTION: lambda: ((action, words.gettext(ACTIONS[action])) for action in Action),
        StopScope.SYSTEM: lambda: _systems(desks, words),
        StopScope.SCORECARD: lambda: _scorecard(desks, words),
        StopScope.RULE: lambda: _rules(desks),
    }
    groups = [(words.gettext(title), _read(scope, found[scope])) for scope, title in _GROUPS]
    return [(title, options) for title, options in groups if options]


def _read(scope: StopScope, options: Callable[[], Iterator[Option]]) -> Sequence[Option]:
    try:
        return [(f"{scope}:{target}", text) for target, text in options()]
    except WinnowError:
        return ()


def _sources(desks: Desks) -> Iterator[Option]:
    names = [name for name in desks.today.today(_DAYS).sources if name]
    return ((name, name) for name in names[:_MOST_SOURCES])


def _systems(desks: Desks, words: Words) -> Iterator[Option]:
    for each in desks.systems.all():
        system = each.system
        if system.status is not Status.RETIRED:
            yield system.id, words.gettext(system.name) if system.id == OWN_SYSTEM else system.name


def _scorecard(desks: Desks, words: Words) -> Iterator[Option]:
    digest = desks.rulesets.live().bound.scorecard_hash
    yield digest, words.gettext("the one in use, %(hash)s") % {"hash": digest[:12]}


def _rules(desks: Desks) -> Iterator[Option]:
    return ((rule.id, rule.id) for rule in desks.rulesets.live().bound.rules)
