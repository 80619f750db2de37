"""The tables of people who sign in; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from winnow.adapters.db.table_base import metadata

#: People who sign in. `address` is the keyed hash of their mail address; `profile`, `password` (its Argon2 hash) and
#: `secret` (of their authenticator) are sealed with the master key. `step`: the last code used; None: not tried yet.
users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("address", BigInteger, nullable=False, unique=True),
    Column("profile", LargeBinary, nullable=False),
    Column("roles", Text, nullable=False),
    Column("password", LargeBinary),
    Column("secret", LargeBinary),
    Column("step", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("joined_at", BigInteger),
    Column("disabled_at", BigInteger),
)

#: Who is signed in. `digest` is a keyed hash of what only the browser knows.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("person", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger, nullable=False),
    Index(None, "person"),
)

#: Links that are good for once, by a keyed hash: to accept an invitation, to choose another password.
one_time_links = Table(
    "one_time_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "person"),
)

#: Attempts to sign in, by a keyed hash of the account or network: when the bucket of attempts will be full again.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("name", BigInteger, primary_key=True, autoincrement=False),
    Column("full_at", BigInteger, nullable=False),
    Index(None, "full_at"),
)
