"""Who has a key comes in, who guesses is stopped, and nobody is stopped for what others do."""

from datetime import UTC, datetime
from typing import Any

import pytest

from winnow.core.apikeys import ApiKey, Scope, Token, digest
from winnow.errors import NotAllowedError, NotAuthenticatedError
from winnow.services.api_keys import KeyRing
from winnow.shells.http.door import GUESSES, Door, bearer
from winnow.shells.http.limits import Limit, Rate
from winnow.shells.http.problem import RefusedRequestError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEPPER = bytes(32)
HERE, THERE = "203.0.113.9", "198.51.100.7"


class Store:
    """Two keys that never change."""

    def version(self):
        return 1

    def active(self):
        return (A, B)


class Clock:
    def now(self):
        return NOW


def key(name):
    token = Token(f"wk_{name}", name * 52)
    return ApiKey(token.id, digest(token, PEPPER), name, frozenset({Scope.LEADS_WRITE}), NOW, "admin"), token


A, A_TOKEN = key("a")
B, B_TOKEN = key("b")


@pytest.fixture
def door():
    store: Any = Store()
    ring = KeyRing(store, PEPPER, Clock(), lambda: 0.0)
    ring.refresh()
    return Door(ring, Limit(Rate(per_second=10, burst=20)))


def header(token):
    return f"Bearer {token}".encode()


def attempt(door, shown, ip=HERE, now=0.0):
    """The key's id, or the status of the refusal."""
    try:
        return door.admit(shown, Scope.LEADS_WRITE, ip, now).id
    except NotAuthenticatedError:
        return 401
    except RefusedRequestError as error:
        return error.status if error.retry_after else 0


WRONG = header(Token("wk_a", "0" * 52))
UNKNOWN = header(Token("wk_zzz", "0" * 52))


def test_a_key_opens_what_it_has_the_scope_for(door):
    assert attempt(door, header(A_TOKEN)) == "wk_a"
    with pytest.raises(NotAllowedError):
        door.admit(header(A_TOKEN), Scope.ADMIN, HERE, 0.0)


@pytest.mark.parametrize(
    ("shown", "token"),
    [
        (header(A_TOKEN), A_TOKEN),
        (header(A_TOKEN).replace(b"Bearer", b"bearer"), A_TOKEN),
        (b"BEARER  " + str(A_TOKEN).encode() + b" ", A_TOKEN),
        (None, None),
        (b"", None),
        (b"Bearer", None),
        (b"Bearer ", None),
        (b"Basic " + str(A_TOKEN).encode(), None),
        (str(A_TOKEN).encode(), None),
        (b"Bearer \xff\xfe", None),
        (b"Bearer " + b"x" * 100_000, None),
    ],
)
def test_the_header_of_a_token(shown, token):
    assert bearer(shown) == token


@pytest.mark.parametrize("shown", [WRONG, UNKNOWN, None, b"Basic abc"])
def test_guesses_from_one_address_are_limited_however_many_come_at_once(door, shown):
    answers = [attempt(door, shown) for _ in range(200)]
    assert answers == [401] * 10 + [429] * 190
    assert attempt(door, shown, THERE) == 401
    assert attempt(door, shown, now=1 / GUESSES.per_second) == 401
    assert attempt(door, shown, now=1 / GUESSES.per_second) == 429


def test_the_right_secret_among_too_many_guesses_is_not_told_apart(door):
    for _ in range(10):
        attempt(door, WRONG)
    assert attempt(door, header(A_TOKEN)) == 429
    assert attempt(door, header(A_TOKEN), THERE) == "wk_a"
    assert attempt(door, header(A_TOKEN), now=100.0) == "wk_a"


@pytest.mark.parametrize("shown", [WRONG, UNKNOWN, None])
def test_another_key_behind_the_same_address_goes_on_working(door, shown):
    for _ in range(100):
        attempt(door, shown)
    assert attempt(door, header(B_TOKEN)) == "wk_b"


def test_a_subscriber_has_one_share_of_guesses_for_all_addresses_of_ipv6(door):
    answers = [attempt(door, WRONG, f"2001:db8:1:2::{number:x}") for number in range(50)]
    assert answers.count(401) == 10
    assert attempt(door, WRONG, "2001:db8:1:3::1") == 401


def test_each_key_has_its_own_rate(door):
    assert [attempt(door, header(A_TOKEN)) for _ in range(21)] == ["wk_a"] * 20 + [429]
    assert attempt(door, header(B_TOKEN)) == "wk_b"
    assert attempt(door, header(A_TOKEN), now=0.1) == "wk_a"
    door.admit(header(B_TOKEN), Scope.LEADS_WRITE, HERE, 10.0, amount=20)
    assert attempt(door, header(B_TOKEN), now=10.0) == 429
