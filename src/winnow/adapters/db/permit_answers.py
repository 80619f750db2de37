"""Answers of the gate as lists show them: who asked for what, how many were refused and which questions stood there."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, case, null, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.moments import moment
from winnow.adapters.db.permit_codec import refusal_counts
from winnow.adapters.db.permit_tables import permit_answers
from winnow.adapters.db.tables import subject_keys
from winnow.adapters.db.vault import Vault, opened
from winnow.core.govern.ask import Question
from winnow.core.govern.terms import Action, Channel
from winnow.core.records import NONCE_BYTES
from winnow.ports.gate import Answered

_row = permit_answers.c
#: Of what is about many the record, which may be large, stays where it is: nothing of it is shown.
_SHOWN = (
    *[each for each in _row if each is not _row.record],
    case((_row.subject.is_(None), null()), else_=_row.record).label("record"),
)


class StoredAnswers:
    """See the port AnswerList."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def page(self, before: int | None, limit: int, system: str | None = None) -> Sequence[Answered]:
        """The newest first, of one system or all; those whose number is smaller than `before`."""
        query = select(*_SHOWN, subject_keys.c.wrapped)
        query = query.outerjoin(subject_keys, subject_keys.c.subject == permit_answers.c.subject)
        query = query.order_by(permit_answers.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(permit_answers.c.id < before)
        if system is not None:
            query = query.where(permit_answers.c.system == system)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [self._answered(row) for row in rows]

    def _answered(self, row: Any) -> Answered:  # noqa: ANN401  # a row of the query, with the key of the person
        return Answered(
            row.id,
            row.answer,
            moment(row.at),
            row.actor,
            row.system,
            Action(row.action),
            None if row.channel is None else Channel(row.channel),
            row.purpose,
            row.asked,
            row.granted,
            self._why(row),
        )

    def _why(self, row: Any) -> Mapping[Question, int] | None:  # noqa: ANN401  # as above
        """Nothing is opened where nobody was refused; what was about one person is gone with that person."""
        if row.subject is None:
            return {Question(name): persons for name, persons in json.loads(row.why).items()}
        if row.wrapped is None:
            return None
        if row.granted == row.asked:
            return {}
        return refusal_counts(opened(self._vault.unwrapped(row.subject, row.wrapped), row.record, row.id)[NONCE_BYTES:])
