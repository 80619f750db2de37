"""Wiring of the screening of files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from winnow.adapters.clock import SystemClock
from winnow.adapters.customers import read_customers
from winnow.adapters.facts.lookup import BatchFacts, match_keys, seen
from winnow.adapters.facts.reference import Reference
from winnow.adapters.facts.timezones import timezone_source
from winnow.adapters.files.checkpoint import (
    checkpoint_path,
)
from winnow.adapters.files.chunks import Chunk
from winnow.adapters.files.decisions import FORMATS
from winnow.adapters.files.output import Finish, partial_path, ready_path
from winnow.adapters.files.parquet_reader import arrow_io
from winnow.adapters.files.parquet_writer import parquet_from_jsonl
from winnow.adapters.files.rejected import rejected_path
from winnow.adapters.files.source import Parser, Source
from winnow.adapters.files.zones import zone_named
from winnow.adapters.lists import read_lists, snapshot
from winnow.adapters.rulesets import STARTER, read_rules, read_ruleset
from winnow.bootstrap.policy_files import packs_of
from winnow.config import Config, load
from winnow.core.decide import Decision
from winnow.core.facts import Seen
from winnow.core.govern.examples import check_limits
from winnow.core.govern.off_limits import masked, scanned_in
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry, ListIndex, ListKind
from winnow.core.mapping import Excerpts, LeadMapping, LeadReader, compile_mapping
from winnow.core.mapping.rows import BadRow, RawRow
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import WrittenRules, ruleset_from
from winnow.errors import InvalidRulesetError, UnreadableRowError, WinnowError
from winnow.ports import Clock, HistorySource
from winnow.services.screen import Screener

Texts = tuple[str, ...]


def clock() -> Clock:
    """The time of this machine."""
    return SystemClock()


def reference(config: Config) -> Reference:
    """The reference data, with what the settings add to it; made once for a whole run."""
    return _reference(
        *map(config.texts, ("facts.mmdb", "facts.disposable", "facts.free", "facts.relay", "facts.corporate"))
    )


@lru_cache(maxsize=1)
def _reference(mmdb: Texts, disposable: Texts, free: Texts, relay: Texts, corporate: Texts) -> Reference:
    return Reference(
        mmdb=[Path(text) for text in mmdb],
        extra_disposable=disposable,
        extra_free=free,
        extra_relay=relay,
        extra_networks=dict.fromkeys(corporate, "corporate"),
    )


def customers(config: Config) -> frozenset[str] | None:
    """The known customers; None when no list of them is set."""
    path = config.path("screen.customers")
    return read_customers(path) if path is not None else None


def load_ruleset(path: Path | None, config: Config | None = None) -> Ruleset:
    """A ruleset, or the starter one, bound to the lists beside it and the editions of the reference data in use."""
    settings = config or load()
    sources = (*reference(settings).sources(), timezone_source())
    entries = lists(settings)
    ruleset = checked_ruleset(path, settings).with_references(sources)
    return replace(ruleset, lists_snapshot=snapshot(entries)) if entries else ruleset


def checked_ruleset(path: Path | None, config: Config) -> Ruleset:
    """The ruleset in a file, or the starter one, whose policy does what its examples say."""
    ruleset = read_ruleset(path)
    try:
        check_limits(ruleset.policy.limits, packs_of(config))
    except InvalidRulesetError as error:
        error.where = f"{path or STARTER}: {error.where}"
        raise
    return ruleset


def lists(config: Config) -> tuple[ListEntry, ...]:
    """The list entries kept beside the ruleset."""
    path = config.path("screen.lists")
    return read_lists(path) if path is not None else ()


def load_rules(path: Path | None) -> WrittenRules:
    """The rules of a ruleset as they stand, also when they may not be used."""
    return read_rules(path)


@dataclass(frozen=True, slots=True)
class FileJob:
    """All a process needs in order to screen chunks of one file; can be sent to it.

    ruleset: as a document, since its compiled form cannot travel
    mapping: without what is off limits · forbidden: the columns that hold it
    now: the moment leads without a time are decided at · form: one of FORMATS
    """

    ruleset: Mapping[str, object]
    config: Config
    mapping: LeadMapping
    columns: tuple[str, ...]
    parser: Parser
    now: datetime
    form: str
    forbidden: tuple[str, ...] = ()
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class FileParts:
    """What a FileJob becomes in a process."""

    rows: Callable[[Chunk], Iterator[RawRow | BadRow]]
    read: LeadReader
    seen: Callable[[Lead], Seen]
    keys: Callable[[Lead], Sequence[tuple[ListKind, str]]]
    screener: Screener
    write: Callable[[list[Decision]], bytes]
    excerpts: Excerpts


def file_parts(job: FileJob, history: HistorySource) -> FileParts:
    """Wire the screening of one file in this process."""
    ruleset = ruleset_from(job.ruleset)
    beside = lists(job.config)
    if beside and snapshot(beside) != ruleset.lists_snapshot:
        raise WinnowError("the file of lists was changed during the run", fix="start again")
    index = ListIndex((*ruleset.lists, *beside)) if beside else ruleset.index
    facts = BatchFacts(
        reference(job.config),
        history,
        now=lambda: job.now,
        index=lambda: index,
        customers=customers(job.config),
    )
    forbidden = ruleset.policy.forbidden

    def seen_of(lead: Lead) -> Seen:
        allowed = masked(lead, forbidden)
        return seen(allowed, *facts.known(allowed))

    return FileParts(
        rows=job.parser.rows,
        read=compile_mapping(job.mapping, job.columns, zone_named),
        seen=seen_of,
        keys=lambda lead: match_keys(lead, facts.known(lead)),
        screener=Screener(facts, ruleset, shadow=job.shadow),
        write=FORMATS[job.form].lines,
        excerpts=Excerpts(job.columns, frozenset(job.forbidden), scanned_in(forbidden)),
    )


def times_of(source: Source, mapping: LeadMapping) -> Iterator[datetime | None]:
    """When the readable leads of a source came, in file order, without reading anything else of them."""
    only = replace(mapping, takes={"received_at": mapping.takes["received_at"]})
    read = compile_mapping(only, source.columns, zone_named)
    for row in source.rows():
        if isinstance(row, RawRow):
            with suppress(UnreadableRowError):
                yield read(row.cells, row.line).received_at


def written_paths(output: Path) -> tuple[Path, ...]:
    """Every file a run with this output may write or replace."""
    bad = rejected_path(output)
    return output, partial_path(output), ready_path(output), bad, partial_path(bad), checkpoint_path(output)


def finisher(form: str) -> Finish | None:
    """What turns the finished partial file into the format asked for; raises MissingExtraError without the library."""
    if form != "parquet":
        return None
    arrow_io()
    return parquet_from_jsonl
