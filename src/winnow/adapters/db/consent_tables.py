"""Tables of what people said about being contacted; addresses are keyed hashes, what is personal is sealed."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from winnow.adapters.db.table_base import Number, metadata

#: What happened, under the number of its leaf; never changed. `subject` is the keyed hash of the address it counts
#: for, `told_of` that of the address it was told of: a denial counts for all linked addresses.
#: `evidence` is sealed with the key of `told_of`. All of one address lie together, so that a look-up is one seek.
consent_events = Table(
    "consent_events",
    metadata,
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("told_of", BigInteger, nullable=False),
    Column("act", Text, nullable=False),
    Column("channel", Text),
    Column("purpose", Text),
    Column("basis", Text),
    Column("wording", Text),
    Column("how", Text, nullable=False),
    Column("captured_by", Text, nullable=False),
    Column("occurred_at", BigInteger),
    Column("received_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("lead", BigInteger),
    Column("evidence", LargeBinary),
    Index(None, "id"),
    sqlite_with_rowid=False,
)

#: Addresses that something was told of, sealed with the key of their own; without a row it was erased.
consent_addresses = Table(
    "consent_addresses",
    metadata,
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

#: Which addresses are one person's, with the number of the leaf that says why; each link stands in both directions.
#: `evidence` is sealed with the key of the lesser address. A link that was taken back is only in the log.
identity_links = Table(
    "identity_links",
    metadata,
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("other", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("evidence", LargeBinary),
    sqlite_with_rowid=False,
)
