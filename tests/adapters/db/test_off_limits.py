"""Counts of what was dropped, on both databases: several processes add to them."""

from datetime import date

import pytest

from winnow.adapters.db.off_limits import StoredDropped
from winnow.ports.off_limits import Dropped, Of

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

FIRST = Of(date(2026, 11, 21), "web", "category.health")
SECOND = Of(date(2026, 11, 22), "web", "custom.religion")


def test_counts_add_up_by_day_source_and_name(store):
    stored, other = StoredDropped(store), StoredDropped(store)
    stored.add({FIRST: 2, SECOND: 1})
    other.add({SECOND: 4, SECOND._replace(source=""): 1})
    assert stored.since(date(2026, 11, 1)) == (
        Dropped(SECOND._replace(source=""), 1),
        Dropped(SECOND, 5),
        Dropped(FIRST, 2),
    )
    assert stored.since(SECOND.day) == (Dropped(SECOND._replace(source=""), 1), Dropped(SECOND, 5))
    assert stored.since(date(2026, 11, 23)) == ()
