"""The gate at work: facts of a whole batch at once, an answer for each person, one signature, one record."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from winnow.core.govern.ask import NOT_READ, Ask, Check, Common, Grant, NotKnown, OfPerson, Question, Refusal
from winnow.core.govern.consent import NOTHING_KNOWN, Standing
from winnow.core.govern.gate import Prepared
from winnow.core.govern.gate_person import channel_of
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Limits
from winnow.core.govern.permit import (
    Permit,
    Terms,
    parse_token,
    permit_id,
    split_id,
    subject_hash,
    verify_token,
    whole_seconds,
)
from winnow.core.govern.permit_tree import Tree, nonces_of, signed
from winnow.core.govern.stop import Stops
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.core.govern.told import Address
from winnow.core.lists import ListEntry
from winnow.core.tlog import VerifierKey
from winnow.errors import BrokenLogError, InvalidInputError, NotFoundError, UnavailableError
from winnow.ports import Clock
from winnow.ports.gate import GateAnswer, Moved, PermitStore, Position, Recipient, Seal, Sources, Wanted

#: Persons in one ask, and in one whose answer brings the tokens along.
MOST_ASKED, MOST_TOKENS = 100_000, 10_000
#: How long a permit holds unless somebody asks for less, and the longest.
LASTS, LONGEST = timedelta(minutes=10), timedelta(hours=24)

_PREFIX = "pm"
#: The kind of address that a channel goes to; an answer for another one would be about nobody.
_REACHED_BY: Mapping[Channel | None, frozenset[AddressKind]] = {
    Channel.EMAIL: frozenset({AddressKind.EMAIL}),
    Channel.PHONE: frozenset({AddressKind.PHONE}),
    Channel.SMS: frozenset({AddressKind.PHONE}),
}
_ANY = frozenset(AddressKind)
_NO_CONTACTS: Mapping[str, int] = {}
#: From so many people on, an ask is a batch.
_BATCH = 1_000
#: How often an answer is worked out anew because something changed under it.
_TRIES = 5
_SEED_BYTES = 32

T = TypeVar("T")


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

    def __init__(self, sources: Sources, store: PermitStore, seal: Seal, clock: Clock) -> None:
        self._sources = sources
        self._store = store
        self._seal = seal
        self._clock = clock
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
        with _undisturbed(len(recipients)):
            return self._asked(ask, recipients, asking)

    def _asked(self, ask: Ask, recipients: Sequence[Recipient], asking: Asking) -> Given:
        subjects = [self._sources.subject(each.address) for each in recipients]
        since = self._store.position()
        redone: Sequence[int] = range(len(recipients))
        found: list[Grant | Refusal] = [Refusal(())] * len(recipients)
        prepared, digest = self._prepared(ask, since)
        for _ in range(_TRIES):
            self._decide(prepared, recipients, subjects, redone, found)
            answer, tree = self._sealed(prepared, digest, recipients, subjects, found, asking)
            if asking.rehearsal:
                return Given(answer, found, tree, None)
            outcome = self._store.record(answer, since, self._clock.now())
            if not isinstance(outcome, Moved):
                return Given(answer, found, tree, outcome)
            before, since = since, self._store.position()
            whole = outcome.everything or (before.stops, before.versions) != (since.stops, since.versions)
            redone = [at for at, subject in enumerate(subjects) if whole or subject in outcome.subjects]
            prepared, digest = self._prepared(ask, since)
        raise UnavailableError("what the answer rests on kept changing", fix="ask again")

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
        now = self._clock.now()
        against = permit.objection(now, wanted) or self._since(permit, now)
        if against is not None:
            raise BrokenLogError(f"this permit does not hold: {against}", fix="ask the gate for another one")
        if redeem and permit.terms.once:
            self._store.redeem(permit.id, actor, now)
        return permit

    def _since(self, permit: Permit, now: datetime) -> str | None:
        """What happened since a permit was given that it does not hold under; None: nothing."""
        terms, sources = permit.terms, self._sources
        kept, _ = self._opened(terms.answer)
        if self._sources.stops().covers(action=terms.action, system=terms.system) is not None:
            return "a kill switch is engaged for it"
        sources.catch_up(self._store.position().versions)
        if sources.policy().digest != terms.policy:
            return "the policy is another one now"
        subject, channel = kept.subjects[permit.leaf.number], channel_of(kept.ask) or Channel.EMAIL
        standing = sources.consent([subject], channel, terms.purpose, now).get(subject, NOTHING_KNOWN)
        if standing.denied:
            return standing.why
        return "it was for one use, and was used" if terms.once and self._store.used(permit.id) else None

    def checks(self, ask: Ask, recipient: Recipient) -> Sequence[Check]:
        """The answer to every question about one person; nothing is permitted, and nothing recorded."""
        return self.ask(ask, [recipient], Asking("", rehearsal=True)).results[0].checks

    # ── deciding ─────────────────────────────────────────────────────────────────────────────────

    def _prepared(self, ask: Ask, since: Position) -> tuple[Prepared, str]:
        """What is answered for everybody alike, and the hash of the policy it was answered under."""
        now, sources = self._clock.now(), self._sources
        sources.catch_up(since.versions)
        stops = _tried(sources.stops)
        if isinstance(stops, Stops) and stops.number not in {None, since.stops}:
            stops = NOT_READ  # it moved at this very moment; recording would find out, and so it is asked anew
        policy, system = _tried(sources.policy), _tried(lambda: sources.system(ask.system))
        entry, standing = (system, system) if system is None or isinstance(system, NotKnown) else system
        common = Common(now, stops, entry, standing)
        if isinstance(policy, NotKnown):
            return Prepared(ask, common, now), ""
        limits, packs, off_limits, owner, digest = policy
        common = replace(common, limits=limits, packs=packs, off_limits=off_limits, owner=owner)
        return Prepared(ask, common, now), digest

    def _decide(
        self,
        prepared: Prepared,
        recipients: Sequence[Recipient],
        subjects: Sequence[int],
        which: Sequence[int],
        found: list[Grant | Refusal],
    ) -> None:
        """Answer for some of them, in place; a contact permitted within the batch counts for those after it."""
        people = self._people(prepared, [recipients[at] for at in which], [subjects[at] for at in which])
        earlier: Counter[int] = Counter()
        caps = isinstance(prepared.common.limits, Limits) and prepared.common.limits.caps
        for at, person in zip(which, people, strict=True):
            again = earlier[subjects[at]] if caps else 0
            answer = found[at] = prepared.of(_counted(person, again) if again else person)
            if caps and isinstance(answer, Grant):
                earlier[subjects[at]] += 1

    def _people(
        self, prepared: Prepared, recipients: Sequence[Recipient], subjects: Sequence[int]
    ) -> Sequence[OfPerson]:
        sources, now, ask = self._sources, prepared.now, prepared.ask
        channel = _tried(lambda: channel_of(ask) or Channel.EMAIL)
        consent: Mapping[int, Standing] | NotKnown = NOT_READ
        if not isinstance(channel, NotKnown):
            consent = _tried(lambda: sources.consent(subjects, channel, ask.purpose, now))
        counted = _tried(lambda: self._contacts(prepared, subjects))
        contacts: Sequence[Mapping[str, int] | NotKnown] = (
            [NOT_READ] * len(subjects) if isinstance(counted, NotKnown) else counted
        )

        @lru_cache(maxsize=4096)
        def hours(place: str | None, zone: str | None) -> frozenset[int] | NotKnown:
            return _tried(lambda: sources.hours(place, zone, now))

        def standing(subject: int) -> Standing | NotKnown:
            return consent if isinstance(consent, NotKnown) else consent.get(subject, NOTHING_KNOWN)

        hits = self._hits(recipients)
        return [
            OfPerson(each.place, standing(subject), listed, hours(each.place, each.zone), before)
            if each.sure and each.address.kind in _REACHED_BY.get(ask.channel, _ANY)
            else OfPerson(each.place)
            for each, subject, listed, before in zip(recipients, subjects, hits, contacts, strict=True)
        ]

    def _hits(self, recipients: Sequence[Recipient]) -> Sequence[tuple[ListEntry, ...] | NotKnown]:
        """The list entries of everybody; where that breaks, of each alone, so that it stays unknown for few."""
        hits = self._sources.hits
        found = _tried(lambda: list(map(hits, recipients)))
        if isinstance(found, NotKnown):
            return [_tried(lambda each=each: hits(each)) for each in recipients]  # type: ignore[misc]  # bound at once
        return found

    def _contacts(self, prepared: Prepared, subjects: Sequence[int]) -> Sequence[Mapping[str, int]]:
        """What was permitted of each before, by the id of the cap; those of whom the same holds share it."""
        limits, ask = prepared.common.limits, prepared.ask
        caps = limits.caps_on(ask.channel, ask.purpose) if isinstance(limits, Limits) else ()
        if not caps or ask.action is not Action.CONTACT:
            return [_NO_CONTACTS] * len(subjects)
        counted = self._store.contacts(subjects, [Wanted(cap, prepared.now - timedelta(days=cap.days)) for cap in caps])
        shared: dict[tuple[int, ...], Mapping[str, int]] = {}
        of_caps = [[counted[cap.id].get(subject, 0) for subject in subjects] for cap in caps]
        ids = [cap.id for cap in caps]
        return [shared.setdefault(each, dict(zip(ids, each, strict=True))) for each in zip(*of_caps, strict=True)]

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
        """The answer with its signature."""
        now, ask, seal = whole_seconds(prepared.now), prepared.ask, self._seal
        terms = Terms(
            seal.new_id(_PREFIX, prepared.now),
            *(ask.system, ask.action, ask.channel, ask.purpose, digest, now, whole_seconds(now + asking.lasts)),
            once=asking.once,
        )
        seed = seal.random(_SEED_BYTES)
        refused = {at: each.failing for at, each in enumerate(found) if isinstance(each, Refusal)}
        nonces = nonces_of(seed, len(recipients))
        commitments = [
            subject_hash(nonce, spelled(each.address)) for nonce, each in zip(nonces, recipients, strict=True)
        ]
        kept = GateAnswer(terms, ask, asking.actor, "", seed, subjects, commitments, prepared.checks, refused)
        tree = kept.results.tree(nonces)
        return replace(kept, note=signed(terms, tree.head, seal.key.name, seal.sign)), tree

    def _opened(self, answer: str) -> tuple[GateAnswer, Tree]:
        """An answer and its tree; one about many people, which takes a while, is remembered."""
        if self._last is not None and self._last[0].terms.answer == answer:
            return self._last
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
    return f"{address.kind.value}:{address.text}"


def _counted(person: OfPerson, again: int) -> OfPerson:
    """The person with the contacts that the same batch permitted already."""
    if isinstance(person.contacts, NotKnown):
        return person
    return replace(person, contacts={cap: count + again for cap, count in person.contacts.items()})


def _tried(source: Callable[[], T]) -> T | NotKnown:
    """What a source says; not known when it breaks. A store that is away is for the caller: nothing can be recorded."""
    try:
        return source()
    except UnavailableError:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, it must not let anything through
        return NOT_READ


def _need_askable(recipients: Sequence[Recipient], lasts: timedelta) -> None:
    if not 1 <= len(recipients) <= MOST_ASKED:
        what = f"{len(recipients):,} recipients"
        raise InvalidInputError(what, where="recipients", fix=f"ask for 1 to {MOST_ASKED:,} at once")
    if not timedelta(seconds=1) <= lasts <= LONGEST:
        what = "a permit cannot last that long"
        raise InvalidInputError(what, where="lasts_seconds", fix=f"1 to {int(LONGEST.total_seconds()):,} seconds")


#: What is shown of a check that nothing was noted of, because it was answered with yes.
_PASSED = {question: Check(question, Answer.YES, "nothing was in the way") for question in Question}
