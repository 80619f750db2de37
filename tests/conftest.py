"""What holds for every test: no network (pyproject.toml), repeatable examples, a guard against impurity."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

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


@pytest.fixture
def purity_guard() -> Callable[[], AbstractContextManager[None]]:
    """`with purity_guard(): decide(...)` fails when the code inside touches anything but its arguments."""
    return _purity_guard
