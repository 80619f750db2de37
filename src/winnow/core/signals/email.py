"""The e-mail address and what the message's own authentication says."""

from math import log2

from winnow.core.facts import EmailFacts, Facts
from winnow.core.lead import Lead
from winnow.core.signals.base import Signal

_EMAIL = ("emails",)


def _known(facts: Facts) -> EmailFacts | None:
    """The facts of a well-formed address; None when there is none."""
    email = facts.email
    return email if email is not None and email.valid else None


def _local(facts: Facts) -> str | None:
    email = facts.email
    return email.local if email is not None else None


def _valid(_lead: Lead, facts: Facts) -> bool | None:
    return facts.email.valid if facts.email is not None else None


def _disposable(_lead: Lead, facts: Facts) -> bool | None:
    return facts.email.disposable if facts.email is not None else None


def _free(_lead: Lead, facts: Facts) -> bool | None:
    """Unknown for throw-away addresses and relays, which are neither free mail nor somebody's own domain."""
    email = facts.email
    return email.free if email is not None and not (email.disposable or email.relay) else None


def _relay(_lead: Lead, facts: Facts) -> bool | None:
    return facts.email.relay if facts.email is not None else None


def _role(_lead: Lead, facts: Facts) -> bool | None:
    return facts.email.role if facts.email is not None else None


def _typo(_lead: Lead, facts: Facts) -> bool | None:
    email = _known(facts)
    return email.typo_of is not None if email is not None else None


def _domain_age(_lead: Lead, facts: Facts) -> int | None:
    return facts.email.age_days if facts.email is not None else None


def _plus_tag(_lead: Lead, facts: Facts) -> bool | None:
    local = _local(facts)
    return "+" in local[1:] if local else None


def _local_length(_lead: Lead, facts: Facts) -> int | None:
    local = _local(facts)
    return len(local) if local else None


def _digit_share(_lead: Lead, facts: Facts) -> float | None:
    local = _local(facts)
    return sum(map(str.isdigit, local)) / len(local) if local else None


def _entropy_of(text: str) -> float:
    """Shannon entropy of the characters, in bits per character, to three places."""
    # H = log2(n) - sum(c * log2(c)) / n over the counts c of each character, where a c of 1 adds nothing.
    counts = [text.count(letter) for letter in set(text)]
    repeated = sum([count * log2(count) for count in sorted(counts) if count > 1])
    return round(log2(len(text)) - repeated / len(text), 3)


def _entropy(_lead: Lead, facts: Facts) -> float | None:
    local = _local(facts)
    return _entropy_of(local) if local else None


def _suffix(_lead: Lead, facts: Facts) -> str | None:
    return facts.email.suffix if facts.email is not None else None


def _name_similarity(_lead: Lead, facts: Facts) -> float | None:
    return facts.name_similarity


def _spf(lead: Lead, _facts: Facts) -> str | None:
    return lead.spf


def _dkim(lead: Lead, _facts: Facts) -> str | None:
    return lead.dkim


def _dmarc(lead: Lead, _facts: Facts) -> str | None:
    return lead.dmarc


_RESULT = "`pass`, `fail`, `softfail`, `neutral`, `none`, `temperror` or `permerror`"

SIGNALS = (
    Signal(
        "email.valid", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address is well formed",
        "The address follows the standard's syntax (RFC 5321, RFC 6531). Says nothing about whether it is read.",
        _valid, mutable=True,
    ),
    Signal(
        "email.disposable", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address is from a throw-away provider",
        "The domain is on the list of throw-away mailboxes; privacy relays of real people are not.",
        _disposable, mutable=True,
    ),
    Signal(
        "email.free", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address is from a free provider",
        "A free mailbox such as Gmail: common among genuine small buyers. Unknown for throw-aways and relays.",
        _free, mutable=True,
    ),
    Signal(
        "email.relay", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address is a privacy relay",
        "A forwarding address of a privacy service (iCloud, Firefox, DuckDuckGo): real people who guard their address.",
        _relay, mutable=True,
    ),
    Signal(
        "email.role", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address belongs to a function instead of a person",
        "The local part names a function (info, sales). Normal for small companies.",
        _role, mutable=True,
    ),
    Signal(
        "email.typo", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address looks mistyped",
        "The domain is one slip away from a big provider (gmial.com). Mostly a genuine person in a hurry.",
        _typo, mutable=True,
    ),
    Signal(
        "email.domain_age_days", 1, int, "days", _EMAIL,
        "how long the e-mail domain has existed",
        "Days since the domain was registered; only known when a source of that is configured.",
        _domain_age,
    ),
    Signal(
        "email.plus_tag", 1, bool, "yes/no", _EMAIL,
        "whether the e-mail address carries a tag",
        "A tag after a plus sign. Careful people sort their mail with it; so do testers.",
        _plus_tag, mutable=True,
    ),
    Signal(
        "email.local_length", 1, int, "characters", _EMAIL,
        "the length of the e-mail address",
        "Characters before the at sign. Very long ones are often generated.",
        _local_length, mutable=True,
    ),
    Signal(
        "email.digit_share", 1, float, "share 0–1", _EMAIL,
        "the digits in the e-mail address",
        "Share of digits before the at sign. High in generated addresses; also in countries where numbers are names.",
        _digit_share, mutable=True,
    ),
    Signal(
        "email.entropy", 1, float, "bits per character", _EMAIL,
        "how random the e-mail address looks",
        "Shannon entropy of the characters before the at sign (Shannon 1948). Random strings score high.",
        _entropy, mutable=True,
    ),
    Signal(
        "email.suffix", 1, str, "public suffix", _EMAIL,
        "the ending of the e-mail domain",
        "The public suffix of the domain, such as `com` or `co.uk`. For rules of your own; no default weighs it.",
        _suffix, mutable=True,
    ),
    Signal(
        "email.name_similarity", 1, float, "share 0–1", ("emails", "full_name", "first_name", "last_name"),
        "how well name and e-mail address fit together",
        "How much of the name is found in the address. Unknown when they are written in different scripts.",
        _name_similarity, mutable=True,
    ),
    Signal(
        "mail.spf", 1, str, _RESULT, ("spf",),
        "whether the sending mail server was allowed",
        "SPF result of the message (RFC 7208): about the message, never about the owner of the domain.",
        _spf,
    ),
    Signal(
        "mail.dkim", 1, str, _RESULT, ("dkim",),
        "whether the message's signature holds",
        "DKIM result of the message (RFC 6376): about the message, never about the owner of the domain.",
        _dkim,
    ),
    Signal(
        "mail.dmarc", 1, str, _RESULT, ("dmarc",),
        "whether the sender could be verified",
        "DMARC result of the message (RFC 7489). A fail means somebody may be using another's address.",
        _dmarc,
    ),
)  # fmt: skip
