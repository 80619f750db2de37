"""Keys are recognised from memory, learnt anew when they change, and not relied on for long without the store."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from winnow.core.apikeys import Denial, Scope, Token, parse_token
from winnow.errors import (
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    UnavailableError,
)
from winnow.services import api_keys as service
from winnow.services.api_keys import MOST_SECONDS, KeyDesk, KeyRing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEPPER = bytes(32)


class Store:
    """Keys in a dict, and how often they were read; `away` makes every call fail."""

    def __init__(self):
        self.keys, self.number, self.read, self.away = {}, 0, 0, False

    def _call(self):
        if self.away:
            raise UnavailableError("away")

    def add(self, key):
        self._call()
        self.keys[key.id] = key
        self.number += 1

    def all(self):
        self._call()
        return list(self.keys.values())

    def active(self):
        self._call()
        self.read += 1
        return [key for key in self.keys.values() if key.revoked_at is None]

    def revoke(self, key_id, _, at):
        self._call()
        if key_id not in self.keys or self.keys[key_id].revoked_at:
            return False
        self.keys[key_id] = replace(self.keys[key_id], revoked_at=at)
        self.number += 1
        return True

    def version(self):
        self._call()
        return self.number


class Clock:
    moment = NOW
    seconds = 1000.0

    def now(self):
        return self.moment

    def monotonic(self):
        return self.seconds

    def forward(self, seconds):
        self.seconds += seconds
        self.moment += timedelta(seconds=seconds)


class World:
    def __init__(self):
        self.store, self.clock, numbers = Store(), Clock(), count()
        self.ring = KeyRing(self.store, PEPPER, self.clock, self.clock.monotonic)
        self.desk = KeyDesk(
            self.store,
            PEPPER,
            self.clock,
            lambda prefix, _now: f"{prefix}_{next(numbers)}",
            lambda: f"{next(numbers):052d}",
        )

    def key(self, *scopes, **more):
        """The token of a new key the ring knows."""
        token = parse_token(self.desk.create("test", scopes or ["ingest"], "admin", **more).token)
        self.ring.refresh()
        return token


@pytest.fixture
def world():
    return World()


def test_a_new_key_is_recognised_by_its_token_alone(world):
    new = world.desk.create("web site", ["ingest", "log:read"], "admin")
    world.ring.refresh()
    token = parse_token(new.token)
    assert world.ring.authenticate(token, Scope.LOG_READ, None) == new.key == world.store.keys[token.id]
    assert token.secret not in repr(new)
    assert token.secret.encode() not in new.key.digest
    assert world.ring.knows(token.id)
    assert not world.ring.knows("wk_other")


@pytest.mark.parametrize("change", [lambda _: None, lambda t: Token(t.id, "0" * 52), lambda t: Token("wk_x", t.secret)])
def test_anything_else_is_not(world, change):
    token = world.key()
    with pytest.raises(NotAuthenticatedError):
        world.ring.authenticate(change(token), Scope.LEADS_WRITE, None)


def test_what_a_key_does_not_allow_is_told_apart_from_not_knowing_it(world):
    bound = world.key("ingest", networks=["203.0.113.0/24"], expires_at=NOW + timedelta(seconds=60))
    with pytest.raises(NotAllowedError, match=Denial.OUT_OF_SCOPE):
        world.ring.authenticate(bound, Scope.KEYS_WRITE, "203.0.113.9")
    with pytest.raises(NotAllowedError, match=Denial.WRONG_NETWORK):
        world.ring.authenticate(bound, Scope.LEADS_WRITE, "198.51.100.1")
    assert world.ring.authenticate(bound, Scope.LEADS_WRITE, "203.0.113.9")
    world.clock.forward(60)
    world.ring.refresh()
    with pytest.raises(NotAuthenticatedError, match=Denial.EXPIRED):
        world.ring.authenticate(bound, Scope.LEADS_WRITE, "203.0.113.9")


def test_a_revoked_key_is_dead_after_the_next_look(world):
    token, other = world.key(), world.key()
    world.desk.revoke(token.id, "wk_admin")
    world.ring.refresh()
    with pytest.raises(NotAuthenticatedError):
        world.ring.authenticate(token, Scope.LEADS_WRITE, None)
    assert world.ring.authenticate(other, Scope.LEADS_WRITE, None)
    with pytest.raises(NotFoundError, match="no live key has the id"):
        world.desk.revoke(token.id, "wk_admin")
    assert [key.revoked_at for key in world.desk.all_keys()] == [NOW, None]


def test_keys_are_read_only_when_they_changed(world):
    world.key()
    for _ in range(5):
        assert world.ring.refresh()
    assert world.store.read == 1
    world.key()
    assert world.store.read == 2


def test_what_changes_while_the_keys_are_read_is_learnt_the_next_time(world):
    token = world.key()
    world.store.number += 1
    read = world.store.active

    def revoked_right_after_reading():
        keys = read()
        world.desk.revoke(token.id, "wk_admin")
        return keys

    world.store.active = revoked_right_after_reading
    world.ring.refresh()
    assert world.ring.knows(token.id)
    world.store.active = read
    world.ring.refresh()
    assert not world.ring.knows(token.id)


def test_without_the_store_only_leads_are_taken(world):
    reader, ingest = world.key("rep"), world.key("ingest")
    world.store.away = True
    assert not world.ring.refresh()
    world.clock.forward(MOST_SECONDS)
    assert world.ring.authenticate(reader, Scope.DECISIONS_READ, None)
    world.clock.forward(0.1)
    with pytest.raises(UnavailableError):
        world.ring.authenticate(reader, Scope.DECISIONS_READ, None)
    world.clock.forward(100_000)
    assert world.ring.authenticate(ingest, Scope.LEADS_WRITE, None)
    with pytest.raises(NotAllowedError):
        world.ring.authenticate(reader, Scope.LEADS_WRITE, None)
    with pytest.raises(NotAuthenticatedError):
        world.ring.authenticate(Token(ingest.id, "0" * 52), Scope.LEADS_WRITE, None)
    world.store.away = False
    assert world.ring.refresh()
    assert world.ring.authenticate(reader, Scope.DECISIONS_READ, None)


def test_a_key_still_expires_without_the_store(world):
    token = world.key("ingest", expires_at=NOW + timedelta(hours=1))
    world.store.away = True
    world.clock.forward(3600)
    with pytest.raises(NotAuthenticatedError):
        world.ring.authenticate(token, Scope.LEADS_WRITE, None)


def test_before_anything_is_known_nobody_is_let_in_and_nobody_is_called_wrong(world):
    token = world.key()
    fresh = KeyRing(world.store, PEPPER, world.clock, world.clock.monotonic)
    for shown in (token, None):
        with pytest.raises(UnavailableError):
            fresh.authenticate(shown, Scope.LEADS_WRITE, None)
    assert not fresh.knows(token.id)


def test_the_ring_goes_on_looking_whatever_happens(world, monkeypatch):
    monkeypatch.setattr(service, "REFRESH_SECONDS", 0.001)
    token = world.key()
    world.desk.revoke(token.id, "wk_admin")
    learnt = threading.Event()
    errors = iter([ValueError("never seen before"), UnavailableError("away")])

    def version():
        error = next(errors, None)
        if error:
            raise error
        if not world.ring.knows(token.id):
            learnt.set()
        return world.store.number

    world.store.version = version

    async def until_it_is_learnt():
        task = asyncio.create_task(world.ring.keep_fresh())
        await asyncio.to_thread(learnt.wait, 10)
        task.cancel()

    asyncio.run(until_it_is_learnt())
    assert not world.ring.knows(token.id)


@pytest.mark.parametrize(
    ("name", "scopes", "more", "where"),
    [
        ("", ["ingest"], {}, "name"),
        ("  ", ["ingest"], {}, "name"),
        ("a\nb", ["ingest"], {}, "name"),
        ("\ud800", ["ingest"], {}, "name"),
        ("x" * 201, ["ingest"], {}, "name"),
        ("x", [], {}, "scopes"),
        ("x", ["everything"], {}, "scopes"),
        ("x", ["ingest"], {"networks": ["here"]}, "networks"),
        ("x", ["ingest"], {"expires_at": NOW}, "expires_at"),
        ("x", ["ingest"], {"expires_at": datetime(2030, 1, 1)}, "expires_at"),  # noqa: DTZ001  # what is refused
    ],
)
def test_a_key_that_cannot_be(world, name, scopes, more, where):
    with pytest.raises(InvalidInputError) as caught:
        world.desk.create(name, scopes, "admin", **more)
    assert caught.value.where == where
    assert world.store.keys == {}


def test_a_key_gives_another_only_what_it_has_unless_it_is_an_administrators(world):
    own = world.desk.create("own", ["keys:write", "lists:read"], "tests").key
    assert world.desk.create("same", ["lists:read"], own.id, of=own).key.created_by == own.id
    for scopes in (["lists:write"], ["lists:read", "rep"], ["admin"]):
        with pytest.raises(NotAllowedError) as caught:
            world.desk.create("more", scopes, own.id, of=own)
        assert caught.value.where == "scopes"
    assert len(world.store.keys) == 2
    admin = world.desk.create("admin", ["admin"], "tests").key
    assert world.desk.create("more", ["rep"], admin.id, of=admin).key.scopes


def test_keys_are_given_page_by_page(world):
    keys = [world.desk.create(f"key {number}", ["ingest"], "tests").key for number in range(5)]
    first = world.desk.page(None, 2)
    second = world.desk.page(first.next, 2)
    third = world.desk.page(second.next, 2)
    assert [*first.items, *second.items, *third.items] == keys
    assert third.next is None
    assert world.desk.page(None, 5).next is None
