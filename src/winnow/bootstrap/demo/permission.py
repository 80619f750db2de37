"""What people of the demo say about being contacted, and what its machines ask the gate for."""

import csv
from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from functools import partial
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from winnow.bootstrap.consenting import make_links
from winnow.bootstrap.demo.company import Company
from winnow.bootstrap.demo.told import Told
from winnow.bootstrap.service import Service
from winnow.core.govern.ask import Ask
from winnow.core.govern.consent import Act, Capture
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Action, Channel
from winnow.demo.record import DemoLead
from winnow.demo.rulebook import CALLER, ENRICHER, MARKETING, NEWSLETTER, SERVICE, WRITER
from winnow.ports.gate import AiDecision, Recipient
from winnow.services.consent import By, Recorder, Said
from winnow.services.gatekeep import Asking

if TYPE_CHECKING:
    from winnow.bootstrap.demo.governing import Errand

_SAID_ALOUD, _REPLY, _IMPORT, _MERGE, _LINKS = -50, -44, -40, -33, -12
_CONCLUDED, _NEWSLETTER, _CAMPAIGN, _REMINDER, _SINGLE = (-40, -34, -28), -20, -9, -5, -3

#: People of one mailing, and of the one that comes too soon after it.
_CAMPAIGN_OF, _NEWSLETTER_OF, _REMINDER_OF = 420, 160, 240
#: In how many of them somebody follows the link, or writes back.
_LINK_EVERY, _LINKED = 37, 6

_PAGES = "https://winnow.northwind.example"
#: Somebody the company's lists block.
_BLOCKED = "info@rankings-now.example"
_CUSTOMERS = "the company's customers of old, who asked to be left alone"


class Permission:
    """What is said, and what is asked; `reached`: leads that were let through, in their order."""

    def __init__(self, service: Service, company: Company, told: Told) -> None:
        desks = company.desks
        self._company, self._told = company, told
        self._consent, self._gate = desks.consent, desks.gate
        self._links = make_links(service, _PAGES, None)
        self.reached: list[DemoLead] = []

    def errands(self) -> "Iterator[Errand]":
        """What happens on which day, counted to the end, and when."""
        yield _SAID_ALOUD, time(11, 30), self._say_aloud
        yield _REPLY, time(9, 15), self._write_back
        yield _IMPORT, time(16, 0), self._import
        yield _MERGE, time(10, 45), self._merge
        for day in _CONCLUDED:
            yield day, time(12, 10), self._conclude
        yield _NEWSLETTER, time(10, 0), partial(self._mail, NEWSLETTER, _NEWSLETTER_OF, "the letter of the month")
        yield _LINKS, time(18, 20), self._follow_links
        because = "an offer for the planning board, to whoever asked about it"
        yield _CAMPAIGN, time(9, 30), partial(self._mail, MARKETING, _CAMPAIGN_OF, because)
        yield (
            _REMINDER,
            time(9, 30),
            partial(self._mail, MARKETING, _REMINDER_OF, "a reminder of the offer for the board"),
        )
        yield _SINGLE, time(15, 0), self._ask_singly

    # ── what people say ──────────────────────────────────────────────────────────────────────────

    def _say_aloud(self) -> None:
        """Somebody agrees on the telephone, for thirty days; nothing in writing follows."""
        rep = self._company.of("rep")[1]
        for lead in islice(self._callable(), 2):
            said = Said(
                Act.GRANT,
                phone=lead.phone,
                country=lead.country,
                channel=Channel.PHONE,
                purpose=MARKETING,
                how=Capture.VERBAL,
                occurred_at=self._told.now() - timedelta(minutes=12),
                script="May we call you again about the planning board?",
                words="Yes, next month is better.",
            )
            self._consent.desk.record([said], Recorder(rep, By.PERSON))

    def _write_back(self) -> None:
        rep = self._company.of("rep")[0]
        for lead in self._people()[4:40:9]:
            said = Said(
                Act.OPT_OUT,
                email=lead.email,
                channel=Channel.EMAIL,
                how=Capture.REPLY,
                evidence="answered our mail: please take me off",
            )
            self._consent.desk.record([said], Recorder(rep, By.PERSON))
            self._told.spend(70)

    def _import(self) -> None:
        """An old list of people who do not want to hear anything."""
        text = StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("email", "act", "evidence"))
        rows.writerows((lead.email, Act.OPT_OUT.value, _CUSTOMERS) for lead in self._people()[7:300:11])
        self._consent.files.take(text.getvalue(), self._company.of("privacy-officer")[0])

    def _merge(self) -> None:
        """Two addresses are one person's: the no to one counts for the other."""
        people = self._people()
        if len(people) > 1:
            pair = tuple(self._consent.desk.address(each.email, None, None) for each in (people[-1], people[0]))
            evidence = "she said on the telephone that both are hers"
            self._consent.desk.merge((pair[0], pair[1]), evidence, self._company.of("rep")[0])

    def _follow_links(self) -> None:
        """Some who got the newsletter leave it with one click."""
        for lead in islice(self._people()[::_LINK_EVERY], _LINKED):
            address = self._consent.desk.address(lead.email, None, None)
            link = self._links.unsubscribe_link(address, Channel.EMAIL, None)
            self._links.unsubscribe(link.url.rpartition("/")[2])
            self._told.spend(300)

    # ── what machines ask ────────────────────────────────────────────────────────────────────────

    def _conclude(self) -> None:
        """The vendor's tool tells what it took companies for."""
        actor = self._company.key("mail tools")
        for lead in [each for each in self._people() if each.company][-3:]:
            seats = 10 * (1 + len(lead.company) % 9)
            decision = AiDecision(
                ENRICHER,
                "company_size",
                f"about {seats} people",
                ("the web site names about as many people", "the trade register lists one office"),
                ("company",),
                actor,
                version="2026.2",
            )
            self._gate.ai_decisions.record(decision, self._consent.desk.address(lead.email, None, None))
            self._told.spend(30)

    def _mail(self, purpose: str, most: int, because: str) -> None:
        """A mailing: whoever may not be written to is refused, one by one."""
        ask = Ask(WRITER, Action.CONTACT, purpose, Channel.EMAIL, ("contact", "company"), (), because)
        people = [self._to(each) for each in self._people()[-most:]]
        self._ask(ask, [*people, self._gate.recipient(AddressKind.EMAIL, _BLOCKED, None, None)])

    def _ask_singly(self) -> None:
        """What is asked about one person; most of it is refused, each for another reason."""
        people = self._people()
        if not people:
            return
        wants = partial(Ask, WRITER, Action.CONTACT, SERVICE, Channel.EMAIL)
        company = Ask(ENRICHER, Action.ENRICH, MARKETING, None, ("company",), (), "how large the company is")
        stranger = Ask("promptpal", Action.CONTACT, MARKETING, Channel.EMAIL, ("contact",), (), "an offer of the week")
        asks = (
            wants(("contact", "message"), (), "an answer to her question about seats"),
            wants(("contact", "health"), (), "she wrote that she was ill"),
            wants(("contact",), ("pregnancy",), "an offer for young families"),
            wants(("contact",), (), "because"),
            company,
            stranger,
        )
        for ask, lead in zip(asks, reversed(people), strict=False):
            self._ask(ask, [self._to(lead)])
            self._told.spend(240)
        call = Ask(CALLER, Action.CONTACT, MARKETING, Channel.PHONE, ("contact",), (), "to find a time for a talk")
        numbers = [self._gate.recipient(AddressKind.PHONE, each.phone, each.country, None) for each in self._callable()]
        self._ask(call, numbers[-1:])

    def _ask(self, ask: Ask, recipients: Sequence[Recipient]) -> None:
        if recipients:
            self._gate.keeper.ask(ask, recipients, Asking(self._company.key("mail tools")))

    def _to(self, lead: DemoLead) -> Recipient:
        return self._gate.recipient(AddressKind.EMAIL, lead.email, lead.country or None, lead.timezone or None)

    def _people(self) -> list[DemoLead]:
        """Whoever can be written to, each once."""
        return list({each.email.lower(): each for each in self.reached if each.email}.values())

    def _callable(self) -> Iterator[DemoLead]:
        return (each for each in self.reached if each.phone.startswith("+"))
