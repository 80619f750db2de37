"""Proof 3, below the HTTP server: calls to the disk fail at random, and what is acknowledged is what is stored.

Failing calls of a real process show that every error is noticed; failing syncs of a simulated disk, which then loses
what it could not write, show that what is noticed is also dealt with.
"""

import pytest

from tests.support.acknowledging import found_in_spool, found_in_store, make_store, run
from tests.support.failing_calls import failing
from tests.support.power_losses import spool_life, store_life, total

pytestmark = pytest.mark.proof

GROUPS = 2000
SEEDS = range(20_000, 21_000)
CALLS = [
    ("sync/fsync", "sync/fdatasync"),
    ("rw/write", "rw/pwrite"),
    ("rw/write/reduce", "rw/pwrite/reduce", "sync/fsync", "sync/fdatasync"),
    ("rw/write", "rw/pwrite", "rw/ftruncate", "sync/fsync", "sync/fdatasync", "dir/unlink"),
]
PLACES = {"spool": found_in_spool, "store": found_in_store}


@pytest.mark.parametrize("calls", CALLS)
@pytest.mark.parametrize("where", PLACES)
def test_what_is_acknowledged_is_stored(tmp_path, where, calls):
    if where == "store":
        make_store(tmp_path)
    said = run(where, tmp_path, GROUPS, before=failing(*calls, probability=0.03))
    found = PLACES[where](tmp_path)
    print(
        f"\n{where}, {', '.join(calls)}: {said.failed:,} of {GROUPS:,} groups failed; "
        f"{len(said.stored):,} leads acknowledged, {len(set(said.stored) - set(found)):,} of them missing"
    )
    assert said.failed > 10
    assert said.stored
    assert set(said.stored) <= set(found)
    assert len(found) == len(set(found))
    assert found == sorted(found)


@pytest.mark.parametrize(("where", "life"), [("spool", spool_life), ("store", store_life)])
def test_a_failed_sync_before_a_power_loss(where, life):
    found = total(life(seed, sync_fails=0.2) for seed in SEEDS)
    print(
        f"\n{where}: {len(SEEDS):,} power losses after {found.failed_syncs:,} failed syncs; "
        f"{found.acknowledged:,} acknowledged, {found.lost:,} lost, {len(found.wrong)} otherwise wrong"
    )
    assert found.failed_syncs > len(SEEDS)
    assert (found.lost, found.wrong) == (0, ())
