"""The table of mail that left through the gate; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from winnow.adapters.db.table_base import Number, metadata

#: Messages that left, each for one recipient, under the number of its leaf. `subject` is the keyed hash of the address
#: as in the consent ledger, `message` a keyed hash of the message: nobody can tell from it what it said.
relayed_mail = Table(
    "relayed_mail",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("message", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("permit", Text, nullable=False),
    Index(None, "subject", "at"),
)
