"""Somebody who sends a lead, and the enquiry such a person fills in; stories bend it afterwards."""

from dataclasses import dataclass

from winnow.demo.companies import Company
from winnow.demo.dice import Dice, spread
from winnow.demo.markets import Market
from winnow.demo.people import Person, free_address, work_address
from winnow.demo.record import DemoLead
from winnow.demo.stage import Stage

#: Languages not written in Latin letters, and whose names belong to them.
OTHER_SCRIPTS = {"zh": "chinese", "ja": "japanese", "ru": "russian", "ar": "arabic", "hi": "indian", "el": "greek"}

_HABITS = spread({"tidy": 90, "lower": 4, "upper": 2, "first name": 2, "phone keyboard": 2}, 50)
_ABROAD, _MISTYPED = 0.05, 0.02  # shares of foreign and of mistyped numbers


@dataclass(slots=True)
class Sender:
    """A person, where they live, what language they write to us and whom they work for."""

    market: Market
    language: str
    person: Person
    company: Company

    @property
    def native(self) -> bool:
        """Whether the person writes in a script other than Latin."""
        return self.language in OTHER_SCRIPTS

    @property
    def first_name(self) -> str:
        """The given name as the person would type it."""
        return self.person.first.native if self.native else self.person.first.latin

    @property
    def last_name(self) -> str:
        """The family name as the person would type it."""
        return self.person.last.native if self.native else self.person.last.latin


def sender(stage: Stage, market: Market | None = None, language: str | None = None) -> Sender:
    """Somebody who is awake now, or somebody of the given market and language."""
    dice = stage.dice
    market = market or stage.market()
    language = language or dice.pick(market.writes)
    person = stage.cultures.person(dice, OTHER_SCRIPTS.get(language) or dice.pick(market.cultures))
    shown = market.language if market.language not in OTHER_SCRIPTS or language in OTHER_SCRIPTS else "en"
    return Sender(market, language, person, stage.companies.company(dice, shown))


def enquiry(stage: Stage, who: Sender, *, work: float) -> DemoLead:
    """What the person says about themselves; `work` is the chance of a company address, 0 to 1."""
    dice = stage.dice
    lead = DemoLead("", stage.now)
    lead.first_name, lead.last_name = who.first_name, who.last_name
    if dice.chance(work):
        lead.email = work_address(dice, who.person, who.company.domain)
        _at_work(stage, lead, who)
    else:
        lead.email = free_address(dice, who.person, dice.pick(who.market.free))
        lead.company = who.company.name if dice.chance(0.45) else ""
    lead.phone = _phone(stage, who) if dice.chance(0.55) else ""
    lead.country = who.market.country if dice.chance(0.75) else ""
    lead.language = who.market.language if dice.chance(0.85) else who.language
    _sloppy(dice, lead)
    return lead


def enquire(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """Give the lead a message in full sentences."""
    lead.message = stage.messages.enquiry(stage.dice, who.language, who.first_name)
    if lead.email.endswith(who.company.domain) and stage.dice.chance(0.07):
        lead.message = f"{lead.message} https://{who.company.domain}"


def _phone(stage: Stage, who: Sender) -> str:
    chance = stage.dice.random()
    if chance < _ABROAD:
        return stage.phones.number(stage.dice, stage.any_market())
    number = stage.phones.number(stage.dice, who.market)
    return number[:-1] if chance < _ABROAD + _MISTYPED else number


def _at_work(stage: Stage, lead: DemoLead, who: Sender) -> None:
    dice = stage.dice
    lead.company = who.company.name if dice.chance(0.9) else ""
    lead.job_title = stage.companies.title(dice, who.language) if dice.chance(0.5) else ""
    if dice.chance(0.25):
        lead.website = dice.pick(("https://www.", "www.", "", "http://")) + who.company.domain


def _sloppy(dice: Dice, lead: DemoLead) -> None:
    match dice.pick(_HABITS):
        case "lower":
            lead.first_name, lead.last_name = lead.first_name.lower(), lead.last_name.lower()
        case "upper":
            lead.first_name, lead.last_name = lead.first_name.upper(), lead.last_name.upper()
        case "first name":
            lead.last_name = ""
        case "phone keyboard":
            lead.email = lead.email[0].upper() + lead.email[1:]
