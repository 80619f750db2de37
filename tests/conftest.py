"""What holds for every test: no network (pyproject.toml), repeatable examples, a guard against impurity.

And what makes all of them faster: tables are copied where they would be migrated, passwords are hashed cheaply, and
the thousands of tests themselves are not looked through for garbage again and again.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from hypothesis import HealthCheck, settings

from tests.support.purity import purity_guard as _purity_guard

# The same examples in every run: a failure in CI fails on every desk, and no time limit trips on a busy machine.
settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
# Fresh examples, many of them: HYPOTHESIS_PROFILE=search make test
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))  # noqa: TID251 - a choice of whoever runs the tests


def pytest_collection_finish() -> None:
    """What was loaded by now stays: looking through it took a third of the time of tests that make an application."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 2)


@pytest.fixture
def purity_guard() -> Callable[[], AbstractContextManager[None]]:
    """`with purity_guard(): decide(...)` fails when the code inside touches anything but its arguments."""
    return _purity_guard


@pytest.fixture(autouse=True, scope="session")
def cheap() -> Iterator[None]:
    """Where nothing opens a store, as in tests of the core, nothing of it is loaded either."""
    with ExitStack() as stack:
        if "winnow.adapters.db.store" in sys.modules:
            from tests.support.databases import tables_by_copy  # noqa: PLC0415 - see above

            stack.enter_context(tables_by_copy())
        if "winnow.bootstrap.people" in sys.modules:
            from tests.support.people import cheap_passwords  # noqa: PLC0415 - see above

            stack.enter_context(cheap_passwords())
        yield
