"""Wiring of the OpenID provider that people may sign in with, and of how a browser carries what we asked."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from winnow.adapters.db.oidc_subjects import StoredSubjects
from winnow.adapters.db.vault import Vault
from winnow.adapters.keys import new_secret
from winnow.adapters.outbound.client import Client as WayOut
from winnow.adapters.outbound.guard import HTTPS_PORT, Guard, allowed_networks, checked_host, checked_url
from winnow.adapters.outbound.resolve import system_addresses
from winnow.config import Config
from winnow.core.people.oidc import Asked, read_roles
from winnow.errors import InvalidInputError, UnavailableError, WinnowError
from winnow.services.oidc import OidcDesk, OidcRules

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

#: Seconds in which the provider must have answered each question.
_SECONDS = 10.0
#: Questions asked at the same time; whoever asks more of them holds up nobody but themselves.
_AT_ONCE = 8
_ABOUT = "oidc sign-in"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Turns what a browser was sent with into a text that only we can read, and back."""

    vault: Vault

    def seal(self, asked: Asked) -> str:
        """As letters, digits, `-` and `_`."""
        content = json.dumps({**asdict(asked), "at": asked.at.isoformat()}).encode()
        return base64.urlsafe_b64encode(self.vault.seal_own(content, _ABOUT)).rstrip(b"=").decode("ascii")

    def open(self, text: str | None) -> Asked | None:
        """None for what was not sealed here."""
        try:
            content = base64.urlsafe_b64decode(f"{text or ''}==".encode("ascii", "replace"))
            said = json.loads(self.vault.open_own(content, _ABOUT))
        except (ValueError, WinnowError):
            return None
        return Asked(**{**said, "at": datetime.fromisoformat(said["at"])})


@dataclass(frozen=True, slots=True)
class Oidc:
    """Signing in with a provider."""

    desk: OidcDesk
    sealed: Sealed


def make_oidc(service: "Service") -> Oidc | None:
    """None where no provider is set; raises InvalidInputError for settings that do not fit."""
    config, issuer = service.config, service.config.text("oidc.issuer").strip()
    if not issuer:
        return None
    from winnow.adapters.oidc.provider import Client, OpenIdProvider  # noqa: PLC0415  # a start without one is quicker

    client = Client(issuer, config.text("oidc.client_id").strip(), config.text("oidc.client_secret"))
    if not client.id:
        fix = "give what the provider calls this installation"
        raise InvalidInputError("the provider does not know us by any name", where="oidc.client_id", fix=fix)
    stores = service.people, StoredSubjects(service.engine, service.journal)
    pepper, draw = service.keys.hashing("oidc subjects"), (service.new_id, new_secret)
    fetch = partial(_fetch, _way_out(config, issuer), BoundedSemaphore(_AT_ONCE))
    provider = OpenIdProvider(client, fetch)
    return Oidc(OidcDesk(provider, stores, _rules(config), pepper, service.clock, draw), Sealed(service.vault))


def _rules(config: Config) -> OidcRules:
    rules = OidcRules(
        config.text("oidc.roles_claim").strip(), read_roles(config.texts("oidc.roles")), config.flag("oidc.allow_new")
    )
    if (rules.roles_claim or rules.allow_new) and not (rules.roles_claim and rules.roles):
        what = "nobody would have a role"
        raise InvalidInputError(what, where="oidc.roles", fix="give `oidc.roles_claim` and `oidc.roles`")
    return rules


def _way_out(config: Config, issuer: str) -> WayOut:
    """The only way to the provider: public addresses, with TLS, unless the settings name networks of one's own."""
    try:
        parts = urlsplit(issuer)
        checked_host(checked_url(issuer))
        port = parts.port or HTTPS_PORT
    except (ValueError, InvalidInputError):
        what = f"`{issuer[:60]}` is no address of a provider"
        raise InvalidInputError(what, where="oidc.issuer", fix="write it like https://login.example") from None
    networks = allowed_networks(config.texts("oidc.allow_networks"), "oidc.allow_networks")
    if parts.scheme != "https" and not networks:
        fix = "use https; plain http is for networks of `oidc.allow_networks`"
        raise InvalidInputError("the provider would be asked in the clear", where="oidc.issuer", fix=fix)
    return WayOut(Guard(system_addresses, networks, frozenset({port, HTTPS_PORT}), section="oidc"))


def _fetch(
    way_out: WayOut, turn: BoundedSemaphore, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytes]:
    if not turn.acquire(blocking=False):
        raise UnavailableError("too many people are signing in at this moment", fix="try again")
    try:
        return way_out.fetch(method, url, headers, body, timeout=_SECONDS)
    except UnavailableError as error:
        raise UnavailableError(f"the provider cannot be asked: {error.what}", fix=error.fix) from None
    finally:
        turn.release()
