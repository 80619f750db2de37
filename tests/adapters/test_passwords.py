"""Hashes are Argon2id with the parameters that are claimed, a few at a time; having none takes as long."""

import threading

import pytest
from argon2 import PasswordHasher

from winnow.adapters.passwords import Argon2
from winnow.errors import UnavailableError


@pytest.fixture(scope="module")
def hasher():
    return Argon2()


def test_a_hash_proves_its_password_only(hasher):
    hashed = hasher.hash("seven quiet lighthouses")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != hasher.hash("seven quiet lighthouses")
    assert hasher.proves("seven quiet lighthouses", hashed)
    assert not hasher.proves("seven quiet lighthouse", hashed)
    assert not hasher.proves("seven quiet lighthouses", "no hash at all")


def test_where_there_is_no_hash_one_is_compared_all_the_same(hasher, monkeypatch):
    assert not hasher.proves("x", None)
    compared = []

    def noted(_, hashed, _password):
        compared.append(hashed)

    monkeypatch.setattr(hasher, "_hasher", type("Spy", (), {"verify": noted})())
    assert not hasher.proves("seven quiet lighthouses", None)
    assert not hasher.proves("nobody has this password", None)
    assert [each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in compared] == [True, True]


def test_only_so_many_are_made_at_once():
    hasher = Argon2(at_once=1, patience=0.01)
    assert not hasher.proves("x", None)  # which makes what others are compared with
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_):
        begun.set()
        go_on.wait(10)

    hasher._hasher = type("Slow", (), {"verify": slow})()
    thread = threading.Thread(target=hasher.proves, args=("x", "y"))
    thread.start()
    begun.wait(10)
    with pytest.raises(UnavailableError):
        hasher.hash("another")
    go_on.set()
    thread.join()


def test_a_hash_with_other_parameters_is_outdated(hasher):
    assert not hasher.outdated(hasher.hash("seven quiet lighthouses"))
    assert hasher.outdated(PasswordHasher(1, 8 * 1024, 1).hash("seven quiet lighthouses"))
    assert not hasher.outdated("no hash at all")
