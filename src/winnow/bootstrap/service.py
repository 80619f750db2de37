"""Wiring of the service: store, keys, facts, recorder and everything HTTP asks for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic

from platformdirs import user_data_path
from sqlalchemy import Engine

from winnow.adapters.clock import SystemClock
from winnow.adapters.db import codec
from winnow.adapters.db.answers import Answers
from winnow.adapters.db.api_keys import ApiKeys
from winnow.adapters.db.connections import make_engine, sqlite_url
from winnow.adapters.db.delivery_records import DeliveryRecords
from winnow.adapters.db.history import StoredHistory
from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.ladder import StoredLadder
from winnow.adapters.db.ledger import LedgerReader, StoredLedger
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.notes import remembered
from winnow.adapters.db.off_limits import StoredDropped
from winnow.adapters.db.overrides import StoredOverrides
from winnow.adapters.db.people import StoredPeople
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.shadows import StoredShadows
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.db.steady import Steady
from winnow.adapters.db.stops import StoredStops
from winnow.adapters.db.store import installation, prepare
from winnow.adapters.db.turn import Means
from winnow.adapters.db.vault import Vault
from winnow.adapters.db.versions import numbers
from winnow.adapters.facts.lookup import BatchFacts, OfSources, seen
from winnow.adapters.keys import Keys, new_id, new_secret
from winnow.adapters.spool import Spool, orphans
from winnow.adapters.tiles import TileFolder
from winnow.bootstrap.files import customers, reference
from winnow.bootstrap.first_run import FirstRun
from winnow.bootstrap.live import InForce, Live
from winnow.bootstrap.reviewing import worth
from winnow.bootstrap.shadowing import ShadowsInUse
from winnow.config import Config
from winnow.core.facts import Facts, Seen
from winnow.core.lead import Lead
from winnow.ports import Clock
from winnow.services.api_keys import KeyDesk, KeyRing
from winnow.services.off_limits import OffLimits
from winnow.services.replay import Replay
from winnow.services.screen import Intake

_MEGABYTE = 1_000_000

#: The note of an installation that holds nothing but made-up data.
DEMO_NOTE = "demo"


def data_folder(config: Config) -> Path:
    """The folder of everything the service keeps."""
    return config.path("data.folder") or user_data_path("winnow", appauthor=False)


def store_url(config: Config) -> str:
    """The address of the database."""
    return config.text("store.url") or sqlite_url(data_folder(config) / "winnow.sqlite")


@dataclass(frozen=True, slots=True)
class Service:
    """Everything the shells reach of a running installation; `demo`: it holds nothing but made-up data."""

    config: Config
    folder: Path
    installation: str
    engine: Engine
    keys: Keys
    vault: Vault
    clock: Clock
    live: Live
    intake: Intake
    ledger: LedgerReader
    lists: StoredLists
    rulesets: StoredRulesets
    labels: Labels
    shadows: StoredShadows
    ladder: StoredLadder
    off_limits: OffLimits
    stops: StoredStops
    log: LogReader
    journal: Journal
    answers: Answers
    published: TileFolder
    replay: Replay
    deliveries: DeliveryRecords
    key_ring: KeyRing
    key_desk: KeyDesk
    people: StoredPeople
    first_run: FirstRun
    new_id: Callable[[str, datetime], str]
    demo: bool

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


def open_service(config: Config, clock: Clock | None = None, seconds: Callable[[], float] = monotonic) -> Service:
    """Open an installation, making what is missing; raises WinnowError when it cannot run safely.

    clock, seconds: another time than this machine's, to tell a past with
    """
    folder = data_folder(config)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = make_engine(store_url(config))
    keys = _keys(engine, folder / "keys")
    clock = clock or SystemClock()
    vault = Vault(keys.sealing("subject keys"), keys.sealing("own records"), keys.hashing("values"))
    named = prepare(engine, lambda: new_id("in", clock.now()))
    journal = Journal(vault)
    rulesets, stored_lists = StoredRulesets(engine, journal), StoredLists(engine, journal)
    labels, ladder, shadows = Labels(engine, journal), StoredLadder(engine, journal), StoredShadows(engine, journal)
    stops = StoredStops(engine, journal)
    in_force = InForce(
        rulesets, stored_lists, labels, StoredIncidents(engine, journal), ladder, stops, StoredSigning(engine, journal)
    )
    live = Live(config, in_force, partial(numbers, engine), clock, seconds)
    steady = Steady(engine)
    history = StoredHistory(steady, vault)
    facts = BatchFacts(
        reference(config),
        history,
        now=clock.now,
        index=live.index,
        customers=customers(config),
        sources=OfSources(live.junk_rate, live.paused),
        overrides=StoredOverrides(steady, vault, live.any_override).overrides,
    )
    means = Means(vault, history, seen_of, named)
    ledger = LedgerReader(engine, means)
    api_keys, people = ApiKeys(engine, journal), StoredPeople(engine, vault, journal)
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
        intake=Intake(
            facts,
            StoredLedger(steady, means),
            live.ruleset,
            clock,
            stops=live.stops,
            shadow=config.flag("serve.shadow"),
            in_shadow=ShadowsInUse(live, shadows, rulesets).running,
            worth=worth(config),
        ),
        ledger=ledger,
        lists=stored_lists,
        rulesets=rulesets,
        labels=labels,
        shadows=shadows,
        ladder=ladder,
        off_limits=OffLimits(StoredDropped(engine), lambda: live.policy, clock),
        stops=stops,
        log=LogReader(engine),
        journal=journal,
        answers=Answers(engine, vault),
        published=TileFolder(folder / "log"),
        replay=Replay(ledger, rulesets.ruleset, codec.decision_bytes, json.loads),
        deliveries=DeliveryRecords(engine),
        key_ring=KeyRing(api_keys, pepper, clock),
        key_desk=KeyDesk(api_keys, pepper, clock, new_id, new_secret),
        people=people,
        first_run=FirstRun(engine, keys.hashing("setup link"), api_keys, people, clock),
        new_id=new_id,
        demo=remembered(engine, DEMO_NOTE) is not None,
    )


def _keys(engine: Engine, folder: Path) -> Keys:
    """The keys of the installation, made for a new one only.

    New keys for old data would open nothing of it, and sign another log in its name.
    """
    return Keys.make(folder) if installation(engine) is None else Keys.load(folder)


def seen_of(lead: Lead, facts: Facts) -> Seen:
    """What is counted of a lead whose facts are known."""
    return seen(lead, facts.email, facts.network, facts.phone)
