"""A little of what tests/proofs/test_fsync_errors.py and test_disk_full.py show at length."""

import pytest

from tests.support.acknowledging import found_in_spool, found_in_store, make_store, run
from tests.support.failing_calls import failing
from tests.support.power_losses import spool_life, store_life, total

LITTLE_ROOM = ["sh", "-c", 'ulimit -f 600; exec "$@"', "sh"]  # no file above 600 blocks: to a process, a full disk
PLACES = [("spool", found_in_spool), ("store", found_in_store)]


@pytest.mark.parametrize("life", [spool_life, store_life])
def test_a_failed_sync_before_a_power_loss(life):
    found = total(life(seed, sync_fails=0.2) for seed in range(60))
    assert found.failed_syncs > 60
    assert (found.lost, found.wrong) == (0, ())


@pytest.mark.parametrize(("where", "found"), PLACES)
def test_what_is_acknowledged_is_stored_when_syncs_fail(tmp_path, where, found):
    if where == "store":
        make_store(tmp_path)
    said = run(where, tmp_path, 100, before=failing("sync/fsync", "sync/fdatasync", probability=0.2))
    assert said.failed > 3
    assert said.stored
    assert said.accounts_for(found(tmp_path))


@pytest.mark.parametrize(("where", "found"), PLACES)
def test_what_is_acknowledged_is_stored_when_there_is_no_more_room(tmp_path, where, found):
    if where == "store":
        make_store(tmp_path)
    said = run(where, tmp_path, 500, before=LITTLE_ROOM)
    assert said.stored
    assert found(tmp_path) == said.stored
