"""Fills a SQLite store with leads of the last months, so that latency can be measured on a full one.

The service forgets values that were last counted longer ago, so that older leads would only lighten the load.

What indexes and look-ups see is as the service would have written it; the sealed records are short, since nothing
reads them and ten million real ones would take 40 GB.
"""

import os
import random
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from winnow.adapters.db.history import BUCKET, DAY
from winnow.core.records import commitment, entry, sealed_hash
from winnow.core.tlog import Frontier

#: Values of each lead that are counted, and how many leads share one on average.
_VALUES = 6
_SHARED = 4
#: So many of them occur again, like networks and domains; the others, like addresses, once.
_REPEATED = 2
#: Puts values that follow each other far apart, as hashes are (Knuth, The Art of Computer Programming, 6.4).
_SPREAD = 2_654_435_761
_DAYS = 85
_RECORD = bytes(200)
_BATCH = 100_000
_HASH_BITS = 63

Row = tuple[object, ...]


def fill(database: Path, leads: int, now_us: int) -> None:
    """Add leads that came evenly over some weeks up to `now_us` (microseconds since 1970) to a new, empty store."""
    draw = random.Random(7)  # noqa: S311  # leads to fill with, no secrets
    with sqlite3.connect(database, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        (first,) = connection.execute("SELECT size FROM log_head").fetchone()
        step = _DAYS * DAY // leads
        begin = now_us - leads * step
        frontier = Frontier.from_bytes(connection.execute("SELECT frontier FROM log_head").fetchone()[0])
        content = entry("decision", begin, commitment(bytes(32), _RECORD), sealed_hash(_RECORD))
        numbers = range(first, first + leads)
        _insert(connection, "leads", 6, (_lead(number, begin + (number - first) * step) for number in numbers))
        _insert(connection, "decisions", 10, (_decision(number, begin) for number in numbers))
        _insert(connection, "leaves", 3, ((number, "decision", content) for number in numbers))
        gap = (1 << _HASH_BITS) // leads
        _insert(
            connection, "subject_keys", 2, ((place * gap + draw.randrange(gap), bytes(60)) for place in range(leads))
        )
        _insert(connection, "sightings", 4, _sightings(draw, first, leads, begin, step))
        frontier = frontier.extended(content for _ in numbers)
        kept = frontier.size, frontier.to_bytes(), frontier.size
        connection.execute("UPDATE log_head SET size = ?, frontier = ?, swept = ?", kept)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.sync()  # so that what is measured next does not wait for this being written


def _lead(number: int, at: int) -> Row:
    return number, f"ld_filled{number:012d}", "web", number, at, bytes(56)


def _decision(number: int, at: int) -> Row:
    return number, number, at, 0, -600, "score", "0" * 64, False, bytes(40), _RECORD


def _sightings(draw: random.Random, first: int, leads: int, begin: int, step: int) -> Iterator[Row]:
    """The index rows, bucket by bucket, each in its order."""
    rows: list[tuple[int, int, int, int]] = []
    bucket = begin // BUCKET
    for place in range(leads):
        at = begin + place * step
        if at // BUCKET != bucket:
            yield from sorted(rows)
            rows, bucket = [], at // BUCKET
        values = max(1, len(rows) // _VALUES // _SHARED)
        for kind in range(_VALUES):
            key = draw.randrange(values) * _SPREAD + kind if kind < _REPEATED else draw.getrandbits(_HASH_BITS)
            rows.append((bucket, key, at, first + place))
    yield from sorted(rows)


def _insert(connection: sqlite3.Connection, table: str, columns: int, rows: Iterator[Row]) -> None:
    places = ", ".join("?" * columns)
    while batch := list(islice(rows, _BATCH)):
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", batch)  # noqa: S608  # our own tables
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
