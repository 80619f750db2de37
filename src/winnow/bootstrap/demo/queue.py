"""How the people of the demo deal with what was held for them, and what they report of the rest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial

from winnow.adapters.db.labels import Labels
from winnow.bootstrap.demo.company import Company
from winnow.bootstrap.demo.told import Agenda, Told
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case, State
from winnow.core.review.disposition import Spoken
from winnow.demo.dice import Dice
from winnow.demo.record import DemoLead
from winnow.demo.staff import judged, reported
from winnow.ports import Label
from winnow.ports.review import Wanted

_PAGE = 500
#: Cases that look alike are decided together from so many on.
_TOGETHER = 5
#: The share of cases that whoever works through the queue leaves for later.
_LEFT = 0.1
#: One verdict in so many is a slip, which is taken back.
_SLIPS = 1 / 60

_SECONDS_A_CASE = (8, 15, 25, 45, 120)
#: When people work through the queue and report what they know; the sales system reports once a week.
MORNING, _MONDAY = time(8, 40), 0
_UNTIL_RELEASED = timedelta(hours=30)
_RELEASED = 0.8


class Queue:
    """The review queue as it is worked through; `truth` are the leads by their ids."""

    def __init__(
        self, company: Company, story: tuple[Told, Agenda], truth: Mapping[str, DemoLead], seed: int, labels: Labels
    ) -> None:
        self._labels = labels
        self._company = company
        self._told, self._agenda = story
        self._truth = truth
        self._seed = seed
        self._desk, self._bulk = company.desks.review, company.desks.bulk

    # ── cases ────────────────────────────────────────────────────────────────────────────────────

    def work(self, who: str, *, left: float = _LEFT) -> None:
        """Go through what waits; `left` is the share that stays for later."""
        dice = self._dice("session", self._told.now().isoformat())
        self._decide([case for case in self.waiting(who) if not dice.chance(left)], who)

    def trim(self, who: str, keep: int) -> None:
        """Decide as many as are more than `keep`; the eldest stays, so that the queue is as old as it was."""
        dice, waiting = self._dice("trim"), self.waiting(who)
        eldest = min(waiting, key=lambda case: case.opened_at, default=None)
        others = sorted((case for case in waiting if case is not eldest), key=lambda _: dice.random())
        self._decide(others[: max(0, len(waiting) - keep)], who)

    def take_some(self, who: str, other: str) -> None:
        """Two are in somebody's hands, and some are put off until tomorrow."""
        mine, later = self.waiting(who)[1:3], self.waiting(who)[5:8]
        for case in mine:
            self._desk.claim(case.id, who)
        for case in later:
            self._desk.snooze(case.id, other, self._told.now() + timedelta(hours=20))

    def waiting(self, who: str) -> list[Case]:
        """The cases that are free for somebody, by their place in the queue."""
        now = self._told.now()
        page = self._desk.page(Wanted(), who, None, _PAGE)
        return [case for case in page.items if case.state(who, now) is State.OPEN]

    def _decide(self, cases: Sequence[Case], who: str) -> None:
        alone: list[tuple[Case, Spoken]] = []
        alike: dict[tuple[tuple[str, ...], str], list[Case]] = defaultdict(list)
        for case in cases:
            said = judged(self._truth[case.lead_id], self._dice("verdict", self._company.emails[who], case.lead_id))
            if said.outcome is Outcome.REJECT:
                alike[case.codes, said.reason or ""].append(case)
            else:
                alone.append((case, said))
        for (_, reason), group in alike.items():
            said = Spoken(Outcome.REJECT, reason)
            if len(group) >= _TOGETHER:
                self._bulk.close([case.id for case in group], said, who, who)
                self._told.spend(60)
            else:
                alone += [(case, said) for case in group]
        for case, said in sorted(alone, key=lambda each: each[0].urgent_at):
            self._decide_one(case, said, who)

    def _decide_one(self, case: Case, said: Spoken, who: str) -> None:
        dice = self._dice("pace", self._company.emails[who], case.lead_id)
        self._told.spend(dice.along(_SECONDS_A_CASE))
        if dice.chance(_SLIPS) and case.closing is None:
            slip = Spoken(Outcome.ACCEPT if said.outcome is Outcome.REJECT else Outcome.TAG)
            self._desk.decide(case.id, slip, who, who)
            self._told.spend(5)
            self._desk.undo(case.id, who, who)
        self._desk.decide(case.id, said, who, who)

    # ── what becomes known ───────────────────────────────────────────────────────────────────────

    def decided(self, number: int, lead: DemoLead, outcome: Outcome) -> None:
        """Put on the agenda what will be known of a lead that the machine has dealt with."""
        dice = self._dice("known", lead.id)
        now = self._told.now()
        if outcome is Outcome.REJECT:
            if lead.label != "junk" and dice.chance(_RELEASED):
                self._agenda.add(now + _UNTIL_RELEASED, partial(self._release, number))
        elif outcome is not Outcome.REVIEW and (report := reported(lead, dice)):
            author = dice.pick(self._company.of("rep")) if report.by_rep else self._company.key("crm")
            due = now + report.after
            at = _next_morning(due) if report.by_rep else _next_monday(due)
            batch = None if report.by_rep else f"crm-{at:%Y-%m-%d}"
            label = Label(number, report.verdict, author, "api" if report.by_rep else "crm", batch)
            self._agenda.add(at, lambda: self._labels.add(label, self._told.now()))

    def _release(self, number: int) -> None:
        who = self._company.of("reviewer")[0]
        self._desk.release(number, Spoken(Outcome.ACCEPT, note="Called us and asked why nobody answers."), who, who)

    def _dice(self, *parts: str) -> Dice:
        return Dice.named(self._seed, "demo", *parts)


def _next_morning(moment: datetime) -> datetime:
    """The next time at which people report, from a moment on."""
    found = datetime.combine(moment.date(), MORNING, moment.tzinfo)
    return found if found >= moment else found + timedelta(days=1)


def _next_monday(moment: datetime) -> datetime:
    found = _next_morning(moment)
    return found + timedelta(days=(_MONDAY - found.weekday()) % 7)
