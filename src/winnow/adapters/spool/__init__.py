"""Where leads wait on this machine's own disk while the database is away; what is acknowledged survives a crash."""

from winnow.adapters.spool.folder import START, Depth, Spool, Spooled, orphans
from winnow.adapters.spool.segment import Position

__all__ = ["START", "Depth", "Position", "Spool", "Spooled", "orphans"]
