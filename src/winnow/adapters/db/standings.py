"""How things stand for very many addresses at once: what the gate asks for a whole campaign.

Most people of a campaign agreed, or said no in the end. What follows from that is worked out once for all who did it in
the same way on the same day, and everybody else is folded one by one; the answers are the same (see the tests).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine

from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent_rows import AT_ONCE, event_of, parts_of
from winnow.adapters.db.moments import micros
from winnow.adapters.db.rows import rows_of
from winnow.core.govern.consent import ONCE_CONFIRMED, Act, Capture, Standing, fold
from winnow.core.govern.terms import Channel

_DAY = 86_400_000_000
_EVENTS = (
    "SELECT subject, id, act, channel, purpose, basis, wording, captured_by, how, occurred_at, received_at, expires_at"
    " FROM consent_events WHERE subject IN ({})"
)
_GRANT, _OBJECTION, _VERBAL = Act.GRANT.value, Act.OBJECTION.value, Capture.VERBAL.value
_NOES = frozenset({Act.OPT_OUT.value, Act.OBJECTION.value})

_Row = tuple[Any, ...]


class StoredStandings:
    """Reads standings behind an engine; used by any thread. May raise StoreAwayError.

    others: of a purpose, those whose noes are none to it, see `Limits.others`; without it all others
    """

    def __init__(self, engine: Engine, others: Callable[[str], Collection[str] | None] = lambda _: None) -> None:
        self._engine = engine
        self._others = others

    def __call__(self, subjects: Sequence[int], channel: Channel, purpose: str, now: datetime) -> dict[int, Standing]:
        """How things stand for those subjects that anything is known of; `now` is aware."""
        found, folded = dict[int, Standing](), _Folded(channel, purpose, now, self._others(purpose))
        with reading(self._engine, patient=len(subjects) > AT_ONCE) as connection:
            for part in parts_of(subjects):
                rows = rows_of(connection, _EVENTS.format(part))
                several = _several(rows)
                found |= {row[0]: folded.of_one(row) for row in rows if row[0] not in several}
                found |= {subject: folded.of_several(its) for subject, its in several.items()}
        return found


class _Folded:
    """Standings at a moment, each worked out once for all of whom the same is known."""

    def __init__(self, channel: Channel, purpose: str, now: datetime, others: Collection[str] | None) -> None:
        self._about = channel, purpose, now, others
        self._at = micros(now)
        self._alike: dict[object, Standing] = {}

    def of_one(self, row: _Row) -> Standing:
        """The standing of somebody who did one thing."""
        shape = _shape(row, self._at)
        standing = None if shape is None else self._alike.get(shape)
        return self._fold([row], shape) if standing is None else standing

    def of_several(self, rows: Sequence[_Row]) -> Standing:
        """The standing of somebody who did several things; a yes counts for nothing once there was a no after it."""
        last = self._last_no(rows)
        if last is not None:
            return self.of_one(last)
        ordered = sorted(rows, key=itemgetter(1))
        shapes = tuple([_shape(row, self._at) if row[2] == _GRANT else None for row in ordered])
        shape = None if None in shapes else shapes
        standing = None if shape is None else self._alike.get(shape)
        return self._fold(ordered, shape) if standing is None else standing

    def _last_no(self, rows: Sequence[_Row]) -> _Row | None:
        """The only no among them, if all others are grants, none of which came later."""
        others = [row for row in rows if row[2] != _GRANT]
        if len(others) != 1 or others[0][2] not in _NOES or not self._covers(others[0]):
            return None
        return others[0] if _latest(others[0]) == max(map(_latest, rows)) else None

    def _covers(self, row: _Row) -> bool:
        channel, purpose, *_ = self._about
        return (row[3] in {None, channel.value} or row[2] == _OBJECTION) and row[4] in {None, purpose}

    def _fold(self, rows: Sequence[_Row], shape: object) -> Standing:
        standing = fold(map(event_of, rows), *self._about)
        if shape is not None:
            self._alike[shape] = standing
        return standing


def _latest(row: _Row) -> int:
    """When the person acted at the latest; see ConsentEvent."""
    occurred, received = row[9], row[10]
    return int(received if occurred is None else min(occurred, received))


def _shape(row: _Row, at: int) -> tuple[object, ...] | None:
    """What the standing of somebody who did one thing depends on; None where it is not as simple as that.

    Of the numbers of events, which the gate does not read, that of the first one stands for all alike.
    """
    _, _, act, channel, purpose, basis, wording, _, how, occurred, received, expires = row
    if act in _NOES:
        return act, channel, purpose, how, occurred is None, (received if occurred is None else occurred) // _DAY
    if act != _GRANT or how == _VERBAL or basis == ONCE_CONFIRMED or occurred is None or not occurred <= received <= at:
        return None
    return channel, purpose, basis, wording is None, how, occurred // _DAY, expires


def _several(rows: Sequence[_Row]) -> dict[int, list[_Row]]:
    """The rows of those subjects that have more than one."""
    last = {row[0]: row for row in rows}
    if len(last) == len(rows):
        return {}
    found: dict[int, list[_Row]] = {row[0]: [] for row in rows if last[row[0]] is not row}
    for row in rows:
        if row[0] in found:
            found[row[0]].append(row)
    return found
