"""Is anything wrong? What there is to say about it, each thing in a sentence with where to go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.apikeys import Scope
from winnow.core.govern.signing import Kind, Stage
from winnow.core.govern.stop import StopScope
from winnow.core.govern.systems import Mode, Status
from winnow.core.govern.terms import OWN_SYSTEM, Action
from winnow.core.monitor.finding import Severity
from winnow.core.monitor.incident import Incident, Pause
from winnow.services.signing import Told
from winnow.services.systems import Registered
from winnow.shells.web.navigation import N_
from winnow.shells.web.sentences import sentence
from winnow.shells.web.signing_facts import name_of_subject
from winnow.shells.web.strip import Strip
from winnow.shells.web.trouble_words import title_of
from winnow.shells.web.view import View

#: A stop should be practised so often, and guards that have not looked for so long are said to be late.
DRILL_EVERY: Final = timedelta(days=90)
LOOK_EVERY: Final = timedelta(days=1)
#: What ends within so long is told before it does.
SOON: Final = timedelta(days=30)
#: Incidents that are told one by one, and proposals that are looked through.
_MOST, _PROPOSALS, _FEWEST = 20, 50, 7


class Weight(IntEnum):
    """NOW: somebody has to act · LOOK: somebody should look · FINE: it is as it should be."""

    NOW = 0
    LOOK = 1
    FINE = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to say; `path`: where it is dealt with, empty when whoever looks may not go there."""

    weight: Weight
    about: str
    said: str
    path: str = ""


#: What a point is about.
STOP, INCIDENTS, GUARDS, LOG = N_("Stop"), N_("Incidents"), N_("Guards"), N_("Decision log")
SYSTEMS, SIGN_OFFS = N_("AI systems"), N_("Sign-offs")
#: What takes a right of its own to see.
_NEEDED: Final = ((SYSTEMS, Scope.SYSTEMS_READ), (SIGN_OFFS, Scope.RULESETS_READ))


def unseen(view: View) -> list[str]:
    """What is left out because whoever looks may not see it."""
    return [about for about, scope in _NEEDED if not view.can(scope)]


class Points:
    """Says how things stand, for one page; any method may raise UnavailableError."""

    def __init__(self, view: View, service: Service, desks: Desks, strip: Strip, now: datetime) -> None:
        self._view = view
        self._words = view.words
        self._service = service
        self._desks = desks
        self._strip = strip
        self._now = now

    def all(self) -> list[Point]:
        """Everything there is to say, the gravest first."""
        found = [*self._stops(), *self._log(), *self._guards(), *self._drills()]
        if self._view.can(Scope.SYSTEMS_READ):
            found += self._systems()
        if self._view.can(Scope.RULESETS_READ):
            found += [*self._emergency(), *self._waiting(), *self._lapsing()]
        return sorted(found, key=lambda point: point.weight)

    # ── What may be wrong ────────────────────────────────────────────────────────────────────────

    def _stops(self) -> Iterator[Point]:
        if self._strip.stopped is None:
            told = N_("Everything automatic is stopped, because nobody can tell whether somebody stopped it.")
            yield Point(Weight.NOW, STOP, self._said(told), "/stop")
        elif not self._strip.stopped:
            yield Point(Weight.FINE, STOP, self._said(N_("Nothing is stopped.")), "/stop")
        for each in self._strip.stopped or ():
            what, when = self._view.stopped(each.stop), self._words.moment(each.stop.at)
            drill, stop = N_("A drill goes on: %(what)s."), N_("Stopped since %(when)s: %(what)s.")
            said = self._said(drill if each.stop.drill else stop, what=what, when=when)
            yield Point(Weight.NOW, STOP, said, "/stop")

    def _log(self) -> Iterator[Point]:
        path = "/log" if self._view.can(Scope.LOG_READ) else ""
        if self._strip.broken:
            yield Point(Weight.NOW, LOG, self._said(N_("The decision log does not hold.")), path)
        else:
            yield Point(Weight.FINE, LOG, self._said(N_("Nothing is known to be wrong with the decision log.")), path)

    def _guards(self) -> Iterator[Point]:
        found = self._desks.today.today(_FEWEST).guards
        may = self._view.can(Scope.INCIDENTS_READ)
        newest = sorted(found.unclosed, key=lambda each: each.id, reverse=True)
        yield from (self._incident(each, may=may) for each in newest[:_MOST])
        if len(newest) > _MOST:
            more = len(newest) - _MOST
            said = self._words.ngettext("And %(num)s more.", "And %(num)s more.", more)
            yield Point(Weight.LOOK, INCIDENTS, said % {"num": self._words.count(more)}, "/incidents" if may else "")
        if not newest:
            yield Point(Weight.FINE, INCIDENTS, self._said(N_("No incident is open.")), "/incidents" if may else "")
        yield from self._pause(found.pauses)
        yield self._looked(found.looked_at)

    def _incident(self, incident: Incident, *, may: bool) -> Point:
        told = N_("%(title)s, since %(day)s. Rejecting is paused for it.") if incident.pauses else N_(
            "%(title)s, since %(day)s."
        )  # fmt: skip
        title, day = self._words.gettext(title_of(incident)), self._words.day(incident.since)
        weight = Weight.LOOK if incident.severity is Severity.NOTICE else Weight.NOW
        path = f"/incidents/{incident.id}" if may else ""
        return Point(weight, INCIDENTS, self._said(told, title=title, day=day), path)

    def _pause(self, pauses: Sequence[Pause]) -> Iterator[Point]:
        """Whether rejecting is paused without an incident that says so."""
        why = self._service.live.paused(None)
        if why and not pauses:
            told = N_("Nothing is rejected without a person. %(why)s")
            yield Point(Weight.LOOK, GUARDS, self._said(told, why=sentence(self._words, why)))
        elif not why and not pauses and not self._kept_from_rejecting():
            yield Point(Weight.FINE, GUARDS, self._said(N_("Rejecting without a person is not paused.")))

    def _kept_from_rejecting(self) -> bool:
        """Whether a stop, or an emergency, has nothing rejected without a person; either is told by itself."""
        stops = self._strip.stopped
        if stops is None or any(each.stop.covers(StopScope.ACTION, Action.REJECT) for each in stops):
            return True
        return self._desks.break_glass.now() is not None

    def _looked(self, at: datetime | None) -> Point:
        if at is None:
            return Point(Weight.LOOK, GUARDS, self._said(N_("The guards have not looked yet.")))
        late = self._now - at > LOOK_EVERY
        told = N_("The guards looked %(when)s.")
        said = self._said(told, when=self._words.ago(at, self._now))
        return Point(Weight.LOOK if late else Weight.FINE, GUARDS, said)

    def _drills(self) -> Iterator[Point]:
        path = "/stop/drill" if self._view.can(Scope.STOP_WRITE) else "/stop/past?drills=on"
        last = next(iter(self._desks.stop.page(None, 1, drills=True).items), None)
        if last is None:
            yield Point(Weight.LOOK, STOP, self._said(N_("A stop was never practised.")), path)
            return
        when = self._words.ago(last.stop.at, self._now)
        if last.report is not None and last.report.noticed and last.report.slowest is None:
            told = N_("In the last drill, %(when)s, not every process noticed in time.")
            yield Point(Weight.NOW, STOP, self._said(told, when=when), f"/stop/{last.stop.id}")
        elif self._now - last.stop.at > DRILL_EVERY:
            told = N_("A drill is due: the last one was %(when)s.")
            yield Point(Weight.LOOK, STOP, self._said(told, when=when), path)
        else:
            told = N_("A stop was practised %(when)s.")
            yield Point(Weight.FINE, STOP, self._said(told, when=when), f"/stop/{last.stop.id}")

    # ── AI systems ───────────────────────────────────────────────────────────────────────────────

    def _systems(self) -> Iterator[Point]:
        wrong = [point for each in self._desks.systems.all() if each.system.status is not Status.RETIRED
                 for point in self._system(each)]  # fmt: skip
        yield from wrong
        if not wrong:
            said = self._said(N_("Every AI system that should be live may act, and no review is due."))
            yield Point(Weight.FINE, SYSTEMS, said, "/systems")

    def _system(self, found: Registered) -> Iterator[Point]:
        system, path = found.system, f"/systems/{found.system.id}"
        name, day = self._words.gettext(system.name) if system.id == OWN_SYSTEM else system.name, system.next_review
        if system.status is Status.LIVE and found.standing.mode is not Mode.LIVE:
            why = sentence(self._words, found.standing.because[0])
            told = N_("%(name)s should be live and may not act. %(why)s")
            # what decides leads does so either way: the live ruleset stands for itself
            weight = Weight.LOOK if system.id == OWN_SYSTEM else Weight.NOW
            yield Point(weight, SYSTEMS, self._said(told, name=name, why=why), path)
        if day is None or (not found.overdue and day > (self._now + SOON).date()):
            return
        told = N_("The review of %(name)s was due on %(day)s.") if found.overdue else N_(
            "The review of %(name)s is due on %(day)s."
        )  # fmt: skip
        said = self._said(told, name=name, day=self._words.day(day))
        yield Point(Weight.NOW if found.overdue else Weight.LOOK, SYSTEMS, said, path)

    # ── Sign-offs ────────────────────────────────────────────────────────────────────────────────

    def _emergency(self) -> Iterator[Point]:
        found = self._desks.break_glass.now()
        if found is not None:
            told = N_("A ruleset decides by break-glass until %(until)s: %(why)s")
            said = self._said(told, until=self._words.moment(found.until), why=found.because)
            yield Point(Weight.NOW, SIGN_OFFS, said, f"/proposals/{found.proposal}")

    def _waiting(self) -> Iterator[Point]:
        page = self._desks.signing.page(None, _PROPOSALS)
        waiting = [told for told in page.items if told.stage is Stage.PROPOSED]
        for told in waiting:
            proposal = told.filed.proposal
            sentence = N_("%(name)s has waited for a signature since %(day)s.")
            said = self._said(sentence, name=name_of_subject(self._desks, told), day=self._words.day(proposal.at))
            yield Point(Weight.LOOK, SIGN_OFFS, said, f"/proposals/{proposal.id}")
        if not waiting:
            yield Point(Weight.FINE, SIGN_OFFS, self._said(N_("Nothing waits for a signature.")), "/proposals")

    def _lapsing(self) -> Iterator[Point]:
        live = self._desks.rulesets.live().known
        yield from self._ending(self._desks.signing.about(Kind.RULESET, live.hash), live.id)
        for each in self._desks.systems.all():
            if each.system.status is Status.LIVE and each.system.id != OWN_SYSTEM:
                yield from self._ending(self._desks.signing.about(Kind.AI_SYSTEM, each.content_hash), each.system.name)

    def _ending(self, told: Sequence[Told], name: str) -> Iterator[Point]:
        """The sign-off that lasts longest, if it ends soon or has ended."""
        grounds = [(ground, each) for each in told if (ground := each.filed.ground) and each.filed.end is None]
        if not grounds:
            return
        ground, each = max(grounds, key=lambda pair: pair[0].expires_at)
        if ground.expires_at > self._now + SOON:
            return
        ended = ground.expires_at <= self._now
        sentence = N_("The sign-off of %(name)s ended on %(day)s.") if ended else N_(
            "The sign-off of %(name)s ends on %(day)s."
        )  # fmt: skip
        said = self._said(sentence, name=name, day=self._words.day(ground.expires_at))
        yield Point(Weight.NOW if ended else Weight.LOOK, SIGN_OFFS, said, f"/proposals/{each.filed.proposal.id}")

    # ── Words ────────────────────────────────────────────────────────────────────────────────────

    def _said(self, text: str, **values: str) -> str:
        said = self._words.gettext(text)
        return said % values if values else said
