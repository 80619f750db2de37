"""Leads that somebody makes up for money or for fun."""

from typing import NamedTuple

from winnow.demo import ways
from winnow.demo.record import DemoLead
from winnow.demo.senders import enquire, enquiry, sender
from winnow.demo.stage import Stage
from winnow.demo.stories.base import Story

_TRIALS = ways.sources(web_demo=80, web_guide=20)
_AFFILIATE = ways.sources(affiliate=1)
_EVENTS, _PHONE = ways.sources(partner_events=1), ways.sources(phone=1)
_SOCIAL = ways.sources(ads_social=1)
_ANY_FORM = ways.sources(web_contact=46, web_demo=24, web_guide=22, ads_search=8)
_CONTACT = ways.sources(web_contact=1)
_FALSE_NUMBERS = ("1234567890", "0000000000", "+1 111 111 1111", "123456", "999999999", "+44 0000 000000", "5555555")
_TEST_DOMAINS = ("gmail.com", "test.test", "example.com", "asdf.test")
_KEYBOARD = ("asdf", "qwe", "test", "xxx", "abc", "aaa", "jkl", "Test", "asd", "me", "no", "Mickey", "dfg")


class Device(NamedTuple):
    """One telephone or emulator that is used for many sign-ups, and how it is connected."""

    id: str
    agent: str
    ip: str


def device_farm(stage: Stage) -> DemoLead:
    """The same device signs up again and again with new names and addresses, to collect trials. Junk."""
    dice = stage.dice
    device = stage.campaign("device_farm", 24, lambda: _device(stage))
    who = sender(stage)
    lead = enquiry(stage, who, work=0.1)
    lead.message = stage.messages.pitch(dice, "generic") if dice.chance(0.4) else ""
    if dice.chance(0.3):
        enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _TRIALS)
    lead.device_id = device.id if dice.chance(0.8) else ""
    lead.user_agent = device.agent
    lead.ip = device.ip if dice.chance(0.35) else dice.pick(who.market.mobile).address(dice)
    return lead


def affiliate_padding(stage: Stage) -> DemoLead:
    """A partner who is paid by the lead invents some: plausible names, wrong numbers, mixed-up countries. Junk."""
    dice = stage.dice
    who, stranger = sender(stage), sender(stage, stage.any_market())
    lead = enquiry(stage, who, work=0.25)
    if dice.chance(0.5):
        lead.phone = dice.pick(_FALSE_NUMBERS) if dice.chance(0.3) else stage.phones.number(dice, stranger.market)
    if dice.chance(0.3):
        lead.first_name, lead.last_name = stranger.first_name, stranger.last_name
    if dice.chance(0.35):
        lead.message = stage.messages.pitch(dice, "generic")
    elif dice.chance(0.4):
        enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _AFFILIATE)
    if dice.chance(0.35):
        lead.ip = dice.pick(stage.networks.vpn if dice.chance(0.5) else stranger.market.home).address(dice)
    return lead


def false_ad_details(stage: Stage) -> DemoLead:
    """A social network's ready-filled form with an old address or a made-up number; the person knows nothing. Junk."""
    dice = stage.dice
    who = sender(stage)
    lead = enquiry(stage, who, work=0.2)
    ways.arrive(stage, lead, who, _SOCIAL)
    lead.phone = dice.pick(_FALSE_NUMBERS) if dice.chance(0.2) else lead.phone
    lead.company = dice.pick(("", "none", "self", "n/a", lead.company, lead.company, lead.company))
    return lead


def bought_list(stage: Stage) -> DemoLead:
    """Rows of a bought list among a partner's event guests: real people who never asked for anything. Junk."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.75)
    ways.arrive(stage, lead, who, _EVENTS)
    lead.phone = stage.dice.pick((lead.phone, "", *_FALSE_NUMBERS[:2]))
    return lead


def cold_caller(stage: Stage) -> DemoLead:
    """A call that turned out to be somebody selling. Junk."""
    who = sender(stage, language="en")
    lead = enquiry(stage, who, work=0.5)
    lead.message = f"Call: {stage.messages.pitch(stage.dice, 'cold_call')}"
    ways.arrive(stage, lead, who, _PHONE)
    return lead


def test_entry(stage: Stage) -> DemoLead:
    """A colleague, a curious visitor or a child types asdf. Junk."""
    dice = stage.dice
    who = sender(stage)
    lead = enquiry(stage, who, work=0)
    lead.first_name, lead.last_name = dice.pick(_KEYBOARD), dice.pick((*_KEYBOARD, "", ""))
    word = dice.pick(_KEYBOARD).lower()
    lead.email = f"{word}_{dice.pick(('', word, '1', '123'))}@{dice.pick(_TEST_DOMAINS)}"
    lead.phone = dice.pick(("", "", *_FALSE_NUMBERS))
    lead.company = dice.pick(("", "test", "asdf", "-"))
    lead.message = stage.messages.pitch(dice, "test") if dice.chance(0.85) else ""
    ways.arrive(stage, lead, who, _ANY_FORM)
    if lead.form_fill_seconds is not None:
        lead.form_fill_seconds = round(lead.form_fill_seconds * 0.3, 1)
    return lead


def tor_visitor(stage: Stage) -> DemoLead:
    """Somebody behind Tor sends abuse or nonsense that nobody could answer. Junk."""
    dice = stage.dice
    who = sender(stage, stage.any_market(), "en")
    lead = enquiry(stage, who, work=0)
    lead.email = f"{dice.letters(8)}@{dice.letters(7)}.test"
    lead.phone = lead.company = lead.country = lead.last_name = ""
    lead.message = stage.messages.words(dice, dice.whole(1, 8))
    ways.arrive(stage, lead, who, _CONTACT)
    lead.ip, lead.timezone, lead.device_id = dice.pick(stage.networks.tor).address(dice), "UTC", ""
    return lead


def _device(stage: Stage) -> Device:
    dice = stage.dice
    proxy = dice.pick(stage.networks.hosting) if dice.chance(0.3) else dice.pick(stage.any_market().mobile)
    return Device(dice.hexadecimal(12), dice.pick(stage.agents.mobile), proxy.address(dice))


STORIES = (
    Story(device_farm, 24, rhythm="raids", junk=True),
    Story(affiliate_padding, 24, junk=True),
    Story(false_ad_details, 13, junk=True),
    Story(bought_list, 4, rhythm="imports", junk=True),
    Story(cold_caller, 4, junk=True),
    Story(test_entry, 18, junk=True),
    Story(tor_visitor, 4, rhythm="machines", junk=True),
)
