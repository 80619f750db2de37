"""Where every request with a key comes in: who asks is recognised, guessing is limited, and so is asking too often.

All of it happens at once, without giving the loop to another request in between, so guesses made in parallel
are counted like guesses one after another.
"""

from collections.abc import Hashable

from winnow.core.apikeys import ApiKey, Scope, Token, parse_token
from winnow.errors import NotAuthenticatedError
from winnow.services.api_keys import KeyRing
from winnow.shells.http.limits import Limit, Rate, origin_of
from winnow.shells.http.problem import TOO_MANY_REQUESTS, RefusedRequestError

#: Wrong keys from one address: a program with a wrong setting notices, a guesser gets nowhere.
GUESSES = Rate(per_second=0.1, burst=10)

_BEARER = b"bearer "


class Door:
    """Lets in whoever has a key; for one thread."""

    def __init__(self, ring: KeyRing, requests: Limit, guesses: Limit | None = None) -> None:
        """`requests` limits each key, `guesses` what is tried from each address."""
        self._ring = ring
        self._requests = requests
        self._guesses = guesses if guesses is not None else Limit(GUESSES)

    def admit(self, authorization: bytes | None, scope: Scope, ip: str, now: float, *, amount: float = 1.0) -> ApiKey:
        """The key of whoever asks; `now` is monotonic, `amount` how many requests this one counts for.

        authorization: the value of the header; only the first, if it came twice
        Raises what KeyRing.authenticate raises, and RefusedRequestError (429) for too many guesses or requests.
        """
        token = bearer(authorization)
        guess = self._name_of_guess(token, ip)
        wait = self._guesses.wait(guess, now)
        if wait > 0.0:
            raise too_many("too many wrong keys came from this address", wait)
        try:
            key = self._ring.authenticate(token, scope, ip)
        except NotAuthenticatedError:
            self._guesses.take(guess, now)
            raise
        granted, wait = self._requests.take(key.id, now, amount)
        if not granted:
            raise too_many("more requests were made with this key than it may make", wait)
        return key

    def _name_of_guess(self, token: Token | None, ip: str) -> Hashable:
        """Guesses at a key that exists are counted for that key: others behind the same address go on working."""
        known = token is not None and self._ring.knows(token.id)
        return origin_of(ip), token.id if token is not None and known else None


def bearer(authorization: bytes | None) -> Token | None:
    """The token of an Authorization header (RFC 6750 section 2.1), or None."""
    if authorization is None or authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    return parse_token(authorization[len(_BEARER) :].strip().decode("latin-1"))


def too_many(what: str, wait: float) -> RefusedRequestError:
    """The refusal of a request that came too soon; `wait` in seconds."""
    return RefusedRequestError(TOO_MANY_REQUESTS, what, fix="wait as long as Retry-After says", retry_after=wait)
