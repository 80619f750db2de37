"""Watching branches more than doubles what a test costs, and laws take the same ones again and again.

So they, and what shows how often something happens, go unwatched: examples that are written down take every branch.
"""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/core/" in item.nodeid and item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.no_cover)
