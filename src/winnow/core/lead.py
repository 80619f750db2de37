"""A person's enquiry as received: the canonical lead every source is mapped to."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Lead:
    """The canonical lead; None (or empty) means the source did not say.

    id: unique within its source; the key of its decision
    received_at, occurred_at: aware, UTC; when Winnow (or the file's system) got it, when the person acted
    country: ISO 3166-1 alpha-2 in upper case, as the person stated it
    timezone: IANA name as the person's browser reported it
    emails, phones: as given, most important first
    form_fill_seconds: from showing the form to sending it
    form_pasted_fields, form_focus_changes: counts from the form's telemetry
    form_honeypot: True when the field no person sees was filled
    spf, dkim, dmarc: mail authentication results in lower case (`pass`, `fail`, `none` …)
    consent_given, consent_wording: what was agreed to, by the id of its wording
    gpc: True when the person's browser asked not to sell or share what it tells (Global Privacy Control)
    custom: further fields the mapping declares, by name
    name: the person's name, worked out from the three name fields once, since many signals ask for it
    """

    id: str
    source: str | None = None
    external_id: str | None = None
    received_at: datetime | None = None
    occurred_at: datetime | None = None
    channel: str | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company: str | None = None
    job_title: str | None = None
    website: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    message: str | None = None
    form_fill_seconds: float | None = None
    form_pasted_fields: int | None = None
    form_honeypot: bool | None = None
    form_focus_changes: int | None = None
    ip: str | None = None
    user_agent: str | None = None
    device_id: str | None = None
    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    consent_given: bool | None = None
    consent_wording: str | None = None
    gpc: bool | None = None
    utm: Mapping[str, str] = field(default_factory=dict)
    custom: Mapping[str, str] = field(default_factory=dict)
    name: str | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", name_of(self.full_name, self.first_name, self.last_name))

    @property
    def email(self) -> str | None:
        """The first e-mail address, the one signals are about."""
        return self.emails[0] if self.emails else None

    @property
    def phone(self) -> str | None:
        """The first phone number."""
        return self.phones[0] if self.phones else None

    def masked(self, off_limits: Set[str]) -> "Lead":
        """The lead as if the off-limits fields had never been sent.

        A name is a field of this class, or `custom.NAME`, or `utm.NAME`. Unknown names mask nothing.
        `id` cannot be masked.
        """
        fields_off, utm_off, custom_off = _parted(frozenset(off_limits))
        blank = {name: _BLANK[name] for name in fields_off}
        for group, keys, values in (("utm", utm_off, self.utm), ("custom", custom_off, self.custom)):
            if group not in blank and not keys.isdisjoint(values):
                blank[group] = {key: value for key, value in values.items() if key not in keys}
        return replace(self, **blank) if blank else self


def name_of(full: str | None, first: str | None, last: str | None) -> str | None:
    """The person's name, from whichever name fields were given; a blank one was not given."""
    if full and not full.isspace():
        return full
    return " ".join(part for part in (first, last) if part and not part.isspace()) or None


@lru_cache(maxsize=16)
def _parted(off_limits: frozenset[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What is off limits as fields, as names in `utm` and as names in `custom`."""
    parts = [name.partition(".") for name in off_limits]
    within = {group: frozenset(key for head, _, key in parts if head == group and key) for group in ("utm", "custom")}
    return off_limits & _BLANK.keys(), within["utm"], within["custom"]


_BLANK: dict[str, Any] = {
    **{each.name: None for each in fields(Lead) if each.init and each.name != "id"},
    "emails": (),
    "phones": (),
    "utm": {},
    "custom": {},
}

#: Every canonical field a mapping, a policy or a signal may name.
FIELD_NAMES = tuple(each.name for each in fields(Lead) if each.init)
