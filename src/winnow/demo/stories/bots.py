"""Programs that fill in forms."""

from typing import NamedTuple

from winnow.demo import ways
from winnow.demo.dice import Dice
from winnow.demo.networks import AddressRange
from winnow.demo.people import Person, free_address
from winnow.demo.record import DemoLead
from winnow.demo.senders import Sender, enquire, enquiry, sender
from winnow.demo.stage import Stage
from winnow.demo.stories.base import Story
from winnow.demo.tables import table

_FORMS = ways.sources(web_contact=52, web_guide=20, web_demo=10, ads_search=10, affiliate=8)
_PATIENT = ways.sources(web_contact=40, web_demo=14, web_guide=16, ads_search=16, affiliate=14)
_SIGNUPS = ways.sources(web_guide=62, web_demo=18, affiliate=12, ads_search=8)
_CONTACT = ways.sources(web_contact=1)
_DISPOSABLE: list[str] = table("addresses")["domains"]["disposable"]
_UNLISTED = 0.2  # share of throw-away mailboxes whose domain is too new for any list
_SPAM_ENDINGS = ("-deals", "-offer", "-rank", "-win", "4u", "-promo", "-bonus")


class Campaign(NamedTuple):
    """What one run of a bot has in common: its text, its network, the program it pretends to be."""

    message: str
    network: AddressRange
    agent: str
    link: str


def form_bot(stage: Stage) -> DemoLead:
    """A script fills every field within seconds, often the trap field too, with links or gibberish. Junk."""
    dice = stage.dice
    run = stage.campaign("form_bot", 45, lambda: _run(stage))
    who = sender(stage, stage.any_market(), "en")
    lead = enquiry(stage, who, work=0.05)
    _made_up(dice, lead, who)
    lead.message = run.message if dice.chance(0.7) else _nonsense(stage, run.link)
    lead.website = run.link if dice.chance(0.4) else lead.website
    ways.arrive(stage, lead, who, _FORMS)
    ways.measure(dice, lead, ways.BOT_SECONDS, ways.BOT_FOCUS)
    lead.form_pasted_fields, lead.form_honeypot = dice.pick((0, 0, 0, 4, 6, 7)), dice.chance(0.5)
    lead.ip = (run.network if dice.chance(0.6) else dice.pick(who.market.home)).address(dice)
    lead.user_agent, lead.device_id = run.agent, ""
    return lead


def patient_bot(stage: Stage) -> DemoLead:
    """A bot that takes its time, borrows a home connection and writes whole sentences. Junk, and hard to tell."""
    dice = stage.dice
    who = sender(stage)
    lead = enquiry(stage, who, work=0.22)
    if dice.chance(0.35):
        lead.message = stage.campaign("patient_bot", 10, lambda: stage.messages.enquiry(dice, "en", who.first_name))
    elif dice.chance(0.4):
        lead.message = stage.messages.pitch(dice, "generic")
    else:
        enquire(stage, lead, who)
    ways.arrive(stage, lead, who, _PATIENT)
    if lead.form_fill_seconds is not None:
        ways.measure(dice, lead, ways.PATIENT_SECONDS, (0, 1, 2, 2, 3, 4, 5, 5, 6, 7))
    if dice.chance(0.3):
        lead.ip = dice.pick(stage.any_market().home).address(dice)
    if dice.chance(0.25):
        lead.timezone = dice.pick(("UTC", "Etc/UTC", "Europe/Moscow", "Asia/Dhaka", "Asia/Karachi"))
    return lead


def disposable_signup(stage: Stage) -> DemoLead:
    """Somebody or something takes the guide or a trial with a throw-away mailbox. Junk."""
    dice = stage.dice
    who = sender(stage, stage.any_market(), "en")
    lead = enquiry(stage, who, work=0)
    lead.email = f"{_mailbox(dice, who.person)}@{_throwaway(dice)}"
    lead.company = lead.job_title = ""
    lead.phone = lead.phone if dice.chance(0.2) else ""
    ways.arrive(stage, lead, who, _SIGNUPS)
    if dice.chance(0.4):
        lead.ip = dice.pick(stage.networks.vpn if dice.chance(0.6) else stage.networks.hosting).address(dice)
    if lead.form_fill_seconds is not None and dice.chance(0.5):
        lead.form_fill_seconds = round(dice.along(ways.BOT_SECONDS) * 2, 1)
    return lead


def hosting_flood(stage: Stage) -> DemoLead:
    """On two days thousands of forms with one text arrive from a few networks of rented servers. Junk."""
    dice = stage.dice
    who = sender(stage, stage.any_market(), "en")
    lead = enquiry(stage, who, work=0)
    link = f"https://partners-{stage.now.day}.example/start"
    lead.message = stage.campaign(
        f"flood {stage.now.date()}", 10**9, lambda: stage.messages.pitch(dice, "flood", link=link)
    )
    ways.arrive(stage, lead, who, _CONTACT)
    ways.measure(dice, lead, ways.BOT_SECONDS, ways.BOT_FOCUS)
    lead.form_honeypot = dice.chance(0.15)
    lead.ip = dice.pick(stage.networks.flood).address(dice)
    lead.user_agent = dice.pick(stage.agents.stale if dice.chance(0.6) else stage.agents.desktop)
    return lead


def crawler(stage: Stage) -> DemoLead:
    """An uptime monitor, search robot or vulnerability scanner sends the form because it can. Junk."""
    dice = stage.dice
    who = sender(stage, stage.any_market(), "en")
    lead = enquiry(stage, who, work=0)
    lead.first_name, lead.last_name, lead.phone = dice.pick(("", "test", "monitor", "admin")), "", ""
    lead.email = f"{dice.pick(('monitor', 'scan', 'probe', 'test'))}{dice.whole(1, 40)}@scanner.test"
    lead.company = ""
    lead.message = stage.messages.pitch(dice, "probe")
    ways.arrive(stage, lead, who, _CONTACT)
    ways.measure(dice, lead, ways.BOT_SECONDS, ways.BOT_FOCUS)
    lead.form_honeypot = dice.chance(0.6)
    lead.ip, lead.timezone, lead.device_id = dice.pick(stage.networks.hosting).address(dice), "", ""
    lead.user_agent = dice.pick(stage.agents.crawlers if dice.chance(0.5) else stage.agents.tools)
    return lead


def _run(stage: Stage) -> Campaign:
    dice = stage.dice
    link = f"https://{dice.letters(6)}{dice.pick(_SPAM_ENDINGS)}.example/{dice.letters(4)}"
    text = stage.messages.pitch(dice, dice.pick(("spam", "spam", "seo", "generic")), link=link, name="Alex")
    pool = stage.agents.tools + stage.agents.headless * 3 + stage.agents.stale * 4 + stage.agents.desktop[:20]
    return Campaign(text, dice.pick(stage.networks.hosting), dice.pick(pool), link)


def _nonsense(stage: Stage, link: str) -> str:
    dice = stage.dice
    kind = dice.pick(("letters", "letters", "link", "words"))
    if kind == "letters":
        return " ".join([dice.letters(dice.whole(4, 11)) for _ in range(dice.whole(1, 5))])
    if kind == "link":
        return f"{stage.messages.words(dice, dice.whole(4, 12))} {link}"
    return stage.messages.words(dice, dice.whole(5, 18))


def _made_up(dice: Dice, lead: DemoLead, who: Sender) -> None:
    if dice.chance(0.35):
        lead.first_name = lead.last_name = dice.letters(dice.whole(5, 9)).capitalize()
    if dice.chance(0.5):
        lead.email = f"{dice.letters(dice.whole(5, 9))}_{dice.digits(4)}@gmail.com"
    if dice.chance(0.4):
        lead.phone = dice.digits(dice.whole(6, 11))
    lead.company = who.company.name if dice.chance(0.3) else dice.pick(("google", "", "", lead.first_name))


def _throwaway(dice: Dice) -> str:
    if dice.chance(_UNLISTED):
        return f"{dice.letters(dice.whole(4, 8))}{dice.pick(('mail', 'box', 'inbox', ''))}.example"
    return dice.pick(_DISPOSABLE)


def _mailbox(dice: Dice, person: Person) -> str:
    if dice.chance(0.5):
        return f"{dice.letters(dice.whole(6, 10))}{dice.whole(1, 99)}"
    return free_address(dice, person, "trashmail.com").partition("@")[0]


STORIES = (
    Story(form_bot, 78, rhythm="machines", junk=True),
    Story(patient_bot, 30, junk=True),
    Story(disposable_signup, 46, rhythm="machines", junk=True),
    Story(hosting_flood, 56, rhythm="floods", junk=True),
    Story(crawler, 10, rhythm="machines", junk=True),
)
