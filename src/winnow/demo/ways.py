"""The ways a lead arrives, and what each source therefore knows and does not know about it."""

from winnow.demo.dice import Dice, spread
from winnow.demo.record import DemoLead
from winnow.demo.senders import Sender
from winnow.demo.stage import Stage

#: Quantiles of the seconds people and bots take for a form.
HUMAN_SECONDS = (2.4, 9, 15, 21, 28, 37, 48, 64, 92, 150, 600)
BOT_SECONDS = (0.2, 0.5, 0.8, 1.1, 1.5, 2, 2.7, 3.8, 6, 11, 45)
PATIENT_SECONDS = (4, 9, 12, 15, 18, 22, 27, 33, 41, 55, 110)
PASTE_SECONDS = (0.9, 1.4, 1.9, 2.4, 3, 3.6, 4.4, 5.5, 7, 10, 18)
READER_SECONDS = (900, 1100, 1300, 1600, 2000, 2600, 3600, 5400, 9000, 20000, 80000)

HUMAN_PASTES = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2)
HUMAN_FOCUS = (2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 11, 14)
BOT_FOCUS = (0, 0, 0, 0, 1, 1, 2, 5)

_EVERYDAY_ODDITIES = 0.06
_WORDINGS = {"web-contact": "contact-2026-01", "web-demo": "contact-2026-01", "web-guide": "guide-2026-03"}
_CAMPAIGNS = ("autumn-planning", "shift-board", "workshop-guide", "competitor-terms", "brand")


def sources(**weights: float) -> tuple[str, ...]:
    """A pool of sources; `_` in a name stands for `-`."""
    return spread({name.replace("_", "-"): weight for name, weight in weights.items()}, 100)


def arrive(stage: Stage, lead: DemoLead, who: Sender, pool: tuple[str, ...]) -> None:
    """Let the lead arrive the way one of the sources works."""
    lead.source = stage.dice.pick(pool)
    _WAYS[lead.source](stage, lead, who)


def by_form(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """A form on the own site, which measures how it is filled in unless scripts are blocked."""
    dice = stage.dice
    lead.channel = "form"
    browse(stage, lead, who)
    if dice.chance(0.92):
        measure(dice, lead, HUMAN_SECONDS, HUMAN_FOCUS)
        lead.form_pasted_fields = dice.pick(HUMAN_PASTES)
    if dice.chance(_EVERYDAY_ODDITIES):
        _odd_for_once(stage, lead)
    consent(dice, lead)


def by_paid_search(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """The same form, reached from an advertisement."""
    by_form(stage, lead, who)
    lead.utm_source = stage.dice.pick(("google", "google", "google", "bing"))
    lead.utm_campaign = stage.dice.pick(_CAMPAIGNS)


def by_social_ad(stage: Stage, lead: DemoLead, _: Sender) -> None:
    """A form inside a social network, filled in by the network itself: no telemetry, no address."""
    lead.channel = "ad"
    lead.utm_source = stage.dice.pick(("linkedin", "facebook", "facebook", "instagram"))
    lead.utm_campaign = stage.dice.pick(_CAMPAIGNS)
    lead.message = lead.message if stage.dice.chance(0.15) else ""
    lead.consent_given, lead.consent_wording = True, "ad-2026-04"


def by_affiliate(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """A comparison site that is paid by the lead and passes on what it likes to."""
    by_form(stage, lead, who)
    if stage.dice.chance(0.6):
        forget_telemetry(lead)
    lead.utm_source = stage.dice.pick(("compare-hub", "tool-finder", "bestof-list"))
    lead.consent_wording = "partner-2025-11"


def by_chat(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """The chat window on the site: a few words, no form."""
    lead.channel = "chat"
    browse(stage, lead, who)
    lead.website = lead.job_title = ""


def by_mail(stage: Stage, lead: DemoLead, _: Sender) -> None:
    """A mail to the sales inbox: no browser, but the mail server's word on the sender."""
    lead.channel = "email"
    lead.country = lead.job_title = lead.timezone = ""
    lead.spf = lead.dkim = lead.dmarc = "pass"
    if stage.dice.chance(0.12):
        lead.dkim, lead.dmarc = "none", stage.dice.pick(("none", "pass"))


def by_phone(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """A call that somebody typed up: a number, a name as heard, a note."""
    lead.channel = "phone"
    lead.phone = stage.phones.number(stage.dice, who.market)
    lead.email = lead.email if stage.dice.chance(0.35) else ""
    lead.language = lead.website = ""


def by_import(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """A partner's list from an event: names and companies, no message, no browser."""
    lead.channel = "import"
    lead.message = ""
    lead.country = who.market.country
    lead.consent_given = True if stage.dice.chance(0.7) else None
    lead.consent_wording = "event-2026-06" if lead.consent_given else ""


def browse(stage: Stage, lead: DemoLead, who: Sender) -> None:
    """Leave the traces of an ordinary browser at home, in the office or on a telephone."""
    dice, market = stage.dice, who.market
    lead.timezone = dice.pick(market.zones)
    if dice.chance(0.26):
        lead.ip, lead.user_agent = dice.pick(market.mobile).address(dice), dice.pick(stage.agents.mobile)
    else:
        lead.ip, lead.user_agent = dice.pick(market.home).address(dice), dice.pick(stage.agents.desktop)
    lead.device_id = dice.hexadecimal(12) if dice.chance(0.7) else ""


def measure(dice: Dice, lead: DemoLead, seconds: tuple[float, ...], focus: tuple[int, ...]) -> None:
    """Record how the form was filled in; nothing pasted, trap field left empty."""
    lead.form_fill_seconds = round(dice.along(seconds), 1)
    lead.form_focus_changes = dice.pick(focus)
    lead.form_pasted_fields, lead.form_honeypot = 0, False


def _odd_for_once(stage: Stage, lead: DemoLead) -> None:
    """Let an ordinary sender look like a bot in one respect, as ordinary senders do."""
    dice = stage.dice
    oddity = dice.pick(("vpn", "abroad", "clock", "speed", "speed"))
    if oddity == "vpn":
        lead.ip = dice.pick(stage.networks.vpn).address(dice)
    elif oddity == "abroad":
        lead.ip = dice.pick(stage.any_market().home).address(dice)
    elif oddity == "clock":
        lead.timezone = dice.pick(("UTC", stage.any_market().zones[0]))
    elif lead.form_fill_seconds is not None:
        lead.form_fill_seconds = round(dice.along(PASTE_SECONDS), 1)
        lead.form_pasted_fields, lead.form_focus_changes = dice.whole(0, 5), dice.whole(0, 3)


def forget_telemetry(lead: DemoLead) -> None:
    """The form did not measure anything."""
    lead.form_fill_seconds = lead.form_pasted_fields = lead.form_honeypot = lead.form_focus_changes = None


def consent(dice: Dice, lead: DemoLead) -> None:
    """Tick or leave the box of the form."""
    lead.consent_given = dice.chance(0.68)
    lead.consent_wording = _WORDINGS.get(lead.source, "contact-2026-01")


_WAYS = {
    "web-contact": by_form,
    "web-demo": by_form,
    "web-guide": by_form,
    "ads-search": by_paid_search,
    "ads-social": by_social_ad,
    "affiliate": by_affiliate,
    "chat": by_chat,
    "inbox": by_mail,
    "phone": by_phone,
    "partner-events": by_import,
}
