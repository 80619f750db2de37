"""Decisions as lines of CSV or JSON, some microseconds each: what repeats is formatted once.

A scorecard hands out the same Reason object for the same bin millions of times, so how it is written
is remembered by the object itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import TypeAlias

import msgspec

from winnow.adapters.files.cells import csv_cell, defused
from winnow.adapters.files.output import Finish
from winnow.adapters.files.parquet_reader import arrow_io
from winnow.adapters.files.parquet_writer import parquet_from_jsonl
from winnow.core.decide import Decision
from winnow.core.document import reason_document
from winnow.core.mapping.clean import storable
from winnow.core.outcome import Outcome, Scope
from winnow.core.reasons import Reason
from winnow.errors import InvalidInputError

COLUMNS = (
    "lead_id",
    "outcome",
    "probability",
    "score",
    "threshold_band",
    "decided_by",
    "deciding_reason",
    "reasons",
    "scopes",
    "unknown",
    "ruleset_hash",
)

#: Reasons remembered; those made for one lead only (a list entry, say) must not grow the memory for ever.
_REMEMBERED = 20_000

_WORDS = tuple(outcome.word for outcome in sorted(Outcome))


#: How a reason is ranked and written in CSV: minus its weight, `code points text`, text as a cell, points, source.
_Ranked: TypeAlias = tuple[int, str, str, int, str]


class _Memory:
    """How reasons are written, by their identity. It keeps them alive, so that no other gets the same identity."""

    def __init__(self) -> None:
        self.kept: list[Reason] = []
        self.ranked: dict[int, _Ranked] = {}
        self.json: dict[int, str] = {}

    def learn(self, reasons: Iterable[Reason]) -> None:
        """Remember how these are written."""
        if len(self.kept) >= _REMEMBERED:
            self.kept.clear()
            self.ranked.clear()
            self.json.clear()
        for reason in reasons:
            if id(reason) not in self.ranked:
                self.kept.append(reason)
                self.ranked[id(reason)] = _rank(reason)
                self.json[id(reason)] = _json(reason_document(reason))


_memory = _Memory()


def _rank(reason: Reason) -> _Ranked:
    text = " ".join(storable(reason.text).split())
    label = defused(f"{storable(reason.code)} {reason.points:+d} {text}").replace('"', '""')
    return -abs(reason.points), label, csv_cell(text), reason.points, reason.source


def _ranked(reasons: tuple[Reason, ...]) -> list[_Ranked]:
    """The reasons as written in CSV, the weightiest first."""
    known = _memory.ranked
    try:
        return sorted([known[id(reason)] for reason in reasons])
    except KeyError:
        _memory.learn(reasons)
        return sorted([known[id(reason)] for reason in reasons])


def csv_header() -> str:
    """The first line of a CSV file of decisions."""
    return f"{','.join(COLUMNS)}\n"


def format_csv(decision: Decision) -> str:
    """One line of CSV. Reasons are `code points text`, the weightiest first, so that the cell begins with a word."""
    ranked = _ranked(decision.reasons)
    return (
        f"{csv_cell(storable(decision.lead_id))},{_WORDS[decision.outcome]},{decision.probability:.4f},{decision.score},"
        f"{_WORDS[decision.threshold_band]},{_cell(decision.decided_by)},{_deciding(decision, ranked)},"
        f'"{" | ".join([each[1] for each in ranked])}",{_scopes_text(tuple(decision.scopes.items()))},'
        f"{' '.join(decision.unknown)},{decision.ruleset_hash}\n"
    )


def _deciding(decision: Decision, ranked: list[_Ranked]) -> str:
    """The text of the first of `explain.deciding_reasons`, as a cell; empty when nothing weighed."""
    by = decision.decided_by
    source = "system" if by == "score" else by
    for reason in decision.reasons:
        if reason.source == source:
            return _memory.ranked[id(reason)][2]
    if by == "score":
        towards = -1 if decision.outcome is Outcome.ACCEPT else 1
        for _, _, cell, points, _ in ranked:
            if points * towards > 0:
                return cell
    return ""


@lru_cache(maxsize=1024)
def _cell(text: str) -> str:
    return csv_cell(storable(text))


@lru_cache(maxsize=1024)
def _scopes_text(scopes: tuple[tuple[Scope, Outcome], ...]) -> str:
    return " ".join(f"{scope}={outcome.word}" for scope, outcome in scopes)


_encode = msgspec.json.Encoder().encode


def _json(value: object) -> str:
    try:
        return _encode(value).decode()
    except UnicodeEncodeError:
        return _encode(_storable(value)).decode()


def _storable(value: object) -> object:
    """The same data with every text storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, (list, tuple)) else value


def format_jsonl(decision: Decision) -> bytes:
    """One line of JSON: `document.decision_document`, written faster."""
    reasons = _reasons_json(decision.reasons)
    return (
        f'{{"lead_id":{_json(decision.lead_id)},"outcome":"{_WORDS[decision.outcome]}",'
        f'"probability":{decision.probability!r},"score":{decision.score},"base":{decision.base},'
        f'"threshold_band":"{_WORDS[decision.threshold_band]}","decided_by":{_remembered_json(decision.decided_by)},'
        f'"reasons":[{reasons}],"scopes":{_scopes_json(tuple(decision.scopes.items()))},'
        f'"unknown":{_names_json(decision.unknown)},"skipped_rules":{_names_json(decision.skipped_rules)},'
        f'"ruleset":{_ruleset_json(decision.ruleset_id, decision.ruleset_hash)},'
        f'"shadow":{"true" if decision.shadow else "false"}}}\n'
    ).encode()


def _reasons_json(reasons: tuple[Reason, ...]) -> str:
    known = _memory.json
    try:
        return ",".join([known[id(reason)] for reason in reasons])
    except KeyError:
        _memory.learn(reasons)
        return ",".join([known[id(reason)] for reason in reasons])


@lru_cache(maxsize=1024)
def _remembered_json(text: str) -> str:
    return _json(text)


@lru_cache(maxsize=1024)
def _scopes_json(scopes: tuple[tuple[Scope, Outcome], ...]) -> str:
    return _json({scope.value: outcome.word for scope, outcome in scopes})


@lru_cache(maxsize=1024)
def _names_json(names: tuple[str, ...]) -> str:
    return _json(names)


@lru_cache(maxsize=16)
def _ruleset_json(name: str, content_hash: str) -> str:
    return _json({"id": name, "hash": content_hash})


@dataclass(frozen=True, slots=True)
class DecisionFormat:
    """How decisions are written.

    line: may run in any process; its lines are put after `header`, in the order of the leads
    finish: what makes the file asked for of these lines, for `OutputFile`; None when they are that file
    """

    name: str
    header: bytes
    line: Callable[[Decision], bytes]
    finish: Finish | None = None

    def lines(self, decisions: Iterable[Decision]) -> bytes:
        """Several decisions, ready to be written."""
        return b"".join([self.line(decision) for decision in decisions])


def _csv_line(decision: Decision) -> bytes:
    return format_csv(decision).encode()


#: Parquet is written as JSON lines first and turned into columns when all are there.
FORMATS: Mapping[str, DecisionFormat] = {
    "csv": DecisionFormat("csv", csv_header().encode(), _csv_line),
    "jsonl": DecisionFormat("jsonl", b"", format_jsonl),
    "parquet": DecisionFormat("parquet", b"", format_jsonl, parquet_from_jsonl),
}


def decision_format(wanted: str | None, output: str = "-") -> DecisionFormat:
    """The format asked for, or the one the output's name ends with, or CSV.

    Raises InvalidInputError for an unknown one, and MissingExtraError before rather than after the work.
    """
    name = wanted or PurePath(output).suffix.removeprefix(".").lower().replace("ndjson", "jsonl")
    if wanted is not None and wanted not in FORMATS:
        raise InvalidInputError(f"`{wanted}` is not a format", fix=f"use {', '.join(FORMATS)}")
    if name == "parquet":
        arrow_io()
    return FORMATS.get(name, FORMATS["csv"])
