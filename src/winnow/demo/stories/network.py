"""Genuine people whose network looks suspicious: each is somebody a blunt rule throws away."""

from winnow.demo import ways
from winnow.demo.record import DemoLead
from winnow.demo.senders import enquire, enquiry, sender
from winnow.demo.stage import Office, Stage
from winnow.demo.stories.base import Story
from winnow.demo.tables import table

_FORMS = ways.sources(web_contact=45, web_demo=35, web_guide=12, ads_search=8)
_CONSUMER = ways.sources(web_contact=46, web_demo=14, web_guide=14, ads_search=18, chat=8)
_ALIASES: list[str] = table("addresses")["domains"]["alias"]


def coworking_founder(stage: Stage) -> DemoLead:
    """A founder in a co-working space: shared address, odd hours, free mail, fast. Let through."""
    office = stage.dice.pick(stage.offices)
    who = sender(stage, office.market)
    lead = enquiry(stage, who, work=0.1)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    _sit_in(stage, lead, office)
    if lead.form_fill_seconds is not None:
        lead.form_fill_seconds = round(lead.form_fill_seconds * 0.3, 1)
    return lead


def coworking_neighbour(stage: Stage) -> DemoLead:
    """Another tenant of the same space and address, in office hours and from a company address. Let through."""
    office = stage.dice.pick(stage.offices)
    who = sender(stage, office.market)
    lead = enquiry(stage, who, work=0.8)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    _sit_in(stage, lead, office)
    return lead


def corporate_vpn(stage: Stage) -> DemoLead:
    """An employee of a big firm behind its web gateway: shared address, often in another country. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=1)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    lead.ip, lead.user_agent = stage.dice.pick(stage.gateways), stage.dice.pick(stage.agents.desktop)
    return lead


def private_relay(stage: Stage) -> DemoLead:
    """An iPhone or Mac with iCloud Private Relay, which block lists call a VPN. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.35)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _CONSUMER)
    lead.ip = stage.dice.pick(stage.networks.relay).address(stage.dice)
    lead.user_agent = stage.dice.pick(stage.agents.apple)
    return lead


def mobile_network(stage: Stage) -> DemoLead:
    """A telephone behind a carrier's shared address, which dozens of others use too. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.3)
    lead.message = stage.messages.short(stage.dice, who.language)
    if stage.dice.chance(0.6):
        enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _CONSUMER)
    lead.ip = stage.dice.pick(stage.carriers[who.market.country])
    lead.user_agent = stage.dice.pick(stage.agents.mobile)
    return lead


def privacy_minded(stage: Stage) -> DemoLead:
    """Somebody with a consumer VPN and a forwarding alias who leaves fields empty. Let through."""
    dice = stage.dice
    who = sender(stage)
    lead = enquiry(stage, who, work=0.2)
    if dice.chance(0.6):
        lead.email = f"{who.person.first.slug}.{dice.letters(5)}@{dice.pick(_ALIASES)}"
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    lead.ip = dice.pick(stage.networks.vpn if dice.chance(0.7) else stage.networks.hosting).address(dice)
    lead.phone = lead.device_id = ""
    return lead


def travelling_buyer(stage: Stage) -> DemoLead:
    """A buyer abroad: address and time zone of one country, company of another. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.9)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    abroad = stage.any_market()
    lead.country = who.market.country
    lead.ip = stage.dice.pick(abroad.home).address(stage.dice)
    lead.timezone = stage.dice.pick(abroad.zones) if stage.dice.chance(0.6) else lead.timezone
    return lead


def _sit_in(stage: Stage, lead: DemoLead, office: Office) -> None:
    lead.ip, lead.user_agent = office.ip, stage.dice.pick(stage.agents.desktop)


STORIES = (
    Story(coworking_founder, 6, rhythm="machines", converts=0.2, loses=0.3),
    Story(coworking_neighbour, 10, converts=0.16, loses=0.3),
    Story(corporate_vpn, 18, converts=0.22, loses=0.3),
    Story(private_relay, 22, converts=0.14, loses=0.35),
    Story(mobile_network, 30, converts=0.1, loses=0.4),
    Story(privacy_minded, 9, converts=0.1, loses=0.4),
    Story(travelling_buyer, 8, converts=0.18, loses=0.3),
)
