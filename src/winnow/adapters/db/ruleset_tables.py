"""The tables of what decides: rulesets, rules in the making and lists; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from winnow.adapters.db.table_base import Number, metadata

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

#: Every ruleset that ever decided, whole, by its hash, so that its decisions can be derived again. No row changes, see
#: `signing_guards`. `policy` is the hash of what is under `policy` in it.
rulesets = Table(
    "rulesets",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("policy", Text, nullable=False),
)

#: Which ruleset is live: one row a moment of change, the last one holds. `version` counts what replicas must reload.
#: `basis` says what it rests on, which `signing_guards` checks; `sign_off` is its number where it is one.
activations = Table(
    "activations",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("ruleset", Text, ForeignKey("rulesets.hash"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("sign_off", BigInteger, ForeignKey("sign_offs.id")),
)
