"""Three months of the demo company from first to last: who comes, who works when, and what the guards make of it."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from winnow.bootstrap.demo.company import Account, Company
from winnow.bootstrap.demo.governing import Governing
from winnow.bootstrap.demo.permission import Permission
from winnow.bootstrap.demo.queue import MORNING, Queue
from winnow.bootstrap.demo.told import Agenda, Told
from winnow.bootstrap.desks import make_desks
from winnow.bootstrap.service import Service
from winnow.core.monitor.finding import Guard
from winnow.core.monitor.incident import Incident
from winnow.core.outcome import Outcome
from winnow.demo.record import DemoLead, lead_of
from winnow.demo.rulebook import with_tidings
from winnow.demo.season import RUSH, SEASON_LEADS
from winnow.ports import Arrival

#: Cases that wait when the story ends, of SEASON_LEADS leads.
WAITING = 60

#: What happened when, in days from the first lead or, if negative, to the end.
_OWN_WAY, _LISTS, _KEY_ENDS, _DAYS_OFF = 3, 5, 30, range(54, 58)
_SHADOW, _READ, _DRAFT, _HOOK, _HOOK_FAILS, _HOOK_ENDS = -21, -5, -4, -8, -7, -6

#: When people work through the queue, and guards look every so many days, at last each day. All of it at one time,
#: since after each change what is in force has to be read anew.
_EVERY, _AT_LAST = timedelta(days=4), timedelta(days=3)
#: What a guard found is dealt with so long after, and before the end; what neither pauses anything nor ends a sign-off
#: may wait until there is something else.
_UNTIL_CLOSED, _LAST_CALL = timedelta(days=1), timedelta(minutes=45)
_ENDS_SIGN_OFFS = frozenset({Guard.SCORE_DRIFT, Guard.SIGNAL_DRIFT})
#: After these things are as they should be, so that the guard is to compare with what came since.
_RENEWS, _SETTLES = frozenset({Guard.CALIBRATION, Guard.SIGNAL_DRIFT}), frozenset({"", "source.junk_rate"})
_SETTLED = "The numbers have settled since people judge more leads; compare with the time from now on."
_OVER = "Looked into it: it came with the flood of that week, and the flood is over."
#: Before this much of the end leads are decided as they come, earlier an hour's together.
_SINGLY = timedelta(hours=30)


class Life:
    """Tells the story to a service that holds nothing yet.

    leads: of winnow.demo.season · told: its begin lies before the first of them
    progress: told how many of them have come
    """

    def __init__(
        self,
        service: Service,
        told: Told,
        leads: Sequence[DemoLead],
        seed: int,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        desks = make_desks(service)
        self._service = service
        self._guards, self._ladder = desks.guards, desks.ladder
        self._told, self._agenda = told, Agenda(told)
        self._leads = leads
        self._progress = progress
        self._came = 0
        self._left: Incident | None = None
        self._company = Company(service, desks, told)
        story = told, self._agenda
        self._permission = Permission(service, self._company, told)
        self._governing = Governing(service, self._company, told, self._permission)
        self._seed = seed
        self._queue = Queue(self._company, story, {each.id: each for each in leads}, seed, service.labels)

    def live(self) -> list[Account]:
        """Let it all happen; returns who can sign in."""
        self._company.open()
        self._put_errands()
        self._put_arrivals()
        self._put_work()
        self._put_guards()
        if self._leads:
            self._put_governing()
        self._agenda.run()
        self._service.off_limits.write()
        return self._company.accounts

    # ── what is put on the agenda ────────────────────────────────────────────────────────────────

    def _put_errands(self) -> None:
        company = self._company
        for day, errand in (
            (_OWN_WAY, company.go_its_own_way),
            (_LISTS, company.make_lists),
            (_KEY_ENDS, company.end_a_key),
            (_SHADOW, company.try_in_shadow),
            (_READ, company.read_about_the_shadow),
            (_DRAFT, company.draft_a_rule),
            (_HOOK, company.add_a_webhook),
        ):
            self._agenda.add(self._day(day), errand)
        for hours in range(6, 24 * (_HOOK_ENDS - _HOOK), 6):
            at = self._day(_HOOK) + timedelta(hours=hours)
            status = 200 if at < self._day(_HOOK_FAILS) else 503
            self._agenda.add(at, partial(company.deliver, status))
        self._agenda.add(self._day(_HOOK_ENDS), company.lose_the_webhook)

    def _put_arrivals(self) -> None:
        for together in self._groups():
            self._agenda.add(together[-1].received_at, partial(self._take, together))

    def _groups(self) -> Iterator[list[DemoLead]]:
        singly = self._told.end - _SINGLY
        early = [each for each in self._leads if each.received_at < singly]
        for _, group in groupby(early, key=lambda each: each.received_at.replace(minute=0, second=0)):
            yield list(group)
        yield from ([each] for each in self._leads[len(early) :])

    def _put_work(self) -> None:
        rush = self._told.end - RUSH
        reviewers, queue = self._company.of("reviewer"), self._queue
        shifts = [*reviewers, reviewers[0], self._company.of("rep")[0]]
        for day in range((rush - self._day(0)).days + 1):
            at = datetime.combine((self._day(day)).date(), MORNING, rush.tzinfo)
            if day not in _DAYS_OFF and at < rush:
                self._agenda.add(at, partial(queue.work, shifts[day % len(shifts)]))
        self._agenda.add(rush, partial(queue.work, reviewers[0], left=0.0))
        keep = max(1, round(WAITING * min(1.0, len(self._leads) / SEASON_LEADS)))
        self._agenda.add(self._told.end - timedelta(hours=1), partial(queue.trim, reviewers[1], keep))
        self._agenda.add(self._told.end - timedelta(minutes=20), partial(queue.take_some, *reviewers))

    def _put_guards(self) -> None:
        at = datetime.combine(self._day(1).date(), MORNING, self._told.end.tzinfo)
        while at <= self._told.end:
            self._agenda.add(at, self._look)
            at += timedelta(days=1) if at >= self._told.end - _AT_LAST else _EVERY

    def _put_governing(self) -> None:
        for day, hour, errand in self._governing.errands():
            self._agenda.add(datetime.combine(self._day(day).date(), hour, self._told.end.tzinfo), errand)

    def _day(self, number: int) -> datetime:
        """A day counted from the first, or to the last."""
        first = self._leads[0].received_at.replace(hour=0, minute=0, second=0) if self._leads else self._told.now()
        return (first if number >= 0 else self._told.end) + timedelta(days=number)

    # ── what happens ─────────────────────────────────────────────────────────────────────────────

    def _take(self, group: Sequence[DemoLead]) -> None:
        leads = [self._service.off_limits.cleaned(with_tidings(lead_of(each), self._seed)) for each in group]
        (answers,) = self._service.intake.take([Arrival(leads, [True] * len(leads))])
        if isinstance(answers, Exception):
            raise answers
        for lead, recorded in zip(group, answers, strict=True):
            outcome = Outcome.parse(json.loads(recorded.decision)["outcome"])
            self._queue.decided(recorded.id, lead, outcome)
            if outcome < Outcome.REVIEW:
                self._permission.reached.append(lead)
        self._came += len(group)
        self._progress(self._came)

    def _look(self) -> None:
        for incident in self._guards.look().opened:
            dealt_with: Incident | None = incident
            if incident.pauses:
                self._ladder.fallen(f"guard `{incident.guard}`, incident {incident.id}")
            elif incident.guard not in _ENDS_SIGN_OFFS:
                dealt_with, self._left = self._left, incident
            if dealt_with is not None:
                due = min(self._told.now() + _UNTIL_CLOSED, self._told.end - _LAST_CALL)
                self._agenda.add(due, partial(self._close, dealt_with))

    def _close(self, incident: Incident) -> None:
        renew = incident.guard in _RENEWS and incident.about in _SETTLES
        reason = _SETTLED if renew else _OVER
        self._guards.close(incident.id, reason, self._company.of("approver")[0], renew=renew)
