"""What all tables have in common: where they are gathered, and the type of numbers that rows are counted with."""

from sqlalchemy import BigInteger, Integer, MetaData

#: SQLite numbers rows by itself only in a column of the type INTEGER, which there has 64 bits.
Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
