"""From a request's lead to the canonical one, and from decisions on record to the answer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from winnow.core.lead import Lead
from winnow.errors import InvalidInputError
from winnow.ports import Recorded
from winnow.shells.http.types import LeadIn, LeadsIn

_decoder = msgspec.json.Decoder(LeadsIn)


class Sent(NamedTuple):
    """The leads of a request; `batch`: they came as a list and are answered as one."""

    leads: list[LeadIn]
    batch: bool


def decoded(body: bytes) -> Sent:
    """The leads of a body that passed `check_json`; raises msgspec.ValidationError and InvalidInputError."""
    sent = _decoder.decode(body)
    if sent.leads is msgspec.UNSET:
        return Sent([sent], batch=False)
    if body.count(b'"leads"') and sent != LeadsIn(leads=sent.leads):
        raise InvalidInputError("`leads` stands beside fields of a lead", where="$.leads", fix="send either")
    return Sent(sent.leads, batch=True)


def lead_of(sent: LeadIn, lead_id: str, now: datetime) -> Lead:
    """The canonical lead; `received_at` is ours to say."""
    return Lead(
        id=lead_id,
        source=sent.source,
        external_id=sent.external_id,
        received_at=now,
        occurred_at=_time(sent.occurred_at) if sent.occurred_at else None,
        channel=sent.channel,
        full_name=sent.full_name,
        first_name=sent.first_name,
        last_name=sent.last_name,
        emails=_several(sent.email, sent.emails),
        phones=_several(sent.phone, sent.phones),
        company=sent.company,
        job_title=sent.job_title,
        website=sent.website,
        country=sent.country.upper() if sent.country else None,
        language=sent.language,
        timezone=sent.timezone,
        message=sent.message,
        form_fill_seconds=sent.form_fill_seconds,
        form_pasted_fields=sent.form_pasted_fields,
        form_honeypot=sent.form_honeypot,
        form_focus_changes=sent.form_focus_changes,
        ip=sent.ip,
        user_agent=sent.user_agent,
        device_id=sent.device_id,
        spf=sent.spf.lower() if sent.spf else None,
        dkim=sent.dkim.lower() if sent.dkim else None,
        dmarc=sent.dmarc.lower() if sent.dmarc else None,
        consent_given=sent.consent_given,
        consent_wording=sent.consent_wording,
        gpc=sent.gpc,
        utm=sent.utm,
        custom=sent.custom,
    )


def _several(one: str | None, more: list[str]) -> tuple[str, ...]:
    """The single value and the list as one list, blanks left out."""
    values = (one, *more) if one else more
    return tuple([value for value in values if value and not value.isspace()])


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter in the years 1 and 9999, where UTC is in another one
        pass
    raise InvalidInputError(
        f"`{text}` is no time with an offset", where="$.occurred_at", fix="write it like 2026-03-01T09:30:00+01:00"
    )


def answer_of(recorded: Sequence[Recorded], *, batch: bool) -> bytes:
    """The body of the answer: the stored decisions with their numbers and times in front, byte for byte."""
    if not batch:
        return decision_answer(recorded[0])
    return b'{"decisions":[' + b",".join([decision_answer(each) for each in recorded]) + b"]}"


def decision_answer(recorded: Recorded) -> bytes:
    """One decision as it is answered."""
    at = recorded.decided_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return b'{"id":"%d","decided_at":"%s",' % (recorded.id, at.encode()) + recorded.decision[1:]


def spooled_answer(lead_ids: Sequence[str], *, batch: bool) -> bytes:
    """The body for leads that wait on disk."""
    each = [{"status": "spooled", "lead_id": lead_id} for lead_id in lead_ids]
    return msgspec.json.encode({"decisions": each} if batch else each[0])
