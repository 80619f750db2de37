"""What the demo company allows itself and the machines it uses: its policy, its AI systems, what a few leads tell."""

from dataclasses import replace

from winnow.core.lead import Lead
from winnow.demo.dice import Dice

Document = dict[str, object]

#: The ids of AI systems: a vendor's, of which one is live, one lost its owner and one is not there yet.
WRITER, ENRICHER, CALLER = "letterwright", "firmographer", "ring-agent"
MARKETING, NEWSLETTER, PARTNERS, SERVICE = "marketing", "newsletter", "partner-offers", "service"

_BOX = "Yes, Northwind may write to me about its planning board. I can end that at any time."
_GUIDE = "Send me the guide, and the newsletter with it. I can unsubscribe in every letter."
_AD = "I agree that Northwind contacts me by e-mail about this offer."
_EVENT = "My details may be passed on to the exhibitors I talked to."
_PARTNER = "The comparison site may pass my request on to the vendors I chose."

#: What the company's policy says besides what the starter's does.
POLICY: Document = {
    "owner": "Aiko Tanaka",
    "off_limits_categories": ["health"],
    "scan_texts": True,
    "protected_attributes": ["country"],
    "purposes": [
        {"name": MARKETING, "kind": "marketing", "channels": ["email", "phone", "ads"], "text": "to sell our board"},
        {"name": NEWSLETTER, "kind": "marketing", "channels": ["email"], "text": "the letter of the month"},
        {"name": PARTNERS, "kind": "partner", "channels": ["email"], "text": "what resellers of ours offer"},
        {"name": SERVICE, "kind": "service", "text": "to do what a person asked for"},
    ],
    "consent": [
        {
            "id": "german-calls",
            "channels": ["phone"],
            "places": ["DE", "AT"],
            "needed": "express",
            "text": "In Germany and Austria we call nobody who did not say yes.",
        },
    ],
    "caps": [{"id": "once-a-week", "most": 1, "days": 7, "purposes": [MARKETING, NEWSLETTER]}],
    "wordings": [
        {"id": name, "channels": ["email"], "purpose": purpose, "language": "en", "text": text}
        for name, purpose, text in (
            ("contact-2026-01", MARKETING, _BOX),
            ("guide-2026-03", NEWSLETTER, _GUIDE),
            ("ad-2026-04", MARKETING, _AD),
            ("event-2026-06", MARKETING, _EVENT),
            ("partner-2025-11", PARTNERS, _PARTNER),
        )
    ],
    "examples": [
        {"place": "DE", "channel": "phone", "purpose": MARKETING, "on": "2026-07-01", "needed": "express"},
        {
            "place": "FR",
            "channel": "email",
            "purpose": NEWSLETTER,
            "on": "2026-07-01",
            "told": "opted-out",
            "allowed": False,
        },
    ],
}


def systems(owner: str, former: str) -> tuple[Document, ...]:
    """The machines of vendors as they are entered; `owner`, `former`: ids of who answers for them."""
    return (
        {
            "id": WRITER,
            "name": "Letterwright mail assistant",
            "purpose": "drafts and sends letters to people who asked for them",
            "version": "4.2",
            "vendor": "Letterwright Inc.",
            "owner": owner,
            "purposes": [MARKETING, NEWSLETTER, SERVICE],
            "inputs": ["contact", "company", "message"],
            "outputs": ["letter"],
            "actions": ["contact"],
            "channels": ["email"],
            "status": "shadow",
            "answers": {"decides": [], "practices": [], "people": [], "contact": ["writes"]},
        },
        {
            "id": ENRICHER,
            "name": "Firmographer",
            "purpose": "guesses the size and trade of a company from its name and web site",
            "version": "2026.2",
            "vendor": "Firmographer Ltd",
            "owner": former,
            "purposes": [MARKETING],
            "inputs": ["contact", "company"],
            "outputs": ["company_size", "trade"],
            "actions": ["enrich"],
            "channels": [],
            "status": "shadow",
            "answers": {"decides": [], "practices": [], "people": ["scores-people"], "contact": []},
        },
        {
            "id": CALLER,
            "name": "Ring agent",
            "purpose": "would call people back and find a time for a talk",
            "version": "0.9",
            "vendor": "Ringfold GmbH",
            "owner": owner,
            "purposes": [MARKETING],
            "inputs": ["contact", "message"],
            "outputs": ["wants_a_talk"],
            "actions": ["contact"],
            "channels": ["phone"],
            "status": "draft",
            "answers": {"decides": [], "practices": [], "people": [], "contact": ["talks"]},
        },
    )


#: What somebody tells that is nobody's business; the scan of texts takes most of it out.
_PRIVATE = (
    "I was diagnosed with asthma in spring, so please write rather than call.",
    "My wife is pregnant, so we would start in autumn.",
    "I am back at work after chemotherapy and have to catch up.",
)
_TELLS, _NOT_TRACKED = 0.006, 0.02


def with_tidings(lead: Lead, seed: int) -> Lead:
    """The lead as it came: a few tell of their health, and some browsers ask not to be tracked."""
    dice = Dice.named(seed, "tidings", lead.id or "")
    if lead.user_agent and dice.chance(_NOT_TRACKED):
        lead = replace(lead, gpc=True)
    if lead.message and lead.language == "en" and not lead.form_honeypot and dice.chance(_TELLS):
        lead = replace(lead, message=f"{lead.message} {dice.pick(_PRIVATE)}")
    return lead
