"""Checks an e-mail address and joins it with what is known about its domain.

Nearly all addresses are plain ASCII and take one pass of a pattern without backtracking; the odd rest
(quoted, international, bracketed) is left to email-validator, which is twenty times slower.
"""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from winnow.adapters.facts.domains import DomainFacts, Domains, is_host
from winnow.adapters.facts.sources import packaged, shipped
from winnow.core.drafts import filled
from winnow.core.facts import EmailFacts
from winnow.core.ruleset import ReferenceSource

_email_facts = filled(EmailFacts)
INVALID = EmailFacts(valid=False)

#: RFC 5321 4.5.3.1: 64 octets before the @; with the path's angle brackets taken off, 254 in all.
_LONGEST_LOCAL, _LONGEST = 64, 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_PLAIN_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*+")

#: Encoded names (`xn--`) need more than a look at their letters.
_ENCODED = re.compile(r"(?:\A|\.)..--")

#: Distinct domains and odd addresses remembered; about 400 bytes each.
_REMEMBERED_DOMAINS, _REMEMBERED_ODD = 30_000, 5_000

_SEPARATORS = str.maketrans("", "", "._-")


class Mail:
    """Answers about addresses, with everything about a domain worked out once."""

    def __init__(self, domains: Domains) -> None:
        roles = shipped("roles")
        self._domains = domains
        self._roles = frozenset(roles.lines)
        self._roles_source = roles.source
        self._plain_domain = lru_cache(maxsize=_REMEMBERED_DOMAINS)(self._look_at_domain)
        self._odd = lru_cache(maxsize=_REMEMBERED_ODD)(self._look_at_odd)

    def sources(self) -> tuple[ReferenceSource, ...]:
        """The editions of everything behind the answers."""
        return (packaged("email-validator"), *self._domains.sources(), self._roles_source)

    def facts(self, address: str) -> EmailFacts:
        """What is known about an address; blanks around it do not count."""
        text = address.strip()
        if len(text) > _LONGEST:
            return INVALID
        local, _, domain = text.rpartition("@")
        known = self._plain_domain(domain)
        if known is None or len(local) > _LONGEST_LOCAL or _PLAIN_LOCAL.fullmatch(local) is None:
            return self._odd(text)
        return self._joined(local, known)

    def _look_at_domain(self, domain: str) -> DomainFacts | None:
        lower = domain.lower()
        if not is_host(lower) or _ENCODED.search(lower):
            return None
        return self._domains.facts(lower)

    def _look_at_odd(self, text: str) -> EmailFacts:
        checked = _validated(text)
        if checked is None:
            return INVALID
        if checked.ascii_domain.startswith("["):
            literal = DomainFacts(checked.ascii_domain, None, None, False, False, False, None)  # noqa: FBT003 - a row
            return self._joined(checked.local_part, literal)
        domain = checked.ascii_domain.lower()
        return self._joined(checked.local_part, self._domains.facts(domain)) if is_host(domain) else INVALID

    def _joined(self, local: str, known: DomainFacts) -> EmailFacts:
        lower = local.lower()
        return _email_facts(
            True,  # noqa: FBT003 - by position, since this runs for every lead
            lower,
            known.domain,
            known.registrable,
            known.suffix,
            known.disposable,
            known.free,
            known.relay,
            lower.partition("+")[0].translate(_SEPARATORS) in self._roles,
            known.typo_of,
            None,
        )


def _validated(text: str) -> ValidatedEmail | None:
    try:
        return validate_email(
            text,
            check_deliverability=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            globally_deliverable=False,
            strict=True,
        )
    except (EmailNotValidError, UnicodeError):
        return None
