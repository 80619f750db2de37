"""A system that may really act: entered in the register, owned by a person, signed off by another."""

from dataclasses import replace
from typing import Any

from tests.support.signing import proposed
from winnow.adapters.db.log import Journal
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.db.systems import StoredSystems
from winnow.core.govern.signing import Kind
from winnow.core.govern.systems import AiSystem
from winnow.core.people.accounts import Person

OWNER, SIGNER = "us_owner", "us_signer"


def enrol(service: Any, system: AiSystem) -> AiSystem:
    """Have a system live that is just as given, but for its owner."""
    now, journal = service.clock.now(), Journal(service.vault)
    for name in (OWNER, SIGNER):
        if service.people.account(name) is None:
            person = Person(name, f"{name}@bluebird.example", name, frozenset({"approver"}), now, "test", joined_at=now)
            service.people.add(person, "test", now, password="a hash nobody has the password of")
    owned = replace(system, owner=OWNER)
    StoredSystems(service.engine, journal).keep(owned, OWNER, now, what="system.added")
    signing = StoredSigning(service.engine, journal)
    said = {"subject": owned.id, "content": owned.content_hash, "terms": {}, "writer": OWNER, "author": OWNER}
    proposal = proposed(owned.content_hash, now, kind=Kind.AI_SYSTEM, **said)
    signing.propose(proposal, {})
    signing.sign(proposal.id, proposal.hash, SIGNER, now, privacy=False)
    return owned
