"""Whom cases are about, and the key that what was written about them is sealed with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from winnow.adapters.db.review_tables import cases
from winnow.adapters.db.tables import leads, subject_keys
from winnow.adapters.db.vault import Vault


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a case is about; without a key all that was known of them was erased."""

    number: int
    key: bytes | None


def subjects_of(connection: Connection, vault: Vault, numbers: Sequence[int]) -> dict[int, Subject]:
    """Whom each of some cases is about, by the number of the case; without those that are not there."""
    query = (
        select(cases.c.id, leads.c.subject, subject_keys.c.wrapped)
        .join(leads, leads.c.id == cases.c.lead)
        .outerjoin(subject_keys, subject_keys.c.subject == leads.c.subject)
        .where(cases.c.id.in_(numbers))
    )
    return {
        number: Subject(subject, wrapped and vault.unwrapped(subject, wrapped))
        for number, subject, wrapped in connection.execute(query)
    }
