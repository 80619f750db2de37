"""The tables of what Today tells; see `tables` for what holds for all of them."""

from sqlalchemy import Column, Index, Integer, Table, Text, text

from winnow.adapters.db.table_base import Number, metadata
from winnow.core.today.measures import COUNTED

#: The numbers of each day, UTC, and source: derived from decisions, dispositions and labels, so that nobody has to read
#: these for a sum. How far that has got is in `day_counts`.
day_figures = Table(
    "day_figures",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    *(Column(each.value, Integer, nullable=False, server_default=text("0")) for each in COUNTED),
    sqlite_with_rowid=False,
)

#: Leads that a lot gave to a person in place of a rejection, by the number of the lead: the day, UTC, of the decision,
#: the share they were drawn with, in millionths, and what the last label that stands says. Derived from decisions and
#: labels, so that nobody has to search all decisions for them.
blind_leads = Table(
    "blind_leads",
    metadata,
    Column("lead", Number, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("share", Integer, nullable=False),
    Column("verdict", Text),
    Index("ix_blind_leads_day", "day", "source", "share", "verdict"),
)
