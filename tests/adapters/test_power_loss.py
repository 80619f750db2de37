"""A few of the lives that tests/proofs/test_power_loss.py lets end by the thousand."""

import pytest

from tests.support.power_losses import spool_life, store_life, total

SEEDS = range(60)


def test_no_acknowledged_lead_is_lost_with_the_power():
    found = total(map(store_life, SEEDS))
    assert (found.lost, found.wrong) == (0, ())
    assert found.acknowledged > 5 * len(SEEDS)
    assert 0.3 < found.interrupted / len(SEEDS) < 0.9  # in the middle of something


def test_no_spooled_lead_is_lost_with_the_power():
    found = total(map(spool_life, SEEDS))
    assert (found.lost, found.wrong) == (0, ())
    assert found.acknowledged > 5 * len(SEEDS)


@pytest.mark.parametrize("forgets", ["names", "content"])
def test_a_spool_that_forgets_a_sync_would_be_found_out(forgets):
    found = total(spool_life(seed, forgets) for seed in SEEDS)
    assert found.lost > 0


def test_a_store_with_synchronous_normal_would_be_found_out():
    found = total(store_life(seed, "NORMAL") for seed in SEEDS)
    assert found.lost > 0
    assert found.wrong == ()  # it forgets, but never half of a group
