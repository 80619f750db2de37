"""The table of what was dropped because it is off limits; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from winnow.adapters.db.table_base import metadata

#: How often something off limits was in a lead and dropped, by day (UTC) and source: `what` is an entry of the policy
#: (`custom.religion`, `category.health`) or a category found in a text (`text.health`), never a value.
dropped = Table(
    "off_limits_dropped",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
