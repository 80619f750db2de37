"""The provider is believed only what it signed itself, with a key pair, and only about itself."""

import base64
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey

from winnow.adapters.oidc.provider import BELIEVED_SECONDS, KEYS_AGAIN_SECONDS, Client, OpenIdProvider
from winnow.core.people.oidc import Asked, challenge
from winnow.errors import NotAuthenticatedError, UnavailableError

ISSUER = "https://login.example"
BACK = "https://winnow.example/sign-in/oidc/back"
ASKED = Asked("s" * 52, "n" * 52, "v" * 52, datetime(2026, 11, 22, tzinfo=UTC))
CLAIMS = {"sub": "7", "nonce": "n"}
RSA, OTHER, EC, ED = (
    RSAKey.generate_key(2048, {"kid": "rsa"}),
    RSAKey.generate_key(2048, {"kid": "rsa"}),
    ECKey.generate_key("P-256", {"kid": "ec"}),
    OKPKey.generate_key("Ed25519", {"kid": "ed"}),
)
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


class Endpoints:
    """What the provider answers; `asked` are the requests it got."""

    def __init__(self):
        self.keys: list[Key] = [RSA, EC, ED]
        self.metadata, self.token = dict(METADATA), signed("RS256", RSA)
        self.asked, self.status, self.time = [], 200, 0.0

    def __call__(self, method, url, headers, body):
        self.asked.append((method, url, dict(headers), dict(parse_qsl(body.decode()))))
        if url.endswith("openid-configuration"):
            return 200, json.dumps(self.metadata).encode()
        if url.endswith("/keys"):
            return 200, json.dumps(KeySet(self.keys).as_dict(private=False)).encode()
        return self.status, json.dumps({"id_token": self.token}).encode()

    def provider(self, secret="s:cret/"):
        return OpenIdProvider(Client(ISSUER, "winnow", secret), self, lambda: self.time)

    def count(self, end):
        return sum(url.endswith(end) for _, url, _, _ in self.asked)


def signed(alg, key, **header):
    kid = {"kid": key.kid} if key.kid else {}
    return jwt.encode({"alg": alg, **kid, **header}, CLAIMS, key, [alg])


def part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def unsigned(alg):
    return f"{part({'alg': alg, 'kid': 'rsa'})}.{part(CLAIMS)}."


def with_public_key_as_secret():
    """What a program accepts that lets the token say how it is to be checked."""
    said = f"{part({'alg': 'HS256', 'kid': 'rsa'})}.{part(CLAIMS)}"
    mac = hmac.digest(RSA.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def altered():
    head, _, signature = signed("RS256", RSA).split(".")
    return f"{head}.{part({**CLAIMS, 'sub': '8'})}.{signature}"


@pytest.fixture
def endpoints():
    return Endpoints()


@pytest.mark.parametrize(("alg", "key"), [("RS256", RSA), ("PS256", RSA), ("ES256", EC), ("Ed25519", ED)])
def test_what_the_provider_signed_is_believed(endpoints, alg, key):
    endpoints.token = signed(alg, key)
    assert endpoints.provider().claims("code", ASKED, BACK) == CLAIMS


@pytest.mark.parametrize(
    "token",
    [
        unsigned("none"),
        unsigned("None"),
        unsigned("RS256"),
        with_public_key_as_secret(),
        altered(),
        signed("RS256", OTHER),
        signed("ES256", ECKey.generate_key("P-256", {"kid": "elsewhere"})),
        signed("RS256", OTHER, jwk=OTHER.as_dict(private=False)),
        signed("RS256", OTHER, jku="https://evil.example/keys"),
        "",
        "a.b.c",
        "x",
        "ä.ö.ü",
    ],
)
def test_nothing_else_is(endpoints, token):
    endpoints.token = token
    with pytest.raises(NotAuthenticatedError, match="not signed by it"):
        endpoints.provider().claims("code", ASKED, BACK)
    assert not any("evil" in url for _, url, _, _ in endpoints.asked)


def test_a_secret_among_its_keys_is_not_used(endpoints):
    secret = OctKey.generate_key(256, {"kid": "oct"})
    endpoints.token = signed("HS256", secret)
    endpoints.keys = [RSA]
    real = endpoints.__call__

    def leaking(method, url, headers, body):
        status, answer = real(method, url, headers, body)
        if url.endswith("/keys"):
            answer = json.dumps(
                {"keys": [RSA.as_dict(private=False), secret.as_dict(private=True), {"kty": "?"}]}
            ).encode()
        return status, answer

    provider = OpenIdProvider(Client(ISSUER, "winnow"), leaking, lambda: 0.0)
    with pytest.raises(NotAuthenticatedError, match="not signed by it"):
        provider.claims("code", ASKED, BACK)


def test_a_browser_is_sent_with_all_that_binds_the_answer(endpoints):
    endpoints.metadata["authorization_endpoint"] += "?tenant=1"
    address = endpoints.provider().address(ASKED, BACK)
    assert address.startswith(f"{ISSUER}/authorize?tenant=1&")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert asked == {
        "tenant": "1",
        "response_type": "code",
        "client_id": "winnow",
        "redirect_uri": BACK,
        "scope": "openid email profile",
        "state": ASKED.state,
        "nonce": ASKED.nonce,
        "code_challenge": challenge(ASKED.verifier),
        "code_challenge_method": "S256",
    }
    assert ASKED.verifier not in address


@pytest.mark.parametrize(
    ("methods", "secret", "authorization", "more"),
    [
        (None, "s:cret/", "Basic d2lubm93OnMlM0FjcmV0JTJG", {}),
        (["client_secret_post", "client_secret_basic"], "s:cret/", "Basic d2lubm93OnMlM0FjcmV0JTJG", {}),
        (["client_secret_post"], "s:cret/", None, {"client_id": "winnow", "client_secret": "s:cret/"}),
        (["none"], "", None, {"client_id": "winnow"}),
    ],
)
def test_the_code_is_changed_with_the_verifier_and_our_secret(endpoints, methods, secret, authorization, more):
    if methods:
        endpoints.metadata["token_endpoint_auth_methods_supported"] = methods
    endpoints.provider(secret).claims("the code", ASKED, BACK)
    (posted,) = [each for each in endpoints.asked if each[0] == "POST"]
    code = {"grant_type": "authorization_code", "code": "the code", "redirect_uri": BACK}
    assert posted[1] == f"{ISSUER}/token"
    assert posted[2].get("Authorization") == authorization
    assert posted[3] == {**code, "code_verifier": ASKED.verifier, **more}


def test_a_code_that_is_worth_nothing_is_refused(endpoints):
    endpoints.status = 400
    with pytest.raises(NotAuthenticatedError, match="did not change the code"):
        endpoints.provider().claims("code", ASKED, BACK)


def test_it_is_asked_about_itself_once_an_hour(endpoints):
    provider = endpoints.provider()
    for _ in range(3):
        provider.claims("code", ASKED, BACK)
    assert (endpoints.count("configuration"), endpoints.count("/keys")) == (1, 1)
    endpoints.time = BELIEVED_SECONDS
    provider.claims("code", ASKED, BACK)
    assert (endpoints.count("configuration"), endpoints.count("/keys")) == (2, 2)


def test_a_new_key_is_found_and_a_made_up_one_does_not_have_it_asked_again_and_again(endpoints):
    provider = endpoints.provider()
    endpoints.keys = [OTHER]
    endpoints.token = signed("RS256", OTHER)
    provider.claims("code", ASKED, BACK)
    endpoints.keys, endpoints.token = [EC], signed("ES256", EC)
    for _ in range(5):
        with pytest.raises(NotAuthenticatedError):
            provider.claims("code", ASKED, BACK)
    assert endpoints.count("/keys") == 1
    endpoints.time = KEYS_AGAIN_SECONDS
    assert provider.claims("code", ASKED, BACK) == CLAIMS
    assert endpoints.count("/keys") == 2


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({**METADATA, "issuer": "https://evil.example"}, "calls itself something else"),
        ({**METADATA, "issuer": ISSUER + "/"}, "calls itself something else"),
        ({**METADATA, "token_endpoint": None}, "does not say where"),
        ({**METADATA, "token_endpoint": "http://login.example/token"}, "does not say where"),
        ({**METADATA, "authorization_endpoint": "javascript:alert(1)"}, "does not say where"),
        ([], "not understood"),
    ],
)
def test_one_that_cannot_be_understood_is_not_used(endpoints, metadata, why):
    endpoints.metadata = metadata
    with pytest.raises(UnavailableError, match=why):
        endpoints.provider().address(ASKED, BACK)
