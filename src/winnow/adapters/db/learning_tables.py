"""The tables of what is learned from and of what climbs; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table, Text

from winnow.adapters.db.ruleset_tables import rulesets
from winnow.adapters.db.table_base import Number, metadata

#: The truth about leads, as people and systems report it: junk, genuine, converted, lost.
labels = Table(
    "labels",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("lead", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("batch", Text),
    Column("at", BigInteger, nullable=False),
    Index(None, "lead"),
    Index(None, "source", "at"),
)

#: Labels that were taken back, by the number of the log entry that says so; the labels themselves stay.
withdrawn_labels = Table(
    "withdrawn_labels",
    metadata,
    Column("label", Number, primary_key=True, autoincrement=False),
    Column("withdrawal", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)

#: Rulesets that were put in shadow, by the number of that in the log. `share` is in millionths of the leads;
#: `read_` is who said last that they have read the difference report, and how many leads it was about.
shadows = Table(
    "shadows",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("ruleset", Text, ForeignKey(rulesets.c.hash), nullable=False),
    Column("share", Integer, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_by", Text),
    Column("read_at", BigInteger),
    Column("read_by", Text),
    Column("read_leads", BigInteger),
    Index(None, "ruleset"),
)

#: What a ruleset in shadow decided beside the live one; `outcome` None: it failed. Derived, and so in no leaf.
shadow_decisions = Table(
    "shadow_decisions",
    metadata,
    Column("shadow", BigInteger, primary_key=True, autoincrement=False),
    Column("decision", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", SmallInteger),
    Column("score", Integer, nullable=False),
    Column("codes", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

#: Where scorecards and rules stand that climb the ladder; how they got there is in the log.
rungs = Table(
    "rungs",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("rung", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
