"""A case as it is drawn: the person, what speaks for and against, who answers for it, what became of those like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case, State
from winnow.core.ruleset import Ruleset
from winnow.errors import WinnowError
from winnow.ports.review import Alike, Said
from winnow.services.review import OpenedCase
from winnow.shells.web.queue.evidence import Evidence, NotUsed, evidence_of, not_used


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for something that spoke, and why it exists; `path`: where it is looked after."""

    name: str
    why: str
    path: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case with everything a page shows of it; what was erased has no lead and no evidence.

    state: what it is for whoever looks · holder: who else has it, by id · until: when the claim ends, whoever's it is
    owners: by the source of what spoke · shares: what an allow entry could name of it, as kind and value
    """

    id: int
    case: Case
    state: State
    holder: str | None
    until: datetime | None
    lead: Lead | None
    evidence: Evidence | None
    left_out: NotUsed | None
    owners: Mapping[str, Owner]
    alike: Alike
    said: Sequence[Said]
    shares: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        """What the person is called here; empty when nothing says it."""
        if self.lead is None:
            return ""
        return self.lead.name or self.lead.email or self.lead.phone or ""

    @property
    def let_through(self) -> int:
        """How many decided leads with the same reasons were let through."""
        return self.alike.outcomes.get(Outcome.ACCEPT, 0) + self.alike.outcomes.get(Outcome.TAG, 0)

    @property
    def rejected(self) -> int:
        """How many were not."""
        return self.alike.outcomes.get(Outcome.REJECT, 0)


def shown(opened: OpenedCase, service: Service, desks: Desks, who: str) -> CaseShown:
    """Put a case together for `who`."""
    case, decision, now = opened.case, opened.decision, service.clock.now()
    holder = case.holder(now)
    ruleset = ruleset_of(service, case.ruleset) if decision is not None else None
    sources = {each["source"] for each in decision["reasons"]} if decision is not None else set()
    return CaseShown(
        id=case.id,
        case=case,
        state=case.state(who, now),
        holder=None if holder is None or holder.by == who else holder.by,
        until=None if holder is None else holder.until,
        lead=opened.lead,
        evidence=None if decision is None else evidence_of(decision),
        left_out=None if decision is None or ruleset is None else not_used(decision, ruleset),
        owners=owners_of(sources, ruleset, desks),
        alike=opened.alike,
        said=opened.said,
        shares=[(kind.value, value) for kind, value in desks.bulk.shared_by(case.id)] if opened.lead else (),
    )


def ruleset_of(service: Service, digest: str) -> Ruleset | None:
    """The ruleset that decided; None when it is no longer there."""
    try:
        return service.replay.ruleset(digest)
    except WinnowError:
        return None


def owners_of(sources: set[str], ruleset: Ruleset | None, desks: Desks) -> dict[str, Owner]:
    """Who answers for what spoke, as far as somebody does."""
    found = {source: _owner(source, ruleset, desks) for source in sources if ":" in source}
    return {source: owner for source, owner in found.items() if owner is not None}


def _owner(source: str, ruleset: Ruleset | None, desks: Desks) -> Owner | None:
    kind, _, name = source.partition(":")
    if kind == "list":
        try:
            entry = desks.lists.entry(name)
        except WinnowError:
            return None
        return Owner(entry.owner, entry.reason, "/lists")
    each: Any
    for each in () if ruleset is None else ruleset.rules if kind == "rule" else ruleset.policy.hard_stops:
        if each.id == name:
            return Owner(each.owner, getattr(each, "reason", ""), "/rules" if kind == "rule" else "")
    return None
