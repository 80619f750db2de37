"""Who the person says they are, and whether the parts fit together."""

import re

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.scripts import mixes_look_alikes
from winnow.core.signals.base import Signal

_NAMES = ("full_name", "first_name", "last_name")
_PLACEHOLDERS = frozenset(
    "asdf asdfg asdfgh qwerty test tester testing foo bar baz xxx aaa abc abcd none null unknown anonymous "
    "admin".split()
)
_VOWELS = frozenset("aeiouy")

#: The host of a web address in lower case, behind scheme and user, before port, path and query.
_HOST = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:[^/?#]*@)?([^/?#:]*)")


def _customer(_lead: Lead, facts: Facts) -> bool | None:
    return facts.is_customer


def _phone_valid(_lead: Lead, facts: Facts) -> bool | None:
    return facts.phone.valid if facts.phone is not None else None


def _phone_country_match(lead: Lead, facts: Facts) -> bool | None:
    if facts.phone is None or facts.phone.country is None or lead.country is None:
        return None
    return facts.phone.country == lead.country


def _name_words(lead: Lead, _facts: Facts) -> int | None:
    name = lead.name
    return len(name.split()) if name else None


def _name_placeholder(lead: Lead, _facts: Facts) -> bool | None:
    name = lead.name
    if not name:
        return None
    words = name.casefold().split()
    return all(word in _PLACEHOLDERS or (len(word) > 2 and len(set(word)) == 1) for word in words)


def _name_has_digits(lead: Lead, _facts: Facts) -> bool | None:
    name = lead.name
    return any(map(str.isdigit, name)) if name else None


def _name_has_link(lead: Lead, _facts: Facts) -> bool | None:
    name = lead.name
    return "://" in name or "www." in name.lower() if name else None


def _name_vowelless(lead: Lead, _facts: Facts) -> bool | None:
    """Whether a word of five or more Latin letters has no vowel; other scripts are unknown."""
    name = lead.name
    if not name or not name.isascii():
        return None
    return any(len(word) >= 5 and word.isalpha() and _VOWELS.isdisjoint(word) for word in name.lower().split())


def _confusables(lead: Lead, _facts: Facts) -> int | None:
    """Words of name and company that mix letters of scripts that look alike."""
    texts = [text for text in (lead.name, lead.company) if text and not text.isspace()]
    if not texts:
        return None
    return sum([mixes_look_alikes(word) for text in texts if not text.isascii() for word in text.split()])


def _name_given(lead: Lead, _facts: Facts) -> bool | None:
    return bool(lead.name) or None


def _company_given(lead: Lead, _facts: Facts) -> bool | None:
    return True if lead.company and not lead.company.isspace() else None


def _phone_given(lead: Lead, _facts: Facts) -> bool | None:
    return bool(lead.phones) or None


def _company_similarity(_lead: Lead, facts: Facts) -> float | None:
    return facts.company_similarity


def _website_match(lead: Lead, facts: Facts) -> bool | None:
    """Whether the website is on the e-mail's registrable domain; unknown for free mail, relays and other letters."""
    email = facts.email
    if not lead.website or email is None or not email.registrable or email.free or email.relay:
        return None
    address = _HOST.match(lead.website.strip().lower())
    host = address[1].rstrip(".") if address else ""
    if not host.isascii() or "." not in host:
        return None
    return host == email.registrable or host.endswith("." + email.registrable)


SIGNALS = (
    Signal(
        "customer.known", 1, bool, "yes/no", ("emails", "phones"),
        "whether you are already a customer",
        "A known customer or open deal. Protects by itself; for rules about mail that only claims to be theirs.",
        _customer,
    ),
    Signal(
        "identity.phone_valid", 1, bool, "yes/no", ("phones", "country"),
        "whether the phone number can exist",
        "The number is valid in its country's numbering plan. Says nothing about whether it is answered.",
        _phone_valid, mutable=True,
    ),
    Signal(
        "identity.phone_country_match", 1, bool, "yes/no", ("phones", "country"),
        "whether phone number and stated country agree",
        "The number belongs to the stated country. People keep numbers when they move.",
        _phone_country_match, mutable=True,
    ),
    Signal(
        "identity.phone_given", 1, bool, "yes/no", ("phones",),
        "whether a phone number was given",
        "A phone number came with the lead. Its absence is unknown, not a no.",
        _phone_given, mutable=True,
    ),
    Signal(
        "identity.company_given", 1, bool, "yes/no", ("company",),
        "whether a company was given",
        "A company came with the lead. Its absence is unknown: private buyers have none.",
        _company_given, mutable=True,
    ),
    Signal(
        "identity.company_similarity", 1, float, "share 0–1", ("company", "emails"),
        "how well company and e-mail address fit together",
        "How much of the company's name is found in the e-mail domain. Unknown for free mail.",
        _company_similarity, mutable=True,
    ),
    Signal(
        "identity.website_match", 1, bool, "yes/no", ("website", "emails"),
        "whether website and e-mail address belong together",
        "The website is on the domain of the e-mail address. Unknown for free mail.",
        _website_match, mutable=True,
    ),
    Signal(
        "identity.name_given", 1, bool, "yes/no", _NAMES,
        "whether a name was given",
        "Any name came with the lead. Its absence is unknown, not a no.",
        _name_given, mutable=True,
    ),
    Signal(
        "identity.name_words", 1, int, "words", _NAMES,
        "the number of words in the name",
        "Words of the name. One is normal in many cultures; a sentence is not a name.",
        _name_words, mutable=True,
    ),
    Signal(
        "identity.name_placeholder", 1, bool, "yes/no", _NAMES,
        "whether the name is a placeholder",
        "Every word of the name is a keyboard run or a placeholder such as `test`.",
        _name_placeholder, mutable=True,
    ),
    Signal(
        "identity.name_has_digits", 1, bool, "yes/no", _NAMES,
        "digits in the name",
        "The name contains a digit.",
        _name_has_digits, mutable=True,
    ),
    Signal(
        "identity.name_has_link", 1, bool, "yes/no", _NAMES,
        "a web address in the name",
        "The name contains a web address: the mark of form spam.",
        _name_has_link, mutable=True,
    ),
    Signal(
        "identity.confusables", 1, int, "words", (*_NAMES, "company"),
        "letters in name or company that look like others",
        "Words of name and company that mix look-alike letters of several scripts, as when posing as somebody.",
        _confusables, mutable=True,
    ),
    Signal(
        "identity.name_vowelless", 1, bool, "yes/no", _NAMES,
        "whether the name can be pronounced",
        "A word of five or more plain Latin letters without a vowel. Unknown for names in other letters.",
        _name_vowelless, mutable=True,
    ),
)  # fmt: skip
