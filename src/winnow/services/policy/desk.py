"""The policy in force, the law packs behind it, what the law changes until a day, and a policy that is to come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from winnow.core.canonical import differences
from winnow.core.govern.changes import Changes, NeedChange, RuleChange, what_changes
from winnow.core.govern.examples import check_limits, contradiction
from winnow.core.govern.limits import PolicyExample
from winnow.core.govern.packs import LawPack, chosen
from winnow.core.govern.requirement import Requirement, requirement
from winnow.core.govern.systems import AiSystem, Status
from winnow.core.govern.terms import Channel
from winnow.core.policy import Policy, policy_hash
from winnow.core.policy_read import policy_from_toml
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import policy_document
from winnow.core.toml_text import need_tame
from winnow.errors import InvalidInputError
from winnow.ports import Clock, KnownRuleset, RulesetStore
from winnow.services.policy.reach import Reach, Touched

Difference = tuple[str, object, object]
Grants = Mapping[tuple[Channel, str], int]


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """What binds everybody just now; `hash` is the one permits name, `ruleset` that of the ruleset it stands in."""

    policy: Policy
    packs: tuple[LawPack, ...]
    hash: str
    ruleset: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A policy that could be put in force; `differences`: from the one that is, as (path, before, after)."""

    policy: Policy
    hash: str
    examples: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class SystemTouched:
    """An AI system that a rule which begins or ends speaks of."""

    system: AiSystem
    change: RuleChange


@dataclass(frozen=True, slots=True)
class Impact:
    """What changes until a day, and whom that touches.

    systems: those of the register, without retired ones
    grants: for each of `changes.needs`, how many addresses ever said yes to its channel and purpose; None: not counted
    touched: the leads and the contacts of late; None where contacts need nothing else, or nobody looked
    """

    changes: Changes
    systems: tuple[SystemTouched, ...]
    grants: tuple[int | None, ...]
    touched: Touched | None = None


class PolicyDesk:
    """Where the policy is read and a new one is prepared; nothing here puts one in force."""

    def __init__(  # noqa: PLR0913, PLR0917  # each a thing it works with
        self,
        live: Callable[[], Ruleset],
        known: Sequence[LawPack],
        store: RulesetStore,
        clock: Clock,
        systems: Callable[[], Sequence[AiSystem]] = tuple,
        grants: Callable[[], Grants] | None = None,
        reach: Reach | None = None,
    ) -> None:
        """Wire it.

        known: all packs there are · systems: the register · grants: addresses that ever said yes, if known
        reach: what is read to tell whom a change touches; None: nobody looks
        """
        self._live = live
        self._known = known
        self._store = store
        self._clock = clock
        self._systems = systems
        self._grants = grants
        self._reach = reach

    @property
    def known(self) -> Sequence[LawPack]:
        """All law packs there are, in use or not."""
        return self._known

    def today(self) -> date:
        """The day, UTC, that laws are asked about now."""
        return self._clock.now().date()

    def in_force(self) -> PolicyInForce:
        """The policy of the live ruleset, with the packs it uses."""
        ruleset = self._live()
        packs = chosen(ruleset.policy.limits.packs, self._known)
        return PolicyInForce(ruleset.policy, packs, policy_hash(ruleset.policy, packs), ruleset.hash)

    def needed(self, place: str | None, channel: Channel, purpose: str | None, on: date) -> Requirement:
        """What contacting somebody needs on a day, by the policy and the laws in force then; see `requirement`."""
        found = self.in_force()
        return requirement(found.policy.limits, found.packs, place, channel, purpose, on)

    def examples(self) -> tuple[tuple[PolicyExample, str | None], ...]:
        """The examples of the policy in force, each with what comes out instead; None: it holds."""
        found = self.in_force()
        limits = found.policy.limits
        return tuple((each, contradiction(limits, found.packs, each)) for each in limits.examples)

    def changes(self, on: date, most: int | None = None) -> Impact:
        """What changes after today and until a day; raises InvalidInputError for a day that is not to come.

        most: how many leads, and how many contacts, to look at instead of the usual numbers
        """
        if on <= self.today():
            raise InvalidInputError(f"`{on}` is not to come", where="on", fix="give a day after today")
        now, found = self._clock.now(), self.in_force()
        told = partial(what_changes, found.policy.limits, found.packs, now.date(), on)
        changes, touched = (told(), None) if self._reach is None else self._reach.of(told, now, most)
        systems = [each for each in self._systems() if each.status is not Status.RETIRED] if changes.rules else []
        spoken = [SystemTouched(each, change) for change in changes.rules for each in systems if touches(change, each)]
        return Impact(changes, tuple(spoken), self._granted(changes.needs), touched)

    def _granted(self, needs: Sequence[NeedChange]) -> tuple[int | None, ...]:
        if self._grants is None or not needs:
            return (None,) * len(needs)
        found = self._grants()
        return tuple(found.get((need.channel, need.purpose), 0) for need in needs)

    def check(self, text: str, source: str = "toml") -> Checked:
        """What a policy given as the text of a TOML file would be; raises InvalidRulesetError with the line."""
        need_tame(text, source)
        policy = policy_from_toml(text, source)
        check_limits(policy.limits, self._known)
        live = self._live()
        replace(live, policy=policy).plan  # noqa: B018  # compiling is what finds unknown signals in hard stops
        before, after = policy_document(live.policy), policy_document(policy)
        digest = policy_hash(policy, chosen(policy.limits.packs, self._known))
        return Checked(policy, digest, len(policy.limits.examples), tuple(differences(before, after)))

    def draft(self, text: str, author: str, source: str = "toml") -> KnownRuleset:
        """Keep the live ruleset with another policy; it decides nothing until it is signed and activated."""
        policy = self.check(text, source).policy
        ruleset = replace(self._live().unbound, policy=policy)
        self._store.add(ruleset, author, self._clock.now())
        return self._store.known(ruleset.hash)

    def document(self, policy: Policy) -> Mapping[str, object]:
        """A policy as plain tables, without what is at its default."""
        return policy_document(policy)


def touches(change: RuleChange, system: AiSystem) -> bool:
    """Whether a rule speaks of a system: by what the wizard was told of it, or by a channel it may use."""
    rule = change.rule
    if rule.systems:
        return not rule.systems.isdisjoint(trait.value for trait in system.traits)
    return rule.of_contact and bool(system.channels) and (not rule.channels or bool(rule.channels & system.channels))
