"""Wiring of the service: store, keys, facts, recorder and everything HTTP asks for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic

from platformdirs import user_data_path
from sqlalchemy import Engine

from winnow.adapters.clock import SystemClock
from winnow.adapters.db import codec
from winnow.adapters.db.answers import Answers
from winnow.adapters.db.api_keys import ApiKeys
from winnow.adapters.db.connections import Steady, make_engine, sqlite_url
from winnow.adapters.db.delivery_records import DeliveryRecords
from winnow.adapters.db.history import StoredHistory
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.ledger import LedgerReader, StoredLedger
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.store import installation, prepare
from winnow.adapters.db.turn import Means
from winnow.adapters.db.vault import Vault
from winnow.adapters.db.versions import numbers
from winnow.adapters.facts.lookup import BatchFacts, seen
from winnow.adapters.facts.timezones import timezone_source
from winnow.adapters.keys import Keys, new_id, new_secret
from winnow.adapters.lists import snapshot
from winnow.adapters.rulesets import read_ruleset
from winnow.adapters.spool import Spool, orphans
from winnow.adapters.tiles import TileFolder
from winnow.bootstrap.files import customers, lists, reference
from winnow.bootstrap.first_run import FirstRun
from winnow.config import Config
from winnow.core.facts import Facts, Seen
from winnow.core.lead import Lead
from winnow.core.lists import ListAction, ListEntry, ListIndex, ListKind
from winnow.core.ruleset import Ruleset
from winnow.errors import UnavailableError
from winnow.ports import Clock
from winnow.services.api_keys import KeyDesk, KeyRing
from winnow.services.replay import Replay
from winnow.services.screen import Intake

#: How old what is in memory of lists, rulesets and labels may be.
_FRESH_SECONDS = 0.5
_MEGABYTE = 1_000_000


def data_folder(config: Config) -> Path:
    """The folder of everything the service keeps."""
    return config.path("data.folder") or user_data_path("winnow", appauthor=False)


def store_url(config: Config) -> str:
    """The address of the database."""
    return config.text("store.url") or sqlite_url(data_folder(config) / "winnow.sqlite")


@dataclass(frozen=True, slots=True)
class Service:
    """Everything the shells reach of a running installation."""

    config: Config
    folder: Path
    installation: str
    engine: Engine
    keys: Keys
    vault: Vault
    clock: Clock
    live: "Live"
    intake: Intake
    ledger: LedgerReader
    lists: StoredLists
    rulesets: StoredRulesets
    labels: Labels
    log: LogReader
    journal: Journal
    answers: Answers
    published: TileFolder
    replay: Replay
    deliveries: DeliveryRecords
    key_ring: KeyRing
    key_desk: KeyDesk
    first_run: FirstRun
    new_id: Callable[[str, datetime], str]

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()

    @property
    def remote(self) -> bool:
        """Whether the database is another process, which may keep one waiting."""
        return self.engine.dialect.name != "sqlite"

    @property
    def origin(self) -> str:
        """The name of the log in its checkpoints."""
        return self.config.text("log.origin") or f"winnow/{self.installation}"

    @property
    def log_key(self) -> str:
        """What the checkpoints of the log are checked with, as text."""
        return str(self.keys.signer(self.origin).key)

    def new_spool(self) -> Spool:
        """A spool of this process."""
        return Spool.new(self.folder / "spool", self._spool_bytes, seal=self._seal, unseal=self._unseal)

    def orphaned_spools(self) -> Iterator[Spool]:
        """What processes that are gone have left."""
        return orphans(self.folder / "spool", self._spool_bytes, seal=self._seal, unseal=self._unseal)

    @property
    def _spool_bytes(self) -> int:
        return self.config.count("spool.most_megabytes", most=1_000_000) * _MEGABYTE

    def _seal(self, payload: bytes) -> bytes:
        return self.vault.seal_own(payload, "spool")

    def _unseal(self, payload: bytes) -> bytes:
        return self.vault.open_own(payload, "spool")


def open_service(config: Config) -> Service:
    """Open an installation, making what is missing; raises WinnowError when it cannot run safely."""
    folder = data_folder(config)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = make_engine(store_url(config))
    keys = _keys(engine, folder / "keys")
    clock = SystemClock()
    vault = Vault(keys.sealing("subject keys"), keys.sealing("own records"), keys.hashing("values"))
    named = prepare(engine, lambda: new_id("in", clock.now()))
    journal = Journal(vault)
    rulesets, stored_lists = StoredRulesets(engine, journal), StoredLists(engine, journal)
    labels = Labels(engine, journal)
    live = Live(config, rulesets, stored_lists, labels, partial(numbers, engine), clock)
    steady = Steady(engine)
    history = StoredHistory(steady, vault)
    facts = BatchFacts(
        reference(config),
        history,
        now=clock.now,
        index=live.index,
        customers=customers(config),
        junk_rate=live.junk_rate,
    )
    means = Means(vault, history, seen_of, named)
    ledger = LedgerReader(engine, means)
    api_keys = ApiKeys(engine, journal)
    pepper = keys.hashing("api keys")
    return Service(
        config=config,
        folder=folder,
        installation=named,
        engine=engine,
        keys=keys,
        vault=vault,
        clock=clock,
        live=live,
        intake=Intake(facts, StoredLedger(steady, means), live.ruleset, clock, shadow=config.flag("serve.shadow")),
        ledger=ledger,
        lists=stored_lists,
        rulesets=rulesets,
        labels=labels,
        log=LogReader(engine),
        journal=journal,
        answers=Answers(engine, vault),
        published=TileFolder(folder / "log"),
        replay=Replay(ledger, rulesets.ruleset, codec.decision_bytes, json.loads),
        deliveries=DeliveryRecords(engine),
        key_ring=KeyRing(api_keys, pepper, clock),
        key_desk=KeyDesk(api_keys, pepper, clock, new_id, new_secret),
        first_run=FirstRun(engine, keys.hashing("setup link"), api_keys, clock),
        new_id=new_id,
    )


def _keys(engine: Engine, folder: Path) -> Keys:
    """The keys of the installation, made for a new one only.

    New keys for old data would open nothing of it, and sign another log in its name.
    """
    return Keys.make(folder) if installation(engine) is None else Keys.load(folder)


def seen_of(lead: Lead, facts: Facts) -> Seen:
    """What is counted of a lead whose facts are known."""
    return seen(lead, facts.email, facts.network, facts.phone)


class Live:
    """The ruleset, lists and labels in force, kept in memory and read anew within a second of any change.

    While the database is away, what was known last goes on to hold.
    """

    def __init__(  # the sources of what is in force
        self,
        config: Config,
        rulesets: StoredRulesets,
        stored: StoredLists,
        labels: Labels,
        versions: Callable[[], dict[str, int]],
        clock: Clock,
    ) -> None:
        self._config = config
        self._rulesets = rulesets
        self._lists = stored
        self._labels = labels
        self._versions = versions
        self._clock = clock
        self._guard = Lock()
        self._known: dict[str, int] = {}
        self._checked = 0.0
        self._ruleset = self._first()
        self._index = self._ruleset.index
        self._rates: dict[str, float] = {}
        self._refresh()

    def ruleset(self) -> Ruleset:
        """The live ruleset, bound to the lists and reference data in force."""
        if monotonic() - self._checked > _FRESH_SECONDS:
            self._refresh()
        return self._ruleset

    @property
    def off_limits(self) -> frozenset[str]:
        """The fields nobody may see or keep."""
        return self._ruleset.policy.off_limits

    def index(self) -> ListIndex:
        """The list entries in force."""
        return self._index

    def junk_rate(self, source: str | None) -> float | None:
        """The share of a source's judged leads that were junk; None when too few were judged."""
        return self._rates.get(source or "")

    def _first(self) -> Ruleset:
        """The live ruleset; the configured one, or the starter, becomes live at the first start."""
        live = self._rulesets.live()
        if live is None:
            live = read_ruleset(self._config.path("screen.ruleset"))
            self._rulesets.activate(live, "system", self._clock.now())
        return live

    def _refresh(self) -> None:
        with self._guard:
            try:
                found = self._versions()
                if not self._known or found != self._known:
                    self._load()
            except UnavailableError:
                return
            self._known, self._checked = found, monotonic()

    def _load(self) -> None:
        live = self._rulesets.live() or self._ruleset
        entries = (*lists(self._config), *self._lists.all(), *_sandbox(self._config))
        sources = (*reference(self._config).sources(), timezone_source())
        ruleset = live.with_references(sources)
        if entries:
            ruleset = replace(ruleset, lists_snapshot=snapshot(entries))
        self._rulesets.keep(ruleset, "system", self._clock.now())
        self._rates = self._labels.junk_rates()
        self._index = ListIndex((*ruleset.lists, *entries))
        self._ruleset = ruleset


def _sandbox(config: Config) -> tuple[ListEntry, ...]:
    """Entries that give the test addresses their outcomes, as payment providers have test cards."""
    if not config.flag("serve.sandbox"):
        return ()

    def entry(name: str, action: ListAction, source: str) -> ListEntry:
        address = f"{name}@winnow.example"
        return ListEntry(
            f"sandbox-{name}", action, ListKind.EMAIL, address, "sandbox", f"test address {address}", source=source
        )

    return (
        entry("genuine", ListAction.ALLOW, "person"),
        entry("review", ListAction.BLOCK, "rule"),
        entry("junk", ListAction.BLOCK, "person"),
    )
