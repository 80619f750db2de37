"""Asks an OpenID provider: where to send people, what a code is worth, and whether a token is really its own.

Its signatures are checked with joserfc, by algorithms named here and never by what a token asks for.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from winnow.core.people.oidc import Asked, challenge
from winnow.errors import NotAuthenticatedError, UnavailableError

#: Sends a request, (method, URL, headers, body); gives status and body, and raises UnavailableError.
Fetch = Callable[[str, str, Mapping[str, str], bytes], tuple[int, bytes]]

#: How tokens may be signed: with a key pair only. `none` is no signature, and what is signed with a shared secret
#: (HS256) could be made with the public key as that secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")

#: Seconds for which what the provider says of itself is believed, and between two looks at its keys.
BELIEVED_SECONDS, KEYS_AGAIN_SECONDS = 3_600.0, 60.0

_OK = 200
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Client:
    """This installation as the provider knows it."""

    issuer: str
    id: str
    secret: str = field(default="", repr=False)


@dataclass(slots=True)
class _Remembered:
    """Something the provider said, and until when it need not be asked again."""

    what: Any = None
    until: float = float("-inf")


class OpenIdProvider:
    """See the port Provider. May be used by several threads."""

    def __init__(self, client: Client, fetch: Fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._fetch = fetch
        self._monotonic = monotonic
        self._itself, self._keys = _Remembered(), _Remembered()
        self._turn = Lock()

    @property
    def issuer(self) -> str:
        """Its address, which names it."""
        return self._client.issuer

    @property
    def client(self) -> str:
        """What it calls this installation."""
        return self._client.id

    def address(self, asked: Asked, back: str) -> str:
        """Where to send a browser, which is sent to `back` afterwards (code flow, RFC 6749 section 4.1; RFC 7636)."""
        query = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": back,
            "scope": _SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge(asked.verifier),
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if asked.again is not None else {}),
        }
        endpoint = self._metadata()["authorization_endpoint"]
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"

    def claims(self, code: str, asked: Asked, back: str) -> Mapping[str, Any]:
        """What the ID token says that a code is changed for; its signature holds, and nothing else was checked."""
        token = self._token(code, asked, back)
        for fresh in (False, True):  # a key that is not known may be a new one
            keys = self._key_set(fresh=fresh)
            try:
                return jwt.decode(token, keys, list(ALGORITHMS)).claims
            except (JoseError, ValueError):
                continue
        raise NotAuthenticatedError("the provider's token is not signed by it", fix="begin to sign in again")

    def _token(self, code: str, asked: Asked, back: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": asked.verifier}
        headers, more = self._credentials()
        body = urlencode({**form, **more}).encode()
        content_type = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        status, answer = self._fetch("POST", self._metadata()["token_endpoint"], {**content_type, **headers}, body)
        token = _object(answer).get("id_token") if status == _OK else None
        if not isinstance(token, str):
            raise NotAuthenticatedError("the provider did not change the code for a token", fix="begin again")
        return token

    def _credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        """How we prove who we are: as headers and as fields of the form (RFC 6749 section 2.3.1)."""
        client = self._client
        if not client.secret:
            return {}, {"client_id": client.id}
        known = self._metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in known and "client_secret_post" in known:
            return {}, {"client_id": client.id, "client_secret": client.secret}
        pair = f"{quote_plus(client.id)}:{quote_plus(client.secret)}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode('ascii')}"}, {}

    def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        now = self._monotonic()
        with self._turn:
            if now >= self._itself.until:
                said = self._read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if said.get("issuer") != self.issuer:
                    raise UnavailableError("the provider calls itself something else", fix="correct `oidc.issuer`")
                if not all(self._may_be(said.get(name)) for name in _NEEDED):
                    raise UnavailableError("the provider does not say where it is asked", fix="check `oidc.issuer`")
                self._itself = _Remembered(said, now + BELIEVED_SECONDS)
            found: dict[str, Any] = self._itself.what
        return found

    def _may_be(self, address: object) -> bool:
        """Whether it is an address with TLS, or like the provider's own, which somebody has set."""
        own = f"{urlsplit(self.issuer).scheme}://"
        return isinstance(address, str) and address.startswith(("https://", own))

    def _key_set(self, *, fresh: bool) -> KeySet:
        """Its keys; `fresh`: as they are now, unless they were read only just now."""
        address, now = self._metadata()["jwks_uri"], self._monotonic()
        with self._turn:
            if now >= self._keys.until or (fresh and now >= self._keys.until - BELIEVED_SECONDS + KEYS_AGAIN_SECONDS):
                self._keys = _Remembered(_asymmetric(self._read(address)), now + BELIEVED_SECONDS)
            found: KeySet = self._keys.what
        return found

    def _read(self, address: str) -> dict[str, Any]:
        status, answer = self._fetch("GET", address, {"Accept": "application/json"}, b"")
        if status != _OK:
            raise UnavailableError(f"the provider answered with the status {status}", fix="try again later")
        return _object(answer)


def _asymmetric(document: Mapping[str, Any]) -> KeySet:
    """The public keys of a set; those of kinds that are not known here are left out."""
    found = []
    for each in document.get("keys") or ():
        if isinstance(each, dict) and each.get("kty") in {"RSA", "EC", "OKP"} and each.get("use", "sig") == "sig":
            try:
                found += KeySet.import_key_set({"keys": [each]}).keys
            except (JoseError, ValueError):
                continue
    return KeySet(found)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnavailableError("the provider's answer is not understood", fix="check `oidc.issuer`")
    return found
