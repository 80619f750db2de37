"""Consent as a machine of random steps: the real ledger beside a tiny model that knows the one rule that matters."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Journal
from winnow.adapters.db.vault import Vault
from winnow.core.govern.consent import EXPRESS, ONCE_CONFIRMED, Act, Capture, State, fold
from winnow.core.govern.consent_events import WRITTEN, ConsentEvent
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told
from winnow.errors import ConflictError, NotFoundError

START = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = tuple(Address(AddressKind.EMAIL, f"p{number}@bluebird.example") for number in range(4))
CHANNELS, PURPOSES = (Channel.EMAIL, Channel.SMS), ("marketing", "service")
_VERBAL = timedelta(days=30)

people = st.sampled_from(PEOPLE)
pairs = st.tuples(people, people).filter(lambda pair: pair[0] != pair[1])
ago = st.one_of(st.none(), st.integers(0, 40))
ahead = st.sampled_from([0, 0, -4, 4])
reach = st.tuples(st.sampled_from([None, *CHANNELS]), st.sampled_from([None, *PURPOSES]))
exact = st.tuples(st.sampled_from(CHANNELS), st.sampled_from(PURPOSES))


class No(NamedTuple):
    """A denial of the model, once for each address it counts for; `late`: it says that it is older than its telling."""

    who: Address
    channel: Channel | None
    purpose: str | None
    at: datetime
    number: int
    objection: bool
    late: bool


class Yes(NamedTuple):
    """A yes that is said to be the person's own, at a known time; `first`: its words ask for a confirmation."""

    who: Address
    channel: Channel
    purpose: str
    at: datetime
    number: int
    how: Capture
    end: datetime | None = None
    first: bool = False


@dataclass
class Model:
    """The rule, without any ledger: who said no to what when, and which yes of theirs came later and still holds.

    A form proves nothing: it is the person's own from when they follow a link, or are heard at their number.
    """

    noes: list[No] = field(default_factory=list)
    yeses: list[Yes] = field(default_factory=list)
    links: set[frozenset[Address]] = field(default_factory=set)

    def group(self, address: Address) -> set[Address]:
        """Whoever is linked with an address, directly or through others."""
        found = {address}
        while True:
            more = {each for link in self.links if link & found for each in link} | found
            if more == found:
                return found
            found = more

    def standing(self, address: Address, channel: Channel, purpose: str, now: datetime) -> tuple[bool, bool]:
        """Whether nothing the person said stands against it, and whether a yes waits for a confirmation."""
        said = [no for no in self.noes if no.who == address and _reaches(no, channel, purpose)]
        agreed = [yes for yes in self.yeses if yes[:3] == (address, channel, purpose) and yes.at <= now]
        proven = [yes.at for yes in agreed if _proves(yes)]
        own = [yes for yes in agreed if any(yes.at <= at for at in proven)]
        left = [
            no
            for no in said
            if not any(_holds(yes, now) and _later(yes, no) for yes in own if yes.how in WRITTEN or not no.objection)
        ]
        waits = any(
            _holds(yes, now) and yes not in own and (left or yes.first) and all(_later(yes, no) for no in left)
            for yes in agreed
        )
        return not left, waits


def _reaches(no: No, channel: Channel, purpose: str) -> bool:
    return no.channel in {None, channel} and no.purpose in {None, purpose}


def _proves(yes: Yes) -> bool:
    return yes.how is Capture.DOUBLE_OPT_IN or (yes.how is Capture.VERBAL and yes.channel is Channel.SMS)


def _holds(yes: Yes, now: datetime) -> bool:
    return yes.end is None or now < yes.end


def _later(yes: Yes, no: No) -> bool:
    """What was told before a no came later only if the no says so, and by more than two clocks may differ."""
    if yes.number > no.number:
        return yes.at > no.at
    return no.late and yes.at > no.at + timedelta(minutes=5)


class ConsentMachine(RuleBasedStateMachine):
    """Steps through whatever may happen; `connect` gives an empty ledger."""

    connect: "staticmethod[[], StoredConsent]"
    told: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.ledger = self.connect()
        self.model, self.now, self.number = Model(), START, 0
        self.read: Mapping[int, Sequence[ConsentEvent]] | None = None
        self.told["runs"] += 1

    # ── what the person does ─────────────────────────────────────────────────────────────────────

    @rule(who=people, reach=reach, ago=ago, how=st.sampled_from([Capture.LINK, Capture.REPLY, Capture.IMPORT]))
    def opt_out(self, who, reach, ago, how):
        channel, purpose = reach
        self._no(who, channel, purpose, ago, how, objection=False)

    @rule(who=people, purpose=st.sampled_from([None, *PURPOSES]), ago=ago)
    def object(self, who, purpose, ago):
        self._no(who, None, purpose, ago, Capture.REPLY, objection=True)

    @rule(who=people, channel=st.sampled_from(CHANNELS), ahead=ahead)
    def signal(self, who, channel, ahead):
        with self._another_clock(ahead):
            self._no(who, channel, None, 0, Capture.SIGNAL, objection=False)

    @rule(who=people, to=exact, ago=ago, days=st.one_of(st.none(), st.integers(1, 90)), first=st.booleans())
    def somebody_types_their_address_into_a_form(self, who, to, ago, days, first):
        ends = None if days is None else self.now + timedelta(days=days)
        self._yes(who, to, self._at(ago), Capture.FORM, ends, first=first)

    @rule(who=people, to=exact, ahead=ahead)
    def confirm(self, who, to, ahead):
        with self._another_clock(ahead):
            self._yes(who, to, self.now, Capture.DOUBLE_OPT_IN, None)

    @rule(who=people, to=exact, ago=ago)
    def agree_aloud(self, who, to, ago):
        self._yes(who, to, self._at(ago), Capture.VERBAL, None)

    # ── what others do, none of which may ever allow anything ────────────────────────────────────

    @rule(
        who=people,
        to=exact,
        ago=ago,
        how=st.sampled_from([Capture.IMPORT, Capture.SYNC, Capture.MERGE, Capture.ENRICHMENT, Capture.REP]),
        basis=st.sampled_from([EXPRESS, "purchase"]),
    )
    def somebody_says_they_agreed(self, who, to, ago, how, basis):
        self._tell(who, Act.GRANT, how, to, self._at(ago), basis=basis)

    @rule(pair=pairs)
    def merge(self, pair):
        self.read = None
        try:
            self.ledger.merge(pair, "an account", "us_1", self.now)
        except ConflictError:
            return
        groups = self.model.group(pair[0]), self.model.group(pair[1])
        self.model.links.add(frozenset(pair))
        self._unite(*groups)

    @precondition(lambda self: self.model.links)
    @rule(pair=pairs)
    def unmerge(self, pair):
        first, second = pair
        self.read = None
        try:
            self.ledger.unmerge((self.ledger.subject(first), self.ledger.subject(second)), "two", "us_1", self.now)
        except NotFoundError:
            return
        self.model.links.discard(frozenset(pair))

    @rule(who=people)
    def erase(self, who):
        self.read = None
        self.ledger.erase([self.ledger.subject(who)], "us_2", self.now)
        self.model.yeses = [yes for yes in self.model.yeses if yes.who != who]
        self.model.links = {link for link in self.model.links if who not in link}

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.now += timedelta(days=days)

    # ── what must hold ───────────────────────────────────────────────────────────────────────────

    @invariant()
    def nobody_is_contacted_who_said_no(self):
        subjects = {who: self.ledger.subject(who) for who in PEOPLE}
        if self.read is None:  # nobody else writes to it, so that time alone changes nothing that is read
            self.read = self.ledger.events_of(list(subjects.values()))
        events = self.read
        for who, subject in subjects.items():
            for channel in CHANNELS:
                for purpose in PURPOSES:
                    found = fold(events.get(subject, ()), channel, purpose, self.now)
                    self.told[found.state.word] += 1
                    self.told["waiting"] += found.waits
                    said = f"{who.text}, {channel}, {purpose}: {found.why}"
                    may, waits = self.model.standing(who, channel, purpose, self.now)
                    assert (found.state < State.OPTED_OUT) == may, said
                    assert found.waits == (waits and found.state is not State.GRANTED), said

    @precondition(lambda self: self.model.noes)
    @rule()
    def a_no_is_never_forgotten(self):
        no = self.model.noes[-1]
        kept = self.ledger.events_of([self.ledger.subject(no.who)])[self.ledger.subject(no.who)]
        wanted = Act.OBJECTION if no.objection else Act.OPT_OUT
        assert any(event.act is wanted and event.channel is no.channel for event in kept)

    # ── the same for all ─────────────────────────────────────────────────────────────────────────

    def _at(self, ago: int | None) -> datetime | None:
        return None if ago is None else self.now - timedelta(days=ago)

    @contextmanager
    def _another_clock(self, ahead: int) -> Iterator[None]:
        """What happens is recorded by a replica whose clock is some minutes ahead, or behind."""
        self.now += timedelta(minutes=ahead)
        yield
        self.now -= timedelta(minutes=ahead)

    def _tell(self, who, act, how, reach, at, **fields) -> int:
        """Record it; its place in the order of telling."""
        channel, purpose = reach
        self.told["events"] += 1
        self.number += 1
        self.read = None
        said = {"basis": EXPRESS if act is Act.GRANT else None, "wording": "w@1", "evidence": "seen", **fields}
        told = Told(who, act, how, channel, purpose, occurred_at=at, **said)
        self.ledger.record([told], "us_1", self.now)
        return self.number

    def _yes(self, who, to, at, how, ends, *, first=False):
        number = self._tell(who, Act.GRANT, how, to, at, expires_at=ends, basis=ONCE_CONFIRMED if first else EXPRESS)
        if at is not None:
            ends = at + _VERBAL if how is Capture.VERBAL else ends
            channel, purpose = to
            self.model.yeses.append(Yes(who, channel, purpose, at, number, how, ends, first))

    def _no(self, who, channel, purpose, ago, how, *, objection):
        at = self._at(ago)
        number = self._tell(who, Act.OBJECTION if objection else Act.OPT_OUT, how, (channel, purpose), at)
        for each in self.model.group(who):
            self.model.noes.append(No(each, channel, purpose, at or self.now, number, objection, bool(ago)))

    def _unite(self, first: set[Address], second: set[Address]) -> None:
        for of, to in ((first, second), (second, first)):
            known = [no for no in self.model.noes if no.who in of]
            self.model.noes += [no._replace(who=each) for no in known for each in to]


def machine(engine) -> type[ConsentMachine]:
    """The machine on a database; each run has hashes of its own, so that none meets what another left."""
    numbers = count()

    def connect() -> StoredConsent:
        vault = Vault(b"w" * 32, b"o" * 32, next(numbers).to_bytes(32, "big"))
        return StoredConsent(engine, vault, Journal(vault))

    return type("ConsentMachineHere", (ConsentMachine,), {"connect": staticmethod(connect), "told": Counter()})
