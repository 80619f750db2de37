"""People who want something: the bulk of the stream, and it must get through."""

from dataclasses import replace

from winnow.demo import ways
from winnow.demo.dice import spread
from winnow.demo.record import DemoLead
from winnow.demo.senders import OTHER_SCRIPTS, enquire, enquiry, sender
from winnow.demo.stage import Stage
from winnow.demo.stories.base import Story
from winnow.demo.tables import table

_BUSINESS = ways.sources(web_contact=34, web_demo=30, web_guide=8, ads_search=12, ads_social=3, inbox=9, chat=4)
_SMALL = ways.sources(web_contact=36, web_demo=16, ads_search=16, ads_social=9, affiliate=9, inbox=8, chat=10)
_READERS = ways.sources(web_guide=72, ads_search=8, ads_social=11, affiliate=14)
_HURRIED = ways.sources(web_contact=44, ads_search=16, ads_social=6, affiliate=6, chat=28)
_FORMS = ways.sources(web_contact=55, web_demo=30, ads_search=15)
_PHONE, _EVENTS = ways.sources(phone=1), ways.sources(partner_events=1)
_ROLES: tuple[str, ...] = tuple(table("addresses")["domains"]["role"])
_AGAIN = spread({"same": 11, "question": 6, "reminder": 3}, 20)


def buyer(stage: Stage) -> DemoLead:
    """Somebody at a company asks in full sentences from a company address. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.92)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _BUSINESS)
    if stage.dice.chance(0.2):
        stage.recent.append(lead)
    return lead


def small_business(stage: Stage) -> DemoLead:
    """The owner of a small firm writes from a free-mail address, company name or not. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.06)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _SMALL)
    if stage.dice.chance(0.2):
        stage.recent.append(lead)
    return lead


def guide_reader(stage: Stage) -> DemoLead:
    """Somebody downloads a guide: name, address, nothing else. Thin, but let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.5)
    lead.phone = lead.phone if stage.dice.chance(0.15) else ""
    lead.message = stage.messages.pitch(stage.dice, "generic") if stage.dice.chance(0.06) else ""
    ways.arrive(stage, lead, who, _READERS)
    return lead


def short_note(stage: Stage) -> DemoLead:
    """Somebody in a hurry types three words or a line that fits any product. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.4)
    if stage.dice.chance(0.3):
        lead.message = stage.messages.pitch(stage.dice, "generic")
    else:
        lead.message = stage.messages.short(stage.dice, who.language)
    ways.arrive(stage, lead, who, _HURRIED)
    if lead.form_fill_seconds is not None:
        lead.form_fill_seconds = round(lead.form_fill_seconds * 0.4, 1)
    lead.last_name = lead.last_name if stage.dice.chance(0.7) else ""
    return lead


def slow_reader(stage: Stage) -> DemoLead:
    """Somebody opens the form, reads on, and sends it half an hour or a day later. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.7)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _FORMS)
    lead.form_fill_seconds = float(int(stage.dice.along(ways.READER_SECONDS)))
    lead.form_focus_changes = stage.dice.whole(12, 80)
    return lead


def role_account(stage: Stage) -> DemoLead:
    """A real small company writes from info@ or office@, sometimes without a person's name. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=1)
    lead.email = f"{stage.dice.pick(_ROLES)}@{who.company.domain}"
    lead.company = who.company.name
    if stage.dice.chance(0.3):
        lead.first_name = ""
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _BUSINESS)
    return lead


def foreign_script(stage: Stage) -> DemoLead:
    """Somebody writes Chinese, Japanese, Arabic, Russian, Greek or Hindi, name included. Let through."""
    dice = stage.dice
    market = stage.market()
    while OTHER_SCRIPTS.keys().isdisjoint(market.writes):
        market = stage.market()
    language = dice.pick([each for each in market.writes if each in OTHER_SCRIPTS])
    who = sender(stage, market, language)
    lead = enquiry(stage, who, work=0.55)
    enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _BUSINESS)
    return lead


def repeat_sender(stage: Stage) -> DemoLead:
    """Somebody who already wrote sends it again, or asks what became of it. Let through, as one person."""
    if not stage.recent:
        return buyer(stage)
    dice = stage.dice
    lead = replace(dice.pick(stage.recent), received_at=stage.now)
    again = dice.pick(_AGAIN)
    if again == "question":
        lead.message = stage.messages.question(dice, "en")
    elif again == "reminder":
        lead.message = f"{lead.message} (second try, no answer so far)"
    if lead.form_fill_seconds is not None:
        ways.measure(dice, lead, ways.HUMAN_SECONDS, ways.HUMAN_FOCUS)
    return lead


def phone_call(stage: Stage) -> DemoLead:
    """A call that somebody noted down, two in three without any e-mail address. Let through."""
    who = sender(stage, language="en")
    lead = enquiry(stage, who, work=0.6)
    lead.message = f"Call: {stage.messages.question(stage.dice, 'en')}"
    ways.arrive(stage, lead, who, _PHONE)
    return lead


def partner_event(stage: Stage) -> DemoLead:
    """A row of a partner's event list, uploaded in one go: no form, no message, no address. Let through."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.85)
    ways.arrive(stage, lead, who, _EVENTS)
    return lead


STORIES = (
    Story(buyer, 190, converts=0.16, loses=0.34),
    Story(small_business, 85, converts=0.12, loses=0.38),
    Story(guide_reader, 55, converts=0.03, loses=0.3),
    Story(short_note, 22, converts=0.1, loses=0.4),
    Story(slow_reader, 12, converts=0.18, loses=0.3),
    Story(role_account, 24, converts=0.14, loses=0.34),
    Story(foreign_script, 38, converts=0.1, loses=0.35),
    Story(repeat_sender, 18, converts=0.2, loses=0.3),
    Story(phone_call, 18, converts=0.22, loses=0.3),
    Story(partner_event, 36, rhythm="imports", converts=0.05, loses=0.4),
)
