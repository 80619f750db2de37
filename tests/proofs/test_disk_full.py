"""Proof 4, below the HTTP server: on a full disk nothing is acknowledged, all that was is readable, and it goes on."""

import pytest

from tests.support.acknowledging import (
    MOST_BYTES,
    found_in_spool,
    found_in_store,
    make_store,
    record,
    run,
    spool_put,
    store_put,
)
from tests.support.small_disk import ballast, small_disk
from winnow.adapters.spool import Spool
from winnow.errors import SpoolFullError, StoreAwayError

pytestmark = pytest.mark.proof

MEGABYTE = 1 << 20
REFUSALS = 20


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", 3 * MEGABYTE) as folder:
        yield folder


def groups():
    first = 1
    while True:
        yield range(first, first + 5)
        first += 5


def put_until_refused(put, coming, refused):
    """What was acknowledged before the disk refused several times in a row."""
    stored, refusals = [], 0
    while refusals < REFUSALS:
        numbers = next(coming)
        try:
            put(numbers)
        except refused:
            refusals += 1
        else:
            stored += numbers
            refusals = 0
    return stored


def told(what, stored, later):
    print(f"\n{what}: {len(stored):,} acknowledged before the disk was full, {len(later):,} after it had room again")


def test_the_spool(disk):
    room, coming = ballast(disk, MEGABYTE), groups()
    spool = Spool.new(disk / "spool", MOST_BYTES, seal=bytes, unseal=bytes)

    def put(numbers):
        spool.put([record(number) for number in numbers])

    stored = put_until_refused(put, coming, SpoolFullError)
    assert len(list(spool.folder.iterdir())) < 5  # being refused again and again leaves nothing behind
    assert [each.payload for each in spool.read(limit=1 << 30)] == [record(number) for number in stored]
    room.unlink()
    later = put_until_refused(put, coming, SpoolFullError)
    taken = spool.read(limit=len(stored))  # taking over makes room as well
    assert [each.payload for each in taken] == [record(number) for number in stored]
    rest = [each.payload for each in spool.read(taken[-1].position, 1 << 30)]
    assert rest == [record(number) for number in later]
    spool.done(spool.read(limit=1 << 30)[-1].position)
    last = put_until_refused(put, coming, SpoolFullError)
    spool.close()
    assert found_in_spool(disk / "spool") == last
    told("spool (leads)", stored, later + last)
    assert min(map(len, (stored, later, last))) > 1000


def test_the_store(disk):
    make_store(disk)
    room, coming = ballast(disk, MEGABYTE), groups()
    put = store_put(disk)
    stored = put_until_refused(put, coming, StoreAwayError)
    assert found_in_store(disk) == stored
    room.unlink()
    later = put_until_refused(put, coming, StoreAwayError)
    assert found_in_store(disk) == stored + later
    told("store (leads)", stored, later)
    assert min(map(len, (stored, later))) > 50


@pytest.mark.parametrize(("where", "found"), [("spool", found_in_spool), ("store", found_in_store)])
def test_a_process_that_dies_on_a_full_disk(disk, where, found):
    if where == "store":
        make_store(disk)
    room = ballast(disk, 3 * MEGABYTE // 2)
    said = run(where, disk, 3000)
    assert said.failed > REFUSALS
    room.unlink()
    assert found(disk) == said.stored
    again = spool_put(disk) if where == "spool" else store_put(disk)
    again(range(100_001, 100_006))
    print(f"\n{where}: {len(said.stored):,} leads acknowledged, {said.failed:,} groups refused")
