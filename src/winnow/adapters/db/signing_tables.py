"""The tables of sign-off; see `tables` for what holds for all of them, and `signing_guards` for their triggers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from winnow.adapters.db import ruleset_tables  # noqa: F401  # so that `metadata` knows what is referred to
from winnow.adapters.db.table_base import Number, metadata

#: What somebody wants a second person to agree to. Nothing of it ever changes but `ended_`, once.
#: `ruleset` is what `content` is for kinds that are about one. `hash` covers all that a signature is about, which
#: `document` says. `writer` wrote the content, `author` proposes it.
proposals = Table(
    "proposals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("ruleset", Text, ForeignKey("rulesets.hash")),
    Column("hash", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_as", Text),
    Column("ended_by", Text),
    Column("ended_because", Text),
    UniqueConstraint("id", "author", "writer", "hash"),
    Index(None, "kind", "content"),
)

#: Who agreed, each row by the number of its leaf. `author`, `writer` and `hash` are the proposal's: the foreign key
#: says so, and the check that who signs is neither of them.
sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("proposal", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("privacy", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["proposal", "author", "writer", "hash"],
        ["proposals.id", "proposals.author", "proposals.writer", "proposals.hash"],
    ),
    CheckConstraint("author <> signer AND writer <> signer", name="ck_sign_offs_second_person"),
    UniqueConstraint("proposal", "signer"),
)

#: The argument about a proposal, by the numbers of its leaves; only ever added to.
proposal_comments = Table(
    "proposal_comments",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("proposal", Text, ForeignKey("proposals.id"), nullable=False),
    Column("author", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "proposal"),
)

#: What is attached to proposals, as JSON, by the hash of its content.
attachments = Table(
    "attachments",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("document", Text, nullable=False),
)

#: Rulesets that were rolled back, by the number of the activation that did it: which decisions are looked at again
#: (`first` up to, not including, `number`), and how far that has come.
rollbacks = Table(
    "rollbacks",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("ruleset", Text, ForeignKey("rulesets.hash"), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("looked_at", BigInteger, nullable=False),
    Column("affected", BigInteger, nullable=False),
    Column("done_at", BigInteger),
)

#: Leads that would be decided otherwise since a roll-back, by the number of their last decision.
rolled_back_leads = Table(
    "rolled_back_leads",
    metadata,
    Column("rollback", BigInteger, primary_key=True, autoincrement=False),
    Column("decision", BigInteger, primary_key=True, autoincrement=False),
    Column("lead", BigInteger, nullable=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    sqlite_with_rowid=False,
)
