"""Where the lead came from: the network address and the program that sent it."""

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.signals.base import Signal

_IP = ("ip",)


def _ip_class(_lead: Lead, facts: Facts) -> str | None:
    return facts.network.ip_class if facts.network is not None else None


def _asn(_lead: Lead, facts: Facts) -> int | None:
    return facts.network.asn if facts.network is not None else None


def _ip_country(_lead: Lead, facts: Facts) -> str | None:
    return facts.network.country if facts.network is not None else None


def _country_match(lead: Lead, facts: Facts) -> bool | None:
    network = facts.network
    if network is None or network.country is None or lead.country is None:
        return None
    # People behind a relay, a VPN or a company's gateway are elsewhere on purpose: their country says nothing.
    if network.ip_class in {"relay", "vpn", "corporate", "tor", "private"}:
        return None
    return network.country == lead.country


def _timezone_match(lead: Lead, facts: Facts) -> bool | None:
    if lead.country is None or not facts.timezone_countries:
        return None
    return lead.country in facts.timezone_countries


def _agent_class(_lead: Lead, facts: Facts) -> str | None:
    return facts.agent_class


SIGNALS = (
    Signal(
        "net.ip_class", 1, str,
        "`residential`, `mobile`, `corporate`, `relay`, `hosting`, `vpn`, `tor` or `private`", _IP,
        "the kind of network the message came from",
        "What the address is used for. Data centres host scripts, but also the VPNs of careful people.",
        _ip_class, mutable=True,
    ),
    Signal(
        "net.asn", 1, int, "AS number", _IP,
        "the operator of the network the message came from",
        "Number of the autonomous system. For lists and rules of your own; no default weighs it.",
        _asn, mutable=True,
    ),
    Signal(
        "net.ip_country", 1, str, "ISO 3166-1 alpha-2", _IP,
        "the country of the network the message came from",
        "Country of the network. For rules of your own; no default weighs a country.",
        _ip_country, mutable=True,
    ),
    Signal(
        "net.country_match", 1, bool, "yes/no", ("ip", "country"),
        "whether stated country and network country agree",
        "The stated country is that of the network. Unknown for relays, VPNs and company gateways.",
        _country_match, mutable=True,
    ),
    Signal(
        "net.timezone_match", 1, bool, "yes/no", ("timezone", "country"),
        "whether stated country and time zone agree",
        "The browser's time zone is used in the stated country. Travellers differ too.",
        _timezone_match, mutable=True,
    ),
    Signal(
        "net.agent_class", 1, str, "`browser`, `bot`, `tool` or `headless`", ("user_agent",),
        "the program the message was sent with",
        "What kind of program the user agent names. Honest scripts name themselves.",
        _agent_class, mutable=True,
    ),
)  # fmt: skip
