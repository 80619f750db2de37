"""By what a decision is found again: the values a person can name, in the one form they are looked up in.

Whose lead it was stays sealed with the decision; what is kept beside it to be found by is a keyed hash of each value
(see `adapters.db.vault`). So one finds what one can name in full, and nothing by a part of it.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from winnow.core.decide import Decision
from winnow.core.facts import Facts
from winnow.core.keys import company_key, email_key
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.review.case import codes_of
from winnow.errors import InvalidInputError


class Kind(StrEnum):
    """What a value is."""

    EMAIL = "email"
    PHONE = "phone"
    DOMAIN = "domain"
    COMPANY = "company"
    REASON = "reason"


#: What names a person or nearly so, from what few leads share to what many do.
PERSONAL = (Kind.EMAIL, Kind.PHONE, Kind.COMPANY, Kind.DOMAIN)

Key = tuple[Kind, str]


def keys_of(lead: Lead, facts: Facts, decision: Decision) -> list[Key]:
    """Everything a decision is found by, each once.

    Reasons are those that speak for holding the lead (see `codes_of`); of one that was accepted only those that carry
    no points: lists, rules, policy, customer, people. That a lot has drawn a lead is nothing to find it by.
    """
    return list(dict.fromkeys((*_personal(lead, facts), *_reasons(decision))))


def _personal(lead: Lead, facts: Facts) -> Iterator[Key]:
    for address in lead.emails:
        yield Kind.EMAIL, email_key(address)
    for phone in lead.phones:
        yield Kind.PHONE, phone_key(phone)
    if facts.phone is not None and facts.phone.e164:
        yield Kind.PHONE, facts.phone.e164
    email = facts.email
    if email is not None:
        for domain in (email.domain, email.registrable):
            if domain:
                yield Kind.DOMAIN, domain
    if lead.company and (company := company_key(lead.company)):
        yield Kind.COMPANY, company


def _reasons(decision: Decision) -> Iterator[Key]:
    accepted = decision.outcome is Outcome.ACCEPT
    told = [each for each in decision.reasons if not (accepted and each.points)]
    for code in codes_of(told):
        yield Kind.REASON, code


def phone_key(phone: str) -> str:
    """The digits of a number, with the plus in front if it is there."""
    digits = "".join(letter for letter in phone if letter.isdecimal())
    return f"+{digits}" if phone.strip().startswith("+") else digits


def key_of(kind: Kind, text: str) -> Key:
    """What somebody looks for, as it is looked up; raises InvalidInputError for what nothing can be found by."""
    said = text.strip()
    value = _FORMS[kind](said) if kind in _FORMS else said
    if not value or "*" in value or "%" in value:
        fix = "give it in full: parts of it and wildcards find nothing"
        raise InvalidInputError(f"`{said[:60]}` is no {kind.value} to look for", where=kind.value, fix=fix)
    return kind, value


def _domain(text: str) -> str:
    """In ASCII, in lower case, as facts about e-mail addresses have it."""
    name = text.lower().removeprefix("@").rstrip(".")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


_FORMS: Mapping[Kind, Callable[[str], str]] = {
    Kind.EMAIL: email_key,
    Kind.PHONE: phone_key,
    Kind.DOMAIN: _domain,
    Kind.COMPANY: company_key,
}
