"""What can be said of an installation from outside a request: sizes, ages, states, for the metrics and for people."""

import resource
import sys
from pathlib import Path
from typing import NamedTuple

from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.db.upkeep import WriteBack
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import Service
from winnow.errors import UnavailableError

_PAGE_BYTES = resource.getpagesize()


class Measures(NamedTuple):
    """What the database says now; every value is None while it is away.

    checkpoint_age: seconds since a head was last signed
    deliveries: by state · incidents: by state, and the pauses in force as `paused`
    """

    log_entries: int | None = None
    checkpoint_entries: int | None = None
    checkpoint_age: float | None = None
    deliveries: dict[str, int] | None = None
    incidents: dict[str, int] | None = None


def measures(service: Service, publisher: Publisher) -> Measures:
    """Ask the database; takes a few milliseconds."""
    try:
        newest = publisher.newest
        return Measures(
            log_entries=service.log.frontier().size,
            checkpoint_entries=newest.size if newest else 0,
            checkpoint_age=(service.clock.now() - newest.at).total_seconds() if newest else None,
            deliveries={state.value: count for state, count in service.deliveries.counts().items()},
            incidents=dict(StoredIncidents(service.engine, service.journal).counts()),
        )
    except UnavailableError:
        return Measures()


def wal_bytes(service: Service) -> int:
    """How long SQLite's write-ahead log is on disk; 0 for other databases."""
    keeper = WriteBack(service.engine)
    return keeper.log_bytes if keeper.needed else 0


def resident_bytes() -> int:
    """Memory of this process that is in use now; on macOS the most that ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * _PAGE_BYTES
