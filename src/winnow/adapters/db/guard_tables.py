"""The tables of what guards count, find and stop; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from winnow.adapters.db.table_base import metadata

#: What happened on each day, UTC, as numbers that guards compare: derived from decisions and labels, and made anew
#: from them for a day that is not over. `kind` says what is counted, `about` a scorecard or one of its signals.
day_counts = Table(
    "day_counts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("bin", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: Findings of guards, until a person closes them and says why. `source` is None for all; `figures` is JSON.
incidents = Table(
    "incidents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("guard", Text, nullable=False),
    Column("source", Text),
    Column("about", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("since", Integer, nullable=False),
    Column("figures", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("contained_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("closed_by", Text),
    Column("reason", Text),
    Column("renewed", Boolean, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("contained_by", Text),
    Column("fixed_at", BigInteger),
    Column("fixed_by", Text),
    Column("lessons", Text),
    Index(None, "guard", "closed_at"),
)

#: The leads of the people an incident did something to, by number. What was done about it is in `events`.
incident_leads = Table(
    "incident_leads",
    metadata,
    Column("incident", Text, primary_key=True),
    Column("lead", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: Where nothing is rejected without a person: for one source, or for all when `source` is None. A lifted one stays.
pauses = Table(
    "pauses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("source", Text),
    Column("reason", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("lifted_at", BigInteger),
    Column("lifted_by", Text),
)
