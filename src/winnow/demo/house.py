"""What the demo company made of the starter ruleset: its own rules and bands, list entries, a draft, a second try."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from winnow.demo.rulebook import POLICY

Document = dict[str, object]

_AUTHOR, _APPROVER = "Leila Haddad", "Jonas Brandt"

#: Bands that hold more than the starter's, and the share of rejections that go blind to a person.
_BANDS: Document = {"tag": -300, "review": 0, "blind_share": 0.05}
_STRICTER: Document = {**_BANDS, "tag": -500, "review": -250}

_RULES: tuple[Document, ...] = (
    {
        "id": "trap-and-server",
        "when": 'form.honeypot && net.ip_class == "hosting"',
        "text": "A program on a rented server filled in the field no person sees",
        "reason": "two independent facts, each of them checked: no buyer writes like this",
        "owner": _AUTHOR,
        "outcome": "reject",
        "deterministic": True,
        "signed_off_by": _APPROVER,
        "examples": [
            {"values": {"form.honeypot": True, "net.ip_class": "hosting"}, "fires": True},
            {"values": {"form.honeypot": True, "net.ip_class": "residential"}, "fires": False},
        ],
    },
    {
        "id": "named-program",
        "when": 'net.agent_class in ["bot", "tool"] && form.fill_seconds < 3.0',
        "text": "A program that says what it is sent the form within three seconds",
        "reason": "monitors and crawlers name themselves; nobody waits for an answer",
        "owner": _AUTHOR,
        "outcome": "reject",
        "deterministic": True,
        "signed_off_by": _APPROVER,
        "examples": [
            {"values": {"net.agent_class": "tool", "form.fill_seconds": 1.0}, "fires": True},
            {"values": {"net.agent_class": "browser", "form.fill_seconds": 1.0}, "fires": False},
        ],
    },
)

#: A rule that seemed a good idea, and held small firms up for a day: see winnow.bootstrap.demo.governing.
_MISTAKE: Document = {
    "id": "free-mail",
    "when": "email.free",
    "text": "Written from a free mail address",
    "reason": "most junk comes from free mail",
    "owner": _AUTHOR,
    "outcome": "review",
    "examples": [
        {"values": {"email.free": True}, "fires": True},
        {"values": {"email.free": False}, "fires": False},
    ],
}

#: A rule that is being written, and so is in force nowhere.
DRAFT: Document = {
    "id": "same-device-again",
    "when": "velocity.device_week >= 3",
    "text": "The same device sent several forms within a week",
    "reason": "trials are collected with ever new names",
    "owner": _AUTHOR,
    "points": 700,
    "examples": [
        {"values": {"velocity.device_week": 4}, "fires": True},
        {"values": {"velocity.device_week": 1}, "fires": False},
    ],
}


def house_ruleset(starter: Mapping[str, object]) -> Document:
    """The ruleset the demo company lives with."""
    return _after(starter, "house-2", "Holds more for people, and rejects what two facts prove.", _BANDS)


def mistaken_ruleset(starter: Mapping[str, object]) -> Document:
    """The one it went back from within a day."""
    rules = house_ruleset(starter)["rules"]
    assert isinstance(rules, list)  # noqa: S101  # as every ruleset's document
    note = "Holds what comes from free mail."
    return {**_after(starter, "house-2-free-mail", note, _BANDS), "rules": [*rules, _MISTAKE]}


def stricter_ruleset(starter: Mapping[str, object]) -> Document:
    """The one it tries in shadow."""
    return _after(starter, "house-3-draft", "Would hold still more. In shadow, to see what that costs.", _STRICTER)


def _after(starter: Mapping[str, object], called: str, note: str, bands: Document) -> Document:
    rules, policy = starter["rules"], starter["policy"]
    assert isinstance(rules, list)  # noqa: S101  # as above
    assert isinstance(policy, Mapping)  # noqa: S101  # as above
    return {
        **starter,
        "id": called,
        "note": note,
        "policy": {**policy, **POLICY},
        "thresholds": bands,
        "rules": [{**rule, "owner": _AUTHOR} for rule in rules] + list(_RULES),
    }


def list_entries(now: datetime) -> tuple[Document, ...]:
    """Entries as people added them early on; one of them ends within days."""
    return (
        {
            "action": "allow",
            "kind": "cidr",
            "value": "81.137.200.0/28",
            "owner": "Rosa Lindqvist",
            "reason": "co-working space in Leeds: several of our customers rent there",
        },
        {
            "action": "allow",
            "kind": "cidr",
            "value": "87.139.64.0/28",
            "owner": "Rosa Lindqvist",
            "reason": "co-working space in Munich",
        },
        {
            "action": "block",
            "kind": "domain",
            "value": "rankings-now.example",
            "owner": "Tomasz Zielinski",
            "reason": "sells search rankings, eleven times in a month",
            "source": "person",
            "expires_at": (now + timedelta(days=9)).isoformat(timespec="seconds"),
        },
        {
            "action": "block",
            "kind": "company",
            "value": "Bright Leads Agency",
            "owner": _AUTHOR,
            "reason": "asked to stop writing, twice",
        },
    )
