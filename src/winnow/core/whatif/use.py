"""What a rule or a list entry did to past leads, and what would change if it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from winnow.core.lists import ListAction, ListEntry
from winnow.core.outcome import Scope
from winnow.core.rules import Rule
from winnow.core.whatif.past import Truth


@dataclass(frozen=True, slots=True)
class Use:
    """One rule or list entry over some past leads.

    name: `rule:ID` or `list:ID`, as decisions say it
    hits: leads it applied to · decided: of them, those whose outcome it settled
    above: what settled the others, how often
    gone: leads whose outcome changes if it alone goes · gone_refs: the first of them
    by_truth: the leads it applied to by what they turned out to be · last: the day of the last of them
    same: stands for exactly the leads it applied to; equal for two that always apply together
    """

    name: str
    hits: int
    decided: int
    above: Mapping[str, int]
    gone: int
    gone_refs: tuple[str, ...]
    by_truth: Mapping[Truth, int]
    last: date | None
    same: str = ""

    @property
    def judged(self) -> int:
        """Leads it applied to whose truth is known."""
        return sum(count for truth, count in self.by_truth.items() if truth)

    @property
    def junk(self) -> int:
        """Those that were junk."""
        return self.by_truth.get(Truth.JUNK, 0)


@dataclass(frozen=True, slots=True)
class Uses:
    """What all of them did.

    leads, days: how many were looked at, and how many days lie between the first and the last
    by_day: how many came on each day
    junk, judged: of all leads whose truth is known, and how many these are
    rules_gone, lists_gone: leads whose outcome changes if all rules go, or all list entries
    """

    each: tuple[Use, ...]
    leads: int
    days: int
    junk: int
    judged: int
    rules_gone: int
    lists_gone: int
    by_day: Mapping[date, int] = field(default_factory=dict)

    def after(self, day: date) -> int:
        """Leads of later days."""
        return sum(count for each, count in self.by_day.items() if each > day)


@dataclass(frozen=True, slots=True)
class Planted:
    """A rule or list entry as the gardener sees it.

    says: what makes two of them the same · against: it speaks towards junk · alone: it asks for an outcome by itself
    made: the day it was made, after which it may have applied; None: it was tried on all leads
    seen: what it decides shows, since outcomes are those for sales
    """

    name: str
    says: str
    against: bool
    alone: bool
    owner: str
    expires_at: datetime | None = None
    made: date | None = None
    seen: bool = True
    shown: str = field(default="", compare=False)


def planted_rule(rule: Rule) -> Planted:
    """A rule; blanks and line breaks in its condition make no difference."""
    condition = " ".join(rule.when.split())
    against = rule.outcome is not None or rule.points > 0
    return Planted(
        name=f"rule:{rule.id}",
        says=condition,
        against=against,
        alone=rule.outcome is not None,
        owner=rule.owner,
        expires_at=rule.expires_at,
        shown=condition,
    )


def planted_entry(entry: ListEntry) -> Planted:
    """A list entry; whom it is about is not shown."""
    return Planted(
        name=f"list:{entry.id}",
        says=f"{entry.action} {entry.kind} {entry.value} {' '.join(sorted(entry.scopes))}",
        against=entry.action is ListAction.BLOCK,
        alone=True,
        owner=entry.owner,
        expires_at=entry.expires_at,
        made=None if entry.created_at is None else entry.created_at.date(),
        seen=Scope.SALES in entry.scopes,
        shown=f"{entry.action} {entry.kind}",
    )
