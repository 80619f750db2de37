"""What-if: past leads under a draft, with everything that changes and the leads behind it; nothing is recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from winnow.core.ruleset import Ruleset
from winnow.core.whatif.cost import Cost, Prices, cost
from winnow.core.whatif.curves import Curve
from winnow.core.whatif.tally import Bucket, GroupLine, Load, Tally, buckets, group_lines, load
from winnow.core.whatif.use import Uses
from winnow.errors import InvalidInputError

Progress = Callable[[str, float], None]

_RULE, _LIST = "rule:", "list:"


class PastLeads(Protocol):
    """Leads that were decided before, ready to be decided anew, all at once."""

    def __len__(self) -> int: ...

    @property
    def decided(self) -> bool:
        """Whether every lead was decided before."""
        ...

    @property
    def entries(self) -> frozenset[str]:
        """The ids of the list entries that apply to any of the leads."""
        ...

    def tally(self, draft: Ruleset, against: Ruleset | None, *, most_refs: int) -> Tally:
        """What changes from what was decided then, or from what another ruleset decides."""
        ...

    def curve(self, draft: Ruleset) -> Curve:
        """What every threshold would do."""
        ...

    def uses(self, ruleset: Ruleset, progress: Callable[[float], None]) -> Uses:
        """What every rule and list entry does."""
        ...

    def without_entries(self, entry_ids: frozenset[str]) -> Self:
        """The same leads as if some list entries had not been there."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of past leads.

    against: compare with this ruleset; None: with what was decided then
    without: rules and list entries to leave out of the draft, as `rule:ID` and `list:ID`
    """

    draft: Ruleset
    against: Ruleset | None = None
    without: Sequence[str] = ()
    prices: Prices = field(default_factory=Prices)
    most_refs: int = 1_000


@dataclass(frozen=True, slots=True)
class Report:
    """The answer."""

    draft: Ruleset
    against: Ruleset | None
    tally: Tally
    buckets: tuple[Bucket, ...]
    cost: Cost
    load_before: Load
    load_after: Load
    groups: dict[str, tuple[GroupLine, ...]]
    uses: Uses
    curve: Curve
    notes: tuple[str, ...]


def simulated(past: PastLeads, asked: Question, progress: Progress = lambda _what, _share: None) -> Report:
    """Decide past leads under a draft and say what changes; raises InvalidInputError when there is none."""
    if not len(past):
        fix = "choose an earlier --since; with --model, give leads that came after those it was fitted on"
        raise InvalidInputError("there are no decided leads to look at", fix=fix)
    draft, table = _left_out(asked, past)
    against = asked.against
    progress("deciding", 0.0)
    found = table.tally(draft, against, most_refs=asked.most_refs)
    progress("deciding", 1.0)
    return Report(
        draft=draft,
        against=against,
        tally=found,
        buckets=buckets(found, asked.most_refs),
        cost=cost(found, asked.prices),
        load_before=load(found.reviews_before),
        load_after=load(found.reviews_after),
        groups={name: group_lines(each) for name, each in found.groups.items()},
        uses=table.uses(draft, lambda share: progress("leaving out one by one", share)),
        curve=table.curve(draft),
        notes=tuple(_notes(asked, found, past)),
    )


def _left_out(asked: Question, past: PastLeads) -> tuple[Ruleset, PastLeads]:
    """The draft, and the leads, without what is to be left out.

    Both sides are compared over the same leads: without an entry the draft sees no hit of it, and what was decided
    then, which is on record, still had it.
    """
    rules = {each.removeprefix(_RULE) for each in asked.without if each.startswith(_RULE)}
    entries = frozenset(each.removeprefix(_LIST) for each in asked.without if each.startswith(_LIST))
    _need_known(asked, rules)
    if entries and asked.against is not None:
        raise InvalidInputError("a list entry is left out of both sides", fix="leave --against away, or ask for rules")
    kept = tuple(rule for rule in asked.draft.rules if rule.id not in rules)
    draft = replace(asked.draft, rules=kept) if rules else asked.draft
    return draft, (past.without_entries(entries) if entries else past)


def _need_known(asked: Question, rules: set[str]) -> None:
    for each in asked.without:
        if not each.startswith((_RULE, _LIST)):
            raise InvalidInputError(f"`{each}` is neither a rule nor a list entry", fix="write rule:ID or list:ID")
    missing = rules - {rule.id for rule in asked.draft.rules}
    if missing:
        what = f"the ruleset has no rule `{min(missing)}`"
        raise InvalidInputError(what, where="--without", fix="see its rules with winnow ruleset show")


def _notes(asked: Question, found: Tally, past: PastLeads) -> Sequence[str]:
    """What the figures do not say by themselves."""
    entries = (each.removeprefix(_LIST) for each in asked.without if each.startswith(_LIST))
    notes = [f"list entry `{each}` applied to none of these leads" for each in entries if each not in past.entries]
    if asked.against is None:
        notes.append("compared with what was decided then, under whatever ruleset was live")
    if asked.draft.lists:
        notes.append("list entries count as they were found then: new entries of the draft are not tried")
    if found.labelled < found.total:
        notes.append(
            f"{found.labelled:,} of {found.total:,} leads were judged; shares among them stand for all, which holds "
            "only as far as they were not chosen by what was decided"
        )
    return notes
