from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.mapping import compile_mapping, guess
from winnow.demo import COLUMNS
from winnow.demo.files import rows
from winnow.demo.record import lead_of
from winnow.demo.season import RUSH, season
from winnow.demo.stream import DAYS, SEED, stream

#: A Sunday about noon, a moment after midnight, a working afternoon.
MOMENTS = (
    datetime(2026, 11, 22, 11, 38, 12, 345, tzinfo=UTC),
    datetime(2026, 6, 3, 0, 0, 5, tzinfo=UTC),
    datetime(2027, 1, 6, 15, 30, tzinfo=UTC),
)


@pytest.mark.parametrize("now", MOMENTS)
def test_a_quarter_of_a_year_up_to_now(now):
    told = season(now, leads=2_000, seed=SEED)
    came = [each.received_at for each in told]
    assert came == sorted(came)
    assert came[-1] < now
    assert now - came[-1] < timedelta(hours=2)
    assert timedelta(days=DAYS - 1) - timedelta(hours=12) < now - came[0] < timedelta(days=DAYS)
    assert [each.id for each in told] == [f"demo-{number:07d}" for number in range(1, len(told) + 1)]


@pytest.mark.parametrize("now", MOMENTS)
def test_the_last_day_is_a_busy_one_from_its_first_hours_on(now):
    told = season(now, leads=3_000, seed=SEED)
    a_day = len(told) / DAYS
    lately = [each for each in told if each.received_at >= now - RUSH]
    assert len(lately) > 3 * a_day
    assert Counter(each.label == "junk" for each in lately)[False] > 60
    assert min(each.received_at for each in lately) < now - timedelta(hours=22)


def test_the_same_for_the_same_arguments():
    assert season(MOMENTS[0], leads=300, seed=3) == season(MOMENTS[0], leads=300, seed=3)
    assert season(MOMENTS[0], leads=300, seed=3) != season(MOMENTS[0], leads=300, seed=4)


def test_nobody_is_a_season_too():
    assert season(MOMENTS[0], leads=0, seed=SEED) == []


def test_a_lead_is_what_a_file_of_it_is_read_as():
    written = list(rows(leads=500))
    cells = [list(row.values()) for row in written]
    read = compile_mapping(guess(COLUMNS, cells).mapping, COLUMNS)
    assert [lead_of(each) for each in stream(leads=500)] == [read(row, 1) for row in cells]
