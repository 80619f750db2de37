"""Leads on their way to the service: the canonical fields, or any mapping that has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from winnow.client.errors import UnsendableError


class Lead(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The canonical lead; None (or empty) means not known. The service checks what the fields hold.

    id: unique within its source; the key of its decision
    occurred_at: when the person acted; aware. When the lead came is for the service to say
    country: ISO 3166-1 alpha-2, as the person stated it
    timezone: IANA name as the person's browser reported it
    email, phone: short for `emails`, `phones` with one value
    emails, phones: as given, most important first
    form_fill_seconds: from showing the form to sending it
    form_pasted_fields, form_focus_changes: counts from the form's telemetry
    form_honeypot: True when the field no person sees was filled
    spf, dkim, dmarc: mail authentication results (`pass`, `fail`, `none` …)
    consent_given, consent_wording: what was agreed to, by the id of its wording
    gpc: True when the person's browser sent `Sec-GPC: 1`
    custom: further fields, by name
    """

    id: str | None = None
    source: str | None = None
    external_id: str | None = None
    occurred_at: datetime | None = None
    channel: str | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    emails: tuple[str, ...] | list[str] = ()
    phone: str | None = None
    phones: tuple[str, ...] | list[str] = ()
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
    utm: Mapping[str, str] = {}
    custom: Mapping[str, str] = {}


_SHORT = {"email": "emails", "phone": "phones"}


def encoded_lead(lead: Lead | Mapping[str, Any]) -> bytes:
    """The lead as JSON; raises UnsendableError for what cannot be said in JSON, or only ambiguously."""
    fields = dict(lead) if isinstance(lead, Mapping) else _filled(lead)
    for short, long in _SHORT.items():
        _lengthen(fields, short, long)
    for name, value in fields.items():
        if isinstance(value, datetime):
            zoned(value, name)
    return encoded(fields, "the lead")


def zoned(moment: datetime | None, name: str) -> datetime | None:
    """The moment; raises UnsendableError when it has no time zone and so could be any of many."""
    if moment is not None and moment.tzinfo is None:
        raise UnsendableError(
            f"`{moment.isoformat()}` has no time zone", where=name, fix="give it one, such as `datetime.UTC`"
        )
    return moment


def encoded(document: object, name: str) -> bytes:
    """A document as JSON; raises UnsendableError when it holds what JSON cannot."""
    try:
        return msgspec.json.encode(document)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise UnsendableError(f"{name} cannot be written as JSON: {error}", fix="use texts and numbers") from error


def _filled(lead: Lead) -> dict[str, Any]:
    given = ((name, getattr(lead, name)) for name in lead.__struct_fields__)
    return {name: value for name, value in given if value is not None and value not in ((), [], {})}


def _lengthen(fields: dict[str, Any], short: str, long: str) -> None:
    value = fields.pop(short, None)
    if value is None:
        return
    if fields.get(long):
        raise UnsendableError(f"a lead has both `{short}` and `{long}`", fix=f"put all of them into `{long}`")
    fields[long] = [value]
