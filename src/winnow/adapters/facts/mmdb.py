"""Opens MMDB files, which the user may have a licence for and Winnow may not ship."""

import datetime as dt
from pathlib import Path

import maxminddb

from winnow.adapters.facts.records import Record, understood
from winnow.core.ruleset import ReferenceSource
from winnow.errors import InvalidInputError


class Mmdb:
    """One MMDB file, opened once and mapped into memory."""

    def __init__(self, path: Path) -> None:
        self._reader = _opened(path)
        about = self._reader.metadata()
        made = dt.datetime.fromtimestamp(about.build_epoch, dt.UTC)
        self.source = ReferenceSource(f"mmdb/{about.database_type}", str(about.build_epoch), made.date().isoformat())

    def find(self, ip: str) -> Record | None:
        """What the file says; None when it has nothing, holds only the other protocol, or is damaged there."""
        try:
            row = self._reader.get(ip)
        except (ValueError, TypeError, UnicodeDecodeError, maxminddb.InvalidDatabaseError):
            return None
        return understood(row) if isinstance(row, dict) else None


def _opened(path: Path) -> maxminddb.Reader:
    fix = "give the path of an MMDB file, downloaded whole, or take it out of the settings"
    try:
        return maxminddb.open_database(str(path))
    except FileNotFoundError:
        raise InvalidInputError("there is no such MMDB file", where=str(path), fix=fix) from None
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        raise InvalidInputError(f"not a readable MMDB file: {error}", where=str(path), fix=fix) from None
