"""Whether an ID token whose signature holds is an answer to what we asked, and whom it means (OpenID Connect Core 1.0).

Everything here is about claims; the signature is checked before, and by somebody else.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from winnow.core.people.accounts import roles_of
from winnow.errors import InvalidInputError, NotAuthenticatedError

#: What the clocks of two machines may differ by.
LEEWAY = timedelta(minutes=1)
#: An ID token that was made longer ago is not an answer to anything asked lately.
OLDEST = timedelta(minutes=10)
#: For so long somebody may take to sign in at the provider.
ASKED_FOR = timedelta(minutes=10)

_LONGEST_SUBJECT = 255
_PERSON = b"winnow oidc"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent to the provider with, and takes back to us sealed.

    state, nonce, verifier: by lot · at: when, aware · page: where to go on afterwards
    again: who has to prove anew who they are; None when somebody signs in
    """

    state: str
    nonce: str
    verifier: str
    at: datetime
    page: str = "/"
    again: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider means.

    subject: its name for somebody, which never changes and never means another
    email: only if the provider has verified it · groups: the values of the claim that says what their roles are
    """

    issuer: str
    subject: str
    email: str | None = None
    name: str = ""
    groups: tuple[str, ...] = ()


def challenge(verifier: str) -> str:
    """The code challenge of a verifier by the method S256 (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def subject_digest(identity: Identity, pepper: bytes) -> bytes:
    """The keyed hash under which a provider's name for somebody is kept, 32 bytes; no two pairs have the same text."""
    text = f"{len(identity.issuer)}:{identity.issuer}{identity.subject}".encode()
    return hashlib.blake2b(text, key=pepper, digest_size=32, person=_PERSON).digest()


def check_state(asked: Asked | None, state: str, now: datetime) -> Asked:
    """What this browser was sent with; raises NotAuthenticatedError when it was not sent by us, or too long ago."""
    if asked is None or not hmac.compare_digest(asked.state.encode(), state.encode("utf-8", "surrogatepass")):
        raise _refused("this browser did not begin to sign in, or began again elsewhere")
    if not timedelta() <= now - asked.at + LEEWAY <= ASKED_FOR + LEEWAY:
        raise _refused("signing in took too long")
    return asked


def identity_of(
    claims: Mapping[str, Any], issuer: str, client: str, asked: Asked, now: datetime, *, roles_claim: str = ""
) -> Identity:
    """Whom a token means, if it is meant for us now (section 3.1.3.7); raises NotAuthenticatedError.

    client: our id at the provider · now: aware
    """
    if claims.get("iss") != issuer:
        raise _refused("the token is of another issuer")
    _check_audience(claims, client)
    _check_times(claims, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode("utf-8", "surrogatepass"), asked.nonce.encode()
    ):
        raise _refused("the token answers another question")
    if asked.again is not None and not _moment_of(claims, "auth_time") >= _seconds(asked.at - LEEWAY):
        raise _refused("the provider did not ask anew who this is")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise _refused("the token names nobody")
    return Identity(issuer, subject, _email(claims), _text(claims, "name"), _groups(claims, roles_claim))


def mapped_roles(groups: Iterable[str], roles: Mapping[str, str]) -> frozenset[str]:
    """The roles that some groups have; maybe none."""
    return frozenset(roles[group] for group in groups if group in roles)


def read_roles(texts: Iterable[str]) -> dict[str, str]:
    """Roles by group from `group=role`; raises InvalidInputError."""
    found = {}
    for text in texts:
        group, equals, role = text.rpartition("=")
        if not equals or not group.strip():
            raise InvalidInputError(f"`{text[:60]}` is no role for a group", where="oidc.roles", fix="write group=role")
        (found[group.strip()],) = roles_of([role.strip()])
    return found


def _check_audience(claims: Mapping[str, Any], client: str) -> None:
    """The token has to be for us; one for others as well has to have been asked for by us."""
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    if client not in several or (len(several) > 1 and party is None) or party not in {None, client}:
        raise _refused("the token is for another client")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    if not _moment_of(claims, "exp") > _seconds(now - LEEWAY):  # a time that is no number has passed, too
        raise _refused("the token has expired")
    made = _moment_of(claims, "iat")
    if not _seconds(now - OLDEST - LEEWAY) <= made <= _seconds(now + LEEWAY):
        raise _refused("the token was not made just now")
    if "nbf" in claims and not _moment_of(claims, "nbf") <= _seconds(now + LEEWAY):
        raise _refused("the token does not hold yet")


def _moment_of(claims: Mapping[str, Any], name: str) -> float:
    """A moment in seconds since 1970."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(f"the token does not say `{name}`")
    return value


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _email(claims: Mapping[str, Any]) -> str | None:
    """The address, if the provider says in so many words that it is theirs: `"true"` as text does not count."""
    email = claims.get("email")
    return email if isinstance(email, str) and claims.get("email_verified") is True else None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _groups(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The values of a claim, one or several; of one within another, its way is written with points."""
    value: Any = claims if name else None
    for part in [name] if name in claims else name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    several = value if isinstance(value, list) else [value]
    return tuple(each for each in several if isinstance(each, str))


def _refused(what: str) -> NotAuthenticatedError:
    return NotAuthenticatedError(what, fix="begin to sign in again")
