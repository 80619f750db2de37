"""Tells a database that is away, full or locked from a question that was wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from winnow.errors import StoreAwayError


@contextmanager
def reached() -> Iterator[None]:
    """Turn a driver's complaint that the database is away, full or locked into StoreAwayError."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or (error.orig is not None and _means_away(error.orig)):
            raise said_away(error.orig or error) from error
        raise
    except Exception as error:
        if _is_drivers(error) and _means_away(error):
            raise said_away(error) from error
        raise


#: What SQLite says when the disk, or another process, is in the way.
_SQLITE_AWAY = (
    "locked",
    "interrupted",
    "disk i/o",
    "is full",
    "unable to open",
    "readonly",
    "read-only",
    "no such table",
    "malformed",
    "not a database",
)


#: Errors of psycopg that come from the database and not from what was asked of it; its class for "cannot connect"
#: and "connection lost" is OperationalError, as in every driver.
_POSTGRES_AWAY = frozenset({"OperationalError", "InterfaceError", "InternalError"})


def _is_drivers(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in {"sqlite3", "psycopg"}


def _means_away(error: BaseException) -> bool:
    """Whether the database, and not what was asked of it, is the trouble."""
    if type(error).__module__ == "sqlite3":
        return isinstance(error, sqlite3.DatabaseError) and any(sign in str(error).lower() for sign in _SQLITE_AWAY)
    return any(each.__name__ in _POSTGRES_AWAY for each in type(error).__mro__)


def said_away(error: BaseException) -> StoreAwayError:
    """What to raise for a complaint of a driver, or of the system."""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return StoreAwayError(f"the database does not answer: {said}", fix="see docs/operations.md")
