"""The tables by which decisions are found again; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table

from winnow.adapters.db.table_base import Number, metadata

#: Decisions that are not in `found_by` yet, with the keyed hashes of what they are found by, eight bytes each.
unfiled = Table(
    "unfiled",
    metadata,
    Column("decision", Number, primary_key=True, autoincrement=False),
    Column("keys", LargeBinary, nullable=False),
)

#: Decisions by what they are found by, filled from `unfiled` in sorted sweeps as `sightings` is, and for the same
#: reason. `bucket` keeps together what came together.
found_by = Table(
    "found_by",
    metadata,
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("decision", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
