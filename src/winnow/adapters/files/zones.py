"""Time zones by name, from the database of the operating system or the tzdata package."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from winnow.errors import InvalidInputError


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name such as Europe/Berlin; raises InvalidInputError for others."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInputError(
            f"`{name}` is not a time zone known here",
            fix="use UTC, an offset such as +02:00 or a name such as Europe/Berlin",
        ) from None
