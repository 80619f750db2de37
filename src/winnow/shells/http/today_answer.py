"""What the last days came to, as it is answered; the types are in `today_types`."""

from datetime import UTC, date, datetime, time, timedelta

from winnow.core.today.figures import Figures, Wrongly
from winnow.core.today.measures import Behind, Measure, Of, behind, share
from winnow.core.today.window import Window
from winnow.services.today import GuardState, Today
from winnow.shells.http.today_types import (
    MOST_SOURCES,
    CertificateOut,
    FoundOut,
    GuardsOut,
    LeadsFilter,
    NumberOut,
    NumbersOut,
    PausedOut,
    QueueOut,
    SeriesOut,
    SourceOut,
    TodayOut,
    WronglyOut,
)


def today_out(today: Today) -> TodayOut:
    """All of it."""
    listed = list(today.sources.items())[:MOST_SOURCES]
    certificate = today.certificate
    return TodayOut(
        at=today.at,
        first=today.window.first,
        last=today.window.last,
        not_counted=today.not_counted,
        numbers=_numbers(today.overall, today.window, None),
        wrongly=_wrongly(today.overall.wrongly),
        wrongly_before=_wrongly(today.wrongly_before),
        days=_series(today.overall),
        queue=_queue(today),
        sources=[_source(source, figures, today.window) for source, figures in listed],
        more_sources=len(today.sources) - len(listed),
        guards=_guards(today.guards),
        certificate=CertificateOut(
            certificate.standing, certificate.until, certificate.why, rejects=certificate.rejects
        ),
    )


def _source(source: str, figures: Figures, window: Window) -> SourceOut:
    numbers = _numbers(figures, window, source)
    return SourceOut(source or None, numbers, _wrongly(figures.wrongly), _series(figures))


def _numbers(figures: Figures, window: Window, source: str | None) -> NumbersOut:
    return NumbersOut(**{measure.value: _number(measure, figures, window, source) for measure in Measure})


def _number(measure: Measure, figures: Figures, window: Window, source: str | None) -> NumberOut:
    return NumberOut(
        figures.now.get(measure, 0),
        figures.before.get(measure, 0),
        share(measure, figures.now),
        share(measure, figures.before),
        [_filter(each, window, source) for each in behind(measure)],
    )


def _filter(of: Behind, window: Window, source: str | None) -> LeadsFilter:
    return LeadsFilter(
        of=of.of,
        since=_midnight(window.first),
        until=_midnight(window.last + timedelta(days=1)),
        source=source,
        shelf="decided" if of.of is Of.CASES else None,
        outcomes=[each.word for each in of.outcomes],  # type: ignore[misc]  # one of the four words
        decided=[each.word for each in of.decided],  # type: ignore[misc]  # as above
        by=list(of.by),
        verdicts=list(of.verdicts),
        otherwise=of.otherwise,
        shadow=of.shadow,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _wrongly(wrongly: Wrongly) -> WronglyOut:
    leads, low, high = wrongly.leads or (None, None, None)
    state = "nothing stopped" if not wrongly.stopped else "too few" if leads is None else "estimated"
    rate = None if wrongly.found is None else wrongly.found.rate
    counts = wrongly.stopped, wrongly.labelled, wrongly.missing
    return WronglyOut(state, leads, low, high, rate, *counts)  # type: ignore[arg-type]  # one of the three words


def _series(figures: Figures) -> SeriesOut:
    lines = figures.days
    return SeriesOut([each.leads for each in lines], [each.junk for each in lines], [each.decided for each in lines])


def _queue(today: Today) -> QueueOut:
    waiting, days = today.waiting, len(today.window.days)
    return QueueOut(
        waiting=_standing(waiting.waiting, LeadsFilter(Of.CASES, shelf="waiting")),
        overdue=_standing(waiting.overdue, LeadsFilter(Of.CASES, shelf="waiting", overdue=True)),
        snoozed=_standing(waiting.snoozed, LeadsFilter(Of.CASES, shelf="snoozed")),
        oldest=waiting.oldest,
        decided_a_day=today.overall.now.get(Measure.DECIDED, 0) / days,
        decided_a_day_before=today.overall.before.get(Measure.DECIDED, 0) / days,
        median_seconds=today.waits.now,
        median_seconds_before=today.waits.before,
    )


def _standing(number: int, leads: LeadsFilter) -> NumberOut:
    return NumberOut(number, None, None, None, [leads])


def _guards(guards: GuardState) -> GuardsOut:
    return GuardsOut(
        looked_at=guards.looked_at,
        found=[FoundOut(each.id, each.guard, each.source, each.severity, each.since) for each in guards.unclosed],
        pauses=[PausedOut(each.source, each.reason, each.incident) for each in guards.pauses],
        backlog=guards.backlog.waiting,
        backlog_overdue=guards.backlog.overdue,
        backlog_breach=guards.breach,
    )
