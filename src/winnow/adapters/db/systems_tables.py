"""The table of the register of AI systems; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from winnow.adapters.db.table_base import metadata

#: Every revision of every AI system, whole: rows are added and never changed, and the last one holds. `document` is
#: JSON and names people by their ids only; `what` is the kind of the leaf, `note` what the person said.
ai_systems = Table(
    "ai_systems",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("note", Text, nullable=False),
)
