"""The tables of the kill switch; see `tables` for what holds for all of them."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text

from winnow.adapters.db.table_base import metadata

#: Each press of the switch; a lifted one stays. Two different people lift it, `first_by` and `second_by`: the database
#: takes no row that says otherwise. A drill ends by itself, at `ends_at` at the latest. `outbox` is the last delivery
#: that was waiting then; `report`: of a drill, as JSON.
stops = Table(
    "stops",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("engaged_by", Text, nullable=False),
    Column("engaged_at", BigInteger, nullable=False),
    Column("outbox", BigInteger, nullable=False),
    Column("drill", Text),
    Column("ends_at", BigInteger),
    Column("first_by", Text),
    Column("first_at", BigInteger),
    Column("first_reason", Text),
    Column("second_by", Text),
    Column("second_at", BigInteger),
    Column("second_reason", Text),
    Column("lifted_at", BigInteger),
    Column("report", Text),
    CheckConstraint("first_by <> second_by", name="ck_stops_two_people"),
    CheckConstraint("second_by IS NULL OR first_by IS NOT NULL", name="ck_stops_first_before_second"),
    CheckConstraint("lifted_at IS NULL OR drill IS NOT NULL OR second_by IS NOT NULL", name="ck_stops_lifted_by_two"),
    CheckConstraint("(drill IS NULL) = (ends_at IS NULL)", name="ck_stops_drills_end"),
    Index(None, "lifted_at"),
)

#: The processes that decide or send, so that a drill can tell when each knew of it. `stops`: the number it has seen.
replicas = Table(
    "replicas",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("stops", BigInteger),
    Column("stops_at", BigInteger, nullable=False),
)
