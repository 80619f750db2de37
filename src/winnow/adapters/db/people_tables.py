"""The tables of people who sign in; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from winnow.adapters.db.table_base import Number, metadata

#: People who sign in. `address` is the keyed hash of their mail address; `profile`, `password` (its Argon2 hash) and
#: `secret` (of their authenticator) are sealed with the master key. `step`: the last code used; None: not tried yet.
#: `digest`: whether they want the daily mail; None: as is usual for their role. `digested_on`: the last day of one.
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
    Column("digest", Boolean),
    Column("digested_on", Integer),
)

#: Whom an OpenID provider means: a keyed hash of its address and its name for somebody. At most one of a provider a
#: person, so that an address that it gives to somebody else opens nothing.
oidc_subjects = Table(
    "oidc_subjects",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("bound_at", BigInteger, nullable=False),
    UniqueConstraint("person", "issuer"),
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

#: Letters that wait to be sent. `content` is sealed with the master key. `due_at` is also until when whoever took one
#: has it; `begun_at`: a try began then, and how it ended is not known.
letters = Table(
    "letters",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("put_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("begun_at", BigInteger),
    Column("tries", Integer, nullable=False),
    Index(None, "due_at"),
)
