"""Which way a signal may speak about junk, where that is known before any data is seen.

A shape that must not turn back cannot learn that, say, the hidden field being filled in is a good sign because of
a few odd leads. Signals not named here may take any shape. All this is about junk: what makes a lead buy is not
known beforehand.
"""

from collections.abc import Iterable

from winnow.core.scorecard import JUNK

#: More of it never makes junk less likely; a yes never does either.
RISING = frozenset({
    "email.disposable",
    "form.honeypot",
    "form.pasted_fields",
    "identity.confusables",
    "identity.name_has_digits",
    "identity.name_has_link",
    "identity.name_placeholder",
    "source.junk_rate",
    "text.addresses",
    "text.confusables",
    "text.gibberish",
    "text.links",
    "text.pitch",
    "text.repetition",
    "velocity.device_day",
    "velocity.device_week",
    "velocity.domain_day",
    "velocity.domain_hour",
    "velocity.domain_week",
    "velocity.email_month",
    "velocity.ip_day",
    "velocity.ip_hour",
    "velocity.ip_week",
    "velocity.message_day",
    "velocity.message_hour",
    "velocity.message_week",
    "velocity.network_day",
    "velocity.network_hour",
    "velocity.phone_month",
})  # fmt: skip

#: More of it never makes junk more likely; a yes never does either.
FALLING = frozenset({
    "customer.known",
    "email.domain_age_days",
    "email.name_similarity",
    "email.valid",
    "identity.company_similarity",
    "identity.phone_valid",
    "identity.website_match",
    "net.country_match",
    "net.timezone_match",
})  # fmt: skip


def directions(target: str, names: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The signals among these that may only rise, and those that may only fall, for this target."""
    if target != JUNK:
        return frozenset(), frozenset()
    chosen = frozenset(names)
    return chosen & RISING, chosen & FALLING
