"""What is sealed opens only with its key, as what it was sealed as; what is hashed is not guessed."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.db.vault import Vault, opened, sealed
from winnow.errors import WinnowError

KEY = bytes(range(32))


@given(st.binary(max_size=200), st.integers(0, 2**63 - 1))
def test_what_is_sealed_opens_again(content, number):
    assert opened(KEY, sealed(KEY, content, number), number) == content


@pytest.mark.parametrize(
    "broken",
    [
        lambda box: box[:-1] + bytes([box[-1] ^ 1]),
        lambda box: bytes([box[0] ^ 1]) + box[1:],
        lambda box: box[:20],
        lambda _: b"",
    ],
)
def test_an_altered_record_does_not_open(broken):
    with pytest.raises(WinnowError, match="does not open"):
        opened(KEY, broken(sealed(KEY, b"content", 7)), 7)


def test_a_record_does_not_open_as_another_one_or_with_another_key():
    box = sealed(KEY, b"content", 7)
    with pytest.raises(WinnowError):
        opened(KEY, box, 8)
    with pytest.raises(WinnowError):
        opened(os.urandom(32), box, 7)


def test_sealing_twice_gives_different_bytes(vault):
    assert sealed(KEY, b"same", 1) != sealed(KEY, b"same", 1)
    assert vault.seal_own(b"same", "a") != vault.seal_own(b"same", "a")


def test_a_subjects_key_is_unwrapped_only_for_this_subject(vault):
    key, wrapped = vault.new_key(5)
    assert vault.unwrapped(5, wrapped) == key
    assert key not in wrapped
    with pytest.raises(WinnowError):
        vault.unwrapped(6, wrapped)


def test_own_records_open_only_as_what_they_were_sealed_as(vault):
    box = vault.seal_own(b"secret", "webhook wh_1")
    assert vault.open_own(box, "webhook wh_1") == b"secret"
    with pytest.raises(WinnowError):
        vault.open_own(box, "webhook wh_2")


@given(st.text(), st.text())
def test_hashes_are_positive_repeatable_and_keyed(kind, value):
    one, other = Vault(KEY, KEY, b"a" * 32), Vault(KEY, KEY, b"b" * 32)
    assert 0 <= one.hashed(kind, value) < 2**63
    assert one.hashed(kind, value) == one.hashed(kind, value) != other.hashed(kind, value)


def test_the_kind_and_the_value_do_not_run_into_each_other(vault):
    assert vault.hashed("ip", "x") != vault.hashed("i", "px")
    assert vault.hashed("ip", "1.2.3.4") != vault.hashed("network", "1.2.3.4")
