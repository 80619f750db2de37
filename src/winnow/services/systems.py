"""The register of AI systems: entered, classified, reviewed, retired, and whether each may act just now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from winnow.core.govern.risk import Assessment, Risk, assess, traits_of
from winnow.core.govern.systems import (
    REVIEW_AFTER,
    AiSystem,
    Revision,
    Signed,
    Standing,
    Status,
    answers_for_systems,
    may_act,
    need_honest,
    overdue,
)
from winnow.core.govern.systems_own import own_system
from winnow.core.govern.systems_read import system_from
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.core.people.accounts import Person
from winnow.errors import ConflictError, InvalidInputError, NotFoundError, RefusedByPolicyError
from winnow.ports import Clock, Page
from winnow.ports.systems import SystemStore

#: Longest note, in characters.
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Registered:
    """A system as it stands in the register, and what it may do just now.

    owner: the person who answers for it; None when nobody does, or nobody by that id is there
    """

    system: AiSystem
    standing: Standing
    content_hash: str
    signed: bool
    owner: Person | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What the register asks of others.

    packs: those the live policy names · inference_allowed: whether the live policy lets a label be concluded
    signed: whether an exact content has a sign-off that holds · own_content: the hash of what decides leads just now
    """

    packs: Callable[[], Sequence[str]]
    inference_allowed: Callable[[str], bool]
    signed: Signed
    own_content: Callable[[], str]


class SystemDesk:
    """Where the register is kept; every change is a leaf of the decision log. Any call may raise UnavailableError."""

    def __init__(self, store: SystemStore, person: Callable[[str], Person | None], rules: Rules, clock: Clock) -> None:
        """`person`: somebody by their id."""
        self._store = store
        self._person = person
        self._rules = rules
        self._clock = clock

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def registered(self, system_id: str) -> Registered:
        """A system and what it may do just now; raises NotFoundError."""
        return self._registered(self._stored(system_id))

    def all(self) -> Sequence[Registered]:
        """The whole register, in the order of the ids; Winnow's own scorecard is always in it."""
        stored = {system.id: system for system in self._store.all()}
        stored.setdefault(OWN_SYSTEM, own_system())
        return tuple(self._registered(stored[name]) for name in sorted(stored))

    def page(self, after: str | None, limit: int) -> Page[Registered]:
        """The same, page by page; `after` is the id of the last one of the page before."""
        found = [each for each in self.all() if after is None or each.system.id > after]
        items = tuple(found[:limit])
        return Page(items, items[-1].system.id if len(found) > limit else None)

    def history(self, system_id: str) -> Sequence[Revision]:
        """All that one ever was, the newest first; raises NotFoundError."""
        self._stored(system_id)
        return self._store.history(system_id)

    def classify(self, answers: Mapping[str, Sequence[str]]) -> Assessment:
        """What the wizard's answers come to, under the live policy; raises InvalidInputError."""
        return assess(traits_of(answers), self._rules.packs())

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────

    def add(self, document: Mapping[str, object], actor: str) -> Registered:
        """Enter a system, as a draft or in shadow; raises InvalidInputError, RefusedByPolicyError, ConflictError."""
        system = replace(system_from(document), revision=1, next_review=None)
        if system.status not in {Status.DRAFT, Status.SHADOW}:
            fix = "leave it out; it goes live by a change, once somebody else has signed it"
            raise InvalidInputError("a new system is a draft or in shadow", where="status", fix=fix)
        if system.id == OWN_SYSTEM:
            raise ConflictError(f"`{OWN_SYSTEM}` stands in the register by itself", fix="change that entry instead")
        self._need_allowed(system)
        return self._kept(system, actor, self._clock.now(), "system.added", "")

    def change(self, system_id: str, document: Mapping[str, object], revision: int, actor: str) -> Registered:
        """Put another description in place of the one that was read as that revision.

        Raises InvalidInputError, RefusedByPolicyError, NotFoundError, and ConflictError when it was changed since,
        is retired, or should go live and may not.
        """
        before = self._changeable(system_id)
        if before.revision != revision:
            raise ConflictError("the system was changed since it was read", fix="read it again")
        wanted = system_from({**document, "id": system_id})
        if wanted.status is Status.RETIRED:
            raise InvalidInputError("a system is retired by a call of its own", where="status", fix="retire it")
        after = replace(wanted, revision=revision + 1, next_review=before.next_review)
        self._need_allowed(after)
        now = self._clock.now()
        if after.status is Status.LIVE and before.status is not Status.LIVE:
            after = self._gone_live(after, now)
        return self._kept(after, actor, now, "system.changed", "")

    def review(self, system_id: str, note: str, actor: str, until: date | None = None) -> Registered:
        """Say that a system still is what the register says; raises NotFoundError, ConflictError, InvalidInputError.

        until: when it is to be looked at again; None is as late as its risk allows
        """
        before = self._changeable(system_id)
        now = self._clock.now()
        latest = _latest_review(before.risk, now)
        if until is not None and not now.date() < until <= latest:
            what = f"the next review has to be after today and by {latest.isoformat()}"
            raise InvalidInputError(what, where="next_review", fix=f"that is the latest for the risk {before.risk}")
        after = replace(before, next_review=until or latest, revision=before.revision + 1)
        return self._kept(after, actor, now, "system.reviewed", _said(note))

    def retire(self, system_id: str, note: str, actor: str) -> Registered:
        """End a system for good; raises NotFoundError, and ConflictError when it is retired or Winnow's own."""
        before = self._changeable(system_id)
        if system_id == OWN_SYSTEM:
            raise ConflictError("Winnow's own screening is not retired", fix="stop it, or activate another ruleset")
        after = replace(before, status=Status.RETIRED, revision=before.revision + 1)
        return self._kept(after, actor, self._clock.now(), "system.retired", _said(note))

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────

    def _stored(self, system_id: str) -> AiSystem:
        try:
            return self._store.system(system_id)
        except NotFoundError:
            if system_id == OWN_SYSTEM:
                return own_system()
            raise

    def _changeable(self, system_id: str) -> AiSystem:
        system = self._stored(system_id)
        if system.status is Status.RETIRED:
            raise ConflictError(f"`{system_id}` is retired", fix="enter it anew under another id")
        return system

    def _kept(self, system: AiSystem, actor: str, now: datetime, what: str, note: str) -> Registered:
        self._store.keep(system, actor, now, what=what, note=note)
        return self._registered(system)

    def _registered(self, system: AiSystem) -> Registered:
        now = self._clock.now()
        digest = self._rules.own_content() if system.id == OWN_SYSTEM else system.content_hash
        signed, owner = self._rules.signed(digest), self._owner(system)
        standing = may_act(system, now, answers_for_systems(owner), signed)
        return Registered(system, standing, digest, signed, owner, overdue(system, now))

    def _owner(self, system: AiSystem) -> Person | None:
        return None if system.owner is None else self._person(system.owner)

    def _need_allowed(self, system: AiSystem) -> None:
        need_honest(system)
        assess(system.traits, self._rules.packs()).need_allowed()
        for label in sorted(system.outputs):
            if not self._rules.inference_allowed(label):
                what = f"the policy forbids to conclude `{label}` about people"
                raise RefusedByPolicyError(what, where="outputs", fix="leave the output out")
        if system.owner is not None and not answers_for_systems(self._person(system.owner)):
            what = "the owner is nobody who may answer for systems"
            raise InvalidInputError(what, where="owner", fix="give the id of an active person with a role for it")

    def _gone_live(self, system: AiSystem, now: datetime) -> AiSystem:
        """The system with a day for its review; raises ConflictError with all that keeps it from acting."""
        reviewed = replace(system, next_review=system.next_review or _latest_review(system.risk, now))
        standing = self._registered(reviewed).standing
        if not standing.acts:
            what = f"it cannot go live: {'; '.join(standing.because)}"
            raise ConflictError(what, where="status", fix="mend that first; until then it stays in shadow")
        return reviewed


def _latest_review(risk: Risk, now: datetime) -> date:
    return (now + REVIEW_AFTER[risk]).date()


def _said(note: str) -> str:
    if not 1 <= len(note.strip()) <= LONGEST_NOTE:
        raise InvalidInputError(
            f"a note has 1 to {LONGEST_NOTE} characters", where="note", fix="say what was looked at"
        )
    return note.strip()
