"""Tables of what the gate answered; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from winnow.adapters.db.table_base import Number, metadata

#: Answers of the gate, each under the number of its leaf: one about a single person, or about a whole batch.
#: `record` is sealed: with the key of `subject` where it is about one person, else with that of the installation; then
#: it holds nobody's address, only keyed hashes and commitments. `why` is of how many people each question stood in the
#: way, as JSON, so that a list need not open what is about many; what is about one person says so under that key alone.
permit_answers = Table(
    "permit_answers",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("answer", Text, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("channel", Text),
    Column("purpose", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("once", Boolean, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("granted", Integer, nullable=False),
    Column("subject", BigInteger),
    Column("record", LargeBinary, nullable=False),
    Column("why", Text),
    Index(None, "system", "id"),
)

#: Contacts that were permitted, for frequency caps and for comparing with what was really sent. `period` keeps what is
#: recent together, so that a campaign touches few pages however much lies behind.
contacts = Table(
    "contacts",
    metadata,
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("answer", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    sqlite_with_rowid=False,
)

#: Permits for a single use that were used.
redeemed = Table(
    "redeemed",
    metadata,
    Column("answer", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    sqlite_with_rowid=False,
)

#: What AI systems concluded about people, each under the number of its leaf; `record` is sealed with the subject's key.
ai_decisions = Table(
    "ai_decisions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index(None, "subject", "id"),
    Index(None, "system", "id"),
)
