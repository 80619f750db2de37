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
    at, several = micros(now), _several(rows)
    for row in rows:
        subject, _, act, of_channel, of_purpose, basis, wording, _, how, occurred, received, expires = row
        if subject in several:
            continue
        if act != _GRANT or how == _VERBAL or occurred is None or not occurred <= received <= at:
            found[subject] = fold([event_of(row)], channel, purpose, now)
            continue
        # all that the standing of somebody who did this one thing depends on, but for the event's number, which the
        # gate does not read: that of the first one stands for all
        shape = of_channel, of_purpose, basis, wording is None, how, occurred // _DAY, expires
        standing = alike.get(shape)
        if standing is None:
            standing = alike[shape] = fold([event_of(row)], channel, purpose, now)
        found[subject] = standing
    for subject, its in several.items():
        found[subject] = fold(map(event_of, its), channel, purpose, now)


def _several(rows: Sequence[_Row]) -> dict[int, list[_Row]]:
    """The rows of those subjects that have more than one."""
    last = {row[0]: row for row in rows}
    if len(last) == len(rows):
        return {}
    found: dict[int, list[_Row]] = {}
    for row in rows:
        if last[row[0]] is not row:
            found[row[0]] = []
    for row in rows:
        if row[0] in found:
            found[row[0]].append(row)
    return found
