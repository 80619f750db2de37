"""The tables of programs that call and of those that are told; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, text

from winnow.adapters.db.table_base import Number, metadata

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
    Index(None, "event"),
)
