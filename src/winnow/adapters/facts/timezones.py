"""In which countries a time zone is used, from the IANA database that travels in the `tzdata` package."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from winnow.adapters.facts.sources import packaged
from winnow.core.ruleset import ReferenceSource


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = files("tzdata.zoneinfo").joinpath("zone1970.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    table = {zone: tuple(countries.split(",")) for countries, _, zone, *_ in rows}
    return {**_older_names(table), **_country_zones(), **table}


def _older_names(table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Names that browsers still report, such as Asia/Calcutta; abbreviations such as EST say nothing of a country."""
    lines = files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = [line.split() for line in lines if line.startswith("L ")]
    return {older: table[zone] for _, zone, older in links if zone in table and "/" in older}


def _country_zones() -> dict[str, tuple[str, ...]]:
    """Zones that follow another one, such as Europe/Oslo, keep the country they are named for."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {zone: (country,) for country, _, zone, *_ in rows}


def timezone_countries(zone: str) -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 codes of the countries that use an IANA time zone; empty for an unknown one."""
    return _table().get(zone, ())


def hours_at(place: str | None, zone: str | None, now: datetime) -> frozenset[int]:
    """What the hour, 0 to 23, may be for somebody at `now` (aware): in their zone, or in every zone of their country.

    place: `US` or `US-CA`; of a part of a country all its zones count · Empty: it is not known.
    """
    zones = (zone,) if zone is not None and timezone_countries(zone) else _zones_of((place or "").partition("-")[0])
    return frozenset(now.astimezone(ZoneInfo(name)).hour for name in zones)


@cache
def _zones_of(country: str) -> tuple[str, ...]:
    return tuple(name for name, countries in _table().items() if country in countries)


def timezone_source() -> ReferenceSource:
    """The edition of the table."""
    return packaged("tzdata")
