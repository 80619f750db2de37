"""Consent as a machine of random steps: the real ledger beside a tiny model that knows the one rule that matters."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Journal
from winnow.adapters.db.vault import Vault
from winnow.core.govern.consent import EXPRESS, Act, Capture, State, fold
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
reach = st.tuples(st.sampled_from([None, *CHANNELS]), st.sampled_from([None, *PURPOSES]))
exact = st.tuples(st.sampled_from(CHANNELS), st.sampled_from(PURPOSES))


@dataclass
class Model:
    """The rule, without any ledger: who said no to what when, and which yes of theirs came later and still holds.

    Every denial and every yes is kept once for each address it counts for. Links are sets of addresses.
    """

    denials: list[tuple[Address, Channel | None, str | None, datetime, bool]] = field(default_factory=list)
    yeses: list[tuple[Address, Channel, str, datetime, datetime | None, bool]] = field(default_factory=list)
    links: set[frozenset[Address]] = field(default_factory=set)

    def group(self, address: Address) -> set[Address]:
        """Whoever is linked with an address, directly or through others."""
        found = {address}
        while True:
            more = {each for link in self.links if link & found for each in link} | found
            if more == found:
                return found
            found = more

    def may(self, address: Address, channel: Channel, purpose: str, now: datetime) -> bool:
        """Whether nothing the person said stands against it."""
        mine = [
            denial
            for denial in self.denials
            if denial[0] == address and denial[1] in {None, channel} and denial[2] in {None, purpose}
        ]
        return all(
            any(
                yes[:3] == (address, channel, purpose)
                and said_at < yes[3] <= now
                and (yes[4] is None or now < yes[4])
                and (yes[5] or not objection)
                for yes in self.yeses
            )
            for _, _, _, said_at, objection in mine
        )


class ConsentMachine(RuleBasedStateMachine):
    """Steps through whatever may happen; `connect` gives an empty ledger."""

    connect: "staticmethod[[], StoredConsent]"
    told: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.ledger = self.connect()
        self.model, self.now = Model(), START
        self.told["runs"] += 1

    # ── what the person does ─────────────────────────────────────────────────────────────────────

    @rule(who=people, reach=reach, ago=ago, how=st.sampled_from([Capture.LINK, Capture.REPLY, Capture.IMPORT]))
    def opt_out(self, who, reach, ago, how):
        channel, purpose = reach
        self._no(who, channel, purpose, ago, how, objection=False)

    @rule(who=people, purpose=st.sampled_from([None, *PURPOSES]), ago=ago)
    def object(self, who, purpose, ago):
        self._no(who, None, purpose, ago, Capture.REPLY, objection=True)

    @rule(who=people, channel=st.sampled_from(CHANNELS))
    def signal(self, who, channel):
        self._no(who, channel, None, 0, Capture.SIGNAL, objection=False)

    @rule(who=people, to=exact, ago=ago, days=st.one_of(st.none(), st.integers(1, 90)))
    def agree_by_form(self, who, to, ago, days):
        at = self._at(ago)
        ends = None if days is None else self.now + timedelta(days=days)
        self._tell(who, Act.GRANT, Capture.FORM, to, at, expires_at=ends)
        if at is not None:
            self.model.yeses.append((who, *to, at, ends, True))

    @rule(who=people, to=exact)
    def confirm(self, who, to):
        self._tell(who, Act.GRANT, Capture.DOUBLE_OPT_IN, to, self.now)
        self.model.yeses.append((who, *to, self.now, None, True))

    @rule(who=people, to=exact, ago=ago)
    def agree_aloud(self, who, to, ago):
        at = self._at(ago)
        self._tell(who, Act.GRANT, Capture.VERBAL, to, at)
        if at is not None:
            self.model.yeses.append((who, *to, at, at + _VERBAL, False))

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
        try:
            self.ledger.merge(pair, "an account", "us_1", self.now)
        except ConflictError:
            return
        groups = self.model.group(pair[0]), self.model.group(pair[1])
        self.model.links.add(frozenset(pair))
        self._unite(*groups)

    @rule(pair=pairs)
    def unmerge(self, pair):
        first, second = pair
        try:
            self.ledger.unmerge((self.ledger.subject(first), self.ledger.subject(second)), "two", "us_1", self.now)
        except NotFoundError:
            return
        self.model.links.discard(frozenset(pair))

    @rule(who=people)
    def erase(self, who):
        self.ledger.erase([self.ledger.subject(who)], "us_2", self.now)
        self.model.yeses = [yes for yes in self.model.yeses if yes[0] != who]
        self.model.links = {link for link in self.model.links if who not in link}

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.now += timedelta(days=days)

    # ── what must hold ───────────────────────────────────────────────────────────────────────────

    @invariant()
    def nobody_is_contacted_who_said_no(self):
        subjects = {who: self.ledger.subject(who) for who in PEOPLE}
        events = self.ledger.events_of(list(subjects.values()))
        for who, subject in subjects.items():
            for channel in CHANNELS:
                for purpose in PURPOSES:
                    found = fold(events.get(subject, ()), channel, purpose, self.now)
                    self.told[found.state.word] += 1
                    said = f"{who.text}, {channel}, {purpose}: {found.why}"
                    assert (found.state < State.OPTED_OUT) == self.model.may(who, channel, purpose, self.now), said

    @precondition(lambda self: self.model.denials)
    @rule()
    def a_no_is_never_forgotten(self):
        who, channel, _, _, objection = self.model.denials[-1]
        kept = self.ledger.events_of([self.ledger.subject(who)])[self.ledger.subject(who)]
        wanted = Act.OBJECTION if objection else Act.OPT_OUT
        assert any(event.act is wanted and event.channel is channel for event in kept)

    # ── the same for all ─────────────────────────────────────────────────────────────────────────

    def _at(self, ago: int | None) -> datetime | None:
        return None if ago is None else self.now - timedelta(days=ago)

    def _tell(self, who, act, how, reach, at, **fields):
        channel, purpose = reach
        self.told["events"] += 1
        said = {"basis": EXPRESS if act is Act.GRANT else None, "wording": "w@1", "evidence": "seen", **fields}
        told = Told(who, act, how, channel, purpose, occurred_at=at, **said)
        self.ledger.record([told], "us_1", self.now)

    def _no(self, who, channel, purpose, ago, how, *, objection):
        at = self._at(ago)
        self._tell(who, Act.OBJECTION if objection else Act.OPT_OUT, how, (channel, purpose), at)
        for each in self.model.group(who):
            self.model.denials.append((each, channel, purpose, at or self.now, objection))

    def _unite(self, first: set[Address], second: set[Address]) -> None:
        for of, to in ((first, second), (second, first)):
            known = [denial for denial in self.model.denials if denial[0] in of]
            self.model.denials += [(each, *denial[1:]) for denial in known for each in to]


def machine(engine) -> type[ConsentMachine]:
    """The machine on a database; each run has hashes of its own, so that none meets what another left."""
    numbers = count()

    def connect() -> StoredConsent:
        vault = Vault(b"w" * 32, b"o" * 32, next(numbers).to_bytes(32, "big"))
        return StoredConsent(engine, vault, Journal(vault))

    return type("ConsentMachineHere", (ConsentMachine,), {"connect": staticmethod(connect), "told": Counter()})
