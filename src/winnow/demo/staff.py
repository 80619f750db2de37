"""Who works at the demo company, and what they say about leads: right nearly always, and not always."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from winnow.core.outcome import Outcome
from winnow.core.review.disposition import Spoken
from winnow.demo.dice import Dice
from winnow.demo.record import DemoLead


class Colleague(NamedTuple):
    """Somebody with an account in the demo."""

    name: str
    email: str
    role: str


#: At least one for every role of people, and two where two are needed to disagree.
STAFF = (
    Colleague("Ines Carvalho", "ines@northwind.example", "admin"),
    Colleague("Rosa Lindqvist", "rosa@northwind.example", "reviewer"),
    Colleague("Tomasz Zielinski", "tomasz@northwind.example", "reviewer"),
    Colleague("Mika Aalto", "mika@northwind.example", "rep"),
    Colleague("Deniz Arslan", "deniz@northwind.example", "rep"),
    Colleague("Leila Haddad", "leila@northwind.example", "rule-author"),
    Colleague("Jonas Brandt", "jonas@northwind.example", "approver"),
    Colleague("Aiko Tanaka", "aiko@northwind.example", "privacy-officer"),
    Colleague("Peter Moreau", "peter@northwind.example", "auditor"),
)

#: Somebody who worked there at first.
FORMER = Colleague("Sofia Marin", "sofia@northwind.example", "rule-author")

#: Shares of verdicts that are not what the lead was in truth.
_JUNK_LET_THROUGH, _GENUINE_REJECTED, _GENUINE_TAGGED = 0.05, 0.03, 0.06

_REASONS: Mapping[str, str] = {
    "seo_pitch": "pitch",
    "agency_pitch": "pitch",
    "cold_caller": "pitch",
    "link_spam": "spam",
    "form_bot": "spam",
    "crawler": "spam",
    "hosting_flood": "spam",
    "patient_bot": "spam",
    "tor_visitor": "spam",
    "job_seeker": "no_intent",
    "competitor_scout": "no_intent",
    "student": "no_intent",
    "spoofed_customer": "fraud",
    "lookalike_sender": "fraud",
    "test_entry": "test",
}
_ELSE = "made_up"

_NOTES = (
    *("Called back, the number is right.", "Asked twice, wants a price.", "Known from the fair in spring."),
    *("The company exists, checked the register.", "Wrote from the plane, hence the address."),
)
_NOTED = 0.25


def judged(lead: DemoLead, dice: Dice) -> Spoken:
    """What a reviewer says about a lead."""
    if lead.label == "junk" or lead.story == "student":
        if dice.chance(_JUNK_LET_THROUGH):
            return Spoken(Outcome.ACCEPT)
        return Spoken(Outcome.REJECT, _REASONS.get(lead.story, _ELSE))
    if dice.chance(_GENUINE_REJECTED):
        return Spoken(Outcome.REJECT, "not_for_us")
    note = dice.pick(_NOTES) if dice.chance(_NOTED) else ""
    return Spoken(Outcome.TAG if dice.chance(_GENUINE_TAGGED) else Outcome.ACCEPT, note=note)


class Report(NamedTuple):
    """What sales says of a lead that was let through: so long after it came, by a rep or by their system."""

    verdict: str
    after: timedelta
    by_rep: bool


_REP_DAYS, _OUTCOME_DAYS = (0.2, 1, 2, 4), (3, 6, 9, 13, 20, 40)
_TOLD_JUNK, _TOLD_GENUINE = 0.55, 0.12


def reported(lead: DemoLead, dice: Dice) -> Report | None:
    """What becomes known of a lead that was let through; None when nobody ever says."""
    if lead.label in {"converted", "lost"}:
        return Report(lead.label, timedelta(days=dice.along(_OUTCOME_DAYS)), by_rep=False)
    if dice.chance(_TOLD_JUNK if lead.label == "junk" else _TOLD_GENUINE):
        return Report(lead.label, timedelta(days=dice.along(_REP_DAYS)), by_rep=True)
    return None
