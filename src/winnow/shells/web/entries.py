"""Allow and block entries as people write and read them: their words, and what a form says."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final

from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import ACQUISITION_SCOPES, Scope
from winnow.shells.web.navigation import N_
from winnow.shells.web.posted import Form
from winnow.shells.web.view import View

ACTIONS: Final[Mapping[str, str]] = {
    ListAction.BLOCK: N_("Block: hold the lead"),
    ListAction.ALLOW: N_("Allow: let the lead through"),
}
#: Kinds by how people call them, the narrowest first, each with how a value is written.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    ListKind.EMAIL: (N_("E-mail address"), "ana@example.com"),
    ListKind.PHONE: (N_("Phone number"), "+493012345678"),
    ListKind.DEVICE: (N_("Device"), "d-4711"),
    ListKind.MESSAGE: (N_("Message, by its digits"), "9f86d081884c7d65"),
    ListKind.IP: (N_("IP address"), "192.0.2.7"),
    ListKind.HOST: (N_("Mail host, exactly"), "mail.example.com"),
    ListKind.DOMAIN: (N_("Domain and all below"), "example.com"),
    ListKind.COMPANY: (N_("Company"), "Example GmbH"),
    ListKind.CIDR: (N_("Network"), "192.0.2.0/24"),
    ListKind.ASN: (N_("Network operator, by its number"), "64500"),
}
SOURCES: Final[Mapping[str, str]] = {
    "person": N_("a person"),
    "import": N_("an import"),
    "feedback": N_("feedback"),
    "rule": N_("a rule"),
}
SCOPES: Final[Mapping[str, str]] = {
    Scope.SALES: N_("sales"),
    Scope.MARKETING: N_("marketing"),
    Scope.SUPPORT: N_("support"),
    Scope.BILLING: N_("billing"),
    Scope.PORTAL: N_("portal"),
}

#: What may concern more than one person: whom it would have matched is looked at before it is added.
BROAD: Final = frozenset({ListKind.HOST, ListKind.DOMAIN, ListKind.COMPANY, ListKind.CIDR, ListKind.ASN})

#: An entry without an end should be looked at again after so long.
REVIEWED_EVERY: Final = timedelta(days=365)

#: Past decisions a new entry is tried on, and those that tell what may go: some seconds' work.
LOOKED_BACK: Final = 2_000
TIDIED_OVER: Final = 5_000

#: What speaks against an entry or a rule.
REPROACHES: Final[Mapping[str, str]] = {
    "expired": N_("has expired"),
    "never_hit": N_("never matched"),
    "contradicted": N_("contradicted"),
    "shadowed": N_("never decides"),
    "duplicate": N_("a duplicate"),
}


def document_of(form: Form, zone: tzinfo) -> dict[str, object]:
    """The entry a form describes; raises InvalidInputError for what cannot be read."""
    said: dict[str, object] = {
        name: form.text(name, most=2_000) for name in ("action", "kind", "value", "owner", "reason")
    }
    said["scopes"] = scopes_of(form)
    expires = form.day("expires_at", zone)
    return said if expires is None else {**said, "expires_at": expires.isoformat()}


def scopes_of(form: Form) -> list[str]:
    """Where it applies; before anything was said: where entries usually do."""
    return sorted(form.texts("scopes") if form.typed else ACQUISITION_SCOPES)


def mark_of(document: Mapping[str, object]) -> str:
    """What a preview was about, so that another entry is not added unseen."""
    return " ".join(str(document[name]) for name in ("action", "kind", "value", "scopes"))


def is_broad(document: Mapping[str, object]) -> bool:
    """Whether an entry may concern more than one person."""
    return document["kind"] in BROAD


def review_at(entry: ListEntry) -> datetime | None:
    """When somebody should look at an entry again that has no end of its own; None for one that has."""
    if entry.expires_at is not None or entry.created_at is None:
        return None
    return entry.created_at + REVIEWED_EVERY


def options(view: View, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """What can be chosen, in the words of whoever chooses."""
    return [(code, view.words.gettext(text)) for code, text in said.items()]


def kind_options(view: View) -> list[tuple[str, str]]:
    """The kinds, each with how a value is written."""
    said = view.words.gettext(N_("%(kind)s, like %(example)s"))
    return [
        (kind, said % {"kind": view.words.gettext(words), "example": example})
        for kind, (words, example) in KINDS.items()
    ]
