"""Which rules and list entries are proposed for pruning, each with its evidence; proposals, and never a change."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

from winnow.core.learning.figures.measures import wilson
from winnow.core.learning.figures.plain import counted
from winnow.core.whatif.past import Truth
from winnow.core.whatif.use import Planted, Use, Uses

#: Leads that two must apply to before always applying together says something.
_TOGETHER = 5

#: Judged leads below which nothing is said about being wrong.
_JUDGED = 10

#: A rule is not called unused on fewer leads than this.
_LOOKED_AT = 100


class Reproach(StrEnum):
    """What is wrong with a rule or an entry."""

    EXPIRED = "expired"
    NEVER_HIT = "never_hit"
    CONTRADICTED = "contradicted"
    SHADOWED = "shadowed"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Weed:
    """One proposal; `evidence` is a sentence, `refs` are the first of the leads whose outcome changes if it goes."""

    name: str
    reproach: Reproach
    evidence: str
    owner: str
    shown: str
    gone: int
    refs: tuple[str, ...]


def weeds(planted: Sequence[Planted], uses: Uses, now: datetime) -> tuple[Weed, ...]:
    """What is proposed for pruning, in the order of `planted`.

    - expired: its time is over, so it decides nothing
    - never hit: it applied to none of the leads; of a list entry, to none that came after the day it was made
    - contradicted: the truth speaks against it. One that asks for an outcome is wrong more often than right (lower
      end of the 95 % Wilson interval above one half); one that gives points applies to leads that are the other way
      round than leads are on average (the interval lies on the wrong side of the share of junk among all)
    - shadowed: whenever it applied, something above it decided
    - duplicate: another one says the same, or always applied to the very same leads, and stands at least as long

    Entries that decide nothing for sales are neither contradicted nor shadowed: truth and outcomes are those of sales.
    """
    known = {use.name: use for use in uses.each}
    twins = _twins([each for each in planted if not _expired(each, now)], known)
    found = []
    for each in planted:
        use = known.get(each.name)
        for reproach, evidence in _reproaches(each, use, uses, now, twins.get(each.name)):
            gone, refs = (use.gone, use.gone_refs) if use else (0, ())
            found.append(Weed(each.name, reproach, evidence, each.owner, each.shown, gone, refs))
    return tuple(found)


def _reproaches(
    each: Planted, use: Use | None, uses: Uses, now: datetime, twin: str | None
) -> Iterator[tuple[Reproach, str]]:
    if each.expires_at is not None and _expired(each, now):
        yield Reproach.EXPIRED, f"it expired on {each.expires_at.date()}"
    elif use is None or not use.hits:
        yield from _idle(each, uses)
    if twin is not None:
        yield Reproach.DUPLICATE, twin
    if use is not None and use.hits and each.seen:
        yield from _misdeeds(each, use, uses)


def _expired(each: Planted, now: datetime) -> bool:
    return each.expires_at is not None and now >= each.expires_at


def _idle(each: Planted, uses: Uses) -> Iterator[tuple[Reproach, str]]:
    """That it never applied, once there were enough leads it could have applied to."""
    leads = uses.leads if each.made is None else uses.after(each.made)
    if leads >= _LOOKED_AT:
        chance = 3 / leads  # the rule of three: 95 % upper bound of a rate that showed itself 0 times
        when = f"in {counted(uses.days, 'day')}" if each.made is None else f"after {each.made}"
        evidence = f"it applied to none of {leads:,} leads {when} (at most {chance:.2%} of leads)"
        yield Reproach.NEVER_HIT, evidence


def _misdeeds(each: Planted, use: Use, uses: Uses) -> Iterator[tuple[Reproach, str]]:
    wrong = _contradicted(each, use, uses)
    if wrong is not None:
        yield Reproach.CONTRADICTED, wrong
    if each.alone and not use.decided:
        above = ", ".join(f"{name} ({count:,})" for name, count in sorted(use.above.items(), key=_most_first)[:3])
        yield Reproach.SHADOWED, f"it applied to {use.hits:,} leads and decided none of them: {above} did"


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _contradicted(each: Planted, use: Use, uses: Uses) -> str | None:
    judged = use.judged
    if judged < _JUDGED:
        return None
    wrong = sum(count for truth, count in use.by_truth.items() if (truth.real if each.against else truth is Truth.JUNK))
    low, high = wilson(wrong, judged)
    usual = (uses.judged - uses.junk if each.against else uses.junk) / uses.judged
    if low <= (0.5 if each.alone else usual):
        return None
    word = "real" if each.against else "junk"
    more = "" if each.alone else f", and of all leads {usual:.0%}"
    return f"of {judged:,} judged leads it applied to, {wrong:,} were {word} ({low:.0%} to {high:.0%}){more}"


def _twins(planted: Sequence[Planted], known: Mapping[str, Use]) -> Mapping[str, str]:
    """For each one that comes after its like, in what it is like which other; those that stand longest come first."""
    by_saying: dict[tuple[str, bool], str] = {}
    by_leads: dict[str, list[Planted]] = defaultdict(list)
    found = {}
    for each in sorted(planted, key=_longest_first):
        first = by_saying.setdefault((each.says, each.against), each.name)
        use = known.get(each.name)
        if first != each.name:
            found[each.name] = f"it says the same as {first}"
        elif use is not None and use.hits >= _TOGETHER:
            like = next((other for other in by_leads[use.same] if other.against is each.against), None)
            if like is not None:
                found[each.name] = f"it applied to the same {use.hits:,} leads as {like.name}, and to no other"
            by_leads[use.same].append(each)
    return found


def _longest_first(each: Planted) -> float:
    return -inf if each.expires_at is None else -each.expires_at.timestamp()
