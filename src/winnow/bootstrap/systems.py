"""Wiring of the register of AI systems: where it is kept, and whom it asks about owners, sign-offs and the policy."""

from functools import partial

from winnow.adapters.db.systems import StoredSystems
from winnow.bootstrap.service import Service
from winnow.bootstrap.signing import make_held
from winnow.core.govern.allowed import inference_allowed
from winnow.core.govern.terms import Answer
from winnow.core.people.accounts import Person
from winnow.ports import PeopleStore
from winnow.services.systems import Rules, SystemDesk


def make_systems(service: Service) -> SystemDesk:
    """The register of a service."""
    live = service.live

    def own_content() -> str:
        ruleset = service.rulesets.live()
        return ruleset.hash if ruleset else ""

    rules = Rules(
        packs=lambda: live.ruleset().policy.limits.packs,
        inference_allowed=lambda label: inference_allowed(live.ruleset().policy.limits, label).answer is Answer.YES,
        signed=make_held(service).holds,
        own_content=own_content,
    )
    stored = StoredSystems(service.engine, service.journal)
    return SystemDesk(stored, partial(_person, service.people), rules, service.clock)


def _person(people: PeopleStore, person_id: str) -> Person | None:
    account = people.account(person_id)
    return None if account is None else account.person
