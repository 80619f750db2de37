"""How often the same value was seen shortly before, and how the source has behaved.

A count on an address that many people share (a carrier, an office, a privacy relay, a free mailbox's
domain) says nothing about one of them: it is unknown there.
"""

from collections.abc import Callable
from operator import attrgetter

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.signals.base import Signal

_SHARED_CLASSES = frozenset({"mobile", "corporate", "relay", "private"})


def _shared_address(facts: Facts) -> bool:
    return facts.network is not None and facts.network.ip_class in _SHARED_CLASSES


def _shared_domain(facts: Facts) -> bool:
    email = facts.email
    return email is not None and bool(email.free or email.relay)


def _count(name: str, shared: Callable[[Facts], bool] | None = None) -> Callable[[Lead, Facts], int | None]:
    count: Callable[[object], int | None] = attrgetter(name)
    if shared is None:
        return lambda _lead, facts: count(facts.history)
    return lambda _lead, facts: None if shared(facts) else count(facts.history)


def _source_junk_rate(_lead: Lead, facts: Facts) -> float | None:
    return facts.source_junk_rate


Shared = Callable[[Facts], bool]


def _signal(name: str, reads: str, what: str, span: str, doc: str, shared: Shared | None = None) -> Signal:
    return Signal(
        f"velocity.{name}", 1, int, "earlier leads", (reads, "received_at"),
        f"how many messages came from the same {what} in the {span} before",
        doc, _count(name, shared),
    )  # fmt: skip


_FLOOD = "Earlier leads from the address in that time. Unknown on addresses many people share."
_NETWORK = "Earlier leads from the surrounding /24 or /48, where a script moves between neighbouring addresses."
_DOMAIN = "Earlier leads with the same registrable e-mail domain. Unknown for free mail and privacy relays."
_MESSAGE = "Earlier leads with the same message, case and white space aside. One text sent often is a mailing."

SIGNALS = (
    _signal("ip_hour", "ip", "network address", "hour", _FLOOD, _shared_address),
    _signal("ip_day", "ip", "network address", "day", _FLOOD, _shared_address),
    _signal("ip_week", "ip", "network address", "week", _FLOOD, _shared_address),
    _signal("network_hour", "ip", "network", "hour", _NETWORK, _shared_address),
    _signal("network_day", "ip", "network", "day", _NETWORK, _shared_address),
    _signal("device_day", "device_id", "device", "day", "Earlier leads from the same device in a day."),
    _signal("device_week", "device_id", "device", "week", "Earlier leads from the same device in a week."),
    _signal("domain_hour", "emails", "e-mail domain", "hour", _DOMAIN, _shared_domain),
    _signal("domain_day", "emails", "e-mail domain", "day", _DOMAIN, _shared_domain),
    _signal("domain_week", "emails", "e-mail domain", "week", _DOMAIN, _shared_domain),
    _signal("message_hour", "message", "text", "hour", _MESSAGE),
    _signal("message_day", "message", "text", "day", _MESSAGE),
    _signal("message_week", "message", "text", "week", _MESSAGE),
    _signal("email_month", "emails", "e-mail address", "30 days", "Earlier leads of the same address: a duplicate."),
    _signal("phone_month", "phones", "phone number", "30 days", "Earlier leads of the same phone number: a duplicate."),
    Signal(
        "source.junk_rate", 1, float, "share 0–1", ("source",),
        "how much of what this form or campaign brought earlier was junk",
        "Share of the source's earlier leads that people called junk.",
        _source_junk_rate,
    ),
)  # fmt: skip
