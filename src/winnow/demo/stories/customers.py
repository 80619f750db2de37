"""Existing customers, and those who pretend to be one: what customer protection is for."""

from winnow.demo import ways
from winnow.demo.dice import Dice
from winnow.demo.record import DemoLead
from winnow.demo.senders import Sender, enquiry
from winnow.demo.stage import Customer, Stage
from winnow.demo.stories.base import Story

_SUPPORT = ways.sources(web_contact=40, inbox=50, chat=10)
_MAIL = ways.sources(inbox=1)
_LOOKALIKE = ways.sources(inbox=60, web_contact=40)

#: Cyrillic letters that look like Latin ones.
_CONFUSABLE = str.maketrans({"a": "\u0430", "e": "\u0435", "o": "\u043e", "p": "\u0440", "c": "\u0441", "x": "\u0445"})


def returning_customer(stage: Stage) -> DemoLead:
    """A paying customer writes again about seats, invoices or support. Never held by anything automatic."""
    customer = stage.dice.pick(stage.customers)
    lead, who = _written_by(stage, customer)
    lead.message = stage.messages.support(stage.dice, who.language, who.first_name)
    ways.arrive(stage, lead, who, _SUPPORT)
    return lead


def upset_customer(stage: Stage) -> DemoLead:
    """A customer shouts because nobody called back. Let through, quickly."""
    customer = stage.dice.pick(stage.customers)
    lead, who = _written_by(stage, customer)
    lead.message = stage.messages.pitch(stage.dice, "angry", name=who.first_name.upper())
    ways.arrive(stage, lead, who, _SUPPORT)
    return lead


def forwarded_mail(stage: Stage) -> DemoLead:
    """A customer's mail through a forwarder, which breaks SPF and at times DMARC. Let through."""
    customer = stage.dice.pick(stage.customers)
    lead, who = _written_by(stage, customer)
    lead.message = stage.messages.support(stage.dice, who.language, who.first_name)
    ways.arrive(stage, lead, who, _MAIL)
    lead.spf = "fail"
    if stage.dice.chance(0.4):
        lead.dkim, lead.dmarc = "fail", "fail"
    return lead


def spoofed_customer(stage: Stage) -> DemoLead:
    """A fraudster sends from a customer's very address; DMARC fails. Hold the message, not the customer."""
    dice = stage.dice
    customer = dice.pick(stage.customers)
    lead, who = _written_by(stage, customer)
    lead.message = stage.messages.pitch(dice, "spoof", name=who.first_name)
    ways.arrive(stage, lead, who, _MAIL)
    lead.spf, lead.dkim, lead.dmarc = dice.pick(("fail", "softfail", "none")), dice.pick(("none", "fail")), "fail"
    lead.phone = lead.job_title = ""
    return lead


def lookalike_sender(stage: Stage) -> DemoLead:
    """A fraudster registers a name that looks like a customer's, or writes it in look-alike letters. Junk."""
    dice = stage.dice
    customer = dice.pick(stage.customers)
    lead, who = _written_by(stage, customer)
    lead.email = f"{customer.email.partition('@')[0]}@{_twin(dice, customer.company.domain)}"
    if dice.chance(0.5):
        lead.first_name = who.person.first.latin.translate(_CONFUSABLE)
        lead.company = customer.company.name.translate(_CONFUSABLE)
    lead.message = stage.messages.pitch(dice, "phish", link=f"https://{_twin(dice, customer.company.domain)}/pay")
    ways.arrive(stage, lead, who, _LOOKALIKE)
    if lead.channel == "form":
        lead.ip = dice.pick(stage.networks.vpn).address(dice)
    return lead


def _written_by(stage: Stage, customer: Customer) -> tuple[DemoLead, Sender]:
    who = Sender(customer.market, stage.dice.pick(customer.market.writes), customer.person, customer.company)
    lead = enquiry(stage, who, work=1)
    lead.email, lead.company = customer.email, customer.company.name
    return lead, who


def _twin(dice: Dice, domain: str) -> str:
    name = domain.removesuffix(".example")
    trick = dice.pick(("script", "digit", "pair", "addition"))
    if trick == "script":
        return f"{name.translate(_CONFUSABLE)}.example"
    if trick == "digit" and "l" in name:
        return f"{name.replace('l', '1', 1)}.example"
    if trick == "pair" and "m" in name:
        return f"{name.replace('m', 'rn', 1)}.example"
    return f"{name}-{dice.pick(('billing', 'secure', 'mail', 'pay'))}.test"


STORIES = (
    Story(returning_customer, 38, converts=0.3, loses=0.1),
    Story(upset_customer, 5, converts=0.2, loses=0.3),
    Story(forwarded_mail, 5, converts=0.25, loses=0.1),
    Story(spoofed_customer, 8, rhythm="machines", junk=True),
    Story(lookalike_sender, 8, rhythm="machines", junk=True),
)
