"""Genuine people with odd but honest data."""

from collections.abc import Callable

from winnow.demo import ways
from winnow.demo.dice import Dice
from winnow.demo.people import GMAIL_SEPARATORS
from winnow.demo.record import DemoLead
from winnow.demo.senders import Sender, enquire, enquiry, sender
from winnow.demo.stage import Stage
from winnow.demo.stories.base import Story
from winnow.demo.tables import table

_FORMS = ways.sources(web_contact=48, web_demo=30, web_guide=12, ads_search=10)
_GUIDES = ways.sources(web_guide=80, affiliate=12, ads_search=8)
_CONTACT = ways.sources(web_contact=70, inbox=20, chat=10)
_DOMAINS: dict[str, list[str]] = table("addresses")["domains"]


def _tagged(dice: Dice, who: Sender) -> str:
    separator = dice.pick(GMAIL_SEPARATORS)
    tag = dice.pick(("leads", "planning", "vendors", "trial", "web"))
    return f"{who.person.first.slug}{separator}{who.person.last.slug}+{tag}@gmail.com"


def _brief(_: Dice, who: Sender) -> str:
    return f"{who.person.first.slug[:1]}@{who.company.domain}"


def _apostrophe(_: Dice, who: Sender) -> str:
    return f"{who.person.first.slug}.o'{who.person.last.slug}@{who.company.domain}"


def _hyphened(_: Dice, who: Sender) -> str:
    return f"{who.person.first.slug}-{who.person.last.slug}@{who.company.domain}"


def _international(dice: Dice, who: Sender) -> str:
    return f"{who.person.first.slug}@{dice.pick(_DOMAINS['international'])}"


def _numbered(dice: Dice, who: Sender) -> str:
    return f"{dice.digits(dice.whole(4, 8))}@{who.company.domain}"


def _newly_domained(dice: Dice, who: Sender) -> str:
    return f"{who.person.first.slug}@{who.person.last.slug}.{dice.pick(_DOMAINS['new'])}"


def _long(_: Dice, who: Sender) -> str:
    first, last, domain = who.person.first.slug, who.person.last.slug, who.company.domain
    return f"{first}.maria.{last}.von.{last}@mail.eu-west.{domain}"


_ODDITIES: tuple[Callable[[Dice, Sender], str], ...] = (
    _tagged, _tagged, _brief, _apostrophe, _hyphened, _international, _numbered, _newly_domained, _long,
)  # fmt: skip


def odd_address(stage: Stage) -> DemoLead:
    """Plus tag, one letter, apostrophe, hyphen, umlaut domain, digits only, new ending, very long. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=1)
    lead.email = stage.dice.pick(_ODDITIES)(stage.dice, who)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    return lead


def mistyped_domain(stage: Stage) -> DemoLead:
    """Somebody types gmial.com; mail will bounce but the telephone number is right. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0)
    lead.email = f"{lead.email.partition('@')[0]}@{stage.dice.pick(_DOMAINS['slip'])}"
    lead.phone = stage.phones.number(stage.dice, who.market)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    return lead


def pasted_everything(stage: Stage) -> DemoLead:
    """A password manager or assistive tool fills the form at once, now and then the trap field too. Let through."""
    dice = stage.dice
    who = sender(stage)
    lead = enquiry(stage, who, work=0.6)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    lead.form_fill_seconds = round(dice.along(ways.PASTE_SECONDS), 1)
    lead.form_pasted_fields, lead.form_focus_changes = dice.whole(3, 6), dice.whole(0, 2)
    lead.form_honeypot = dice.chance(0.06)
    return lead


def throwaway_but_real(stage: Stage) -> DemoLead:
    """Somebody who hates newsletters takes the guide with a disposable address. Genuine: review, not reject."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0)
    lead.email = f"{who.person.first.slug}{stage.dice.whole(1, 999)}@{stage.dice.pick(_DOMAINS['disposable'])}"
    lead.phone = ""
    ways.arrive(stage, lead, who, _GUIDES)
    return lead


def student(stage: Stage) -> DemoLead:
    """A student asks for a thesis: a real person and politely answered, but never a buyer: lost, not junk."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0)
    lead.message = stage.messages.pitch(stage.dice, "student", language=who.language)
    lead.company = stage.dice.pick(("", "", "University", "Student", "Hochschule"))
    ways.arrive(stage, lead, who, _CONTACT)
    return lead


STORIES = (
    Story(odd_address, 20, converts=0.15, loses=0.35),
    Story(mistyped_domain, 10, converts=0.1, loses=0.4),
    Story(pasted_everything, 18, converts=0.16, loses=0.34),
    Story(throwaway_but_real, 7, converts=0.02, loses=0.3),
    Story(student, 6, loses=1),
)
