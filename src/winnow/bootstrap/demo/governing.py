"""How the demo company keeps its machines in hand: the register, one bad day, a drill, what waits for a signature."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from functools import partial

from winnow.bootstrap.demo.company import Company
from winnow.bootstrap.demo.drilling import drill_desk
from winnow.bootstrap.demo.permission import Permission
from winnow.bootstrap.demo.told import Told
from winnow.bootstrap.demo.trying import simulation
from winnow.bootstrap.service import Service
from winnow.core.govern.signing import Kind, Side
from winnow.core.govern.stop import StopScope
from winnow.core.govern.systems import document_of
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.core.monitor.finding import Severity
from winnow.core.monitor.incident import Kind as IncidentKind
from winnow.core.monitor.incident import Link, Step
from winnow.demo.rulebook import ENRICHER, WRITER, systems
from winnow.services.signing import Wanted

#: What happens when, in days to the end. The bad day is the last Thursday before, since much has to come in on it.
_REGISTER, _BAD_DAY, _SHE_LEAVES, _DRILL, _WAITS = -76, -30, -25, -14, -2
_THURSDAY, _LEARNT_AFTER = 3, 4
_DRILL_SECONDS = 5

_ARGUED = (
    ("rep", Side.SALES, "Twelve more a day in the queue is all right. Twenty would not be: people wait for a call."),
    ("privacy-officer", Side.LEGAL, "The policy is word for word the one I signed. Nothing new is looked at."),
    ("admin", Side.TECH, "Three weeks in shadow without a failure. Nothing it needs is slow."),
)

#: Who lets everything start again, at which minute after three.
_AGREED = (
    (5, "approver", "The ruleset before is back, and I looked at what it decides."),
    (25, "privacy-officer", "Tried ten of the leads that were held; all come out as before."),
)

Errand = tuple[int, time, Callable[[], None]]


class Governing:
    """What happens around rulesets, AI systems and the kill switch."""

    def __init__(self, service: Service, company: Company, told: Told, permission: Permission) -> None:
        self._service = service
        self._company, self._desks = company, company.desks
        self._told = told
        self._permission = permission
        self._incident = self._stop = ""

    def errands(self) -> Iterator[Errand]:
        """What is to be done on which day, counted to the end, and when."""
        bad = _BAD_DAY - ((self._told.end + timedelta(days=_BAD_DAY)).weekday() - _THURSDAY) % 7
        yield _REGISTER, time(10, 5), self._enter
        yield bad - 1, time(15, 10), self._company.hold_free_mail
        yield bad, time(11, 20), self._stop_everything
        yield bad, time(14, 40), self._go_back
        for minute, role, reason in _AGREED:
            yield bad, time(15, minute), partial(self._agree_to_start, role, reason)
        yield bad + _LEARNT_AFTER, time(11, 0), self._learn
        yield _SHE_LEAVES, time(17, 0), self._company.say_goodbye
        yield _DRILL, time(7, 30), self._drill
        yield _WAITS, time(16, 10), self._propose
        yield from self._permission.errands()

    # ── AI systems ───────────────────────────────────────────────────────────────────────────────

    def _enter(self) -> None:
        """The register is filled; two of the vendors' systems are signed by a second person and go live."""
        author = self._company.person("rule-author")
        register = self._desks.systems
        for document in systems(author.id, self._company.former):
            register.add(document, author.id)
            self._told.spend(400)
        for name, because in (
            (WRITER, "it writes to whoever said yes, and the gate looks at each letter"),
            (ENRICHER, "it reads company names and web sites, and nothing about persons"),
        ):
            self._company.agree(Wanted(Kind.AI_SYSTEM, name, because))
            entry = register.registered(name).system
            register.change(name, {**document_of(entry), "status": "live"}, entry.revision, author.id)
        own = register.registered(OWN_SYSTEM).system
        register.change(OWN_SYSTEM, {**document_of(own), "owner": author.id}, own.revision, author.id)
        register.review(OWN_SYSTEM, "read the card and the rules; it does what the register says", author.id)

    # ── the bad day ──────────────────────────────────────────────────────────────────────────────

    def _stop_everything(self) -> None:
        """A rep sees that small firms wait, and stops everything."""
        rep, reviewer = self._company.of("rep")[0], self._company.of("reviewer")[1]
        reason = "enquiries of small firms are held since yesterday"
        self._stop = self._desks.stop.engage(StopScope.ALL, "", reason, rep).stop.id
        self._told.spend(360)
        what = "Since yesterday every enquiry from a free mail address was held for a person."
        incidents = self._desks.incidents
        self._incident = incidents.open(IncidentKind.WRONG_DECISIONS, what, Severity.ALARM, reviewer).id
        incidents.link(self._incident, Link.STOP, self._stop, rep)
        self._told.spend(180)
        incidents.step(self._incident, Step.CONTAINED, reviewer)

    def _go_back(self) -> None:
        """The ruleset before decides again, and the incident names whom it was about."""
        approver, incidents = self._company.of("approver")[0], self._desks.incidents
        desk = self._desks.rolling_back
        begun = desk.roll_back(approver, "the rule on free mail holds small firms up")
        while desk.step():
            pass
        incidents.link(self._incident, Link.ROLL_BACK, begun.ruleset, approver)
        incidents.note(self._incident, "Rolled back; sales was told which leads came out otherwise.", approver)
        if found := desk.affected(begun.number, None, 500).items:
            incidents.add_leads(self._incident, [each.lead for each in found], approver)

    def _agree_to_start(self, role: str, reason: str) -> None:
        self._desks.stop.lift(self._stop, reason, self._company.person(role).person)

    def _learn(self) -> None:
        author, incidents = self._company.of("rule-author")[0], self._desks.incidents
        incidents.note(
            self._incident,
            "Half of our buyers write from free mail; the score knows that, and the rule did not.",
            author,
        )
        incidents.step(self._incident, Step.FIXED, author)
        self._told.spend(900)
        reason = "The rule is out of the draft; everybody who was held has been called."
        lessons = "A rule that holds people runs in shadow for a week first, however clear it seems."
        self._desks.guards.close(self._incident, reason, self._company.of("approver")[0], lessons=lessons)

    # ── afterwards ───────────────────────────────────────────────────────────────────────────────

    def _drill(self) -> None:
        """How fast everybody knows: two processes, which look as they do when it is served."""
        drill_desk(self._service, self._told).drill(self._company.of("admin")[0], seconds=_DRILL_SECONDS, dry=False)

    def _propose(self) -> None:
        """What was tried in shadow is to go live, and waits for a second person."""
        digest = self._company.stricter
        attached = {"simulation": simulation(self._service, digest, self._told.now() - timedelta(days=7))}
        because = "it holds what people reject anyway, and asks for no more hands than we have"
        self._company.argue(Wanted(Kind.RULESET, digest, because, attached=attached), _ARGUED)
