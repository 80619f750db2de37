"""Proof 11, its part of the ledger: whatever happens in whatever order, a no stands until the person takes it back."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.consenting import machine
from tests.support.databases import new_database
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.store import prepare

pytestmark = pytest.mark.proof

#: Runs, each of up to so many steps.
RUNS, STEPS = {"sqlite": 2_000, "postgresql": 300}, 20


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nobody_is_contactable_after_a_no_unless_they_say_yes_later(kind, tmp_path):
    engine = make_engine(new_database(kind, tmp_path))
    prepare(engine, lambda: "in_test")
    steps = machine(engine)
    run_state_machine_as_test(
        steps,
        settings=settings(
            max_examples=RUNS[kind],
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    engine.dispose()
    told = steps.told
    print(f"\n{kind}: " + ", ".join(f"{count:,} {what}" for what, count in told.items()))
    assert told["runs"] >= RUNS[kind]
    assert min(told[state] for state in ("granted", "opted-out", "objected", "expired", "unknown")) > RUNS[kind]
