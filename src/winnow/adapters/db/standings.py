"""How things stand for very many addresses at once: what the gate asks for a whole campaign.

Most people of a campaign did one thing: they agreed. What follows from that is worked out once for all who agreed in
the same way on the same day, and everybody else is folded one by one; the answers are the same (see the tests).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent_rows import AT_ONCE, event_of, written_out
from winnow.adapters.db.moments import micros
from winnow.adapters.db.rows import rows_of
from winnow.core.govern.consent import Act, Capture, Standing, fold
from winnow.core.govern.terms import Channel

_DAY = 86_400_000_000
_EVENTS = (
    "SELECT subject, id, act, channel, purpose, basis, wording, captured_by, how, occurred_at, received_at, expires_at"
    " FROM consent_events WHERE subject IN ({})"
)
_GRANT, _VERBAL = Act.GRANT.value, Capture.VERBAL.value

_Row = tuple[Any, ...]


class StoredStandings:
    """Reads standings behind an engine; used by any thread. May raise StoreAwayError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, subjects: Sequence[int], channel: Channel, purpose: str, now: datetime) -> dict[int, Standing]:
        """How things stand for those subjects that anything is known of; `now` is aware."""
        found, alike = dict[int, Standing](), dict[tuple[object, ...], Standing]()
        some = sorted(set(subjects))
        with reading(self._engine, patient=len(some) > AT_ONCE) as connection:
            for start in range(0, len(some), AT_ONCE):
                rows = rows_of(connection, _EVENTS.format(written_out(some[start : start + AT_ONCE])))
                _stand(found, alike, rows, channel, purpose, now)
        return found


def _stand(
    found: dict[int, Standing],
    alike: dict[tuple[object, ...], Standing],
    rows: Sequence[_Row],
    channel: Channel,
    purpose: str,
    now: datetime,
) -> None:
    """The standings of the subjects of some rows, which hold all that is known of each."""
    first, more, at = dict[int, _Row](), dict[int, list[_Row]](), micros(now)
    for row in rows:
        before = first.setdefault(row[0], row)
        if before is not row:
            more.setdefault(row[0], [before]).append(row)
    for subject, row in first.items():
        several = more.get(subject)
        if several is not None:
            found[subject] = fold([event_of(each) for each in several], channel, purpose, now)
            continue
        shape = _shape(row, at)
        if shape is None:
            found[subject] = fold([event_of(row)], channel, purpose, now)
            continue
        standing = alike.get(shape)
        if standing is None:
            standing = alike[shape] = fold([event_of(row)], channel, purpose, now)
        found[subject] = standing


def _shape(row: _Row, at: int) -> tuple[object, ...] | None:
    """What the standing of somebody who did one thing depends on; None where it is not as simple as that.

    Of the numbers of events, which the gate does not read, that of the first one stands for all alike.
    """
    _, _, act, channel, purpose, basis, wording, _, how, occurred, received, expires = row
    if act != _GRANT or how == _VERBAL or occurred is None or occurred > at or received > at:
        return None
    if received < occurred:
        return None
    return channel, purpose, basis, wording is None, how, occurred // _DAY, expires
