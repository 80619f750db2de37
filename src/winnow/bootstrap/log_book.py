"""Wiring of whoever looks through the decision log: entries, proofs without records, verification."""

from dataclasses import dataclass

from winnow.adapters.db.logged import Logged, LoggedEntries, Wanted
from winnow.bootstrap.log_check import Check, LogChecks
from winnow.bootstrap.service import Service

__all__ = ["Check", "LogBook", "Logged", "Wanted", "make_log_book"]


@dataclass(frozen=True, slots=True)
class LogBook:
    """The log of a service as people look at it."""

    entries: LoggedEntries
    checks: LogChecks


def make_log_book(service: Service) -> LogBook:
    """The log of a service."""
    return LogBook(LoggedEntries(service.engine), LogChecks(service))
