"""The tables. Times are whole microseconds since 1970 UTC; what is about a person is sealed (see `vault`).

A row of the decision log has the number of its leaf as its key, and so has what the leaf is about:
the decision, and the lead on its first decision. So one sequence orders everything that ever happened.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from winnow.adapters.db import (
    people_tables,  # noqa: F401  # so that `metadata` knows them, too
    review_tables,
    table_base,
)

Number, metadata = table_base.Number, table_base.metadata

cases = review_tables.cases

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

#: One row: how long the log is, the Merkle hashes needed to go on, and up to which lead `sightings` is complete.
#: Its lock orders all writers.
log_head = Table(
    "log_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("swept", BigInteger, nullable=False),
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
)

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

#: Allow and block entries. A removed one stays, with the time of its removal.
list_entries = Table(
    "list_entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("removed_at", BigInteger),
    Column("removed_by", Text),
    Index(None, "kind", "value"),
)

#: Rules that are being written; they decide nothing until a ruleset holds them.
rule_drafts = Table(
    "rule_drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

#: Every ruleset that ever decided, whole, by its hash, so that its decisions can be derived again.
rulesets = Table(
    "rulesets",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
)

#: Which ruleset is live: one row a moment of change, the last one holds. `version` counts what replicas must reload.
activations = Table(
    "activations",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("ruleset", Text, ForeignKey("rulesets.hash"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
)

#: A number for each thing that replicas keep in memory (lists, ruleset, keys, webhooks); it grows with every change.
versions = Table(
    "versions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

#: Keys of programs. `digest` is a keyed hash of the secret.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("networks", Text, nullable=False, server_default=text("''")),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)

#: Where events are sent. `secret` is sealed with the master key.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("disabled_at", BigInteger),
    Column("disabled_because", Text),
)

_PENDING, _DEAD = text("state = 'pending'"), text("state = 'dead'")

#: What is still to be sent, and what became of it. `event` is the same for all receivers and all attempts.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("webhook", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("claimed_until", BigInteger),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("finished_at", BigInteger),
    # Only what still matters is in these two: they stay small, and what arrived leaves them.
    Index("ix_deliveries_due", "webhook", "due_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
    Index("ix_deliveries_dead", "id", sqlite_where=_DEAD, postgresql_where=_DEAD),
    Index(None, "webhook", "id"),
)

#: Answers to writes that carried an Idempotency-Key. `answer` is sealed with the master key; None for a lead, whose
#: answer is its decision.
idempotency = Table(
    "idempotency",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("decisions", Text),
    Column("status", SmallInteger),
    Column("answer", LargeBinary),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

# ── guards ───────────────────────────────────────────────────────────────────────────────────────

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
    Index(None, "guard", "closed_at"),
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

# ── feedback, shadow, ladder ─────────────────────────────────────────────────────────────────────

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
    Column("ruleset", Text, ForeignKey("rulesets.hash"), nullable=False),
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
