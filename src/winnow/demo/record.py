"""One lead of the sample stream, its columns in a file, and the same as Winnow knows leads."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from winnow.core.lead import Lead


@dataclass(slots=True)
class DemoLead:
    """A sample lead; the fields are those of `winnow.core.lead`, empty or None where the source did not say.

    synthetic: always `yes`, the watermark
    story: name of the story it was written for; see docs/demo.md
    label: what it was in truth: junk, genuine (no outcome yet), converted or lost (real, did not buy)
    """

    id: str
    received_at: datetime
    source: str = ""
    channel: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    job_title: str = ""
    website: str = ""
    country: str = ""
    language: str = ""
    timezone: str = ""
    message: str = ""
    form_fill_seconds: float | None = None
    form_pasted_fields: int | None = None
    form_honeypot: bool | None = None
    form_focus_changes: int | None = None
    ip: str = ""
    user_agent: str = ""
    device_id: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    utm_source: str = ""
    utm_campaign: str = ""
    consent_given: bool | None = None
    consent_wording: str = ""
    synthetic: str = "yes"
    story: str = ""
    label: str = ""


#: The columns of a sample file, in order.
COLUMNS = tuple(each.name for each in fields(DemoLead))


#: What is called otherwise in a Lead, or is no part of it.
_APART = {"email", "phone", "utm_source", "utm_campaign", "synthetic", "story", "label"}
_ALIKE = tuple(name for name in COLUMNS if name not in _APART)


def lead_of(told: DemoLead) -> Lead:
    """The lead as Winnow receives it, which is not told the answers."""
    values = {name: getattr(told, name) for name in _ALIKE}
    known: dict[str, Any] = {name: None if value == "" else value for name, value in values.items()}
    utm = {"source": told.utm_source, "campaign": told.utm_campaign}
    return Lead(
        **known,
        emails=(told.email,) if told.email else (),
        phones=(told.phone,) if told.phone else (),
        utm={name: value for name, value in utm.items() if value},
    )
