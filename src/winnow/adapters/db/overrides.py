"""What people decided about those behind later leads: one question a batch, and none until somebody has decided."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select

from winnow.adapters.db.moments import moment
from winnow.adapters.db.rows import rows_of
from winnow.adapters.db.steady import Steady
from winnow.adapters.db.tables import versions
from winnow.adapters.db.turn import subject_of
from winnow.adapters.db.vault import Vault
from winnow.adapters.db.versions import bump
from winnow.core.facts import Override
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.review.disposition import text_of

#: The row of `versions` that is there once there is, or was, an override.
VERSION_NAME = "overrides"

_LAST = """
SELECT subject, outcome, author, reason, expires_at FROM overrides WHERE id IN (
    SELECT MAX(id) FROM overrides WHERE ended_at IS NULL AND subject IN ({}) GROUP BY subject
)
"""


class StoredOverrides:
    """Overrides by who a lead is about; used by one thread at a time. See the port OverrideSource.

    any_yet: whether there was ever one, as far as is known in memory
    """

    def __init__(self, steady: Steady, vault: Vault, any_yet: Callable[[], bool]) -> None:
        self._steady = steady
        self._vault = vault
        self._any_yet = any_yet

    def overrides(self, leads: Sequence[Lead]) -> Sequence[Override | None]:
        """The last one in force for each lead; also one that has expired, which is shown and decides nothing."""
        if not self._any_yet():
            return [None] * len(leads)
        subjects = [subject_of(self._vault, lead) for lead in leads]
        question = _LAST.format(",".join(map(str, set(subjects))))  # numbers of our own making
        with self._steady.reading() as connection:
            found = {subject: _override(*said) for subject, *said in rows_of(connection, question)}
        return [found.get(subject) for subject in subjects]


def begin_to_ask(connection: Connection) -> None:
    """Have every process ask for overrides from now on, in the transaction that makes the first."""
    if connection.execute(select(versions.c.number).where(versions.c.name == VERSION_NAME)).first() is None:
        bump(connection, VERSION_NAME)


def _override(outcome: int, author: str, reason: str, expires_at: int | None) -> Override:
    expires = None if expires_at is None else moment(expires_at)
    return Override(Outcome(outcome), author, text_of(reason), expires)
