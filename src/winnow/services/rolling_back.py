"""Roll-back: an earlier ruleset again, in one action, with the difference and the leads it concerns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from winnow.core.canonical import differences
from winnow.core.decide import decide
from winnow.core.govern.signing import Basis
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import ConflictError, InvalidInputError, NotAllowedError
from winnow.ports import (
    Activation,
    Affected,
    Clock,
    DecidedLead,
    Ground,
    KnownRuleset,
    Page,
    RollBack,
    RollBackStore,
    RulesetStore,
    SigningStore,
)

#: Leads that are looked at in one step, and beforehand for one page.
PAGE, GLANCE = 500, 200
#: Leads that are counted beforehand.
COUNTED = 100_000
#: Longest reason, in characters.
LONGEST_REASON = 2_000

_MOST, _NO_END = 1_000, 2**62
_NEVER_BACK = frozenset({Basis.BREAK_GLASS})

#: What a ruleset may go live on; raises NotAllowedError.
FindGround = Callable[[Ruleset, str], Ground]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a roll-back would do.

    leads: decided since the ruleset to go back to was live last, all of which are looked at anew · whole: these are
    all; otherwise there are more · first: the activation that took its place
    receivers: systems that are told of each lead that comes out otherwise, and so take their tag back
    """

    live: KnownRuleset
    back: KnownRuleset
    differences: tuple[tuple[str, object, object], ...]
    leads: int
    whole: bool
    first: int
    receivers: int


@dataclass(frozen=True, slots=True)
class Glance:
    """Some of the leads a roll-back concerns, looked at beforehand.

    looked_at: how many · erased: of them, whom nobody knows any more · affected: those that would come out otherwise
    next: where the next ones begin; None after the last
    """

    looked_at: int
    erased: int
    affected: tuple[Affected, ...]
    next: int | None


class RollBackDesk:
    """Where a ruleset is rolled back. `bound` makes a ruleset decide as it would here and now."""

    def __init__(  # each a thing it works with
        self,
        store: RollBackStore,
        rulesets: RulesetStore,
        signing: SigningStore,
        ground: FindGround,
        bound: Callable[[Ruleset], Ruleset],
        clock: Clock,
    ) -> None:
        self._store = store
        self._rulesets = rulesets
        self._signing = signing
        self._ground = ground
        self._bound = bound
        self._clock = clock

    def prospect(self, digest: str | None = None) -> Prospect:
        """What going back to a ruleset, or to the one before, would do; raises NotFoundError and ConflictError."""
        found = self._signing.activations(_MOST)
        target = self._target(digest, found)
        live = found[0]
        before, after = self._rulesets.document(live.ruleset), self._rulesets.document(target)
        last = max(each.number for each in found if each.ruleset == target)
        first = min(each.number for each in found if each.number > last)
        leads, whole = self._store.waiting(first, COUNTED)
        return Prospect(
            self._rulesets.known(live.ruleset),
            self._rulesets.known(target),
            tuple(differences(before, after)),
            leads,
            whole,
            first,
            self._store.receivers(),
        )

    def glance(self, prospect: Prospect, after: int | None = None) -> Glance:
        """Look at some leads as they would be, the eldest first; `after`: a decision from `next`. Changes nothing."""
        ruleset = self._bound(ruleset_from(self._rulesets.document(prospect.back.hash)))
        read, page = self._store.decided(max(prospect.first, after or 0), _NO_END, GLANCE)
        erased = sum(each.known is None for each in page)
        return Glance(read, erased, tuple(_affected(page, ruleset)), page[-1].decision if read == GLANCE else None)

    def roll_back(self, actor: str, because: str, digest: str | None = None, *, instead_of: str = "") -> RollBack:
        """Have an earlier ruleset decide again; within a second it does, everywhere.

        digest: of one that was live before; None: the one before · instead_of: the one whose difference was seen
        Raises InvalidInputError without a reason, NotFoundError, NotAllowedError, and ConflictError when there is
        nothing to go back to, or another went live meanwhile.
        """
        said = because.strip()
        if not said or len(said) > LONGEST_REASON:
            raise InvalidInputError("there is no short reason", where="because", fix="say what was wrong")
        found = self._signing.activations(_MOST)
        target = self._target(digest, found)
        if instead_of and found[0].ruleset != instead_of:
            raise ConflictError("another ruleset went live meanwhile", fix="look at the difference again")
        ruleset = ruleset_from(self._rulesets.document(target))
        ground = self._ground(ruleset, actor)
        return self._store.begin(ruleset, actor, self._clock.now(), ground, said)

    def one(self, number: int) -> RollBack:
        """A roll-back, and how far its leads were looked at; raises NotFoundError."""
        return self._store.one(number)

    def affected(self, number: int, after: int | None, limit: int) -> Page[Affected]:
        """The leads that would be decided otherwise; the sales system is told of each by an event."""
        self._store.one(number)
        return self._store.affected(number, after, limit)

    def step(self) -> bool:
        """Look at the next leads of a roll-back; False when there is nothing to do."""
        for rollback in self._store.unfinished():
            read, page = self._store.decided(rollback.cursor, rollback.number, PAGE)
            ruleset = self._bound(ruleset_from(self._rulesets.document(rollback.ruleset)))
            cursor = page[-1].decision if page else rollback.cursor
            self._store.step(rollback, read, cursor, tuple(_affected(page, ruleset)), self._clock.now())
            return True
        return False

    def _target(self, digest: str | None, found: Sequence[Activation]) -> str:
        if not found:
            raise ConflictError("no ruleset is live", fix="activate one")
        live = found[0].ruleset
        earlier = [each.ruleset for each in found if each.ruleset != live and each.ground.basis not in _NEVER_BACK]
        if digest is None:
            target = next(
                (each for each in _still_behind(found) if each in earlier and self._signing.regular(each)), None
            )
            if target is None:
                raise ConflictError("no earlier ruleset was signed", fix="activate one that was")
            return target
        target = ruleset_from(self._rulesets.document(digest)).unbound.hash
        if target == live:
            raise ConflictError("this ruleset is the live one", fix="name an earlier one")
        if target not in earlier:
            raise NotAllowedError("this ruleset was never live by a sign-off", fix="propose it, and have it signed")
        return target


def _still_behind(found: Sequence[Activation]) -> list[str]:
    """The rulesets behind the live one, the latest first, without those that people went back from."""
    path: list[str] = []
    for each in reversed(found):
        if each.ruleset in path:
            del path[path.index(each.ruleset) :]
        path.append(each.ruleset)
    return path[-2::-1]


def _affected(page: Sequence[DecidedLead], ruleset: Ruleset) -> Iterator[Affected]:
    for each in page:
        if each.known is not None:
            lead, facts = each.known
            now = decide(lead, facts, ruleset).outcome
            if now is not each.outcome:
                yield Affected(each.decision, each.lead, each.outcome, now, lead.id, lead.source or "")
