"""In which countries a time zone is used."""

import pytest

from winnow.adapters.facts.timezones import timezone_countries, timezone_source


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Oslo", "NO"),
        ("Europe/Zurich", "CH"),
        ("Europe/Zurich", "LI"),
        ("America/New_York", "US"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("Asia/Saigon", "VN"),
        ("Asia/Katmandu", "NP"),
        ("Asia/Rangoon", "MM"),
        ("Europe/Kiev", "UA"),
        ("America/Buenos_Aires", "AR"),
        ("US/Hawaii", "US"),
        ("Africa/Abidjan", "IS"),
    ],
)
def test_the_country_of_a_zone_also_by_its_older_names(zone, country):
    assert country in timezone_countries(zone)


@pytest.mark.parametrize(
    "zone", ["", "UTC", "Etc/GMT-3", "EST", "GMT", "Nowhere/Town", "europe/berlin", "../etc/hosts", "\0"]
)
def test_what_names_no_country_is_unknown(zone):
    assert timezone_countries(zone) == ()


def test_the_edition_is_known():
    source = timezone_source()
    assert source.name == "tzdata"
    assert source.version.startswith("20")
