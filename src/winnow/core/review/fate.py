"""What became of somebody's report about a lead, said honestly: what cannot be known is not claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry
from winnow.core.measuring import measured
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import JUNK

#: What rules are called that were drafted because of a spike, and what list entries are that come of reports.
_SPIKE, _FEEDBACK = "spike-", "feedback"
_UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Reported:
    """A label of a lead: its number in the log and whether it was taken back.

    origin: through what it came
    withdrawn_at, withdrawn_by, withdrawn_as: when, by whom and as part of what it was taken back
    """

    id: int
    verdict: str
    author: str
    origin: str
    at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_as: str | None = None


class Draft(Protocol):
    """A rule that is being written."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The rule as plain tables."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was begun."""
        ...


class Became(StrEnum):
    """What a report led to."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DRAFTED = "drafted"
    LISTED = "listed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report led to, in a sentence; `about`: the rule or list entry that came of it."""

    became: Became
    text: str
    about: str | None = None


def fates(  # each a thing that may have come of it
    reported: Sequence[Reported],
    drafts: Sequence[Draft],
    entries: Sequence[ListEntry],
    lead: tuple[Lead, Facts],
    ruleset: Ruleset,
    within: timedelta,
) -> tuple[Fate, ...]:
    """What became of each report about one lead, which are given the oldest first.

    drafts, entries: drafts of rules, and list entries that match the lead
    within: a rule that is drafted so long after a report may have come of it
    """
    if not reported:
        return ()
    standing = [each.id for each in reported if each.withdrawn_at is None]
    last = standing[-1] if standing else None
    plan = ruleset.plan
    values = dict(zip(plan.names, measured(plan, *lead)[0], strict=True))
    alike = [each for each in drafts if _like(each.document, values)]
    return tuple(_fate(each, alike, entries, within, last=each.id == last) for each in reported)


def _fate(
    report: Reported, drafts: Sequence[Draft], entries: Sequence[ListEntry], within: timedelta, *, last: bool
) -> Fate:
    if report.withdrawn_at is not None:
        return _gone(report, report.withdrawn_at)
    for entry in entries:
        if entry.source == _FEEDBACK and entry.created_at is not None and entry.created_at >= report.at:
            return Fate(Became.LISTED, f"It led to the list entry `{entry.id}` of {entry.owner}", entry.id)
    for draft in drafts:
        if report.verdict == JUNK and report.at <= draft.created_at <= report.at + within:
            name = str(draft.document["id"])
            text = f"With others it led to the drafted rule `{name}`, which decides nothing until somebody signs it"
            return Fate(Became.DRAFTED, text, name)
    if not last:
        return Fate(Became.REPLACED, "A later report about the same lead counts in its place")
    return Fate(Became.KEPT, "Kept for the next fit, where the caps on authors and sources may count it in part")


def _gone(report: Reported, at: datetime) -> Fate:
    if report.withdrawn_as == _UNDONE:
        return Fate(Became.WITHDRAWN, "The decision it came with was taken back, and it with that: it counts nowhere")
    text = f"Withdrawn on {at:%Y-%m-%d} by `{report.withdrawn_by}` ({report.withdrawn_as}): it counts nowhere any more"
    return Fate(Became.WITHDRAWN, text)


def _like(document: Mapping[str, Any], values: Mapping[str, object]) -> bool:
    """Whether a rule was drafted for a spike of leads like this one: its first example says of which."""
    if not str(document.get("id", "")).startswith(_SPIKE):
        return False
    segment = document["examples"][0]["values"]
    return all(values.get(name) == value for name, value in segment.items())
