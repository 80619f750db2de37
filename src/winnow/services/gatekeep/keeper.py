"""Answers for a whole batch at once: facts, an answer for each person, one signature, one record."""

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from winnow.core.govern.ask import Ask, Check, Common, Grant, OfPerson, Question, Refusal
from winnow.core.govern.consent import NOTHING_KNOWN
from winnow.core.govern.gate import Prepared
from winnow.core.govern.gate_person import channel_of
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.permit import (
    Permit,
    Terms,
    parse_token,
    permit_id,
    split_id,
    verify_token,
    whole_seconds,
)
from winnow.core.govern.permit_tree import Tree, commitments_of, signed
from winnow.core.govern.requirement import place_of
from winnow.core.govern.terms import Answer, Channel
from winnow.core.govern.told import Address
from winnow.core.tlog import VerifierKey
from winnow.errors import BrokenLogError, InvalidInputError, NotFoundError, UnavailableError
from winnow.ports import Clock
from winnow.ports.gate import GateAnswer, Moved, PermitStore, Position, Recipient, Seal, Sources
from winnow.services.gatekeep.deciding import decide
from winnow.services.gatekeep.facts import Facts

#: Persons in one ask, and in one whose answer brings the tokens along.
MOST_ASKED, MOST_TOKENS = 100_000, 10_000
#: How long a permit holds unless somebody asks for less, and the longest.
LASTS, LONGEST = timedelta(minutes=10), timedelta(hours=24)

_PREFIX = "pm"
#: From so many people on, an ask is a batch.
_BATCH = 1_000
#: How often an answer is worked out anew because something changed under it.
_TRIES = 5
_SEED_BYTES = 32
#: What may come to stand against one person after a permit; the hours were asked for as long as it lasts.
_ASKED_AGAIN = frozenset({Question.CONSENT, Question.LISTS})

#: Seconds that looking up what is known may take, of one person and of a batch: what comes later is not known.
PATIENCE = (5.0, 30.0)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and for what kind of permits.

    actor: id of the key or person · once: each is good for one use · lasts: how long they hold
    rehearsal: record and permit nothing
    """

    actor: str
    once: bool = False
    lasts: timedelta = LASTS
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as whoever asked gets it: a result for each person in the order asked.

    number: of its leaf in the log; None: it was a rehearsal, and there are no permits
    """

    kept: GateAnswer
    results: Sequence[Grant | Refusal]
    tree: Tree
    number: int | None

    def id_of(self, place: int) -> str:
        """How the permit, or refusal, of one person is called."""
        return permit_id(self.kept.terms.answer, place)

    def token(self, place: int) -> str:
        """The token of a permit."""
        return self.kept.results.token(place, self.tree, self.kept.note)


@dataclass(frozen=True, slots=True)
class Shown:
    """One permit or refusal as it is on record, with every check; `token`: of a permit that has not expired."""

    id: str
    terms: Terms
    ask: Ask
    actor: str
    granted: bool
    checks: Sequence[Check]
    token: str | None


class Gatekeeper:
    """Answers what systems ask. Any call may raise StoreAwayError, and then nothing is permitted."""

    def __init__(
        self,
        sources: Sources,
        store: PermitStore,
        seal: Seal,
        clock: Clock,
        patience: tuple[float, float] = PATIENCE,
    ) -> None:
        self._sources = sources
        self._store = store
        self._seal = seal
        self._clock = clock
        self._patience = patience
        self._last: tuple[GateAnswer, Tree] | None = None

    @property
    def key(self) -> VerifierKey:
        """What permits are checked with, offline."""
        return self._seal.key

    def ask(
        self,
        ask: Ask,
        recipients: Sequence[Recipient],
        asking: Asking,
    ) -> Given:
        """Whether it may be done to each of them; permits and refusals are on record when this returns.

        Raises InvalidInputError for what cannot be asked, UnavailableError when the facts kept changing.
        """
        _need_askable(recipients, asking.lasts)
        with _undisturbed(len(recipients)), self._in_time(len(recipients)) as until:
            return self._asked(ask, recipients, asking, until)

    def _asked(self, ask: Ask, recipients: Sequence[Recipient], asking: Asking, until: float) -> Given:
        subjects = [self._sources.subject(each.address) for each in recipients]
        since = self._store.position()
        redone: Sequence[int] = range(len(recipients))
        found: list[Grant | Refusal] = [Refusal((), ())] * len(recipients)
        persons: Sequence[int] = subjects
        for _ in range(_TRIES):
            facts = Facts(self._sources, self._store, self._clock, until, asking.lasts)
            prepared, digest = facts.common(ask, since)
            people, several = facts.people(prepared, [recipients[at] for at in redone], [subjects[at] for at in redone])
            if several:
                persons = [several.get(subject, person) for subject, person in zip(subjects, persons, strict=True)]
            decide(prepared, people, persons, redone, found)
            answer, tree = self._sealed(prepared, digest, recipients, subjects, found, asking)
            if asking.rehearsal:
                return Given(answer, found, tree, None)
            outcome = self._store.record(answer, since, self._clock.now())
            if not isinstance(outcome, Moved):
                return Given(answer, found, tree, outcome)
            before, since = since, self._store.position()
            whole = outcome.everything or (before.stops, before.versions) != (since.stops, since.versions)
            moved = {person for subject, person in zip(subjects, persons, strict=True) if subject in outcome.subjects}
            redone = [at for at, person in enumerate(persons) if whole or person in moved]
        raise UnavailableError("what the answer rests on kept changing", fix="ask again")

    @contextmanager
    def _in_time(self, people: int) -> Iterator[float]:
        """Within the block nobody waits for the store past a moment, which it is given."""
        until = time.monotonic() + self._patience[people >= _BATCH]
        with self._store.answered_by(until):
            yield until

    def answer(self, answer: str) -> GateAnswer:
        """A whole answer by its id, about one person or many; raises NotFoundError."""
        return self._opened(answer)[0]

    def permit(self, permit: str) -> Shown:
        """A permit or refusal by its id; raises NotFoundError."""
        answer, place = split_id(permit)
        kept, tree = self._opened(answer)
        if place >= len(kept.subjects):
            raise NotFoundError(f"the answer `{answer}` is about {len(kept.subjects)} persons", fix="take its id again")
        failing, granted = kept.refused.get(place, ()), place not in kept.refused
        named = {check.question: check for check in (*kept.common, *failing)}
        checks = tuple(named.get(question) or _PASSED[question] for question in Question)
        holds = granted and self._clock.now() < kept.terms.expires_at
        return Shown(
            permit,
            kept.terms,
            kept.ask,
            kept.actor,
            granted,
            checks,
            kept.results.token(place, tree, kept.note) if holds else None,
        )

    def verify(self, token: str, wanted: Mapping[str, object], actor: str, *, redeem: bool = False) -> Permit:
        """What a token permits just now; raises InvalidInputError or BrokenLogError when it permits nothing.

        wanted: see Permit.objection · redeem: this is the one use; raises ConflictError when it was used before
        """
        permit = verify_token(parse_token(token), self._seal.key, self._seal.verify)
        with self._in_time(1):
            for _ in range(_TRIES):
                now, since = self._clock.now(), self._store.position()
                against = permit.objection(now, wanted) or self._since(permit, wanted, now)
                if against is not None:
                    raise BrokenLogError(f"this permit does not hold: {against}", fix="ask the gate for another one")
                if not (redeem and permit.terms.once) or self._redeemed(permit, since, actor, now):
                    return permit
        raise UnavailableError("what the permit rests on kept changing", fix="ask again")

    def _redeemed(self, permit: Permit, since: Position, actor: str, now: datetime) -> bool:
        """Note the one use of a permit, unless what it rests on changed since it was looked at."""
        kept, _ = self._opened(permit.terms.answer)
        return self._store.redeem(permit.id, kept.subjects[permit.leaf.number], since, actor, now)

    def _since(self, permit: Permit, wanted: Mapping[str, object], now: datetime) -> str | None:
        """What happened since a permit was given that it does not hold under; None: nothing."""
        terms, sources = permit.terms, self._sources
        kept, _ = self._opened(terms.answer)
        if self._sources.stops().covers(action=terms.action, system=terms.system) is not None:
            return "a kill switch is engaged for it"
        sources.catch_up(self._store.position().versions)
        if sources.policy().digest != terms.policy:
            return "the policy is another one now"
        system = sources.system(terms.system)
        if system is None or not system[1].acts:
            return "the system may not act any more"
        against = self._against(kept, permit.leaf.number, wanted.get("address"), now)
        if against is not None:
            return against
        return "it was for one use, and was used" if terms.once and self._store.used(permit.id) else None

    def _against(self, kept: GateAnswer, place: int, address: object, now: datetime) -> str | None:
        """What stands against a person of an answer just now; block entries are looked up where the address is said."""
        ask, subject, sources = kept.ask, kept.subjects[place], self._sources
        known = sources.consent([subject], channel_of(ask) or Channel.EMAIL, ask.purpose, now)
        hits = () if address is None else sources.hits(_recipient(str(address)))
        person = OfPerson(kept.places[place] if kept.places else None, known.get(subject, NOTHING_KNOWN), hits)
        limits, packs, off_limits, owner, _ = sources.policy()
        common = Common(now, limits=limits, packs=packs, off_limits=off_limits, owner=owner)
        checks = Prepared(ask, common, now).of(person).checks
        against = [each for each in checks if each.question in _ASKED_AGAIN and each.answer is not Answer.YES]
        return against[0].what if against else None

    def checks(self, ask: Ask, recipient: Recipient) -> Sequence[Check]:
        """The answer to every question about one person; nothing is permitted, and nothing recorded."""
        return self.ask(ask, [recipient], Asking("", rehearsal=True)).results[0].checks

    # ── sealing ──────────────────────────────────────────────────────────────────────────────────

    def _sealed(
        self,
        prepared: Prepared,
        digest: str,
        recipients: Sequence[Recipient],
        subjects: Sequence[int],
        found: Sequence[Grant | Refusal],
        asking: Asking,
    ) -> tuple[GateAnswer, Tree]:
        """The answer with its signature; a rehearsal has none."""
        now, ask, seal = whole_seconds(prepared.now), prepared.ask, self._seal
        terms = Terms(
            seal.new_id(_PREFIX, prepared.now),
            *(ask.system, ask.action, ask.channel, ask.purpose, digest, now, whole_seconds(now + asking.lasts)),
            once=asking.once,
        )
        seed = seal.random(_SEED_BYTES)
        refused = {at: each.failing for at, each in enumerate(found) if isinstance(each, Refusal)}
        commitments = commitments_of(seed, [spelled(each.address) for each in recipients])
        codes = {each: place_of(each) for each in {each.place for each in recipients}}
        places = [codes[each.place] for each in recipients]
        kept = GateAnswer(terms, ask, asking.actor, "", seed, subjects, commitments, prepared.checks, refused, places)
        tree = kept.results.tree()
        if asking.rehearsal:
            return kept, tree  # nobody could tell a signed one from a permit
        return replace(kept, note=signed(terms, tree.head, seal.key.name, seal.sign)), tree

    def _opened(self, answer: str) -> tuple[GateAnswer, Tree]:
        """An answer and its tree; one about many people, which takes a while, is remembered."""
        last = self._last  # looked at once: another thread may remember another answer meanwhile
        if last is not None and last[0].terms.answer == answer:
            return last
        kept = self._store.answered(answer)
        found = kept, kept.results.tree()
        if len(kept.subjects) > 1:  # one about a single person must be gone once that person is erased
            self._last = found
        return found


@contextmanager
def _undisturbed(people: int) -> Iterator[None]:
    """For a batch, put off looking for cycles of garbage: there are none, and looking takes a third of the time."""
    if people < _BATCH or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def spelled(address: Address) -> str:
    """A canonical address as permits commit to it: `email:ana@example.com`."""
    return f"{address.kind}:{address.text}"


def _recipient(spelling: str) -> Recipient:
    kind, _, text = spelling.partition(":")
    return Recipient(Address(AddressKind(kind), text), text)


def _need_askable(recipients: Sequence[Recipient], lasts: timedelta) -> None:
    if not 1 <= len(recipients) <= MOST_ASKED:
        what = f"{len(recipients):,} recipients"
        raise InvalidInputError(what, where="recipients", fix=f"ask for 1 to {MOST_ASKED:,} at once")
    if not timedelta(seconds=1) <= lasts <= LONGEST:
        what = "a permit cannot last that long"
        raise InvalidInputError(what, where="lasts_seconds", fix=f"1 to {int(LONGEST.total_seconds()):,} seconds")


#: What is shown of a check that nothing was noted of, because it was answered with yes.
_PASSED = {question: Check(question, Answer.YES, "nothing was in the way") for question in Question}
