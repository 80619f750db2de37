"""Counting from the store gives what counting the stream gives, whatever was swept, restarted or written by others."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.databases import new_database
from winnow.adapters.db import history, log
from winnow.adapters.db.connections import make_engine, writing
from winnow.adapters.db.history import StoredHistory, packed
from winnow.adapters.db.rows import insert_rows
from winnow.adapters.db.steady import Steady
from winnow.adapters.db.store import prepare
from winnow.adapters.db.tables import leads
from winnow.adapters.db.vault import Vault
from winnow.adapters.facts.history import SlidingHistory
from winnow.core.facts import COUNT_CEILING, History, Seen

START = 1_780_000_000.0


def record(engine, stored: StoredHistory, batch: Sequence[Seen], *, commit: bool = True) -> list[History]:
    """Count a batch and put it on record, as the ledger does."""
    found = stored.counts(batch)
    try:
        with writing(engine) as connection:
            head = log.locked_head(connection)
            stored.catch_up(connection, head.size, head.swept)
            moments = [round((seen.at or 0.0) * 1_000_000) for seen in batch]
            counted = [(head.size + n, moments[n], stored.keys(seen)) for n, seen in enumerate(batch)]
            insert_rows(connection, leads, [(n, f"lead-{n}", "", 0, at, packed(keys)) for n, at, keys in counted])
            swept = stored.sweep(connection, len(batch))
            log.append(connection, head, [("decision", b"entry")] * len(batch), swept)
            _ = commit or 1 / 0
    except ZeroDivisionError:
        stored.abandon_sweep()
        return found
    stored.added(counted, head.size + len(batch))
    if swept is not None:
        stored.swept(swept)
    return found


def seen(at: float, **values: str | None) -> Seen:
    return Seen(START + at, **values)


@st.composite
def streams(draw) -> list[list[Seen]]:
    """Batches in the order of time, with few values, over two months."""
    few = st.none() | st.sampled_from(["a", "b"])
    gaps = st.sampled_from([0.0, 0.25, 1800.0, 3600.0, 50_000.0, 400_000.0, 1_300_000.0])
    at, batches = 0.0, []
    for size in draw(st.lists(st.integers(1, 4), min_size=1, max_size=14)):
        batch = []
        for _ in range(size):
            at += draw(gaps)
            batch.append(Seen(START + at, *[draw(few) for _ in history.KINDS]))
        batches.append(batch)
    return batches


@settings(max_examples=40)
@given(streams(), st.lists(st.sampled_from(["go on", "restart", "other", "undo"]), min_size=14, max_size=14))
def test_counts_are_those_of_the_stream(tmp_path_factory, stream, events):
    engine = make_engine(new_database("sqlite", tmp_path_factory.mktemp("store")))
    prepare(engine, lambda: "in_test")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "TAIL", 3)
        patch.setattr(history, "SWEEP_ROWS", 2)
        patch.setattr(history, "SWEEP_ROWS_A_LEAD", 4)
        check(engine, stream, events)
    engine.dispose()


def check(engine, stream: list[list[Seen]], events: list[str]) -> None:
    vault = Vault(b"w" * 32, b"o" * 32, b"p" * 32)
    expected, writers = SlidingHistory(), [StoredHistory(Steady(engine), vault), StoredHistory(Steady(engine), vault)]
    for batch, event in zip(stream, events, strict=False):
        if event == "restart":
            writers[0] = StoredHistory(Steady(engine), vault)
        if event == "other":
            writers.reverse()
        if event == "undo":
            record(engine, writers[0], batch, commit=False)
        assert record(engine, writers[0], batch) == expected.counts(batch)


def test_both_databases_count_alike_over_many_sweeps(store, vault, monkeypatch):
    monkeypatch.setattr(history, "TAIL", 5)
    monkeypatch.setattr(history, "SWEEP_ROWS", 3)
    stored, expected = StoredHistory(Steady(store), vault), SlidingHistory()
    for step in range(40):
        batch = [
            seen(step * 40_000.0 + n, ip=f"ip-{n % 2}", email=f"mail-{step % 3}", domain="d", message=None)
            for n in range(4)
        ]
        assert record(store, stored, batch) == expected.counts(batch)


def test_counts_end_at_their_ceiling(store, vault, monkeypatch):
    monkeypatch.setattr(history, "TAIL", 200)
    stored = StoredHistory(Steady(store), vault)
    for step in range(4):
        record(store, stored, [seen(step + n / 1000, ip="same") for n in range(300)])
    (found,) = stored.counts([seen(10.0, ip="same")])
    assert (found.ip_hour, found.ip_day, found.ip_week) == (COUNT_CEILING,) * 3


def test_a_lead_without_a_time_is_not_counted(store, vault):
    stored = StoredHistory(Steady(store), vault)
    record(store, stored, [seen(0.0, ip="a")])
    assert stored.counts([Seen(None, ip="a"), seen(1.0, ip="a")]) == [
        History(),
        History(ip_hour=1, ip_day=1, ip_week=1),
    ]


def test_what_came_later_does_not_count(store, vault):
    stored = StoredHistory(Steady(store), vault)
    record(store, stored, [seen(100.0, ip="a")])
    assert stored.counts([seen(99.0, ip="a")])[0].ip_hour == 0
