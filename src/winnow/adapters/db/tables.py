"""The tables. Times are whole microseconds since 1970 UTC; what is about a person is sealed (see `vault`).

A row of the decision log has the number of its leaf as its key, and so has what the leaf is about:
the decision, and the lead on its first decision. So one sequence orders everything that ever happened.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from winnow.adapters.db import (
    consent_tables,  # noqa: F401  # so that `metadata` knows them, too
    figure_tables,  # noqa: F401  # so that `metadata` knows them, too
    finding_tables,  # noqa: F401  # so that `metadata` knows them, too
    guard_tables,  # noqa: F401  # as above
    learning_tables,  # noqa: F401  # as above
    mail_tables,  # noqa: F401  # as above
    off_limits_tables,  # noqa: F401  # as above
    people_tables,  # noqa: F401  # as above
    permit_tables,  # noqa: F401  # as above
    program_tables,  # noqa: F401  # as above
    review_tables,  # noqa: F401  # as above
    ruleset_tables,  # noqa: F401  # as above
    signing_tables,  # noqa: F401  # as above
    stop_tables,  # noqa: F401  # as above
    systems_tables,  # noqa: F401  # as above
    table_base,
)

Number, metadata = table_base.Number, table_base.metadata

#: What this installation is: its id, when it was made, the edition of its sealed formats.
meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

#: The key each person's data is sealed with, itself sealed with the master key. No row: it was shredded.
subject_keys = Table(
    "subject_keys",
    metadata,
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

#: Leads, each under the number of its first decision, whose record holds it as it came, off-limits fields taken out.
#: `lead_id` is unique within its source.
#: `counted` are the keyed hashes of the values velocity is counted by, eight bytes each, see `history`.
leads = Table(
    "leads",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("lead_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("counted", LargeBinary, nullable=False),
    UniqueConstraint("lead_id", "source"),
    Index(None, "source", "id"),
)

#: What was decided. `codes` are the bin codes of the scorecard; `record` is sealed: lead, facts, decision.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("lead", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("outcome", SmallInteger, nullable=False),
    Column("score", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("ruleset", Text, nullable=False),
    Column("shadow", Boolean, nullable=False),
    Column("codes", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index(None, "lead"),
    Index(None, "outcome", "id"),
    Index(None, "decided_at", "id"),
)

#: Which values came when, by a keyed hash, for velocity and duplicates; filled from `leads.counted` in sorted
#: sweeps, since adding each lead at once would touch a page of the database for every value.
#: `bucket` keeps what is recent together, so that the cost does not grow with what lies behind.
sightings = Table(
    "sightings",
    metadata,
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("lead", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: The decision log: `entry` is what the leaf commits to; nothing in it tells about a person.
leaves = Table(
    "leaves",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)

#: One row: how long the log is, the Merkle hashes needed to go on, up to which lead `sightings` is complete, and how
#: often the kill switch was moved. Its lock orders all writers, so that none acts under a state that is over.
log_head = Table(
    "log_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("swept", BigInteger, nullable=False),
    Column("stops", BigInteger, nullable=False),
)

#: Signed heads of the log.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("signed_at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)

#: What other log entries say in full, such as changes of lists, rules, rulesets, keys, webhooks and labels; sealed
#: with the master key.
events = Table(
    "events",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index(None, "about"),
    Index(None, "kind", "id"),
    Index(None, "actor", "id"),
)

#: A number for each thing that replicas keep in memory (lists, ruleset, keys, webhooks); it grows with every change.
versions = Table(
    "versions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
