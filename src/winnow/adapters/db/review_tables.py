"""The tables of what waits for people and of what they decide; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, SmallInteger, Table, Text, text

from winnow.adapters.db.table_base import Number, metadata

_UNDECIDED, _DECIDED = text("state <> 'decided'"), text("state = 'decided'")
_SNOOZED = text("snoozed_until IS NOT NULL")

#: What waits for a person. `id` is the decision that asked for it. `urgent_at` is its place in the queue (core.review),
#: `reasons` its reason codes between blanks, `pattern` their hash, `disposition` the one that closed it.
cases = Table(
    "cases",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("lead", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_until", BigInteger),
    Column("closed_at", BigInteger),
    Column("urgent_at", BigInteger, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("pattern", BigInteger, nullable=False),
    Column("snoozed_until", BigInteger),
    Column("disposition", BigInteger),
    Index("ix_cases_open", "state", "due_at", "id"),
    # Only what still waits is in these two: they stay small, however much was decided.
    Index("ix_cases_waiting", "urgent_at", "id", sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
    Index("ix_cases_of_source", "source", "urgent_at", "id", sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
    Index("ix_cases_snoozed", "snoozed_until", "id", sqlite_where=_SNOOZED, postgresql_where=_SNOOZED),
    Index("ix_cases_decided", "closed_at", "id", sqlite_where=_DECIDED, postgresql_where=_DECIDED),
    Index("ix_cases_alike", "pattern", "closed_at", sqlite_where=_DECIDED, postgresql_where=_DECIDED),
)

#: Whose verdict a disposition is: the first reviewer's, or that of a second one, who did not know of the first.
FIRST_LOOK, SECOND_LOOK = 1, 2

_SECOND, _IN_FORCE = text("look = 2"), text("ended_at IS NULL")
_OTHERWISE = text("look = 1 AND undone_at IS NULL AND NOT followed")
_RELEASED = text("look = 1 AND undone_at IS NULL AND outcome < 2")

#: What reviewers decided, by the number of that in the log; one that was undone stays. `look` says whose it is;
#: `note` is sealed with the key of the person the lead is about.
dispositions = Table(
    "dispositions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("case", BigInteger, nullable=False),
    Column("look", SmallInteger, nullable=False),
    Column("outcome", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", LargeBinary),
    Column("followed", Boolean, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("batch", Text),
    Column("label", BigInteger),
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
    Index(None, "case"),
    Index(None, "batch"),
    Index("ix_dispositions_second", "at", sqlite_where=_SECOND, postgresql_where=_SECOND),
    Index("ix_dispositions_otherwise", "case", sqlite_where=_OTHERWISE, postgresql_where=_OTHERWISE),
    Index("ix_dispositions_released", "case", sqlite_where=_RELEASED, postgresql_where=_RELEASED),
)

#: What people decided about later leads of a person, by the number of the disposition; the last in force holds.
overrides = Table(
    "overrides",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("subject", BigInteger, nullable=False),
    Column("outcome", SmallInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("ended_at", BigInteger),
    Index("ix_overrides_in_force", "subject", "id", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
)

#: Dispositions that were made together, and the list entry they came with; all are undone together, once.
bulk_actions = Table(
    "bulk_actions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("entry", Text),
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
)
