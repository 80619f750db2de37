"""Which pages there are, and who is shown the way to them."""

from collections.abc import Iterator
from dataclasses import dataclass

from winnow.core.apikeys import Scope


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation.

    needs: any one of these scopes opens it; none: everybody who signed in · key: what follows G on the keyboard
    group: pages that stand together: daily work, what governs it, what keeps it running
    """

    path: str
    title: str
    icon: str
    needs: frozenset[Scope] = frozenset()
    key: str = ""
    group: str = "work"


def N_(text: str) -> str:  # noqa: N802  # what extractors of texts look for
    """Mark a text that is translated where it is shown."""
    return text


PLACES = (
    Place("/", N_("Today"), "today", frozenset({Scope.TODAY_READ}), "t"),
    Place("/queue", N_("Review queue"), "queue", frozenset({Scope.CASES_READ}), "q"),
    Place("/leads", N_("Leads"), "leads", frozenset({Scope.DECISIONS_READ}), "e"),
    Place("/lists", N_("Lists"), "lists", frozenset({Scope.LISTS_READ}), "i"),
    Place("/rules", N_("Rules"), "rules", frozenset({Scope.RULES_READ}), "r"),
    Place("/rulesets", N_("Rulesets"), "rulesets", frozenset({Scope.RULESETS_READ}), "s"),
    Place("/proposals", N_("Proposals"), "proposals", frozenset({Scope.RULESETS_READ}), "o", "governance"),
    Place("/governance", N_("Governance"), "shield", frozenset({Scope.STOP_READ}), "g", "governance"),
    Place("/incidents", N_("Incidents"), "flag", frozenset({Scope.INCIDENTS_READ}), "d", "governance"),
    Place("/systems", N_("AI systems"), "systems", frozenset({Scope.SYSTEMS_READ}), "y", "governance"),
    Place("/policy", N_("Policy"), "policy", frozenset({Scope.POLICY_READ}), "p", "governance"),
    Place("/consent", N_("Consent"), "consent", frozenset({Scope.CONSENT_READ}), "c", "governance"),
    Place("/gate", N_("Gate"), "gate", frozenset({Scope.PERMITS_READ}), "m", "governance"),
    Place("/log", N_("Decision log"), "log", frozenset({Scope.LOG_READ}), "l", "governance"),
    Place(
        "/integrations", N_("Integrations"), "plug", frozenset({Scope.KEYS_READ, Scope.WEBHOOKS_READ}), "n", "running"
    ),
    Place("/admin", N_("Admin"), "admin", frozenset({Scope.PEOPLE_READ}), "a", "running"),
)


def places_for(scopes: frozenset[Scope]) -> Iterator[Place]:
    """The pages somebody may open."""
    return (place for place in PLACES if not place.needs or place.needs & scopes)
