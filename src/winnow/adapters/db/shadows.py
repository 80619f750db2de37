"""Rulesets in shadow: which they are, and how what they decided differs from what was done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, Select, and_, func, insert, select, update
from sqlalchemy.sql import case

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.labels import last_words
from winnow.adapters.db.learning_tables import shadow_decisions, shadows
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.tables import decisions, leads
from winnow.adapters.db.versions import bump
from winnow.core.learning.shadow import Changed, Judged, Pair, Shadow, ShadowReport, days_between
from winnow.core.outcome import Outcome
from winnow.errors import NotFoundError

#: The row of `versions` that counts changes of what runs in shadow.
VERSION_NAME = "shadows"

_MILLION = 1_000_000


class StoredShadows:
    """What runs in shadow behind an engine; see the port ShadowStore. Each change is a leaf of the log."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def start(self, ruleset: str, share: float, actor: str, now: datetime) -> Shadow:
        """Put a ruleset in shadow; one that is in it already begins anew with this share."""
        with writing(self._engine) as connection:
            bump(connection, VERSION_NAME)  # first, so that two who start the same one wait for each other
            _end(connection, ruleset, actor, now)
            change = Change("shadow.started", actor, ruleset, {"share": share})
            number = self._journal.note(connection, change, now)
            row = {"id": number, "ruleset": ruleset, "share": round(share * _MILLION), "started_at": micros(now)}
            connection.execute(insert(shadows), {**row, "started_by": actor})
        return Shadow(number, ruleset, share, now, actor)

    def stop(self, ruleset: str, actor: str, now: datetime) -> None:
        """Take a ruleset out of shadow; raises NotFoundError when it is not in it."""
        with writing(self._engine) as connection:
            if not _end(connection, ruleset, actor, now):
                raise NotFoundError(f"ruleset `{ruleset}` is not in shadow", fix="see those with GET /v1/rulesets")
            bump(connection, VERSION_NAME)
            self._journal.note(connection, Change("shadow.ended", actor, ruleset, None), now)

    def running(self) -> tuple[Shadow, ...]:
        """Those in shadow, the eldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(shadows).where(shadows.c.ended_at.is_(None)).order_by(shadows.c.id))
            return tuple(map(_shadow, rows))

    def read(self, ruleset: str, leads: int, actor: str, now: datetime) -> None:
        """Note that somebody has read the report over so many leads; raises NotFoundError."""
        with writing(self._engine) as connection:
            newest = _spells(connection, ruleset)[-1].id
            self._journal.note(connection, Change("shadow.report-read", actor, ruleset, {"leads": leads}), now)
            values = {"read_at": micros(now), "read_by": actor, "read_leads": leads}
            connection.execute(update(shadows).where(shadows.c.id == newest).values(values))

    def report(self, ruleset: str, most_changed: int) -> ShadowReport:
        """How a ruleset differed over all its time in shadow; raises NotFoundError when it never was."""
        with reading(self._engine, patient=True) as connection:
            spells = _spells(connection, ruleset)
            numbers = [spell.id for spell in spells]
            by_source = _by_source(connection, numbers)
            first, last, out = _times(connection, numbers)
            read = max(spells, key=lambda spell: spell.read_at or 0)
            return ShadowReport(
                ruleset,
                running=spells[-1].ended_at is None,
                share=spells[-1].share / _MILLION,
                first=first,
                last=last,
                counts=_summed(by_source),
                by_source=by_source,
                judged=_judged(connection, numbers),
                changed=_changed(connection, numbers, most_changed),
                against=dict(connection.execute(_against(numbers)).all()),
                read_by=read.read_by,
                read_at=None if read.read_at is None else moment(read.read_at),
                read_leads=read.read_leads or 0,
                out=out,
            )


def _end(connection: Connection, ruleset: str, actor: str, now: datetime) -> int:
    running = update(shadows).where(shadows.c.ruleset == ruleset, shadows.c.ended_at.is_(None))
    return connection.execute(running.values(ended_at=micros(now), ended_by=actor)).rowcount


def _spells(connection: Connection, ruleset: str) -> Sequence[Row[tuple[object, ...]]]:
    """The times a ruleset was in shadow, the last one last."""
    found = connection.execute(select(shadows).where(shadows.c.ruleset == ruleset).order_by(shadows.c.id)).all()
    if not found:
        raise NotFoundError(f"ruleset `{ruleset}` was never in shadow", fix="put it there first")
    return found


def _shadow(row: Row[tuple[object, ...]]) -> Shadow:
    return Shadow(row.id, row.ruleset, row.share / _MILLION, moment(row.started_at), row.started_by)


# ── the report ───────────────────────────────────────────────────────────────────────────────────

_OF_DECISION = and_(decisions.c.id == shadow_decisions.c.decision)


def _times(connection: Connection, numbers: Sequence[int]) -> tuple[datetime | None, datetime | None, float]:
    """The first and the last lead, and the days in between that belong to none of these times in shadow."""
    of_each = select(func.min(decisions.c.decided_at), func.max(decisions.c.decided_at))
    found = of_each.join(shadow_decisions, _OF_DECISION).where(shadow_decisions.c.shadow.in_(numbers))
    spans = [(moment(a), moment(z)) for a, z in connection.execute(found.group_by(shadow_decisions.c.shadow))]
    if not spans:
        return None, None, 0.0
    first, last = min(a for a, _ in spans), max(z for _, z in spans)
    return first, last, max(0.0, days_between(first, last) - sum(days_between(a, z) for a, z in spans))


def _against(numbers: Sequence[int]) -> Select[str, int]:
    by_ruleset = select(decisions.c.ruleset, func.count()).join(shadow_decisions, _OF_DECISION)
    return by_ruleset.where(shadow_decisions.c.shadow.in_(numbers)).group_by(decisions.c.ruleset)


def _by_source(connection: Connection, numbers: Sequence[int]) -> dict[str, dict[Pair, int]]:
    both = (decisions.c.outcome, shadow_decisions.c.outcome)
    counted = (
        select(leads.c.source, *both, func.count())
        .select_from(shadow_decisions)
        .join(decisions, _OF_DECISION)
        .join(leads, leads.c.id == decisions.c.lead)
        .where(shadow_decisions.c.shadow.in_(numbers))
        .group_by(leads.c.source, *both)
    )
    found: dict[str, dict[Pair, int]] = {}
    for source, live, shadow, count in connection.execute(counted):
        found.setdefault(source, {})[_pair(live, shadow)] = count
    return found


def _summed(by_source: dict[str, dict[Pair, int]]) -> Counter[Pair]:
    total: Counter[Pair] = Counter()
    for counts in by_source.values():
        total.update(counts)
    return total


def _judged(connection: Connection, numbers: Sequence[int]) -> dict[Pair, Judged]:
    """The truth where it is known: of several labels of a lead the last that stands."""
    last = last_words()
    both = (decisions.c.outcome, shadow_decisions.c.outcome)
    junk = func.sum(case((last.c.verdict == "junk", 1), else_=0))
    counted = (
        select(*both, func.count(), junk)
        .select_from(shadow_decisions)
        .join(decisions, _OF_DECISION)
        .join(last, last.c.lead == decisions.c.lead)
        .where(shadow_decisions.c.shadow.in_(numbers))
        .group_by(*both)
    )
    return {
        _pair(live, shadow): Judged(count, int(found)) for live, shadow, count, found in connection.execute(counted)
    }


def _changed(connection: Connection, numbers: Sequence[int], most: int) -> tuple[Changed, ...]:
    differing = (
        select(decisions.c.id, leads.c.lead_id, leads.c.source, decisions.c.outcome, shadow_decisions.c.outcome)
        .select_from(shadow_decisions)
        .join(decisions, _OF_DECISION)
        .join(leads, leads.c.id == decisions.c.lead)
        .where(shadow_decisions.c.shadow.in_(numbers), shadow_decisions.c.outcome != decisions.c.outcome)
        .order_by(decisions.c.id.desc())
        .limit(most)
    )
    return tuple(
        Changed(number, lead, source, Outcome(live), Outcome(shadow))
        for number, lead, source, live, shadow in connection.execute(differing)
    )


def _pair(live: int, shadow: int | None) -> Pair:
    return Outcome(live), None if shadow is None else Outcome(shadow)
