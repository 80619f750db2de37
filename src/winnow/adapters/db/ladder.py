"""Where scorecards and rules stand on the ladder, in the database."""

from sqlalchemy import Engine, delete, insert, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.learning_tables import rungs
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.versions import bump
from winnow.core.learning.ladder import Rung, Standing
from winnow.errors import ConflictError

#: The row of `versions` that counts steps up and down.
VERSION_NAME = "ladder"


class StoredLadder:
    """The ladder behind an engine; see the port LadderStore. Each step is a leaf of the log."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def standings(self) -> tuple[Standing, ...]:
        """Everything that stands anywhere, by its name."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(rungs).order_by(rungs.c.subject)).all()
        return tuple(Standing(row.subject, Rung(row.rung), moment(row.at), row.actor, row.reason) for row in rows)

    def move(self, standing: Standing, was: Rung | None = None) -> None:
        """Put something on a rung, on all replicas; raises ConflictError when it does not stand on `was` any more."""
        subject, rung = standing.subject, standing.rung.value
        row = {"subject": subject, "rung": rung, "at": micros(standing.at)}
        with writing(self._engine) as connection:
            bump(connection, VERSION_NAME)  # first, so that two who move something wait for each other
            before = connection.execute(select(rungs.c.rung).where(rungs.c.subject == subject)).scalar_one_or_none()
            if before != was:
                what = f"it was moved meanwhile and stands on the rung `{before or 'none'}`"
                raise ConflictError(what, fix="look at it again")
            said = {"from": before, "to": rung, "reason": standing.reason}
            self._journal.note(connection, Change("ladder.moved", standing.actor, subject, said), standing.at)
            connection.execute(delete(rungs).where(rungs.c.subject == subject))
            connection.execute(insert(rungs), {**row, "actor": standing.actor, "reason": standing.reason})
