"""Rulesets that two people agreed to, for tests that need one live."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from winnow.adapters.db.log import Journal
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.signing import StoredSigning
from winnow.core.govern.signing import Basis, Kind, Proposal
from winnow.core.people.accounts import Person, Session, SignedIn
from winnow.core.ruleset import Ruleset
from winnow.ports import Ground

AUTHOR, SIGNER = "us_author", "us_signer"
_numbers = count(1)


def proposed(ruleset: str, now: datetime, *, kind: Kind = Kind.RULESET, **other: Any) -> Proposal:
    """A proposal about a ruleset."""
    usual: dict[str, Any] = {"writer": AUTHOR, "author": AUTHOR, "because": "test", "lasts": timedelta(days=30)}
    usual |= {"terms": {"ruleset": ruleset}, "subject": ruleset, "content": ruleset} | other
    return Proposal(id=f"prop_test_{next(_numbers):06d}", kind=kind, at=now, **usual)


def put_live(service: Any, ruleset: Ruleset, actor: str = "mia", now: datetime | None = None) -> None:
    """Make a ruleset the live one that one person proposed and another one signed, also as a privacy officer."""
    put_live_in(
        StoredSigning(service.engine, service.journal), service.rulesets, ruleset, actor, now or service.clock.now()
    )


def agreed(service: Any, ruleset: str, author: str, signer: str) -> None:
    """Have two people with accounts agree to a ruleset that is there, the second also as a privacy officer."""
    store, now = StoredSigning(service.engine, service.journal), service.clock.now()
    proposal = proposed(ruleset, now, author=author, writer=author)
    store.propose(proposal, {})
    store.sign(proposal.id, proposal.hash, signer, now, privacy=True)


def live_on(engine: Any, vault: Any) -> Callable[..., None]:
    """The same for a store without a service: `(ruleset, actor, now)`."""
    journal = Journal(vault)
    signing, rulesets = StoredSigning(engine, journal), StoredRulesets(engine, journal)
    return lambda ruleset, actor, now: put_live_in(signing, rulesets, ruleset, actor, now)


def put_live_in(signing: StoredSigning, rulesets: StoredRulesets, ruleset: Ruleset, actor: str, now: datetime) -> None:
    rulesets.keep(ruleset, AUTHOR, now)
    proposal = proposed(ruleset.hash, now)
    signing.propose(proposal, {})
    made = signing.sign(proposal.id, proposal.hash, SIGNER, now, privacy=True)
    rulesets.activate(ruleset, actor, now, Ground(Basis.SIGNED, made.number))


def signed_in(person: Person, now: datetime, *, confirmed: bool = True) -> SignedIn:
    """Somebody in a session, who proved just now who they are, or long ago."""
    at = now if confirmed else now - timedelta(hours=1)
    return SignedIn(person, Session(b"s" * 32, person.id, at, now, at))
