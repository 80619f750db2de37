"""In which countries a time zone is used, from the IANA database that travels in the `tzdata` package."""

from functools import cache
from importlib.metadata import version
from importlib.resources import files


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = files("tzdata.zoneinfo").joinpath("zone1970.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    table = {zone: tuple(countries.split(",")) for countries, _, zone, *_ in rows}
    return {**_country_zones(), **table}


def _country_zones() -> dict[str, tuple[str, ...]]:
    """Zones that follow another one, such as Europe/Oslo, keep the country they are named for."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {zone: (country,) for country, _, zone, *_ in rows}


def timezone_countries(zone: str) -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 codes of the countries that use an IANA time zone; empty for an unknown one."""
    return _table().get(zone, ())


def edition() -> str:
    """Version of the table."""
    return version("tzdata")
