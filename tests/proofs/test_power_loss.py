"""Proof 2: the power fails at any moment of thousands of lives, and nothing that was acknowledged is lost."""

import pytest

from tests.support.power_losses import spool_life, store_life, total

pytestmark = pytest.mark.proof

SEEDS = range(10_000, 12_400)
FEWER = SEEDS[:400]


def told(what, seeds, found):
    print(
        f"\n{what}: {len(seeds):,} power losses, {found.interrupted:,} of them in the middle of a change; "
        f"{found.acknowledged:,} acknowledged, {found.lost:,} lost, {len(found.wrong)} otherwise wrong"
    )


def test_the_store_loses_nothing():
    found = total(map(store_life, SEEDS))
    told("store, synchronous=FULL (groups)", SEEDS, found)
    assert (found.lost, found.wrong) == (0, ())


def test_the_spool_loses_nothing():
    found = total(map(spool_life, SEEDS))
    told("spool (records)", SEEDS, found)
    assert (found.lost, found.wrong) == (0, ())


def test_with_synchronous_normal_the_same_power_losses_do_harm():
    found = total(store_life(seed, "NORMAL") for seed in FEWER)
    told("store, synchronous=NORMAL (groups)", FEWER, found)
    assert found.lost > len(FEWER)
