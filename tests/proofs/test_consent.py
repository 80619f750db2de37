"""Proof 11, its part of the ledger: whatever happens in whatever order, a no stands until the person takes it back."""

import time

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, text

from tests.support.consenting import machine
from tests.support.databases import new_database
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.store import prepare

pytestmark = pytest.mark.proof

#: Runs, each of up to so many steps.
RUNS, STEPS = 2_000, {"sqlite": 20, "postgresql": 14}


def careless(engine: Engine) -> None:
    """Let PostgreSQL not wait for its disk, once the store has seen that it would.

    Each step is a commit or two, and this wait most of their time; nobody pulls a plug here, and all else is the same.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = off"))
        engine.dispose()  # it holds for connections that are made from now on


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nobody_is_contactable_after_a_no_unless_they_say_yes_later(kind, tmp_path):
    engine = make_engine(new_database(kind, tmp_path))
    prepare(engine, lambda: "in_test")
    careless(engine)
    began = time.monotonic()
    steps = machine(engine)
    run_state_machine_as_test(
        steps,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS[kind],
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    engine.dispose()
    told = steps.told
    took = time.monotonic() - began
    print(f"\n{kind}, {took:.0f} s: " + ", ".join(f"{count:,} {what}" for what, count in told.items()))
    assert told["runs"] >= RUNS
    assert min(told[what] for what in ("granted", "opted-out", "objected", "expired", "unknown", "waiting")) > RUNS
