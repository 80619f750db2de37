"""Counts are what a naive look at every earlier lead gives, however the stream is cut, sorted, swept or sent."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.facts import history, order
from winnow.adapters.facts.history import SlidingHistory, unpacked
from winnow.adapters.facts.order import OrderedHistory
from winnow.core.facts import COUNT_CEILING, History, Seen

HOUR, DAY, WEEK, MONTH = 3_600, 86_400, 604_800, 2_592_000
WINDOWS = {
    "ip_hour": HOUR,
    "ip_day": DAY,
    "ip_week": WEEK,
    "network_hour": HOUR,
    "network_day": DAY,
    "device_day": DAY,
    "device_week": WEEK,
    "domain_hour": HOUR,
    "domain_day": DAY,
    "domain_week": WEEK,
    "message_hour": HOUR,
    "message_day": DAY,
    "message_week": WEEK,
    "email_month": MONTH,
    "phone_month": MONTH,
}

VALUES = st.sampled_from([None, "a", "b"])
# Times that lie exactly a window apart, before 1970, and at the same moment.
TIMES = st.none() | st.sampled_from([float(span * times) for span in WINDOWS.values() for times in range(-2, 5)])
SEEN = st.builds(Seen, TIMES | st.floats(0, 2 * MONTH), VALUES, VALUES, VALUES, VALUES, VALUES, VALUES, VALUES)
STREAMS = st.lists(SEEN, max_size=40)


def naive(stream: Sequence[Seen], ceiling: int = COUNT_CEILING) -> list[History]:
    """By the definition: for every lead, go through all leads of the file that came before it."""
    return [History(*[count(stream, place, name, ceiling) for name in WINDOWS]) for place in range(len(stream))]


def count(stream: Sequence[Seen], place: int, name: str, ceiling: int) -> int | None:
    now, field = stream[place], name.partition("_")[0]
    value = getattr(now, field)
    if now.at is None or value is None:
        return None
    earlier = [
        other
        for index, other in enumerate(stream)
        if other.at is not None and (other.at, index) < (now.at, place) and other.at >= now.at - WINDOWS[name]
    ]
    return min(ceiling, len([other for other in earlier if getattr(other, field) == value]))


def in_time_order(stream: Sequence[Seen]) -> list[Seen]:
    known = sorted((seen for seen in stream if seen.at is not None), key=lambda seen: seen.at or 0.0)
    return known + [seen for seen in stream if seen.at is None]


@pytest.fixture
def small(monkeypatch):
    """Everything that happens after thousands of leads happens after a few."""
    monkeypatch.setattr(history, "_SWEEP_FROM", 1)
    monkeypatch.setattr(history, "COUNT_CEILING", 3)
    monkeypatch.setattr(order, "_RUN", 4)
    monkeypatch.setattr(order, "_BLOCK", 3)


def test_the_windows_are_those_of_history():
    assert tuple(WINDOWS) == History._fields


@given(STREAMS)
def test_a_stream_in_time_order_is_counted_as_by_hand(stream):
    stream = in_time_order(stream)
    assert SlidingHistory().counts(stream) == naive(stream)


@given(STREAMS)
def test_a_shuffled_file_is_counted_as_by_hand(stream):
    assert OrderedHistory(stream).counts(stream) == naive(stream)


@pytest.mark.usefixtures("small")
class TestWhenEverythingIsSmall:
    @given(STREAMS)
    def test_a_stream_in_time_order_is_counted_as_by_hand(self, stream):
        stream = in_time_order(stream)
        assert SlidingHistory().counts(stream) == naive(stream, ceiling=3)

    @given(STREAMS)
    def test_a_shuffled_file_is_counted_as_by_hand(self, stream):
        assert OrderedHistory(stream).counts(stream) == naive(stream, ceiling=3)


@given(STREAMS, st.lists(st.integers(0, 40)))
def test_it_does_not_matter_how_a_stream_is_cut_into_batches(stream, cuts):
    stream = in_time_order(stream)
    ends = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    sliding, ordered = SlidingHistory(), OrderedHistory(stream)
    batches = [stream[start:end] for start, end in pairwise(ends)]
    whole = SlidingHistory().counts(stream)
    assert [counts for batch in batches for counts in sliding.counts(batch)] == whole
    assert [counts for batch in batches for counts in ordered.counts(batch)] == whole


@given(STREAMS)
def test_what_is_packed_can_be_unpacked(stream):
    stream = in_time_order(stream)
    assert unpacked(SlidingHistory().packed(stream)) == SlidingHistory().counts(stream)


def test_nothing_is_packed_into_nothing():
    assert SlidingHistory().packed([]) == b""
    assert unpacked(b"") == []


def test_an_empty_file_has_no_counts():
    assert OrderedHistory([]).counts([]) == []


def test_a_flood_is_counted_up_to_the_ceiling_and_then_forgotten_again():
    flood = [Seen(float(second), ip="192.0.2.1") for second in range(COUNT_CEILING + 200)]
    sliding = SlidingHistory()
    counts = sliding.counts(flood)
    assert [counts[place].ip_hour for place in (0, 999, 1000, 1199)] == [0, 999, 1000, 1000]
    late = sliding.counts([Seen(1199.0 + HOUR + 1, ip="192.0.2.1"), Seen(1199.0 + WEEK, ip="192.0.2.1")])
    assert [(each.ip_hour, each.ip_day, each.ip_week) for each in late] == [(0, 1000, 1000), (0, 0, 2)]


def test_what_is_remembered_does_not_grow_with_the_stream(monkeypatch):
    monkeypatch.setattr(history, "_SWEEP_FROM", 100)
    sliding = SlidingHistory()
    for day in range(400):
        names = [f"{day}.{number}" for number in range(20)]
        sliding.counts([Seen(float(day * DAY), ip=name, email=name) for name in names])
    assert len(sliding._ip._times) <= 20 * 8 * 2
    assert len(sliding._email._times) <= 20 * 31 * 2
