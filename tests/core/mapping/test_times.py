"""Times are read the same way on every machine, whichever path is the fast one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.mapping.times import epoch_reader, fixed_zone, format_reader, iso_reader

UNREADABLE = (ValueError, OverflowError)
KOLKATA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-01-02T03:04:05Z", UTC, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04", UTC, datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("2026-01-02", UTC, datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02 05:30", KOLKATA, datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02T03:04:05+02:00", KOLKATA, datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("20260102T030405", UTC, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
)
def test_iso(text, zone, moment):
    read = iso_reader(zone)(text)
    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "01/02/2026", "0001-01-01T00:00:00+14:00", "1.5", "\ud800"]
)
def test_what_is_not_iso_is_refused(text):
    with pytest.raises(UNREADABLE):
        iso_reader(UTC)(text)


@pytest.mark.parametrize(
    ("text", "per_second", "moment"),
    [
        ("0", 1, datetime(1970, 1, 1, tzinfo=UTC)),
        ("1767225600", 1, datetime(2026, 1, 1, tzinfo=UTC)),
        ("1767225600500", 1000, datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_epoch(text, per_second, moment):
    assert epoch_reader(per_second)(text) == moment


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e99", "x"])
def test_what_is_no_epoch_is_refused(text):
    with pytest.raises(UNREADABLE):
        epoch_reader(1)(text)


@pytest.mark.parametrize(
    ("template", "text", "moment"),
    [
        ("%m/%d/%Y %H:%M", "2/24/2015 22:55", datetime(2015, 2, 24, 22, 55, tzinfo=UTC)),
        ("%d-%m-%Y", "01-02-2018", datetime(2018, 2, 1, tzinfo=UTC)),
        ("%d.%m.%Y %H:%M:%S", "1.2.2018   3:04:05", datetime(2018, 2, 1, 3, 4, 5, tzinfo=UTC)),
        ("%m/%d/%y", "2/24/15", datetime(2015, 2, 24, tzinfo=UTC)),
        ("%m/%d/%y", "2/24/69", datetime(1969, 2, 24, tzinfo=UTC)),
        ("%Y-%m-%d %I:%M %p", "2026-01-02 12:05 am", datetime(2026, 1, 2, 0, 5, tzinfo=UTC)),
        ("%Y-%m-%d %I:%M %p", "2026-01-02 01:05 PM", datetime(2026, 1, 2, 13, 5, tzinfo=UTC)),
        ("%Y-%m-%d %H:%M:%S.%f", "2026-01-02 03:04:05.5", datetime(2026, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)),
        ("%Y", "2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("%d %b %Y", "02 Jan 2026", datetime(2026, 1, 2, tzinfo=UTC)),
        ("%d %b %Y %H:%M %z", "02 Jan 2026 05:30 +0530", datetime(2026, 1, 2, tzinfo=UTC)),
        ("%Y%%%m", "2026%05", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_formats(template, text, moment):
    assert format_reader(template, UTC)(text) == moment


@pytest.mark.parametrize("template", ["", "hello", "%H:%M", "%d/%m", "%Q", "%Y %Y", "%", "%Y %"])
def test_formats_that_mean_nothing_are_refused_at_once(template):
    with pytest.raises(UNREADABLE):
        format_reader(template, UTC)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("%m/%d/%Y", "13/45/2020"),
        ("%m/%d/%Y", "2/24/15"),
        ("%m/%d/%Y", "2/24/2015 1"),
        ("%m/%d/%y", "2/24/2015"),
        ("%Y-%m-%d %I", "2026-01-02 13"),
        ("%Y-%m-%d %I", "2026-01-02 0"),
        ("%d %b %Y", "02 Foo 2026"),
        ("%d/%m/%Y", "１/１/2026"),
    ],
)
def test_texts_that_do_not_follow_the_format_are_refused(template, text):
    with pytest.raises(UNREADABLE):
        format_reader(template, UTC)(text)


def test_a_naive_time_is_one_of_the_zone():
    assert format_reader("%Y-%m-%d %H:%M", KOLKATA)("2026-01-02 05:30") == datetime(2026, 1, 2, tzinfo=UTC)


TEMPLATES = st.sampled_from(
    [
        "%Y-%m-%d %H:%M:%S",
        "%m/%d/%Y %H:%M",
        "%d.%m.%y",
        "%d/%m/%Y %I:%M:%S %p",
        "%y%m%d",
        "%H:%M %d %m %Y",
        "%Y/%m/%d %H",
    ]
)


@given(TEMPLATES, st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31)))  # noqa: DTZ001  # a map adds the zone
def test_the_fast_reading_equals_strptime(template, moment):
    text = moment.strftime(template)
    assert format_reader(template, UTC)(text) == datetime.strptime(text, template).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "offset"),
    [("UTC", 0), ("utc", 0), ("Z", 0), ("GMT", 0), ("+02:00", 2), ("-0730", -7.5), ("+00:00", 0)],
)
def test_fixed_zones(name, offset):
    zone = fixed_zone(name)
    assert zone is not None
    assert zone.utcoffset(None) == timedelta(hours=offset)


@pytest.mark.parametrize("name", ["Europe/Berlin", "CET", "+25:00", "+2", "", "+99:99"])
def test_other_names_are_not_fixed_zones(name):
    assert fixed_zone(name) is None
