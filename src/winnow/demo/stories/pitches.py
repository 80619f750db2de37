"""People who write to sell, to be hired or to spy: real people, but no leads."""

from winnow.demo import ways
from winnow.demo.record import DemoLead
from winnow.demo.senders import Sender, enquiry, sender
from winnow.demo.stage import Stage
from winnow.demo.stories.base import Story

_SELLERS = ways.sources(web_contact=62, inbox=26, chat=6, ads_search=6)
_SPAMMERS = ways.sources(web_contact=58, inbox=24, web_guide=10, affiliate=8)
_SEEKERS = ways.sources(web_contact=64, inbox=26, chat=10)
_SCOUTS = ways.sources(web_demo=62, web_contact=28, web_guide=10)


def seo_pitch(stage: Stage) -> DemoLead:
    """Somebody sells search rankings, each text a little different, from free mail or an agency. Junk."""
    dice = stage.dice
    who = _seller(stage)
    lead = enquiry(stage, who, work=0.3)
    _offer(stage, lead, who, "seo")
    ways.arrive(stage, lead, who, _SELLERS)
    if lead.ip and dice.chance(0.25):
        lead.ip = dice.pick(stage.networks.vpn).address(dice)
    if lead.form_fill_seconds is not None and dice.chance(0.6):
        lead.form_fill_seconds, lead.form_pasted_fields = round(dice.along(ways.PASTE_SECONDS) * 2, 1), dice.whole(1, 5)
    return lead


def agency_pitch(stage: Stage) -> DemoLead:
    """A real salesperson with a real company offers staff, lists, loans or software. Junk, only the text says so."""
    who = _seller(stage)
    lead = enquiry(stage, who, work=0.75)
    _offer(stage, lead, who, "subtle" if stage.dice.chance(0.2) else "agency")
    ways.arrive(stage, lead, who, _SELLERS)
    if lead.form_fill_seconds is not None and stage.dice.chance(0.5):
        lead.form_pasted_fields = stage.dice.whole(1, 3)
    return lead


def link_spam(stage: Stage) -> DemoLead:
    """Casino, pills, crypto and inheritance, with links. Junk."""
    dice = stage.dice
    who = sender(stage, stage.any_market(), "en")
    lead = enquiry(stage, who, work=0)
    lead.company = ""
    link = stage.campaign("link_spam", 20, lambda: f"http://{dice.letters(7)}.example/{dice.letters(5)}")
    lead.message = stage.messages.pitch(dice, "spam", link=link, name=who.first_name)
    ways.arrive(stage, lead, who, _SPAMMERS)
    if lead.form_fill_seconds is not None:
        ways.measure(dice, lead, ways.BOT_SECONDS if dice.chance(0.6) else ways.PATIENT_SECONDS, ways.BOT_FOCUS)
        lead.form_honeypot = dice.chance(0.25)
    if lead.ip and dice.chance(0.5):
        lead.ip = dice.pick(stage.networks.hosting + stage.networks.vpn).address(dice)
    if lead.spf:
        lead.spf, lead.dkim, lead.dmarc = dice.pick(("pass", "softfail", "fail")), "none", dice.pick(("none", "fail"))
    return lead


def job_seeker(stage: Stage) -> DemoLead:
    """Somebody applies for a job through the sales form. Junk for sales: answered elsewhere."""
    who = sender(stage)
    lead = enquiry(stage, who, work=0.02)
    lead.company = ""
    link = f"https://cv.example/{who.person.last.slug}"
    lead.message = stage.messages.pitch(stage.dice, "job", name=who.first_name, link=link, language=who.language)
    ways.arrive(stage, lead, who, _SEEKERS)
    return lead


def competitor_scout(stage: Stage) -> DemoLead:
    """A competitor asks for prices, roadmap and customers; otherwise a perfect lead. Junk, and few catch it."""
    dice = stage.dice
    who = sender(stage, language="en")
    lead = enquiry(stage, who, work=0.6)
    lead.message = stage.messages.pitch(dice, "scout")
    ways.arrive(stage, lead, who, _SCOUTS)
    if dice.chance(0.4):
        lead.ip = dice.pick(stage.networks.vpn).address(dice)
    return lead


def _seller(stage: Stage) -> Sender:
    who = sender(stage)
    who.company = stage.companies.company(stage.dice, "agency")
    return who


def _offer(stage: Stage, lead: DemoLead, who: Sender, kind: str) -> None:
    link, language = f"https://{who.company.domain}", who.language
    lead.message = stage.messages.pitch(stage.dice, kind, name=who.first_name, link=link, language=language)


STORIES = (
    Story(seo_pitch, 52, junk=True),
    Story(agency_pitch, 26, junk=True),
    Story(link_spam, 28, rhythm="machines", junk=True),
    Story(job_seeker, 16, junk=True),
    Story(competitor_scout, 8, junk=True),
)
